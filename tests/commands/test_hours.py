"""`ivr hours`, and what callers would hear after a change, as staff use it."""

import json
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from ivr.cli import app


@pytest.fixture(autouse=True)
def database(url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("IVR_ADVISERS", "+447700900001")
    return url


def ivr(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def done(*arguments: str) -> str:
    result = ivr(*arguments)
    assert result.exit_code == 0, result.output + repr(result.exception)
    return result.stdout


def read(*arguments: str) -> Any:
    return json.loads(done(*arguments, "--json"))


def refused(*arguments: str, code: int = 2) -> str:
    result = ivr(*arguments)
    assert (result.exit_code, result.stdout) == (code, ""), result.output
    return result.stderr.splitlines()[-1]


FROM_TODAY_ON = "hours count from today or a later day on."
WEEK = """From Mon 23 Nov 2026:
  Monday     09:00-17:00
  Tuesday    09:00-19:00
  Wednesday  09:00-17:00
  Thursday   09:00-17:00
  Friday     closed
  Saturday   closed
  Sunday     closed
  closed on bank holidays
  confirmed 23 Nov 2026 by Sam
  good until 23 May 2027
"""


def test_the_hours_of_the_file_are_shown_until_staff_set_others() -> None:
    shown = done("hours")
    assert shown.startswith("From flows/hours.yaml:\n  Monday     09:00-17:00\n")
    assert done("hours", "set", "tue", "9-19", "fri", "off", "--by", "Sam") == WEEK
    assert done("hours", "show") == WEEK
    [now] = [read("hours")["now"]]
    assert (now["starts"], now["weekly"]["tuesday"], now["weekly"]["friday"]) == ("2026-11-23", ["09:00-19:00"], [])
    assert (now["confirmed_by"], now["good_until"]) == ("Sam", "2027-05-23")


def test_hours_to_come_are_shown_after_those_of_today_and_taken_back() -> None:
    was_set = read("hours", "set", "mon-fri", "08:00-16:00", "--from", "2027-01-04", "--bank-holidays")
    assert was_set["bank_holidays"] == "open"
    assert [one["starts"] for one in read("hours")["to_come"]] == ["2027-01-04"]
    assert "From Mon 04 Jan 2027:\n  Monday     08:00-16:00" in done("hours")
    assert "From Mon 04 Jan" not in done("hours", "remove", "2027-01-04")
    assert "none" in refused("hours", "remove", "2027-01-04", code=1)


def test_hours_are_confirmed_for_as_long_as_somebody_says() -> None:
    assert read("hours", "confirm")["good_until"] == "2027-05-23"
    assert read("hours", "confirm", "--good-until", "2027-11-23", "--by", "Ann")["confirmed_by"] == "Ann"
    assert "for a year at most" in refused("hours", "confirm", "--good-until", "2027-11-24")


def test_a_preview_shows_what_callers_would_hear_and_changes_nothing() -> None:
    before = done("hours")
    told = done("hours", "set", "mon", "08:00-17:00", "--from", "2026-11-30", "--preview")
    first, second, *_ = told.splitlines()
    assert first == "Nothing is changed yet. Callers would hear:"
    assert second == "Mon 30 Nov 2026 00:00: closed until Mon 30 Nov 2026 08:00"
    assert "back today at eight" in told and "Mon 30 Nov 2026 08:00: rings +44" in told
    assert done("hours") == before
    [first, _] = read("hours", "set", "mon", "08:00-17:00", "--from", "2026-11-30", "--preview")
    assert (first["open"], first["opens"]) == (False, "2026-11-30T08:00:00+00:00")


def test_closures_and_bank_holidays_have_a_preview_too() -> None:
    closure = ("closures", "add", "--all-day", "24/11/2026", "--reason", "training", "--preview")
    assert "Tue 24 Nov 2026 00:00: closed until Wed 25 Nov 2026 09:00" in done(*closure)
    assert read("closures") == []
    [_, open_before] = read("holidays", "add", "2026-12-07", "the coronation", "--preview")
    assert (open_before["at"], open_before["reason"]) == ("2026-12-07T09:00:00+00:00", "bank_holiday")
    assert read("holidays") == []


def test_what_a_caller_would_hear_at_any_moment_is_told() -> None:
    assert done("hours", "heard").startswith("Mon 23 Nov 2026 10:00: rings +44")
    [christmas] = read("hours", "heard", "--at", "25/12/2026 10:00")
    assert (christmas["reason"], christmas["rings"]) == ("bank_holiday", [])
    assert "Today is a bank holiday." in christmas["for_a_person"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["09:00-17:00"], "“09:00-17:00” has no day: write the days first, such as mon-fri 09:00-17:00."),
        (["mon"], "mon has no hours: write such as 09:00-17:00, or off."),
        (["mon", "5pm"], "“5pm” is not hours; write from when to when, such as 09:00-12:30."),
        (["mo", "9-17"], "“mo” is not a weekday: write mon, tue, … or mon-fri."),
        (["mon-sun", "off"], "There is no hour in this week. To close for a while, add a closure instead."),
        (
            ["mon", "9-17", "--from", "2026-11-22"],
            f"Sun 22 November 2026 is over: {FROM_TODAY_ON}",
        ),
    ],
)
def test_what_cannot_be_used_is_answered_with_what_to_write(words: list[str], says: str) -> None:
    assert refused("hours", "set", *words) == says


@pytest.mark.parametrize("preview", [[], ["--preview"]])
def test_new_hours_in_which_nobody_is_there_are_told(preview: list[str]) -> None:
    done("rota", "add", "Jo Marsh", "07700 900001")
    done("rota", "shift", "Jo Marsh", "mon-fri", "09:00-17:00")
    result = ivr("hours", "set", "sat", "10-12", "--from", "2026-11-28", *preview)
    first, *_, last = [line for line in result.stderr.splitlines() if line.startswith("Warning")]
    assert first == "Warning: we are open and nobody is there: Sat 28 Nov 2026 10:00 to 12:00"
    assert last.startswith("Warning: and")
    assert "Warning" not in ivr("hours", "set", "fri", "10-16").stderr


def test_hours_by_a_clock_of_twelve_hours_are_questioned_and_set() -> None:
    result = ivr("hours", "set", "mon", "9-5")
    assert (result.exit_code, "Warning: Monday: 09:00-05:00 lasts 20 hours" in result.stderr) == (0, True)


def test_the_audit_log_has_who_set_confirmed_and_took_back() -> None:
    done("hours", "set", "sat", "10-12", "--from", "2026-11-28", "--by", "Sam")
    done("hours", "remove", "2026-11-28", "--by", "Ann")
    taken_back, was_set = read("rota", "log")
    assert (was_set["who"], taken_back["who"]) == ("Sam", "Ann")
    assert (
        was_set["what"].startswith("hours from 28 Nov 2026: Monday 09:00-17:00")
        and "Saturday 10:00-12:00" in was_set["what"]
    )
    assert taken_back["what"].startswith("took back: hours from 28 Nov 2026")
