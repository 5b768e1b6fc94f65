"""Counts what callers were promised and what became of it, in the database and at the provider's API."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import Table, func, select

from ivr.simulator.twilio_api.account import SENDER
from ivr.simulator.twilio_api.resources.message import MessageResource
from ivr.store.sms_states import UNSETTLED, SmsState
from ivr.store.tables import callbacks, reminders, sms_outbox, voicemails
from ivr.store.voicemail_list import VoicemailState
from tests.chaos.call_result import CALLBACK, REMINDER, VOICEMAIL, VOICEMAIL_HELD, CallResult
from tests.chaos.environment import ADVISERS
from tests.chaos.run import Run


@dataclass(frozen=True)
class Promises:
    """How many promises there were, and how many were not kept, in these ways; `unsettled` says which texts wait."""

    made: int
    broken: int
    lost: int
    duplicated: int
    given_up: int
    lost_with_database: int
    unsettled: tuple[str, ...]


async def count_promises(run: Run) -> Promises:
    """Count them, once everything has had its time.

    What a restored backup cannot know is lost with the database: it is not broken, but counted.
    """
    rows = {table.name: await _rows_by_number(run, table) for table in (sms_outbox, reminders, callbacks)}
    sent, voicemail_states = _sent_by_number(run), await _voicemails(run)
    unsettled = [f"{run.scenario.name}: text never sent: {state}" for state in (await unsettled_texts(run)).values()]

    def broken(calls: list[CallResult]) -> int:
        with_text = rows["reminders"] + rows["sms_outbox"]
        missing = _without_row(calls, REMINDER, with_text) + _without_row(calls, CALLBACK, rows["callbacks"])
        return missing + voicemail_states.missing(calls)

    def lost(calls: list[CallResult]) -> int:
        return (_texts_by_number(calls) - sent).total()

    kept = [call for call in run.calls if not run.may_be_lost(call)]
    in_doubt = [call for call in run.calls if run.may_be_lost(call)]
    texts = _texts_by_number(run.calls)
    others = sum(heard_by_number(run.calls, words).total() for words in (REMINDER, CALLBACK, VOICEMAIL))
    return Promises(
        made=texts.total() + others,
        broken=broken(kept),
        lost=lost(kept) + len(unsettled),
        duplicated=_duplicated(run, rows["sms_outbox"] | texts),
        given_up=await _given_up(run),
        lost_with_database=broken(in_doubt) + lost(in_doubt),
        unsettled=tuple(unsettled),
    )


def heard_by_number(calls: Iterable[CallResult], words: str) -> Counter[str]:
    """Return how often these words were heard, by the caller's number."""
    heard: Counter[str] = Counter()
    for call in calls:
        heard[call.number] += call.count(words)
    return +heard


async def unsettled_texts(run: Run) -> dict[str, str]:
    """Return the states of due texts that were neither sent nor given up, by id.

    A text to an adviser may be due in the morning only.
    """
    is_due = sms_outbox.c.state.in_(UNSETTLED) & (sms_outbox.c.due <= run.now())
    async with run.store.begin() as db:
        return {
            row.id: row.state for row in await db.execute(select(sms_outbox.c.id, sms_outbox.c.state).where(is_due))
        }


def _texts_by_number(calls: Iterable[CallResult]) -> Counter[str]:
    """Return how many texts were promised, by the caller's number."""
    promised: Counter[str] = Counter()
    for call in calls:
        promised[call.number] += call.texts
    return +promised


def _sent(run: Run) -> list[MessageResource]:
    return [message for message in run.environment.provider_api.messages if message.sender == SENDER]


def _sent_by_number(run: Run) -> Counter[str]:
    return Counter(message.to for message in _sent(run))


def _duplicated(run: Run, expected: Counter[str]) -> int:
    """Return how many texts say the same as an earlier one to the same number, and are more than were expected for it.

    Where a backup was restored nobody can tell how many alerts an adviser should have had: those are left out.
    """
    repeated: Counter[str] = Counter()
    for (number, _), times in Counter((message.to, message.body) for message in _sent(run)).items():
        if run.restored is None or number not in ADVISERS:
            repeated[number] += times - 1
    return (repeated & (_sent_by_number(run) - expected)).total()


def _without_row(calls: Iterable[CallResult], words: str, rows: Counter[str]) -> int:
    """Return how many numbers heard these words and have no row."""
    return sum(number not in rows for number in heard_by_number(calls, words))


async def _rows_by_number(run: Run, table: Table) -> Counter[str]:
    async with run.store.begin() as db:
        return Counter(run.store.cipher.decrypt(sealed) for sealed in await db.scalars(select(table.c.number)))


async def _given_up(run: Run) -> int:
    """Return how many texts were given up, of no use any more or refused."""
    failed = select(func.count()).select_from(sms_outbox).where(sms_outbox.c.state == SmsState.failed)
    async with run.store.begin() as db:
        return await db.scalar(failed) or 0


@dataclass(frozen=True)
class _Voicemails:
    """The numbers of voicemails that advisers have, that wait for a worker, and that callers discarded."""

    listed: set[str]
    waiting: set[str]
    discarded: set[str]

    def missing(self, calls: list[CallResult]) -> int:
        """Return how many promised voicemails are missing.

        A voicemail that was passed on must be in the advisers' list with its audio; one that is only held may also wait
        for the worker, which passes it on within the hour.
        """
        passed_on, held = heard_by_number(calls, VOICEMAIL), heard_by_number(calls, VOICEMAIL_HELD)
        known = self.listed | self.waiting | self.discarded
        return sum(number not in self.listed for number in passed_on) + sum(
            number not in known and number not in passed_on for number in held
        )


async def _voicemails(run: Run) -> _Voicemails:
    async with run.store.begin() as db:
        rows = (await db.execute(select(voicemails.c.number, voicemails.c.state, voicemails.c.sound))).all()

    def numbers(states: Iterable[VoicemailState], has: Callable[[object], bool] = bool) -> set[str]:
        return {run.store.cipher.decrypt(row.number) for row in rows if row.state in states and has(row.sound)}

    return _Voicemails(
        listed=numbers((VoicemailState.sent, VoicemailState.done)),
        waiting=numbers((VoicemailState.recorded,)),
        discarded=numbers((VoicemailState.discarded,), lambda _: True),
    )
