"""`ivr clock` shows every clock, and takes the word of a person where no other clock can be asked."""

import asyncio
import json
from datetime import timedelta

import pytest
from typer.testing import CliRunner, Result

from ivr.cli import app
from ivr.store import audit, last_seen
from ivr.store.audit import Entry
from ivr.store.database import Store
from tests.store.conftest import SECRETS
from tests.store.fixtures import NOW

MONTH = timedelta(days=30)


def ivr(*arguments: str, answer: str | None = None) -> Result:
    return CliRunner().invoke(app, arguments, input=answer)


@pytest.fixture
def off_for_a_month(url: str) -> str:
    async def write() -> None:
        async with Store(url, SECRETS, 30) as store, store.begin() as db:
            await last_seen.record(db, NOW - MONTH)

    asyncio.run(write())
    return url


def audited(url: str) -> list[Entry]:
    async def read() -> list[Entry]:
        async with Store(url, SECRETS, 30) as store, store.begin() as db:
            return await audit.read(db, 10)

    return asyncio.run(read())


@pytest.mark.usefixtures("url")
def test_a_clock_that_nothing_contradicts_can_be_believed() -> None:
    result = ivr("clock")
    assert result.exit_code == 0
    assert result.stdout.endswith("It can be believed.\n")


def test_a_clock_that_the_database_contradicts_is_shown_with_both_times(off_for_a_month: str) -> None:
    result = ivr("clock", "--json")
    assert result.exit_code == 1
    shown = json.loads(result.stdout)
    assert (shown["machine"], shown["provider"], shown["database"]) == (NOW.isoformat(), None, None)
    assert shown["doubts"] == [f"the database last saw {(NOW - MONTH).isoformat()}"]
    assert "run `ivr clock --accept`" in ivr("clock").stdout


def test_a_person_who_has_compared_it_can_accept_it(off_for_a_month: str) -> None:
    result = ivr("clock", "--accept", "--by", "Sam", answer="y\n")
    assert "Monday 23 November 2026, 10:00" in result.stderr
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (0, "It can be believed.")
    assert audited(off_for_a_month) == [Entry(NOW, "Sam", "the machine's clock: accepted as right")]


@pytest.mark.parametrize("answer", ["n\n", "", None])
def test_without_a_yes_it_is_not_accepted(off_for_a_month: str, answer: str | None) -> None:
    result = ivr("clock", "--accept", answer=answer)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "Nothing was done" in result.stderr
    assert ivr("clock").exit_code == 1
    assert audited(off_for_a_month) == []


def test_in_a_script_yes_is_an_option(off_for_a_month: str) -> None:
    assert ivr("clock", "--accept", "--yes").exit_code == 0
