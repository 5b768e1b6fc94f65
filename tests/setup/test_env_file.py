"""One setting of `.env` is changed, and nothing else."""

from pathlib import Path

import pytest
from dotenv import dotenv_values
from hypothesis import assume, given
from hypothesis import strategies as st

from ivr.errors import SettingsError
from ivr.setup.env_file import EnvFile

WRITTEN = """# Our helpline.
IVR_PUBLIC_URL=https://old.example   # the proxy's
TWILIO_ACCOUNT_SID='AC1'

# IVR_NUMBER=01392 000000
OTHER="two words"
"""
LINE = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1).filter(
    lambda text: text == text.strip()
)


@pytest.fixture
def file(tmp_path: Path) -> EnvFile:
    (tmp_path / ".env").write_text(WRITTEN)
    return EnvFile(tmp_path / ".env")


def test_a_setting_is_changed_where_it_stands_and_everything_else_stays(file: EnvFile) -> None:
    file.set("TWILIO_ACCOUNT_SID", "AC2")
    assert file.path.read_text() == WRITTEN.replace("'AC1'", "AC2")


def test_a_new_setting_comes_last_and_the_file_is_its_owners_alone(file: EnvFile) -> None:
    file.set("IVR_NUMBER", "0808 157 0000")
    assert file.path.read_text() == f"{WRITTEN}IVR_NUMBER='0808 157 0000'\n"
    assert file.path.stat().st_mode & 0o777 == 0o600


def test_a_file_that_is_not_there_is_made(tmp_path: Path) -> None:
    file = EnvFile(tmp_path / "new.env")
    assert file.values() == {}
    file.set("IVR_NUMBER", "1")
    assert file.values() == {"IVR_NUMBER": "1"}


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be written: No such file"):
        EnvFile(tmp_path / "nowhere/.env").set("IVR_NUMBER", "1")


def test_a_value_that_such_a_file_cannot_hold_is_refused_and_the_file_stays(file: EnvFile) -> None:
    with pytest.raises(SettingsError, match="IVR_SMTP_URL_FILE"):
        file.set("IVR_SMTP_URL", "smtps://user:${HOME}@mail.example")
    assert file.path.read_text() == WRITTEN


@given(value=LINE)
def test_what_is_written_is_read_back_and_others_are_as_they_were(
    tmp_path_factory: pytest.TempPathFactory, value: str
) -> None:
    assume("${" not in value)
    path = tmp_path_factory.mktemp("settings") / ".env"
    path.write_text(WRITTEN)
    before = dotenv_values(path)
    try:
        EnvFile(path).set("IVR_SMTP_URL", value)
    except SettingsError:
        assert "\\" in value
        assert path.read_text() == WRITTEN
    else:
        assert dotenv_values(path) == {**before, "IVR_SMTP_URL": value}
