"""Counts the results of a run: at the provider's API, in the database, and in what callers heard."""

from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy import Table, select

from ivr.simulator.twilio_api.account import SENDER
from ivr.store.sms_states import UNSETTLED
from ivr.store.tables import callbacks, reminders, sms_outbox, voicemails
from ivr.store.voicemail_list import VoicemailState
from tests.chaos.call_result import CALLBACK, REMINDER, TEXT, VOICEMAIL, VOICEMAIL_HELD, CallResult
from tests.chaos.run import Run

MAX_RESPONSE_SECONDS = 2.0
"""The longest that a caller may wait for a response."""


@dataclass(frozen=True)
class Results:
    """Counts and real seconds; the page describes each (page.COLUMNS).

    `degraded_for` is how long after the end of the fault a caller last heard a degraded prompt; `recovery` is how long
    the texts took that were due then, None if longer than the timeout.
    """

    calls: int
    in_progress: int
    responses: int
    dropped: int
    promised: int
    broken: int
    lost: int
    duplicated: int
    slow: int
    slowest: float
    degraded: int
    failed_responses: int
    degraded_for: float
    recovery: float | None
    lost_with_database: int = 0
    details: tuple[str, ...] = field(default=(), repr=False)

    @property
    def passed(self) -> bool:
        """Whether no call was dropped, no promise broken, no text lost, no response slow, and the queue recovered."""
        return not (self.dropped or self.broken or self.lost or self.slow) and self.recovery is not None


async def count(run: Run, fault_end: float, recovery: float | None) -> Results:
    """Count everything, once the calls have ended; `fault_end` is a monotonic time."""
    rows = {table.name: await _rows_by_number(run, table) for table in (sms_outbox, reminders, callbacks)}
    sent = Counter(message.to for message in run.environment.provider_api.messages if message.sender == SENDER)
    promised = _heard_by_number(run.calls, TEXT)
    lost = promised - sent
    unsettled = [f"{run.scenario.name}: text never sent: {state}" for state in (await unsettled_texts(run)).values()]
    broken = _without_row(run.calls, REMINDER, rows["reminders"] + rows["sms_outbox"])
    broken += _without_row(run.calls, CALLBACK, rows["callbacks"]) + await _voicemails_missing(run)
    awaited = [request for request in run.environment.load_balancer.requests if request.keeps_caller_waiting]
    dropped = [call for call in run.calls if call.is_dropped]
    is_restored = run.scenario.restores_backup
    return Results(
        calls=len(run.calls) + len(run.hanging),
        in_progress=run.in_progress_at_fault,
        responses=len(awaited),
        dropped=len(dropped) + len(run.hanging),
        promised=sum(_heard_by_number(run.calls, words).total() for words in (TEXT, REMINDER, CALLBACK, VOICEMAIL)),
        broken=0 if is_restored else broken,
        lost=(0 if is_restored else lost.total()) + len(unsettled),
        duplicated=sum((sent - (rows["sms_outbox"] | promised)).values()),
        slow=sum(request.seconds > MAX_RESPONSE_SECONDS for request in awaited),
        slowest=max((request.seconds for request in awaited), default=0.0),
        degraded=sum(call.degraded_prompts > 0 for call in run.calls),
        failed_responses=sum(bool(call.failures) for call in run.calls),
        degraded_for=max([0.0, *(call.last_degraded - fault_end for call in run.calls)]),
        recovery=recovery,
        lost_with_database=broken + lost.total() if is_restored else 0,
        details=tuple([*(call.transcript for call in dropped), *run.hanging, *unsettled]),
    )


def _heard_by_number(calls: list[CallResult], words: str) -> Counter[str]:
    """Return how often these words were heard, by the caller's number."""
    heard: Counter[str] = Counter()
    for call in calls:
        heard[call.number] += call.count(words)
    return +heard


def _without_row(calls: list[CallResult], words: str, rows: Counter[str]) -> int:
    """Return how many numbers heard these words and have no row."""
    return sum(number not in rows for number in _heard_by_number(calls, words))


async def _voicemails_missing(run: Run) -> int:
    """Return how many promised voicemails are missing.

    A voicemail that was passed on must be in the advisers' list with its audio; one that is only held may also wait
    for the worker, which passes it on within the hour.
    """
    async with run.store.begin() as db:
        found = (await db.execute(select(voicemails.c.number, voicemails.c.state, voicemails.c.sound))).all()
    opened = run.store.cipher.decrypt
    listed = {
        opened(row.number) for row in found if row.state in (VoicemailState.sent, VoicemailState.done) and row.sound
    }
    waiting = {opened(row.number) for row in found if row.state == VoicemailState.recorded and row.sound}
    discarded = {opened(row.number) for row in found if row.state == VoicemailState.discarded}
    passed_on, held = _heard_by_number(run.calls, VOICEMAIL), _heard_by_number(run.calls, VOICEMAIL_HELD)
    return sum(number not in listed for number in passed_on) + sum(
        number not in listed | waiting | discarded and number not in passed_on for number in held
    )


async def _rows_by_number(run: Run, table: Table) -> Counter[str]:
    async with run.store.begin() as db:
        return Counter(run.store.cipher.decrypt(sealed) for sealed in await db.scalars(select(table.c.number)))


async def unsettled_texts(run: Run) -> dict[str, str]:
    """Return the states of due texts that were neither sent nor given up, by id.

    A text to an adviser may be due in the morning only.
    """
    is_due = sms_outbox.c.state.in_(UNSETTLED) & (sms_outbox.c.due <= run.now())
    async with run.store.begin() as db:
        return {
            row.id: row.state for row in await db.execute(select(sms_outbox.c.id, sms_outbox.c.state).where(is_due))
        }
