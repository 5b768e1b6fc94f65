"""Settings that stand in files, as containers and systemd hand secrets over."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.commands.setup import setup
from ivr.config import SETTINGS, current_time, read_settings, settings_to_run_with, wrong_settings
from ivr.errors import SettingsError
from ivr.setting_files import MAX_BYTES, with_files

SECRET = "q" * 42 + "0"
OPEN = {"IVR_PUBLIC_URL": "https://helpline.example", "IVR_CALLER_ID": "01632 960000", "TWILIO_AUTH_TOKEN": "token"}


@pytest.fixture(autouse=True)
def settings_but_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in OPEN.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def key_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "secret-key"
    monkeypatch.setenv("IVR_SECRET_KEY_FILE", str(file))
    return file


def test_a_secret_is_read_from_the_file_that_is_named(key_file: Path) -> None:
    key_file.write_text(f"{SECRET}\n")
    assert read_settings().secret_key == SECRET
    assert settings_to_run_with()[1] == wrong_settings() == []


@pytest.mark.parametrize(("slip", "line"), [("not a setting", 2), ('IVR_NUMBER="0808 157 0000', 2)])
def test_a_line_that_is_no_setting_is_told_by_its_place(tmp_path: Path, slip: str, line: int) -> None:
    (tmp_path / ".env").write_text(f"IVR_SECRET_KEY={SECRET}\n{slip}\n# the end\n")
    told = f".env, line {line}: this is no setting. Write NAME=value, and close each quotation mark"
    assert settings_to_run_with()[1] == wrong_settings() == [told]
    with pytest.raises(SettingsError, match=f"^{re.escape(told)}$"):
        setup(Path(".env"))


def test_a_file_of_settings_may_name_one_too(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(SECRET)
    (tmp_path / ".env").write_text("IVR_SECRET_KEY_FILE=key\n")
    assert read_settings().secret_key == SECRET


def test_a_setting_given_twice_is_refused_without_its_value(key_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key_file.write_text(SECRET)
    monkeypatch.setenv("IVR_SECRET_KEY", "p" * 43)
    with pytest.raises(SettingsError, match="IVR_SECRET_KEY_FILE: IVR_SECRET_KEY is set too") as refused:
        read_settings()
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "cannot be read: No such file"),
        (b" \n", "is empty"),
        (b"\xff\xfe", "is no text"),
        (b"A" * (MAX_BYTES + 1), "is longer than"),
    ],
)
def test_a_file_that_has_no_value_is_named_with_its_setting(key_file: Path, content: bytes | None, says: str) -> None:
    if content is not None:
        key_file.write_bytes(content)
    for read in (read_settings, settings_to_run_with):
        with pytest.raises(SettingsError, match=f"IVR_SECRET_KEY_FILE: {key_file} {says}"):
            read()
    assert [line.partition(":")[0] for line in wrong_settings()] == ["IVR_SECRET_KEY_FILE"]


def test_a_command_that_needs_no_secret_reads_no_file_with_one(key_file: Path) -> None:
    assert not key_file.exists()
    assert current_time()


def test_a_misspelt_name_of_a_file_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IVR_SECRET_KEY", SECRET)
    monkeypatch.setenv("IVR_SMTP_ULR_FILE", "/run/secrets/smtp")
    assert any("did you mean IVR_SMTP_URL_FILE?" in line for line in wrong_settings())


@given(name=st.sampled_from(sorted(SETTINGS)), value=st.text(st.characters(codec="utf-8"), min_size=1))
def test_any_text_of_a_file_is_the_value_but_for_the_space_around_it(
    tmp_path_factory: pytest.TempPathFactory, name: str, value: str
) -> None:
    file = tmp_path_factory.mktemp("settings") / "value"
    file.write_bytes(f"\n{value}\n".encode())
    variables = {f"{name}_FILE": str(file), "HOME": "/root"}
    if value.strip():
        assert with_files(variables, SETTINGS) == {name: value.strip(), "HOME": "/root"}
    else:
        with pytest.raises(SettingsError):
            with_files(variables, SETTINGS)
