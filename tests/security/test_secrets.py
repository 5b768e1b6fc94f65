"""No secret can be read in printed settings, errors, the log, the process list or the metrics."""

import inspect
import traceback
from typing import Any

import httpx2
import pytest
import typer

from ivr.app import build
from ivr.cli import app as command
from ivr.config import read_settings
from ivr.errors import SettingsError
from ivr.telephony.rest import Provider
from tests.conftest import Output
from tests.web.webhooks import ADVISERS, NOW, SECRET, SETTINGS, TOKEN

HIDDEN = (SECRET, TOKEN, *ADVISERS, "hunter2")
WITH_DATABASE = SETTINGS.model_copy(update={"database_url": "postgresql://ivr:hunter2@127.0.0.1:1/none"})


def gives_away(text: str) -> list[str]:
    """Return the secrets in a text."""
    return [secret for secret in HIDDEN if secret in text]


def test_printed_settings_tell_no_secret_and_no_number_of_ours() -> None:
    assert gives_away(repr(WITH_DATABASE)) == gives_away(str(WITH_DATABASE)) == []


def test_what_holds_a_secret_does_not_print_it() -> None:
    for held in (build(SETTINGS, lambda: NOW), Provider("AC1", TOKEN)):
        assert gives_away(repr(held) + str(held)) == []


async def test_a_database_that_cannot_be_reached_is_told_without_its_password(
    output: Output,
) -> None:
    app = build(WITH_DATABASE, lambda: NOW)
    outside = httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://x")
    async with app.router.lifespan_context(app), outside as client:
        metrics = (await client.get("/metrics")).text
    assert gives_away(output() + metrics) == []


def test_a_setting_that_is_wrong_is_told_without_repeating_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("IVR_SECRET_KEY", "IVR_ADVISERS", "IVR_CALLER_ID", "IVR_SMS_FROM"):
        monkeypatch.setenv(name, "hunter2")
    with pytest.raises(SettingsError) as refused:
        read_settings()
    assert gives_away("".join(traceback.format_exception(refused.value))) == []


def test_an_error_that_nobody_expected_is_printed_without_the_values_around_it() -> None:
    assert command.pretty_exceptions_show_locals is False
    assert inspect.signature(typer.Typer).parameters["pretty_exceptions_show_locals"].default is False


def test_no_secret_is_ever_typed_after_a_command_where_the_process_list_shows_it() -> None:
    words = {parameter.name for one in commands(typer.main.get_command(command)) for parameter in one.params}
    assert "host" in words
    assert words & {"token", "auth_token", "secret", "secret_key", "key", "password", "database_url"} == set()


def commands(one: Any) -> list[Any]:
    """Return a command and all below it."""
    inside = getattr(one, "commands", {})
    return [one, *(deeper for each in inside.values() for deeper in commands(each))]
