"""What the pages say of the rota is what callers meet: whom they ring who press 0, at any moment of a year."""

import re
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from shutil import copytree

import pytest

from ivr.config import CONTENT, CONTENT_FOLDERS
from ivr.console.app import build
from ivr.engine.environment import OneOffHoliday
from ivr.errors import RotaRefused
from ivr.helpline.hours_format import WeeklyHours, parse_spans
from ivr.helpline.opening_hours import Closure, OpeningHours, Span
from ivr.helpline.opening_hours_file import OpeningHoursFile
from ivr.helpline.timezone import LONDON, local_time
from ivr.loader import load
from ivr.simulator.phone import Phone
from ivr.staff import rota_days, shift_swap
from ivr.staff.trial import Change
from ivr.store import closures, one_off_holidays, opening_hours, rota
from ivr.store.audit import By
from ivr.store.database import Store
from tests.console.rota_reader import RotaPages, mondays, read_weeks
from tests.console.staff_pages import StaffPages, staff_pages
from tests.store.conftest import sqlite_url
from tests.web.running_app import RunningApp, running_app
from tests.web.webhooks import NOW, TOKEN, URL

FIRST = date(2026, 11, 23)
WEEKS = 52
CLOCK_CHANGES = date(2027, 3, 28), date(2027, 10, 31)
HOURS = """
weekly:
  monday: ["08:00-20:00"]
  tuesday: ["08:00-12:00", "13:00-20:00"]
  wednesday: ["08:00-20:00"]
  thursday: ["08:00-20:00"]
  friday: ["08:00-20:00", "22:00-02:00"]
  saturday: ["20:00-06:00"]
  sunday: ["10:00-14:00", "22:30-03:00"]
bank_holidays: closed
sure: K
source: made up for a test
checked_on: 2026-11-23
good_until: 2027-11-23
"""
SUMMER = OpeningHoursFile(
    weekly=WeeklyHours.model_validate(
        {"monday": ["09:00-15:00"], "thursday": ["12:00-21:00"], "saturday": ["22:00-04:00"]}
    ),
    bank_holidays="open",
    source="Max",
    checked_on=date(2026, 11, 23),
    good_until=date(2027, 11, 23),
)
"""Hours that staff set from the summer on."""
TEAM = {f"Adviser {letter}": f"+4477009000{n}" for n, letter in enumerate("ABCDE", start=10)}
SPANS = ("08:00-12:00", "12:00-20:00", "08:00-20:00", "09:30-13:00", "13:00-17:30", "20:00-01:30", "22:00-06:00")
RINGS = re.compile(r"rings (\+\d+)")
MINUTE = timedelta(minutes=1)
MOMENTS = 450


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """Our own flows, with hours over midnight and through the nights in which the clocks change."""
    folder = tmp_path / "content"
    for part in CONTENT_FOLDERS:
        copytree(CONTENT / part, folder / part)
    (folder / "flows/hours.yaml").write_text(HOURS)
    return folder


@pytest.fixture
async def pages(tmp_path: Path, content: Path) -> AsyncIterator[StaffPages]:
    """The staff pages of a team with a year ahead of it."""
    async with staff_pages(sqlite_url(tmp_path)) as made:
        services = replace(made.services, content=lambda: load(content))
        await make_up_a_year(made.store, Random(1), content)  # noqa: S311
        yield replace(made, app=build(services), services=services)


@pytest.fixture
async def helpline(pages: StaffPages, tmp_path: Path, content: Path) -> AsyncIterator[RunningApp]:
    """The helpline that callers of the same database ring."""
    async with running_app(f"sqlite:///{tmp_path / 'kept.db'}", content=content) as here:
        yield here


async def make_up_a_year(store: Store, rng: Random, content: Path) -> None:
    """Write a team with shifts, absences, other hours, swaps, closures, a bank holiday and other hours of a year."""
    by, cipher, hours = By("Max", NOW), store.cipher, load(content).hours
    names = list(TEAM)
    async with store.begin() as db:
        for name, number in TEAM.items():
            await rota.add(db, cipher, name, number, by)
            await rota.set_week(db, name, {day: some_hours(rng) for day in range(7)}, by)
        await rota.forget_shifts(db, names[-1], by)
        await rota.set_away(db, names[-1], True, by)
        await one_off_holidays.add(db, OneOffHoliday(date(2027, 6, 4), "A coronation"), by)
        for n in range(6):
            begins = local_time(some_day(rng), time(rng.randrange(24), 15))
            await closures.add(db, Closure(begins, begins + timedelta(hours=5 + 10 * n), "training"), by)
        await opening_hours.replace(db, date(2027, 7, 5), SUMMER, by)
    for n in range(60):
        await try_change(store, some_change(rng, names, n, by, hours))


def some_change(rng: Random, names: list[str], n: int, by: By, hours: OpeningHours | None) -> Change[object]:
    """Return a change: an absence, other hours for a while, a swap or a cover."""
    one, other = rng.sample(names[:-1], 2)
    day = CLOCK_CHANGES[n % 2] - timedelta(days=n % 3) if n < 6 else some_day(rng)
    later, spans = day + timedelta(days=rng.randrange(9)), some_hours(rng)
    changes: tuple[Change[object], ...] = (
        lambda db, _: rota_days.add_absence(db, one, day, later, by),
        lambda db, _: rota_days.set_period(db, one, day, later, spans, by),
        lambda db, cipher: shift_swap.swap(db, cipher, hours, one, day, other, later, by),
        lambda db, cipher: shift_swap.cover(db, cipher, hours, one, day, other, by),
    )
    return changes[n % len(changes)]


async def try_change(store: Store, change: Change[object]) -> None:
    """Make a change, unless the rota refuses it."""
    with suppress(RotaRefused):
        async with store.begin() as db:
            await change(db, store.cipher)


def some_hours(rng: Random) -> tuple[Span, ...]:
    return parse_spans([rng.choice(SPANS)] if rng.random() < 0.6 else [])


def some_day(rng: Random) -> date:
    return FIRST + timedelta(days=rng.randrange(7 * WEEKS))


def moments(shown: RotaPages, rng: Random) -> list[datetime]:
    """Return moments of the year, in order: boundaries and the minutes beside them, and any others."""
    last = datetime.combine(FIRST + timedelta(weeks=WEEKS), time(), LONDON).astimezone(UTC)
    near = [one for one in shown.boundaries if any(abs(one.date() - day) <= timedelta(1) for day in CLOCK_CHANGES)]
    chosen = [*near, *rng.sample(shown.boundaries, 90)]
    beside = [boundary + n * MINUTE for boundary in chosen for n in (-1, 0, 1)]
    others = [NOW + MINUTE * rng.randrange(WEEKS * 7 * 24 * 60) for _ in range(MOMENTS - len(beside))]
    return sorted({one for one in (*beside, *others) if NOW <= one < last})


async def rung(helpline: RunningApp, at: datetime) -> list[str]:
    """Return whose telephones ring, one after another, for a caller who presses 0 at a moment."""
    helpline.clock.now = at
    phone = Phone(helpline.app, public_url=URL, token=TOKEN)
    await phone.dials()
    await phone.presses("0", when_named=True)
    numbers = [number for entry in phone.transcript for number in RINGS.findall(entry.text)]
    return [name for number in numbers for name, theirs in TEAM.items() if theirs == number]


async def test_callers_meet_whom_the_pages_show_and_nobody_in_the_gaps(pages: StaffPages, helpline: RunningApp) -> None:
    shown = await read_weeks(pages, mondays(FIRST - timedelta(weeks=1), WEEKS + 1))
    rng = Random(2)  # noqa: S311
    met = {"somebody": 0, "a gap": 0, "closed": 0}
    for at in moments(shown, rng):
        said = shown.there(at) if shown.is_open(at) else []
        assert shown.is_gap(at) is (shown.is_open(at) and not said), at
        assert await rung(helpline, at) == said, at
        met["somebody" if said else "a gap" if shown.is_gap(at) else "closed"] += 1
    assert min(met.values()) > 50, met
