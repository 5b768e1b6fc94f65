"""`ivr holidays`, as staff use it, and what comes forward with it."""

import asyncio
import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from ivr.cli import app
from ivr.commands import stored_holidays
from ivr.engine.effects import ScheduleReminders
from ivr.helpline.reminders import reminder_time
from ivr.store.database import Store
from ivr.store.tables import reminders
from tests.store.conftest import SECRETS
from tests.store.fixtures import PARENT, perform
from tests.web.running_app import rows_of

DAY = date(2027, 5, 10)
ADDED = {"day": "2027-05-10", "name": "the coronation", "confirmed": False}
LETTER = "10/03/2027"


@pytest.fixture(autouse=True)
def database(url: str) -> str:
    return url


def ivr(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def done(*arguments: str) -> str:
    result = ivr(*arguments)
    assert result.exit_code == 0, result.output + repr(result.exception)
    return result.stdout


def refused(code: int, *arguments: str) -> str:
    result = ivr(*arguments)
    assert (result.exit_code, result.stdout) == (code, ""), result.output
    return result.stderr


def read(*arguments: str) -> Any:
    return json.loads(done(*arguments, "--json"))


def add(*more: str) -> Any:
    return read("holidays", "add", "2027-05-10", "the coronation", *more)


def test_one_is_added_listed_confirmed_and_removed() -> None:
    assert done("holidays") == "No bank holiday was added: the published ones count.\n"
    line = "Mon 10 May 2027  the coronation  "
    assert done("holidays", "add", "10 May 2027", " the  coronation ") == f"{line}not confirmed\n"
    assert done("holidays", "list") == f"{line}not confirmed\n"
    assert done("holidays", "confirm", "10/05/2027") == f"{line}confirmed\n"
    assert read("holidays") == [ADDED | {"confirmed": True}]
    assert read("holidays", "remove", "2027-05-10") == []


def test_a_machine_reads_what_became_of_a_change() -> None:
    assert add() == ADDED | {"reminders_moved": 0}
    assert read("holidays", "confirm", "2027-05-10") == ADDED | {"confirmed": True}


def test_one_may_be_certain_from_the_first() -> None:
    assert add("--confirmed")["confirmed"]


def test_the_audit_log_has_who_did_what() -> None:
    add("--by", "Sam")
    done("holidays", "confirm", "2027-05-10", "--by", "Ann")
    done("holidays", "confirm", "2027-05-10", "--by", "Ann")
    done("holidays", "remove", "2027-05-10", "--by", "Sam")
    written = [(one["who"], one["what"]) for one in read("rota", "log")]
    assert written == [
        ("Sam", "took back: bank holiday 10 May 2027 (the coronation)"),
        ("Ann", "bank holiday 10 May 2027 (the coronation) is confirmed"),
        ("Sam", "bank holiday 10 May 2027 (the coronation), not confirmed"),
    ]


def test_what_counts_already_is_told_so() -> None:
    add()
    again = refused(2, "holidays", "add", "2027-05-10", "a jubilee")
    assert again.endswith("10 May 2027 is listed already (the coronation), not confirmed yet: confirm it there.\n")
    done("holidays", "confirm", "2027-05-10")
    assert "(the coronation), confirmed." in refused(2, "holidays", "add", "2027-05-10", "a jubilee")
    assert "published list" in refused(2, "holidays", "add", "2026-12-25", "Christmas")


def test_one_needs_a_name_and_a_day() -> None:
    assert "needs a name" in refused(2, "holidays", "add", "2027-05-10", "  ")
    assert "is not a date" in refused(2, "holidays", "add", "soon", "the coronation")


@pytest.mark.parametrize("command", ["confirm", "remove"])
def test_one_that_was_not_added_is_not_found(command: str) -> None:
    assert "those that were: none" in refused(1, "holidays", command, "2027-05-10")
    add()
    assert "those that were: 2027-05-10" in refused(1, "holidays", command, "2027-05-11")


def test_the_deadline_that_advisers_work_out_counts_it() -> None:
    assert read("deadline", LETTER)["send_by"] == "2027-05-10"
    add()
    found = read("deadline", LETTER)
    assert (found["send_by"], found["tribunal_last_day"]) == ("2027-05-07", "2027-05-10")
    assert "by Friday 7 May 2027" in done("deadline", LETTER, "--today", "2027-04-01")
    done("holidays", "confirm", "2027-05-10")
    assert read("deadline", LETTER)["tribunal_last_day"] == "2027-05-11"


@pytest.mark.parametrize("url", ["postgresql://127.0.0.1:1/ivr", "mysql://localhost/ivr"])
def test_a_deadline_is_worked_out_without_the_database_and_says_what_is_not_counted(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setattr(stored_holidays, "PATIENCE", 0.5)
    result = ivr("deadline", LETTER, "--json")
    assert json.loads(result.stdout)["send_by"] == "2027-05-10"
    assert "`ivr holidays`) are not counted here: " in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_no_database_is_made_to_work_out_a_deadline(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path_factory.mktemp("empty") / "none.db"
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{file}")
    assert ivr("deadline", LETTER, "--json").stderr == ""
    assert not file.exists()


def promise(url: str, *reminded: tuple[datetime, str]) -> None:
    """Promise reminders in a call."""

    async def promised() -> None:
        async with Store(url, SECRETS, 30) as store:
            await perform(store, ScheduleReminders(PARENT, "deadline", reminded), "CA1 deadline/remind 5")

    asyncio.run(promised())


def kept(url: str) -> list[tuple[datetime, str]]:
    """The reminders that are kept, in the order in which they come."""

    async def rows() -> list[tuple[datetime, str]]:
        async with Store(url, SECRETS, 30) as store:
            found = [(row.due, store.cipher.decrypt(row.body)) for row in await rows_of(store, reminders)]
            return sorted(found)

    return asyncio.run(rows())


def text(day: str) -> str:
    return f"As you asked, a date to keep, {day}. To stop, reply NO."


def test_reminders_of_that_day_name_the_working_day_before_it_and_come_as_much_earlier(url: str) -> None:
    promise(url, *((reminder_time(DAY - timedelta(days=n)), text("Mon 10 May 2027")) for n in (14, 3)))
    assert add()["reminders_moved"] == 2
    assert kept(url) == [
        (reminder_time(date(2027, 4, 23)), text("Fri 7 May 2027")),
        (reminder_time(date(2027, 5, 4)), text("Fri 7 May 2027")),
    ]
    assert "reminders" not in done("holidays", "add", "2027-05-11", "another day")


def test_a_week_of_mourning_moves_them_day_by_day(url: str) -> None:
    promise(url, (reminder_time(DAY - timedelta(days=3)), text("Mon 10 May 2027")))
    for day in ("2027-05-07", "2027-05-10", "2027-05-06"):
        done("holidays", "add", day, "mourning")
    assert kept(url) == [(reminder_time(date(2027, 5, 2)), text("Wed 5 May 2027"))]


def test_other_reminders_stay_as_they_are(url: str) -> None:
    other = (reminder_time(DAY - timedelta(days=3)), text("Fri 21 May 2027"))
    promise(url, other)
    assert add()["reminders_moved"] == 0
    assert kept(url) == [other]


def test_one_that_should_have_come_already_comes_now(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    promise(url, (reminder_time(date(2027, 5, 7)), text("Mon 10 May 2027")))
    monkeypatch.setenv("IVR_NOW", "2027-05-06T12:00:00+00:00")
    assert done("holidays", "add", "2027-05-10", "the coronation").endswith("1 reminder now names an earlier day\n")
    [(due, body)] = kept(url)
    assert (due.isoformat(), body) == ("2027-05-06T12:00:00+00:00", text("Fri 7 May 2027"))


def test_no_reminder_names_a_day_that_is_over(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = (reminder_time(date(2027, 5, 10)), text("Mon 10 May 2027"))
    promise(url, asked)
    monkeypatch.setenv("IVR_NOW", "2027-05-09T12:00:00+00:00")
    add()
    assert kept(url) == [asked]
