"""Misspelt settings are found, and what the environment has for other programs is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.config import SETTINGS
from ivr.setting_names import unknown_settings

OTHERS = (
    *("PATH", "HOME", "PORT", "DATABASE_USER", "DATABASE_HOST", "TEST_DATABASE_URL", "PGHOST", "DEV", "NUMBER"),
    *("TWILIO_REGION", "TWILIO_EDGE", "TWILIO_API_KEY", "TWILIO_PHONE_NUMBER", "_IVR_COMPLETE", "SECRET_KEY"),
)
LETTERS = st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ_")


@pytest.mark.parametrize("name", OTHERS)
def test_what_other_programs_are_told_is_left_alone(name: str) -> None:
    assert unknown_settings([name], SETTINGS) == []


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("IVR_ADVISOR", "IVR_ADVISERS"),
        ("ivr_advisers", "IVR_ADVISERS"),
        ("IVR_DATABASE_URL", "DATABASE_URL"),
        ("DATABASE_URI", "DATABASE_URL"),
        ("DATABSE_URL", "DATABASE_URL"),
        ("TWILIO_AUTHTOKEN", "TWILIO_AUTH_TOKEN"),
        ("TWILIO_ACOUNT_SID", "TWILIO_ACCOUNT_SID"),
        ("TWILO_AUTH_TOKEN", "TWILIO_AUTH_TOKEN"),
    ],
)
def test_a_name_that_is_alike_is_asked_for(name: str, meant: str) -> None:
    [line] = unknown_settings([name], SETTINGS)
    assert line.startswith(f"{name}: ")
    assert f"did you mean {meant}?" in line


def test_a_name_of_ours_that_is_like_none_is_told_all_the_same() -> None:
    [line] = unknown_settings(["IVR_XYZZY_QQQ"], SETTINGS)
    assert "did you mean" not in line


def test_a_name_like_one_that_is_set_is_another_programs() -> None:
    assert unknown_settings(["DATABASE_URI", "DATABASE_URL"], SETTINGS) == []


def test_what_is_set_is_never_told_with_its_value() -> None:
    assert unknown_settings({"IVR_SECRET": "hunter2"}, SETTINGS)[0].count("hunter2") == 0


@given(st.data(), st.sampled_from(sorted(SETTINGS)))
def test_one_letter_wrong_is_found_in_every_setting(data: st.DataObject, name: str) -> None:
    place = data.draw(st.integers(4, len(name) - 1))
    letter = data.draw(LETTERS)
    misspelt = name[:place] + letter + name[place + 1 :]
    if misspelt not in SETTINGS:
        [line] = unknown_settings([misspelt], SETTINGS)
        assert "did you mean IVR_" in line or f"did you mean {name}?" in line


@given(st.sets(st.sampled_from(sorted(SETTINGS))))
def test_no_setting_is_unknown(names: set[str]) -> None:
    assert unknown_settings(names, SETTINGS) == []
