"""A release and a database that another release has migrated: each says in one sentence what to do."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import text
from typer.testing import CliRunner

from ivr.cli import app
from ivr.errors import SchemaNotMigrated, SchemaTooNew
from ivr.simulator.twilio_api.identifiers import ACCOUNT_SID
from ivr.store.database import Store, engine_for
from ivr.store.migrate import MIGRATIONS, migrate
from ivr.store.schema_version import SCHEMAS
from tests.commands.conftest import set_up
from tests.store.conftest import SECRETS, sqlite_url
from tests.store.fixtures import PARENT

TOO_NEW = (
    f"The database has schema 999, which this release (schema {SCHEMAS[-1]}) does not know:"
    " a newer release has migrated it. Run that release, or restore the backup from before the migration."
)
TOO_OLD = f"The database has schema 002, and this release needs schema {SCHEMAS[-1]}: run `ivr migrate`."
EMPTY = f"The database has no tables, and this release needs schema {SCHEMAS[-1]}: run `ivr migrate`."
AS_IF_NEWER = "UPDATE alembic_version SET version_num = '999'"
STORED = (
    *(
        ["purge"],
        ["inbox"],
        ["export", PARENT, "--yes"],
        ["erase", PARENT, "--yes"],
        ["rota", "list"],
        ["closures", "list"],
        ["holidays", "list"],
        ["emergency", "show"],
    ),
    *(["callbacks"], ["messages", "done", "m1", "--by", "amy"]),
)
"""Commands that read or write the database, once."""


def ivr(url: str, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command as an operator does."""
    settings = {
        **{"IVR_DEV": "1", "IVR_SECRET_KEY": "A" * 43, "DATABASE_URL": url, "PYTHONPATH": str(Path.cwd()), "PORT": "0"},
        **{"TWILIO_ACCOUNT_SID": ACCOUNT_SID, "TWILIO_AUTH_TOKEN": "token", "IVR_SMS_FROM": "+447700900999"},
    }
    command = [sys.executable, "-m", "ivr", *arguments]
    env = os.environ | settings
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=60, check=False)


async def execute(url: str, sql: str) -> None:
    engine = engine_for(url, 30)
    async with engine.begin() as db:
        await db.execute(text(sql))
    await engine.dispose()


def newer(url: str) -> str:
    """Migrate a database as a release of later years would."""
    migrate(url)
    asyncio.run(execute(url, AS_IF_NEWER))
    return url


def test_the_schemas_are_those_of_the_migrations() -> None:
    scripts = ScriptDirectory(str(MIGRATIONS)).walk_revisions()
    assert [*reversed([script.revision for script in scripts])] == [*SCHEMAS]


@pytest.mark.parametrize("command", [["migrate"], ["serve"], ["worker"], ["purge"]], ids=" ".join)
def test_an_older_release_refuses_a_newer_schema(command: list[str], empty_url: str, tmp_path: Path) -> None:
    told = ivr(newer(empty_url), tmp_path, *command)
    said = [line for line in told.stderr.splitlines() if "INFO content: " not in line]
    assert (told.returncode, told.stdout, said) == (1, "", [TOO_NEW])


@pytest.mark.parametrize("command", STORED, ids=" ".join)
def test_every_command_that_opens_the_store_says_so(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = sqlite_url(tmp_path)
    asyncio.run(execute(url, AS_IF_NEWER))
    set_up(monkeypatch, tmp_path, url)
    told = CliRunner().invoke(app, command)
    assert (told.exit_code, told.stdout, told.stderr) == (1, "", f"{TOO_NEW}\n")


@pytest.mark.parametrize(("schema", "sentence"), [("002", TOO_OLD), ("base", EMPTY)])
def test_a_newer_release_asks_for_the_migration(
    schema: str, sentence: str, empty_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if schema != "base":
        migrate(empty_url, schema)
    set_up(monkeypatch, tmp_path, empty_url)
    told = CliRunner().invoke(app, ["inbox"])
    assert (told.exit_code, told.stdout, told.stderr) == (1, "", f"{sentence}\n")


async def test_a_process_that_started_before_the_migration_goes_on_after_it(
    empty_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with Store(empty_url, SECRETS, 30) as store:
        await store.refuse(SchemaTooNew)
        assert caplog.messages == [f"the database cannot be used yet: {EMPTY}"]
        with pytest.raises(SchemaNotMigrated):
            async with store.begin():
                pass
        await asyncio.to_thread(migrate, empty_url)
        async with store.begin() as db:
            await db.execute(text("SELECT 1"))
