"""Actions that are written into the journal of their session."""

import re
from zlib import crc32

from ivr.simulator.browser.actions import PAGE_ACTIONS
from ivr.simulator.browser.entry_audio import text_of
from ivr.simulator.browser.journal import BEGIN, DESK, LISTEN, JournalEntry
from ivr.simulator.browser.request_fields import ActionRefused, RequestFields
from ivr.simulator.browser.session import Session
from ivr.simulator.browser.view import current_step, state_of_call

NOT_OF_THE_ACTION = ("id", "until")
"""Fields of a request that have been seen to before its action is done."""
_ADDRESS = re.compile(r"https?://\S+")


async def perform(session: Session, action: str, fields: RequestFields) -> None:
    """Do an action of the page, after time has passed `until` it. Raises ActionRefused."""
    if fields.has("until"):
        await _perform(session, LISTEN, fields)
    if action != LISTEN:
        await _perform(session, action, fields)


async def _perform(session: Session, action: str, fields: RequestFields) -> None:
    try:
        await do(session, action, fields)
    except ActionRefused:  # which has changed nothing
        raise
    except BaseException:
        note(session, action, fields)
        raise
    note(session, action, fields)


async def do(session: Session, action: str, fields: RequestFields) -> None:
    """Do an action, and find what it has interrupted."""
    if action == LISTEN:  # it finds that by itself, from event to event
        await PAGE_ACTIONS[action](session, fields)
        return
    if action == DESK:
        await session.desk.repeat(fields.given)
        return
    with session.interruptions.watch(session.phone.carrier):
        await PAGE_ACTIONS[action](session, fields)


def note(session: Session, action: str, fields: RequestFields) -> None:
    """Write what was done into the journal, if there is one."""
    if session.journal:
        session.journal.add(entry_for(session, action, fields))


def beginning_of(session: Session, fields: RequestFields) -> JournalEntry:
    """Return the first entry of a journal: the fields from which the session has begun, and its time."""
    at = session.player.scenario.at.replace(tzinfo=None).isoformat()
    return entry_for(session, BEGIN, RequestFields({**fields.given, "at": at}))


def entry_for(session: Session, action: str, fields: RequestFields) -> JournalEntry:
    """Return the journal entry of an action that has just been done."""
    given = {name: value for name, value in fields.given.items() if name not in NOT_OF_THE_ACTION}
    id = "" if action == LISTEN else fields.text("id", "")
    return JournalEntry(action, given if action != LISTEN else {}, session.phone.now, *standing(session), id)


def standing(session: Session) -> tuple[str, int]:
    """Return where the call stands, and a checksum of all that was said and texted, but for what is never twice so."""
    said = [(entry.who, entry.ear, text_of(session, entry)) for entry in session.phone.carrier.entries]
    texted = [(text.number, text.sender, text.body) for text in session.text_messages.all]
    words = _ADDRESS.sub("", repr((said, texted)))
    return f"{state_of_call(session)} {current_step(session)}".strip(), crc32(words.encode())
