"""The `ivr` command lists its subcommands, and imports only what is run."""

import os
import re
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from ivr.cli import NAMES, PANELS, app
from ivr.simulator.twilio_api.identifiers import ACCOUNT_SID

NOT_SERVED_WITH = {
    *("alembic", "httpx2", "jsonschema", "playwright", "requests", "websockets", "espeakng_loader", "hypothesis"),
    *(
        "opentelemetry",
        "rich",
        "pygments",
        "twilio.rest",
        "twilio.base",
        "ruamel.yaml",
        "asyncpg",
        "sqlalchemy.dialects.postgresql",
    ),
    *(
        "ivr.simulator.phone",
        "ivr.speech",
        "ivr.lint.explore",
        "ivr.lint.fix",
        "ivr.worker",
        "ivr.diagrams",
        "ivr.prompt_script",
    ),
    *("ivr.json_schemas", "ivr.lint.pages", "ivr.telephony.rest", "ivr.store.migrate"),
    *(f"ivr.commands.{name}" for name in NAMES if name != "serve"),
}
"""Modules that a web process on SQLite without a worker does not import."""
SETTINGS = {
    "IVR_PUBLIC_URL": "https://helpline.example",
    "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
    "TWILIO_AUTH_TOKEN": "a token",
    "IVR_SECRET_KEY": "A" * 43,
    "IVR_CALLER_ID": "+441632960000",
    "IVR_SMS_FROM": "+447700900999",
}
LIGHT = ("check", "facts", "draw", "script", "schema", "new", "kinds", "secret")
"""Commands that wait for no database to be loaded."""
SERVING = """
import sys
import ivr.web.server
ivr.web.server.run = lambda build, *of, **how: build()
from ivr.cli import app
app(["serve", "--no-worker", "--port", "0"], standalone_mode=False)
print(*sys.modules)
"""


def test_help_lists_every_command_with_what_it_is_for() -> None:
    told = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "300"}).stdout
    for name in NAMES:
        assert re.search(rf"^\W*{name}\s+\w+ \w+", told, re.MULTILINE), name


def test_a_command_that_is_misspelt_is_told_what_is_spelt_alike() -> None:
    assert "Did you mean 'serve'" in CliRunner().invoke(app, ["servee"]).stderr


def test_without_a_command_help_is_shown() -> None:
    assert "Usage" in CliRunner().invoke(app, []).output


@pytest.mark.parametrize("name", NAMES)
def test_every_command_tells_what_it_is_for_and_shows_an_example(name: str) -> None:
    told = CliRunner().invoke(app, [name, "--help"], env={"COLUMNS": "300"})
    assert told.exit_code == 0
    assert f"ivr {name}" in told.stdout.partition("Usage")[2]


def test_who_uses_a_command_is_told_and_what_its_exit_code_means() -> None:
    told = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "300"}).stdout
    places = [told.index(f"─ {panel} ─") for panel in PANELS]
    assert places == sorted(places)
    for code in (0, 1, 2, 130):
        assert re.search(rf"^ *{code}  \w+", told, re.MULTILINE), code


def test_commands_that_read_no_database_load_none() -> None:
    loading = f"import sys\nfrom ivr.cli import Commands\nlist(map(Commands().get, {LIGHT}))\nprint(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", loading], capture_output=True, text=True, check=True)
    assert "ivr.commands.draw" in ran.stdout
    assert "sqlalchemy" not in ran.stdout


def test_a_web_process_imports_nothing_that_it_does_not_serve_with() -> None:
    env = SETTINGS | {"XDG_DATA_HOME": os.environ["XDG_DATA_HOME"]}
    ran = subprocess.run([sys.executable, "-c", SERVING], env=env, capture_output=True, text=True, check=True)
    loaded = set(ran.stdout.split())
    assert "ivr.app" in loaded
    assert loaded & NOT_SERVED_WITH == set()
