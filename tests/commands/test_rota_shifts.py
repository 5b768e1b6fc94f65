"""`ivr rota reminders` and `confirm`, and `ivr accounts mobile`."""

from pathlib import Path

import pytest

from tests.commands.test_rota import JO, NOW, done, read, refused
from tests.store.conftest import sqlite_url


@pytest.fixture(autouse=True)
def set_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Jo, who has a shift on Tuesday morning and one on Friday."""
    monkeypatch.chdir(tmp_path)
    for name, value in {"IVR_DEV": "1", "IVR_NOW": NOW, "COLUMNS": "200", "DATABASE_URL": sqlite_url(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    done("rota", "add", "Jo Marsh", JO)
    done("rota", "shift", "Jo Marsh", "tue,fri", "09:00-13:00")


def test_the_next_shifts_are_listed_with_what_is_known_of_them() -> None:
    assert done("rota", "reminders").splitlines() == [
        "Tue 24 Nov 2026 09:00-13:00  Jo Marsh  not reminded yet",
        "Fri 27 Nov 2026 09:00-13:00  Jo Marsh  not reminded yet",
    ]
    assert read("rota", "reminders", "--json")[0] == {
        "name": "Jo Marsh",
        "begins": "2026-11-24T09:00:00+00:00",
        "ends": "2026-11-24T13:00:00+00:00",
        "reminded": None,
        "answer": None,
        "answered": None,
    }
    done("rota", "always", "Jo Marsh")
    assert done("rota", "reminders") == "Nobody has a shift of their own in the next seven days.\n"


def test_somebody_says_for_an_adviser_that_they_will_be_there_or_cannot() -> None:
    assert done("rota", "confirm", "jo marsh", "--by", "Pat").endswith("  Jo Marsh  will be there\n")
    friday = read("rota", "confirm", "Jo Marsh", "--day", "27/11/2026", "--cannot", "--json", "--by", "Pat")
    assert (friday["answer"], friday["answered"]) == ("not_coming", NOW)
    assert done("rota", "reminders").splitlines() == [
        "Tue 24 Nov 2026 09:00-13:00  Jo Marsh  will be there",
        "Fri 27 Nov 2026 09:00-13:00  Jo Marsh  CANNOT COME",
    ]
    assert [line.partition("  ")[2] for line in done("rota", "log").splitlines()[:2]] == [
        "Pat: Jo Marsh: cannot come on Fri 27 Nov 2026 09:00",
        "Pat: Jo Marsh: will be there on Tue 24 Nov 2026 09:00",
    ]


def test_a_shift_that_there_is_not_is_told() -> None:
    assert "Jo Marsh has no shift on Wed 25 Nov 2026" in refused("rota", "confirm", "Jo Marsh", "--day", "25/11/2026")
    assert "“Sam” is not on the rota; those on it: Jo Marsh." in refused("rota", "confirm", "Sam")
    done("rota", "away", "Jo Marsh")
    assert "has no shift in the next 7 days" in refused("rota", "confirm", "Jo Marsh")


def test_a_manager_has_a_mobile_for_texts_or_none() -> None:
    done("accounts", "add", "Max", "max@helpline.example", "--role", "manager")
    assert "texted at 07700 900 801" in done("accounts", "mobile", "Max", "07700", "900801")
    assert read("accounts", "--json")[0]["mobile"] == "+447700900801"
    assert "texted" not in done("accounts", "mobile", "max@helpline.example")
    for number in ("01632 960001", "nobody", "+33612345678"):
        assert "Write a UK mobile such as 07700 900123" in refused("accounts", "mobile", "Max", number)
    assert "07700" not in done("audit", "list") and "mobile set" in done("audit", "list")


def test_whoever_leaves_is_texted_no_more() -> None:
    done("accounts", "add", "Max", "max@helpline.example", "--role", "manager")
    done("accounts", "mobile", "Max", "07700 900801")
    assert read("accounts", "leave", "Max", "--json")["mobile"] is None
