"""`ivr rota` and `ivr closures`, as staff use them."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection
from typer.testing import CliRunner, Result

from ivr.cli import app
from ivr.commands.rota_arguments import spans_of
from ivr.commands.transaction import in_transaction
from ivr.config import CONTENT, CONTENT_FOLDERS
from ivr.helpline.hours_format import parse_weekdays
from ivr.helpline.opening_hours import BANK_HOLIDAY
from ivr.store import legs
from ivr.store.cipher import Cipher
from ivr.store.leg_states import LegOutcome
from ivr.store.tables import hunts
from tests.store.conftest import sqlite_url

NOW = "2026-11-23T10:00:00+00:00"
JO, LEE = "+447700900001", "+441632960003"
HUNT = {
    **{"id": "h1", "call": b"CA1", "topic": "school", "seconds": 20, "all_at_once": False, "state": "over"},
    **{"began": datetime.fromisoformat(NOW), "changed": datetime.fromisoformat(NOW)},
}


def ivr(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def done(*arguments: str) -> str:
    result = ivr(*arguments)
    assert result.exit_code == 0, result.output + repr(result.exception)
    return result.stdout


def refused(*arguments: str) -> str:
    """The words of a refusal, without the frame that they are printed in."""
    result = ivr(*arguments)
    assert result.exit_code in (1, 2), result.output
    return " ".join(result.stderr.replace("│", " ").split())


def read(*arguments: str) -> Any:
    return json.loads(done(*arguments))


@pytest.fixture(autouse=True)
def set_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database with nothing in it, and two advisers in the setting."""
    monkeypatch.chdir(tmp_path)  # where there is no .env
    settings = {"IVR_DEV": "1", "IVR_NOW": NOW, "IVR_ADVISERS": "+447700900008,+447700900009", "COLUMNS": "200"}
    for name, value in (settings | {"DATABASE_URL": sqlite_url(tmp_path)}).items():
        monkeypatch.setenv(name, value)


def test_with_nobody_on_it_the_setting_counts() -> None:
    assert done("rota") == "Nobody is on the rota: 2 of IVR_ADVISERS are rung.\n"
    assert read("rota", "list", "--json") == []
    assert read("rota", "who", "--json")["on_shift"] == ["+447700900008", "+447700900009"]


def test_somebody_is_put_on_the_rota_with_shifts_a_day_off_and_away() -> None:
    assert done("rota", "add", "Jo  Marsh", "07700 900 001") == f"Jo Marsh  {JO}\n  at any hour we are open\n"
    shifts = done("rota", "shift", "jo marsh", "mon-tue", "14:00-16:00", "09:00-12:30")
    assert shifts.splitlines()[1:] == ["  Monday 09:00-12:30 14:00-16:00", "  Tuesday 09:00-12:30 14:00-16:00"]
    assert "  Tuesday off\n" in done("rota", "shift", "Jo Marsh", "tue", "off")
    assert "  Thu 24 Dec 2026 off\n" in done("rota", "change", "Jo Marsh", "2026-12-24", "off")
    assert f"Jo Marsh  {JO}  away\n" in done("rota", "away", "Jo Marsh")
    assert read("rota", "--json") == [
        {
            "name": "Jo Marsh",
            "number": JO,
            "away": True,
            "week": {"monday": ["09:00-12:30", "14:00-16:00"], "tuesday": []},
            "changes": {"2026-12-24": []},
            "absences": [],
            "engaged_since": None,
            "passed_over_until": None,
        }
    ]
    assert "away" not in done("rota", "back", "Jo Marsh")
    assert "2026" not in done("rota", "change", "Jo Marsh", "2026-12-24", "usual")
    assert "at any hour" in done("rota", "always", "Jo Marsh")


@pytest.mark.parametrize("day", ["2026-12-24", "24/12/2026", "24122026", "24 December 2026"])
def test_a_day_may_be_written_in_any_way(day: str) -> None:
    done("rota", "add", "Jo", JO)
    assert read("rota", "change", "Jo", day, "off", "--json")["changes"] == {"2026-12-24": []}
    assert read("closures", "add", "--all-day", day, "--reason", "holiday", "--json")["from"].startswith("2026-12-24")


def test_a_machine_reads_what_became_of_a_change() -> None:
    for name, number in (("Jo", JO), ("Lee", LEE)):
        assert read("rota", "add", name, number, "--json")["name"] == name
    assert read("rota", "away", "jo", "--json")["away"]
    assert read("rota", "shift", "Jo", "mon", "off", "--json")["week"] == {"monday": []}
    assert read("rota", "always", "Jo", "--json")["week"] is None
    assert [one["name"] for one in read("rota", "first", "Lee", "--json")] == ["Lee", "Jo"]
    assert [one["name"] for one in read("rota", "remove", "Lee", "--json")] == ["Jo"]
    closed = read("closures", "add", "--until", "2026-11-23 14:00", "--reason", "training", "--json")
    assert read("closures", "list", "--json") == [closed]
    assert read("closures", "remove", closed["id"][:4], "--json") == []


def test_a_day_that_is_over_is_not_set_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    done("rota", "add", "Jo", JO)
    assert refused("rota", "change", "Jo", "2026-11-22", "off") == "That is over: the last day was 22 Nov 2026."
    assert "Mon 23 Nov 2026 off" in done("rota", "change", "Jo", "2026-11-23", "off")
    monkeypatch.setenv("IVR_NOW", "2026-11-24T10:00:00+00:00")
    assert "off" not in done("rota")


def test_a_change_that_leaves_an_hour_without_anybody_is_made_and_warned_of() -> None:
    done("rota", "add", "Jo", JO)
    result = ivr("rota", "change", "Jo", "2026-12-07", "10:00-17:00", "--why", "the dentist")
    assert result.stderr == "Warning: we are open and nobody is there: Mon 07 Dec 2026 09:00 to 10:00\n"
    assert ivr("rota", "change", "Jo", "2026-12-07", "usual").stderr == ""
    many = ivr("rota", "absent", "Jo", "2026-12-07", "--until", "2026-12-18").stderr.splitlines()
    assert many[-1] == "Warning: and 5 more in the next eight weeks; `ivr rota week` shows a week."


def test_other_hours_count_from_a_day_until_another_on_some_weekdays() -> None:
    done("rota", "add", "Jo", JO)
    words = "rota", "change", "Jo", "2026-12-07", "10:00-12:00", "--until", "2026-12-16", "--days", "mon,wed"
    days = read(*words, "--json")["changes"]
    assert days == {f"2026-12-{n}": ["10:00-12:00"] for n in ("07", "09", "14", "16")}
    assert "comes before the first" in refused(*words[:-3], "2026-12-01")
    assert "longer than 13 weeks" in refused(*words[:-3], "2027-12-01")
    assert "None of the weekdays" in refused("rota", "change", "Jo", "2026-12-07", "off", "--days", "sun")


def test_somebody_is_absent_until_they_are_present() -> None:
    done("rota", "add", "Jo", JO)
    found = read("rota", "absent", "Jo", "2026-12-07", "--until", "2026-12-18", "--json")
    assert found["absences"] == [{"first": "2026-12-07", "last": "2026-12-18"}]
    assert "  away from 07 Dec 2026 to 18 Dec 2026\n" in done("rota")
    assert "07 Dec 2026 to 18 Dec 2026" in refused("rota", "present", "Jo", "2026-12-19")
    assert read("rota", "present", "Jo", "2026-12-10", "--json")["absences"] == []


def test_a_week_is_shown_with_its_gaps_and_hours() -> None:
    done("rota", "add", "Jo", JO)
    done("rota", "shift", "Jo", "mon-fri", "09:00-13:00")
    done("rota", "change", "Jo", "2026-12-07", "10:00-13:00", "--why", "the dentist", "--by", "Sam")
    done("rota", "absent", "Jo", "2026-12-08")
    lines = done("rota", "week", "2026-W50").splitlines()
    assert lines[:8] == [
        "Mon 07 Dec 2026  09:00-17:00",
        "  10:00-13:00  Jo",
        "  09:00-10:00  NOBODY",
        "  13:00-17:00  NOBODY",
        "  Jo: 10:00-13:00 instead of 09:00-13:00 (the dentist, Sam)",
        "Tue 08 Dec 2026  09:00-17:00",
        "  09:00-17:00  NOBODY",
        "  Jo: away on 08 Dec 2026",
    ]
    assert lines[-2:] == [
        "  Jo  15 h  71 h",
        "somebody is there: 37% of our open hours, 46% in four weeks",
    ]
    found = read("rota", "week", "10/12/2026", "--json")
    assert (found["week"], found["hours"]) == ("2026-W50", [{"name": "Jo", "week": 15.0, "four_weeks": 71.0}])
    assert found["gaps"][0] == {"from": "2026-12-07T09:00:00+00:00", "until": "2026-12-07T10:00:00+00:00"}
    assert "“2026-W54” is not a week: write one such as 2026-W49" in refused("rota", "week", "2026-W54")


def test_a_swap_and_a_cover_are_made_or_refused_with_the_hours() -> None:
    done("rota", "add", "Jo", JO)
    done("rota", "add", "Lee", LEE)
    done("rota", "shift", "Jo", "mon-fri", "09:00-13:00")
    done("rota", "shift", "Lee", "mon-fri", "13:00-17:00")
    result = ivr("rota", "swap", "Jo", "2026-12-07", "Lee", "2026-12-07", "--json")
    assert result.stderr == ""
    days = {one["name"]: one["changes"] for one in read("rota", "--json")}
    assert days == {"Jo": {"2026-12-07": ["13:00-17:00"]}, "Lee": {"2026-12-07": ["09:00-13:00"]}}
    told = refused("rota", "cover", "Jo", "2026-12-08", "Lee", "09:00-11:30")
    assert told == "Nobody would be there though we are open: Tue 08 Dec 2026 11:30 to 13:00."
    done("rota", "cover", "Jo", "2026-12-08", "Lee")
    assert "Tue 08 Dec 2026 09:00-13:00 13:00-17:00" in done("rota")
    assert "Lee covers Jo's 08 Dec 2026 09:00-13:00" in done("rota", "log")
    assert "swapped Jo's 07 Dec 2026 for Lee's 07 Dec 2026" in done("rota", "log")


def test_somebody_gets_another_number() -> None:
    done("rota", "add", "Jo", JO)
    assert read("rota", "number", "Jo", "01632", "960", "003", "--json")["number"] == LEE
    assert "abroad" in refused("rota", "number", "Jo", "+33 6 12 34 56 78")
    assert "not on the rota" in refused("rota", "number", "Lee", "07700 900001")


def test_the_order_is_that_in_which_they_are_rung() -> None:
    done("rota", "add", "Jo", JO)
    done("rota", "add", "Lee", "01632 960 003")
    assert [one["number"] for one in read("rota", "--json")] == [JO, LEE]
    assert done("rota", "first", "Lee").index("Lee") == 0
    assert "Lee" not in done("rota", "remove", "Lee")


def test_who_is_rung_at_a_moment_is_shown_and_who_comes_next() -> None:
    done("rota", "add", "Jo", JO)
    done("rota", "add", "Lee", LEE)
    done("rota", "shift", "Jo", "mon", "09:00-13:00")
    done("rota", "shift", "Lee", "mon-tue", "12:00-17:00")
    assert done("rota", "who") == "Jo\n"
    assert done("rota", "who", "--at", "2026-11-23T12:30") == "Jo\nLee\n"
    assert done("rota", "who", "--at", "2026-11-24T10:00") == "Nobody is there; Lee is next, Tue 24 Nov 2026 12:00.\n"
    closed = "We are closed; we open Tue 24 Nov 2026 09:00. Nobody is rung.\n"
    assert done("rota", "who", "--at", "2026-11-23 17:00").startswith(closed)
    christmas = done("rota", "who", "--at", "2026-12-28T10:00")
    assert christmas.startswith(f"We are closed ({BANK_HOLIDAY}); we open Tue 29 Dec 2026 09:00. Nobody is rung.\nJo\n")
    assert read("rota", "who", "--at", "2026-11-23T18:00", "--json") == {
        "at": "2026-11-23T18:00:00+00:00",
        "open": False,
        "reason": "",
        "opens": "2026-11-24T09:00:00+00:00",
        "on_shift": [],
        "last_rings_after": 0.0,
        "next": {"name": "Lee", "at": "2026-11-24T12:00:00+00:00"},
    }
    done("rota", "away", "Jo")
    done("rota", "away", "Lee")
    assert done("rota", "who") == "Nobody is there.\n"


def test_every_change_is_written_down_with_who_made_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "sam")
    assert done("rota", "log") == "Nothing was changed yet.\n"
    done("rota", "add", "Jo", JO)
    done("rota", "away", "Jo", "--by", "Pat")
    done("closures", "add", "--all-day", "2026-12-24", "--reason", "holiday", "--by", "Pat")
    lines = done("rota", "log").splitlines()
    assert lines == [
        "Mon 23 Nov 2026 10:00  Pat: closed from 24 Dec 2026 00:00 to 25 Dec 2026 00:00: holiday",
        "Mon 23 Nov 2026 10:00  Pat: Jo is away",
        "Mon 23 Nov 2026 10:00  sam: put Jo on the rota",
    ]
    assert read("rota", "log", "--limit", "1", "--json") == [
        {"at": NOW, "who": "Pat", "what": "closed from 24 Dec 2026 00:00 to 25 Dec 2026 00:00: holiday"}
    ]


def talk(number: str) -> None:
    """Have an adviser talk to a caller, in a call of whose end nothing is heard."""

    async def add_leg(db: AsyncConnection, cipher: Cipher) -> None:
        await legs.add(db, number, None, cipher.blind_index(number), datetime.fromisoformat(NOW))
        await legs.connect(db, number, datetime.fromisoformat(NOW))

    in_transaction(add_leg)


def test_who_is_engaged_is_shown_since_when_and_can_be_freed() -> None:
    done("rota", "add", "Jo", JO)
    talk(JO)
    assert "  on a call with us since Mon 23 Nov 2026 10:00\n" in done("rota")
    assert read("rota", "--json")[0]["engaged_since"] == NOW
    assert done("rota", "free", "jo", "--yes", "--by", "Pat") == "Jo can be rung.\n"
    assert "on a call" not in done("rota")
    assert done("rota", "log").splitlines()[0].endswith("  Pat: freed Jo")
    assert done("rota", "free", "jo", "--yes") == "Jo was on no call with us.\n"
    assert len(read("rota", "log", "--json")) == 2, "which changed nothing"


def test_nobody_is_freed_who_was_not_asked_for() -> None:
    done("rota", "add", "Jo", JO)
    talk(JO)
    for answer, freed in (("n", False), ("y", True)):
        result = CliRunner().invoke(app, ["rota", "free", "Jo"], input=f"{answer}\n")
        assert (result.exit_code == 0) is freed
        assert ("on a call" not in done("rota")) is freed
    assert "not on the rota" in refused("rota", "free", "Lee", "--yes")


def test_an_adviser_of_the_setting_is_freed_by_number_and_the_log_has_none() -> None:
    talk("+447700900008")
    assert read("rota", "free", "07700 900008", "--yes", "--json") == {"name": "Somebody of IVR_ADVISERS", "calls": 1}
    assert "7700" not in done("rota", "log")


def test_who_let_too_many_calls_ring_is_shown_and_until_when() -> None:
    done("rota", "add", "Jo", JO)

    async def rings(db: AsyncConnection, cipher: Cipher) -> None:
        began = datetime.fromisoformat(NOW) - timedelta(minutes=30)
        await db.execute(insert(hunts).values(HUNT))
        for n in range(12):
            await legs.add(db, f"leg{n}", "h1", cipher.blind_index(JO), began)
            await legs.end(db, f"leg{n}", LegOutcome.unanswered, began)

    in_transaction(rings)
    assert "  not rung until Mon 23 Nov 2026 10:30: too many rings unanswered in an hour\n" in done("rota")
    assert read("rota", "--json")[0]["passed_over_until"] == "2026-11-23T10:30:00+00:00"


def test_how_late_the_last_of_all_who_are_rung_at_once_rings_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done("rota", "add", "Jo", JO)
    done("rota", "add", "Lee", LEE)
    content = tmp_path / "content"
    for part in CONTENT_FOLDERS:
        copytree(CONTENT / part, content / part)
    flow = content / "flows/person.yaml"
    flow.write_text(flow.read_text().replace("  seconds: 20\n", "  seconds: 20\n  all_at_once: yes\n"))
    monkeypatch.setenv("IVR_CALLS_PER_SECOND", "0.5")
    assert read("rota", "who", "--folder", str(content), "--json")["last_rings_after"] == 2
    assert "the last 2 s after the first (IVR_CALLS_PER_SECOND)" in done("rota", "who", "--folder", str(content))


@pytest.mark.parametrize("words", [["07700 900001"], ["07700", "900001"], ["+44", "(0)7700", "900-001"]])
def test_a_number_may_be_written_in_any_way(words: list[str]) -> None:
    assert read("rota", "add", "Jo", *words, "--json")["number"] == JO


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("+33 6 12 34 56 78", "abroad"),
        ("0909 879 0456", "costs extra"),
        ("0844 123 4567", "costs extra"),
        ("07000 900 456", "personal number"),
        ("07600 900 456", "pager"),
        ("999", "Write a telephone number such as"),
        ("07700 90000", "Write a telephone number such as"),
        ("withheld", "Write a telephone number such as"),
        ("anonymous", "Write a telephone number such as"),
        ("", "Write a telephone number such as"),
    ],
)
def test_a_number_that_we_would_not_ring_is_refused_in_words(typed: str, told: str) -> None:
    assert told in refused("rota", "add", "Jo", typed)
    assert read("rota", "--json") == []


def test_what_cannot_be_is_refused_in_words() -> None:
    done("rota", "add", "Jo", JO)
    assert refused("rota", "add", "jo", LEE) == "Jo is on the rota already."
    assert refused("rota", "add", "Lee", "07700 900001") == "That number is on the rota already: it is Jo's."
    assert refused("rota", "away", "Joe") == "“Joe” is not on the rota; those on it: Jo."
    assert "Somebody needs a name" in refused("rota", "add", " ", LEE)
    assert "at most 80 characters" in refused("rota", "add", "x" * 81, LEE)
    assert "“munday” is not a weekday: write mon, tue, … or mon-fri." in refused("rota", "shift", "Jo", "munday", "off")
    assert "09:00-13:00 and 12:00-14:00 overlap" in refused("rota", "shift", "Jo", "mon", "09:00-13:00", "12:00-14:00")
    assert "“9-5” is not hours" in refused("rota", "change", "Jo", "2026-12-24", "9-5")
    assert "“off” is not hours" in refused("rota", "change", "Jo", "2026-12-24", "09:00-12:00", "off")
    assert read("rota", "--json")[0]["week"] is None


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("mon", (0,)),
        ("Monday", (0,)),
        ("mon-fri", (0, 1, 2, 3, 4)),
        ("sat,sun", (5, 6)),
        ("sat-mon", (5, 6, 0)),
        ("thurs", (3,)),
        ("mon,mon-tue", (0, 1)),
        ("sun-sun", (6,)),
    ],
)
def test_weekdays_may_be_one_several_or_from_one_to_another(typed: str, days: tuple[int, ...]) -> None:
    assert parse_weekdays(typed) == days


@pytest.mark.parametrize("typed", ["", "mo", "m", "mon-", "mon-fri-sat", "1", "mon,"])
def test_what_is_no_weekday_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="is not a weekday"):
        parse_weekdays(typed)


def test_off_is_no_hours_at_all() -> None:
    assert spans_of(["off"]) == ()
    assert list(map(str, spans_of(["22:00-06:00"]))) == ["22:00-06:00"]


# Closures.


def test_we_are_closed_for_a_while_and_open_again_when_that_is_taken_back() -> None:
    assert done("closures") == "No closure is set: we are open in our hours.\n"
    line = done("closures", "add", "--until", "2026-11-23T14:00", "--reason", "training")
    id = line.split()[0]
    assert line == f"{id}  Mon 23 Nov 2026 10:00 to Mon 23 Nov 2026 14:00  training\n"
    later = done("closures", "add", "--from", "2027-07-01 12:00", "--until", "2027-07-01 13:30", "--reason", "weather")
    assert done("closures", "list") == line + later
    assert read("closures", "--json")[1] == {
        "id": later.split()[0],
        "from": "2027-07-01T11:00:00+00:00",
        "until": "2027-07-01T12:30:00+00:00",
        "reason": "weather",
    }
    told = done("rota", "who")
    assert told.startswith("We are closed (training); we open Mon 23 Nov 2026 14:00. Nobody is rung.\n")
    assert done("closures", "remove", id) == later
    assert done("rota", "who").startswith("+447700900008")


def test_a_whole_day_is_as_long_as_the_clocks_make_it() -> None:
    done("closures", "add", "--all-day", "2027-03-28", "--reason", "holiday")
    [closure] = read("closures", "--json")
    assert (closure["from"], closure["until"]) == ("2027-03-28T00:00:00+00:00", "2027-03-28T23:00:00+00:00")


@pytest.mark.parametrize(
    "options",
    [
        ["--until", "2026-11-23T09:59"],
        ["--from", "2026-11-24T12:00", "--until", "2026-11-24T12:00"],
        ["--all-day", "2026-11-22"],
    ],
)
def test_what_is_over_or_ends_before_it_begins_is_refused(options: list[str]) -> None:
    assert "over already, or ends before it begins" in refused("closures", "add", *options, "--reason", "training")


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--from", "2026-11-24T12:00"],
        ["--all-day", "2026-11-24", "--until", "2026-11-24T12:00"],
        ["--all-day", "2026-11-24", "--from", "2026-11-24T12:00"],
    ],
)
def test_a_closure_has_an_end(options: list[str]) -> None:
    assert "--until, with or without --from" in refused("closures", "add", *options, "--reason", "training")


def test_an_unknown_reason_is_rejected_with_a_list_of_all() -> None:
    for reason in ("moonlight", BANK_HOLIDAY):
        told = refused("closures", "add", "--all-day", "2026-12-24", "--reason", reason)
        assert f"There is no reason “{reason}”." in told
        assert "training: Our advisers are in training." in told
        assert f"{BANK_HOLIDAY}: " not in told
    assert read("closures", "--json") == []


def test_a_closure_that_is_not_there_cannot_be_taken_back() -> None:
    assert refused("closures", "remove", "abc123") == "No closure has an id that begins with “abc123”."


@pytest.mark.parametrize("command", [["rota"], ["closures"]])
def test_every_command_shows_how_it_is_used(command: list[str]) -> None:
    listed = done(*command, "--help")
    assert f"ivr {command[0]}" in listed
    for name in ("add", "remove", "list"):
        assert f"ivr {command[0]}" in done(*command, name, "--help")


@pytest.mark.parametrize("words", [["shift", "Jo", "mon"], ["change", "Jo", "2026-12-24"]])
def test_hours_by_a_clock_of_twelve_hours_are_set_and_questioned(words: list[str]) -> None:
    done("rota", "add", "Jo", JO)
    result = ivr("rota", *words, "09:00-05:00")
    assert result.exit_code == 0
    assert "09:00-05:00" in result.stdout
    odd = "Warning: 09:00-05:00 lasts 20 hours, into the next day: is 09:00-17:00 meant?\n"
    assert result.stderr.startswith(odd)
    assert odd not in ivr("rota", *words, "09:00-17:00").stderr


@pytest.mark.parametrize("setting", ["IVR_CALLER_ID", "IVR_SMS_FROM", "IVR_NUMBER"])
def test_a_number_of_the_helpline_itself_is_nobodys_on_the_rota(setting: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(setting, "07700 900123")
    assert "a number of the helpline itself" in refused("rota", "add", "Jo", "07700 900123")
