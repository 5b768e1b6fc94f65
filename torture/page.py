"""Writes the page: what was tried, how often, and what happened. Nothing stands there that was not measured."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from torture.fault import Fault
from torture.tally import SLOW, Tally
from torture.town import SPEED
from torture.webhooks.fuzz import Found

HEAD = """# On a bad day

This page is written by `{command}`; nothing in it was written by hand. Last on {when:%-d %B %Y} at {when:%H:%M} UTC, with seed {seed}, in {minutes:.1f} minutes.
"""
HOW = """
## Faults

Each line is one day of the whole helpline: {callers} callers at a time, each ringing again as soon as a call is over, against real processes of `ivr serve` and
`ivr worker` over real HTTP, with a make-believe telephone company. Callers want a text, a deadline, a person, a message or a call back, listen for the key, and now and then press
any key or none; the same seed gives the same wishes. In a call time goes {speed:.0f} times faster than by the clock; answers, the database and everything of ours go at their own speed.

Two web processes stand behind a balancer that asks the other one when the first cannot be reached or breaks off, which it may, because the same webhook again changes nothing.
Where there is no other, the telephone company plays the document of `ivr fallback` from then on, as it does after any answer it cannot use.

| column | what is counted |
| --- | --- |
| calls | calls in that day, and in brackets how many were in progress when the fault began |
| dropped | calls that ended without a person, a message, a call back, a text or a spoken goodbye, or with the telephone company's own apology, or in which an answer was not valid TwiML |
| promises | texts, reminders, calls back and messages that callers were told of |
| broken | reminders, calls back and messages among them that are not in the database in the end |
| lost | texts among them that never came to the telephone company, and texts in the outbox that were neither sent nor given up |
| doubled | texts that came to the telephone company once more than they were promised |
| late | answers that a caller waited for longer than {slow:.0f} seconds; the slowest |
| told | calls in which somebody heard that something could not be done now, or the fallback document |
| noticed | seconds after the end of the fault in which a caller still noticed anything of it |
| caught up | seconds after the end of the fault until the texts that waited then were settled |

"""
COLUMNS = (
    "fault",
    "calls",
    "dropped",
    "promises",
    "broken",
    "lost",
    "doubled",
    "late",
    "told",
    "noticed",
    "caught up",
    "",
)


@dataclass(frozen=True)
class Tried:
    """A fault and what it came to, or why it could not be tried here."""

    fault: Fault
    tally: Tally | None
    why_not: str = ""

    @property
    def is_good(self) -> bool:
        return self.tally is not None and self.tally.is_good


@dataclass(frozen=True)
class Run:
    """Everything that one command did."""

    command: str
    seed: int
    callers: int
    when: datetime
    minutes: float
    tried: Sequence[Tried]
    found: Found | None

    @property
    def is_good(self) -> bool:
        """Whether all of it is as it must be, and nothing was left out."""
        return all(one.is_good for one in self.tried) and (self.found is None or not self.found.complaints)


def page(run: Run) -> str:
    """The whole page."""
    return "".join(f"{line}\n" for line in _lines(run))


def _lines(run: Run) -> Iterator[str]:
    yield HEAD.format(command=run.command, when=run.when, seed=run.seed, minutes=run.minutes).rstrip()
    if run.tried:
        yield HOW.format(callers=run.callers, speed=SPEED, slow=SLOW).rstrip("\n")
        yield ""
        yield f"| {' | '.join(COLUMNS)} |"
        yield f"|{' --- |' * len(COLUMNS)}"
        yield from (_row(one) for one in run.tried)
        yield ""
        yield "What was done:"
        yield ""
        yield from (f"- **{one.fault.name}** ({one.fault.seconds:.0f} s). {one.fault.says}" for one in run.tried)
    if run.found:
        yield from _bad_input(run.found)


def _row(one: Tried) -> str:
    tally = one.tally
    if tally is None:
        return f"| {one.fault.name} | not tried: {one.why_not} |{' |' * (len(COLUMNS) - 2)}"
    caught_up = "never" if tally.caught_up is None else f"{tally.caught_up:.1f} s"
    late = f"{tally.slow} ({tally.slowest:.1f} s)"
    gone = (
        f"{tally.gone_with_the_database} promised since the backup are gone with the database"
        if tally.gone_with_the_database
        else ""
    )
    cells = (
        one.fault.name,
        f"{tally.calls} ({tally.in_progress})",
        tally.dropped,
        tally.promised,
        tally.broken,
        tally.lost,
        tally.doubled,
        late,
        tally.told,
        f"{tally.noticed:.1f} s",
        caught_up,
        gone or ("" if tally.is_good else "**not as it must be**"),
    )
    return f"| {' | '.join(map(str, cells))} |"


def _bad_input(found: Found) -> Iterator[str]:
    yield ""
    yield "## Bad input"
    yield ""
    yield (
        f"{found.sent:,} webhooks, made of real ones from whole calls, to the whole application in-process: half of them on PostgreSQL, half on SQLite. {found.signed:,} carried the"
        f" provider's own signature, {found.unsigned:,} did not, and were refused in {found.refusing / max(found.unsigned, 1) * 1e6:.0f} µs on average. A webhook may be wrong in several ways."
    )
    yield ""
    yield f"Answers by status: {', '.join(f'{status}: {n:,}' for status, n in sorted(found.statuses.items()))}."
    yield ""
    yield "| wrong in this way | webhooks |"
    yield "| --- | --- |"
    yield from (f"| {way} | {n:,} |" for way, n in found.ways.most_common())
    yield ""
    yield (
        "Of each was asked: never a 5xx; a signed one for a caller gets valid TwiML, read as strictly as the telephone company reads it, with a way on or a spoken goodbye, or is refused for"
        " leading nowhere or being longer than 64 kB; an unsigned one gets nothing but a refusal."
    )
    yield ""
    if found.complaints:
        yield f"**{found.complaints.total():,} were not answered so:**"
        yield ""
        yield from (f"- {n:,} times: {what.replace('|', '/')}" for what, n in found.complaints.most_common(20))
    else:
        yield f"Answered otherwise: 0 of {found.sent:,}."
