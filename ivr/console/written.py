"""The written texts that can be sent after a talk, and sending one."""

from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.console.visit import Visit
from ivr.helpline.environment import HelplineEnvironment
from ivr.staff import talks, written_texts
from ivr.staff.call_preview import environment_at
from ivr.staff.written_texts import WrittenText
from ivr.store import rota_snapshot
from ivr.store.cipher import Cipher
from ivr.store.item_kinds import ItemKind


async def offered(
    db: AsyncConnection, visit: Visit, topic: str, deadline: date | None, audience: str
) -> list[WrittenText]:
    """Return the texts for a caller, as they would be sent now."""
    flows = visit.services.content().flows
    return written_texts.offered(flows, await environment_now(db, visit), topic, deadline, audience)


async def environment_now(db: AsyncConnection, visit: Visit) -> HelplineEnvironment:
    """Return the environment in which a text is written now."""
    helpline, closed_times = visit.services.content(), await rota_snapshot.read_closed_times(db, visit.now)
    return environment_at(helpline, closed_times, visit.now, own_number=visit.services.number)


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
