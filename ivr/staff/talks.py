"""The last talks, and the text that an adviser sends after one, or after a call back."""

from collections.abc import Iterable

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.engine.effects import SendText
from ivr.helpline.rota import Adviser
from ivr.staff import outgoing_texts, working
from ivr.staff.lookup import SHOWN, by_prefix
from ivr.staff.outgoing_texts import CannotText, Texting
from ivr.staff.waiting import PER_PAGE, ListPage, offset_of, page_of
from ivr.staff.written_texts import WrittenText
from ivr.store import audit, idempotency, talk_list
from ivr.store.audit import By
from ivr.store.cipher import Cipher
from ivr.store.item_kinds import ItemKind
from ivr.store.sms_list import ListedText
from ivr.store.talk_list import Talk


async def read(db: AsyncConnection, cipher: Cipher, advisers: Iterable[Adviser], page: int = 1) -> ListPage[Talk]:
    """Return the last talks and calls back, the latest first; `advisers` are those of the settings."""
    return page_of(await talk_list.read(db, cipher, advisers, PER_PAGE + 1, offset_of(page)), page)


async def find(db: AsyncConnection, cipher: Cipher, advisers: Iterable[Adviser], prefix: str) -> Talk:
    """Return the talk whose id begins so; raise NoSuchItem."""
    return by_prefix(await talk_list.find(db, cipher, advisers, prefix.lower()), prefix, "talk")


async def look(
    db: AsyncConnection, cipher: Cipher, advisers: Iterable[Adviser], prefix: str, by: By, *, number: bool = False
) -> Talk:
    """Return it likewise for somebody who sees it, which the audit log tells; raise NoSuchItem.

    `number`: whether they see the whole number.
    """
    talk = await find(db, cipher, advisers, prefix)
    await audit.write(db, by, f"talk {talk.id[:SHOWN]}: {working.SAW_NUMBER if number else 'seen'}")
    return talk


async def note(
    db: AsyncConnection, cipher: Cipher, advisers: Iterable[Adviser], prefix: str, body: str, by: By
) -> Talk:
    """Add a note about a talk; raise NoSuchItem or InvalidInput."""
    talk = await find(db, cipher, advisers, prefix)
    await working.add_note(db, cipher, ItemKind.talk, talk.id, talk.number, body, by)
    return talk


async def send(
    db: AsyncConnection,
    cipher: Cipher,
    kind: ItemKind,
    id: str,
    number: str | None,
    text: WrittenText,
    texting: Texting,
    by: By,
    *,
    consent: bool,
) -> str:
    """Send a caller a written text after a talk or a call back, given by kind and id; return its id in the outbox.

    The same text goes once for each talk. Raises CannotText: without their consent too.
    """
    if not consent:
        raise CannotText("Ask the caller first whether they want the text, and whether that phone is safe for it.")
    to = outgoing_texts.check_number(number, texting.destinations)
    effect = SendText(to, text.body, text.name)
    sent = await outgoing_texts.send(db, cipher, _key(kind, id, text.name), effect, by, texting.quotas)
    await audit.write(db, by, f"{kind} {id[:SHOWN]}: text “{text.name}” sent, with consent")
    return sent


async def sent(
    db: AsyncConnection, cipher: Cipher, kind: ItemKind, id: str, texts: Iterable[WrittenText]
) -> dict[str, ListedText]:
    """Return how the texts stand that were sent after a talk or a call back in the last days, by their names."""
    found: dict[str, ListedText] = {}
    for text in texts:
        outcome = await idempotency.known_outcome(db, cipher, _key(kind, id, text.name))
        if state := await outgoing_texts.state_of(db, cipher, outcome):
            found[text.name] = state
    return found


def _key(kind: ItemKind, id: str, name: str) -> str:
    """Return what makes the same text after the same talk the same."""
    return f"written {kind} {id} {name}"
