"""Writes docs/performance.md from what was measured, and from nothing else."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bench.by_ear import PAGE_WORDS, WORDS_A_MINUTE, page_read_aloud
from bench.crowd import TOO_SLOW, Crowd
from bench.numbers import Spread, ratios
from bench.rows import BARE, COMPUTED, FLASK, OBVIOUS, OURS, RECORDED, SIGNED, Rows
from bench.why import not_faster, not_smaller, not_sooner

NAMES = {
    BARE: "a bare Starlette route that returns a constant",
    SIGNED: "the same, behind our own door: form read, signature checked",
    OURS: "**our menu step**: signature checked, recorded",
    COMPUTED: "**our computed step**: the last day to appeal, of letters of thirty days",
    OBVIOUS: "Starlette and the provider's library, the obvious way; nothing recorded",
    RECORDED: "the same, with a row committed before the answer",
    FLASK: "the provider's Flask sample under gunicorn; nothing recorded",
}


@dataclass(frozen=True)
class Measured:
    """All that a run found."""

    machine: str
    when: str
    command: str
    minutes: float
    cores_apart: bool
    busy: tuple[float, float]
    rows: Rows
    spent: Mapping[str, float]
    kept: tuple[int, int]
    crowds: Sequence[Crowd]
    growth: Mapping[str, Mapping[int, Sequence[float]]]
    starts: tuple[Sequence[float], Sequence[float]]
    memory: Sequence[float]
    presses: int
    by_ear: Mapping[str, float]


def page(found: Measured) -> str:
    """The whole page."""
    parts = (_head, _by_ear, _rows, _spent, _pace, _crowds, _growth, _start)
    return "\n".join(line for part in parts for line in part(found)) + "\n"


def verdict(value: float, limit: float, *, at_least: bool) -> str:
    """
    >>> verdict(0.41, 0.40, at_least=True), verdict(120, 100, at_least=False)
    ('reached', 'not reached')
    """
    return "reached" if (value >= limit if at_least else value <= limit) else "not reached"


def _head(found: Measured) -> Iterator[str]:
    yield "# How fast it is"
    yield ""
    yield f"Written by `{found.command}` on {found.when}, in {found.minutes:.0f} minutes. {found.machine}."
    yield "Everything here was measured in that one run, on one machine; each figure is a median, with the lowest"
    yield "and the highest of its rounds. Ratios are taken round by round. Nothing went over a network."
    yield ""
    if found.cores_apart:
        yield "The servers had one core to themselves, as far as other programs let them, and the load had another."
    else:
        yield "**This machine has one core: servers and load shared it, so the figures are lower than they should be.**"
    yield f"Processes that wanted to run, in the mean: {found.busy[0]:.1f} before, {found.busy[1]:.1f} after."
    if found.busy[0] > 1:
        yield "**Others were at work on this machine before we began: take these figures with care.**"
    yield ""


def _by_ear(found: Measured) -> Iterator[str]:
    yield "## What a caller waits"
    yield ""
    yield f"Speech at {WORDS_A_MINUTE} words a minute, pauses counted, keys pressed as soon as they are named:"
    yield "from pick-up until the helpline begins to say what was looked for."
    yield ""
    yield "| to | seconds |"
    yield "| --- | ---: |"
    for name, seconds in found.by_ear.items():
        yield f"| {name} | {seconds:.0f} |"
    whole = f"the page read aloud whole: {PAGE_WORDS:,} words (Devon's advice page of June 2023)"
    yield f"| *{whole}* | {page_read_aloud():,.0f} |"
    yield ""


def _rows(found: Measured) -> Iterator[str]:
    rows, bare = found.rows, found.rows.per_second[BARE]
    yield "## One key press"
    yield ""
    yield "As fast as one core answers, 16 connections asking, a form of nearly thirty fields as the provider sends it."
    yield ""
    yield "| | a second | of bare Starlette | work for each, µs |"
    yield "| --- | ---: | ---: | ---: |"
    for name, said in NAMES.items():
        per_second = rows.per_second[name]
        shown = Spread.of(per_second).shown(), ratios(per_second, bare).shown(".2f"), Spread.of(rows.work[name]).shown()
        yield f"| {said} | {' | '.join(shown)} |"
    yield ""
    for what, value, limit in _gates(rows):
        so = verdict(value, limit, at_least=True)
        yield f"- {what}: {value:.2f}, where at least {limit:.2f} is wanted: **{so}**."
    work = ratios(rows.work[BARE], rows.work[OURS])
    yield f"- By the server's own work, with all that is still written down after a round: {work.shown('.2f')} of bare"
    yield "  Starlette for our menu step. What is written down later is not in the first two columns."
    yield f"- The load itself was at work for {Spread.of(rows.busy).middle:.0%} of the time of its fastest rounds."
    yield f"- Answers that were not good: {rows.errors}."
    yield ""


def _gates(rows: Rows) -> Iterator[tuple[str, float, float]]:
    bare, menu = rows.per_second[BARE], rows.per_second[OURS]
    yield "Our menu step, of bare Starlette", ratios(menu, bare).middle, 0.40
    yield "Our computed step, of bare Starlette", ratios(rows.per_second[COMPUTED], bare).middle, 0.30
    yield "Our menu step, of the obvious way that records nothing", ratios(menu, rows.per_second[OBVIOUS]).middle, 3.0
    yield "Our menu step, of the obvious way with a record", ratios(menu, rows.per_second[RECORDED]).middle, 3.0


def _spent(found: Measured) -> Iterator[str]:
    yield "What the work of our menu step goes into, by a sample at every millisecond of it. SQLite works in a"
    yield "thread of its own, whose part counts with whatever it interrupts:"
    yield ""
    yield "| part | share |"
    yield "| --- | ---: |"
    for name, share in found.spent.items():
        yield f"| {name} | {share:.0%} |"
    yield ""
    if any(verdict(value, limit, at_least=True) == "not reached" for _, value, limit in _gates(found.rows)):
        yield from not_faster(found.spent)


def _pace(found: Measured) -> Iterator[str]:
    bare, ours = found.rows.open[BARE], found.rows.open[OURS]
    ratio = ratios(ours, bare)
    answered, recorded = found.kept
    yield "At a steady 500 a second, each counted from the moment it was due, the slowest hundredth takes"
    yield f"{Spread.of(ours).shown('.1f')} ms with us and {Spread.of(bare).shown('.1f')} ms with bare Starlette:"
    yield f"{ratio.shown('.2f')} times, where at most 1.50 is wanted: **{verdict(ratio.middle, 1.5, at_least=False)}**."
    yield ""
    lost = answered - recorded
    yield f"Told to stop (SIGTERM) straight after {answered:,} answered steps, {recorded:,} were in the records:"
    yield f"{lost:,} lost."
    yield ""


def _crowds(found: Measured) -> Iterator[str]:
    first, *rest = found.crowds
    yield "## Many callers at once"
    yield ""
    yield "On one core; each listens for five seconds between keys. One in ten asks for a text, one in twenty for a"
    yield "person, all others hear what they found several times: a call lasts about a minute. Records on, no worker"
    yield "beside. Times are what the provider waits for an answer. Nobody hears the one to the end of a call; when we"
    yield "stop, all ring off at once, and what is not noted within fifteen seconds a worker finds out later."
    yield ""
    answers = "answers | half within, ms | 99 of 100 within, ms | errors"
    yield f"| callers | {answers} | ends noted within, ms | ends noted later | texts promised | for a person |"
    yield "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    for one in found.crowds:
        times = f"{one.p50 * 1000:.1f} | {one.p99 * 1000:.0f} | {one.errors} | {one.ended * 1000:,.0f} | {one.untold:,}"
        yield f"| {one.number:,} | {one.answers:,} | {times} | {one.texts:,} | {one.people:,} |"
    yield ""
    yield f"- {first.number:,} callers, under 100 ms: **{verdict(first.p99, 0.1, at_least=False)}**;"
    yield f"  without an error: **{verdict(first.errors, 0, at_least=False)}**."
    if len(first.megabytes) > 1:
        yield f"- Memory meanwhile, in megabytes: {', '.join(f'{size:.0f}' for size in first.megabytes)}."
    carried = max((one.number for one in found.crowds if one.p99 <= TOO_SLOW), default=0)
    yield f"- The most that one core carried with 99 of 100 answers within {TOO_SLOW * 1000:.0f} ms: {carried:,}."
    if rest and found.crowds[-1].p99 > TOO_SLOW:
        last = found.crowds[-1]
        kinds = f" ({', '.join(last.kinds)})" if last.kinds else ""
        yield f"- Beyond, with {last.number:,}: answers took longer, and {last.errors} of them were not good{kinds}."
    yield ""


def _growth(found: Measured) -> Iterator[str]:
    yield "## More of everything"
    yield ""
    yield "Work for one key press in microseconds, the record of it too:"
    yield ""
    for what, sizes in found.growth.items():
        (least, few), (most, many) = min(sizes.items()), max(sizes.items())
        ratio = ratios(many, few)
        shown = "; ".join(f"{size:,}: {Spread.of(work).shown()}" for size, work in sizes.items())
        trend = "no trend" if ratio.lowest <= 1 <= ratio.highest or ratio.middle <= 1.1 else "**it grows**"
        yield f"- {what}: {shown}. {most:,} against {least:,}: {ratio.shown('.2f')}, {trend}."
    yield ""


def _start(found: Measured) -> Iterator[str]:
    bare, ours = (Spread.of(seconds) for seconds in found.starts)
    more = ours.middle - bare.middle
    yield "## Start and memory"
    yield ""
    yield f"- From the start of `ivr serve` to its first answered call: {ours.shown('.2f')} s;"
    yield f"  bare Starlette {bare.shown('.2f')} s."
    yield f"  That is {more:.2f} s more, where at most 1.50 is wanted: **{verdict(more, 1.5, at_least=False)}**."
    if verdict(more, 1.5, at_least=False) == "not reached":
        yield from not_sooner()
    sizes = ", ".join(f"{size:.0f}" for size in found.memory)
    yield f"- One web process in the course of {found.presses:,} key presses, here made as fast as they were answered"
    yield f"  (100 callers make 72,000 in an hour): {sizes} MB, from the first to the last;"
    yield f"  under 100 is wanted: **{verdict(max(found.memory), 100, at_least=False)}**."
    if verdict(max(found.memory), 100, at_least=False) == "not reached":
        yield from not_smaller()
