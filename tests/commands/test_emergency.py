"""`ivr emergency`, as staff use it."""

import json
from functools import cache
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from ivr.cli import app
from ivr.commands.emergency_check import check_message

SNOW = "The council's offices are closed today because of the snow."
UNTIL = "2026-11-24T00:00:00+00:00"
"""The end of the day of the tests."""
checked_once = cache(check_message)
"""Why a message is refused, found once for each message: all rules look at the whole helpline, for two seconds."""


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ivr.commands.emergency.check_message", checked_once)


@pytest.fixture(autouse=True)
def database(url: str) -> str:
    return url


def ivr(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def done(*arguments: str) -> str:
    result = ivr(*arguments)
    assert result.exit_code == 0, result.output + repr(result.exception)
    return result.stdout


def refused(*arguments: str) -> str:
    result = ivr("emergency", "set", *arguments)
    assert (result.exit_code, result.stdout) == (2, ""), result.output
    assert read("emergency") is None
    return result.stderr.splitlines()[-1]


def read(*arguments: str) -> Any:
    return json.loads(done(*arguments, "--json"))


def test_one_is_set_until_the_end_of_the_day_shown_and_cleared() -> None:
    line = f"until Tue 24 Nov 2026 00:00  {SNOW}\n"
    assert done("emergency") == "No emergency message is set.\n"
    assert done("emergency", "set", f"  {SNOW.replace(' ', '  ')} ") == line
    assert done("emergency", "show") == line
    assert read("emergency") == {"text": SNOW, "until": UNTIL}
    assert done("emergency", "clear") == "No emergency message is set.\n"
    assert read("emergency", "show") is None


def test_another_takes_its_place() -> None:
    done("emergency", "set", "Our texts are late today.", "--until", "2026-11-30T09:00")
    assert read("emergency", "set", SNOW) == read("emergency") == {"text": SNOW, "until": UNTIL}


def test_one_that_is_over_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    done("emergency", "set", SNOW, "--until", "23/11/2026 12:00")
    monkeypatch.setenv("IVR_NOW", "2026-11-23T12:00:00+00:00")
    assert read("emergency") is None


def test_a_refusal_says_why_in_a_sentence() -> None:
    assert refused("Please hold.") == (
        "This message cannot be told: “Please hold” is on the list of what we never say."
    )
    assert refused(f"{SNOW} {SNOW} {SNOW}").endswith(" seconds, and 8 are the most.")


@pytest.mark.parametrize(
    ("until", "says"),
    [
        ("2026-11-23T10:00", "It would be over already: give a later time."),
        ("2026-11-30T10:01", "It may last for 7 days at most: set it again when they are over."),
    ],
)
def test_one_is_set_for_a_while(until: str, says: str) -> None:
    assert refused(SNOW, "--until", until) == says


def test_the_audit_log_has_who_set_and_cleared_it() -> None:
    done("emergency", "set", SNOW, "--by", "Sam")
    done("emergency", "clear", "--by", "Ann")
    done("emergency", "clear", "--by", "Ann")
    assert [(one["who"], one["what"]) for one in read("rota", "log")] == [
        ("Ann", "took back: the emergency message"),
        ("Sam", f"emergency message until 24 Nov 2026 00:00: {SNOW}"),
    ]
