"""The written texts that can be sent after a talk, and sending one."""

from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.console.visit import Visit
from ivr.helpline.environment import HelplineEnvironment
from ivr.helpline.legal_rules import good_rules
from ivr.helpline.timezone import LONDON
from ivr.staff import talks, written_texts
from ivr.staff.written_texts import WrittenText
from ivr.store import one_off_holidays
from ivr.store.cipher import Cipher
from ivr.store.item_kinds import ItemKind


async def offered(
    db: AsyncConnection, visit: Visit, topic: str, deadline: date | None, audience: str
) -> list[WrittenText]:
    """Return the texts for a caller, as they would be sent now."""
    helpline, here = visit.services.content(), visit.now.astimezone(LONDON)
    environment = HelplineEnvironment(
        now=here,
        contacts=helpline.contacts,
        own_number=visit.services.number,
        good_rules=good_rules(helpline.rules, here.date()),
        one_off_holidays=await one_off_holidays.read(db),
        language=helpline.flows.words.language.tag,
    )
    return written_texts.offered(helpline.flows, environment, topic, deadline, audience)


async def send(
    db: AsyncConnection,
    cipher: Cipher,
    visit: Visit,
    kind: ItemKind,
    id: str,
    number: str | None,
    texts: list[WrittenText],
) -> str:
    """Send the text that was chosen in the form; return its id in the outbox."""
    text = written_texts.chosen(texts, visit.form.get("text", ""))
    consent = visit.form.get("consent") == "yes"
    return await talks.send(db, cipher, kind, id, number, text, visit.services.texting, visit.by, consent=consent)
