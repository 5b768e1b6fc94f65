"""`ivr backup` and `ivr restore`, on both databases, with real programs of PostgreSQL and files that are in use."""

import asyncio
import json
import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from sqlalchemy import select, text
from typer.testing import CliRunner, Result

from ivr.cli import app
from ivr.store import opt_outs, sms_inbox
from ivr.store.database import Store
from ivr.store.migrate import migrate
from ivr.store.schema_version import SCHEMAS
from ivr.store.tables import audit_log, calendar_feeds, sms_outbox
from tests.commands.conftest import set_up
from tests.staff.staff_accounts import person
from tests.store import postgres
from tests.store.conftest import SECRETS, postgresql_url, sqlite_url
from tests.store.fixtures import ADVISER, BODY, DAY, MINUTE, NOW, OTHER, PARENT, enqueue_text, schedule_reminders

OLDER = SCHEMAS[-2]
NOTHING_ASIDE = """
do $$ declare name text; begin
    for name in select nspname from pg_namespace where nspname like 'before_restore%'
    loop execute 'drop schema ' || name || ' cascade'; end loop;
end $$
"""


@pytest.fixture(autouse=True)
def programs(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The programs of the PostgreSQL server are on the PATH; what is put aside does not stay in a database of tests."""
    if "url" not in request.fixturenames or not (url := request.getfixturevalue("url")).startswith("postgres"):
        yield
        return
    monkeypatch.setenv("PATH", f"{postgres.start().server.bin_path}:{os.environ['PATH']}")
    yield
    postgres.start().run(NOTHING_ASIDE, url)


def ivr(*words: str, answer: str | None = None) -> Result:
    return CliRunner().invoke(app, words, input=answer)


def done(*words: str) -> Any:
    result = ivr(*words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def refused(*words: str) -> str:
    result = ivr(*words)
    assert (result.exit_code, result.stdout) == (1, ""), result.output
    return "\n".join(line for line in result.stderr.splitlines() if not line.startswith("database: "))


def at(url: str, do: Any) -> Any:
    """Run a function on the store."""

    async def run() -> Any:
        async with Store(url, SECRETS, 30) as store:
            return await do(store)

    return asyncio.run(run())


def read(url: str, statement: Any) -> list[Any]:
    async def run(store: Store) -> list[Any]:
        async with store.begin() as db:
            return [tuple(row) for row in await db.execute(statement)]

    found: list[Any] = at(url, run)
    return found


async def receive(store: Store, id: str = "SM1", number: str = PARENT) -> None:
    async with store.begin() as db:
        await sms_inbox.receive(db, store.cipher, id, number, BODY, NOW)


async def stop(store: Store) -> None:
    async with store.begin() as db:
        await opt_outs.opt_out(db, store.cipher.blind_index(OTHER), NOW)


def inbox() -> list[str]:
    return [one["number"] for one in done("inbox")]


def backup_of(url: str, folder: Path) -> Path:
    at(url, receive)
    return Path(done("backup", f"{folder}/backups/")["file"])


# Taking one.


def test_a_backup_holds_all_rows_is_private_and_is_told_in_one_line(url: str, tmp_path: Path) -> None:
    at(url, receive)
    old_umask = os.umask(0)
    told = ivr("backup", f"{tmp_path}/kept/backups/").stdout
    os.umask(old_umask)
    [file] = (tmp_path / "kept/backups").iterdir()
    assert file.stem == "helpline-2026-11-23-100000"
    assert [stat.S_IMODE(one.stat().st_mode) for one in (file, file.parent)] == [0o600, 0o700]
    assert told.startswith(f"{file}: {file.stat().st_size:,} bytes, ")
    assert told.endswith(f" rows, schema {SCHEMAS[-1]}; restored elsewhere and compared\n")


def test_a_machine_reads_what_a_backup_holds_table_by_table(url: str, tmp_path: Path) -> None:
    at(url, receive)
    told = done("backup", str(tmp_path / "b"), "--by", "Sam")
    assert (told["restored"], told["schema"], told["tables"]["sms_inbox"]) == (True, SCHEMAS[-1], 1)
    assert told["rows"] == sum(told["tables"].values())
    [(who, what)] = read(url, select(audit_log.c.who, audit_log.c.what))
    assert (who, what.partition(" ")[0]) == ("Sam", "backup")


def test_a_backup_taken_while_others_serve_has_what_is_in_the_write_ahead_log_alone(url: str, tmp_path: Path) -> None:
    async def during(store: Store) -> Any:
        await receive(store)
        async with store.read() as db:
            assert await sms_inbox.read(db, store.cipher, 9)
            return await asyncio.to_thread(done, "backup", str(tmp_path / "b"))

    assert at(url, during)["tables"]["sms_inbox"] == 1
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith((".", "b"))] == ["b"]


def test_a_backup_replaces_no_file_unless_asked_to(url: str, tmp_path: Path) -> None:
    (file := tmp_path / "b").write_text("precious")
    assert refused("backup", str(file)) == f"{file} is there already: --overwrite replaces it"
    assert file.read_text() == "precious"
    done("backup", str(file), "--overwrite")
    assert file.read_bytes()[:5] in (b"SQLit", b"PGDMP")


def test_a_backup_of_an_older_schema_is_taken_before_it_is_migrated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    older = f"sqlite:///{tmp_path}/older.db" if url.startswith("sqlite") else postgres.start().new_database()
    migrate(older, OLDER)
    monkeypatch.setenv("DATABASE_URL", older)
    assert done("backup", str(tmp_path / "b"))["schema"] == OLDER
    monkeypatch.setenv("DATABASE_URL", url)
    assert done("restore", str(tmp_path / "b"), "--yes")["schema"] == OLDER
    assert inbox() == []  # it was migrated: this release reads it


def test_where_nothing_is_backed_up_no_file_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IVR_DEV", "1")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/none.db")
    assert refused("backup", "b") == f"there is no database {tmp_path}/none.db yet: `ivr migrate` makes it"
    sqlite3.connect(tmp_path / "none.db").close()
    assert "no helpline is in it" in refused("backup", "b")
    assert not Path("b").exists() and [*tmp_path.glob(".*")] == []


# Restoring one.


def test_a_backup_is_restored_and_the_database_before_it_is_put_aside(url: str, tmp_path: Path) -> None:
    file = backup_of(url, tmp_path)
    at(url, lambda store: receive(store, "SM2", OTHER))
    told = done("restore", str(file), "--yes", "--by", "Sam")
    assert inbox() == [PARENT]
    whats = [what for who, what in read(url, select(audit_log.c.who, audit_log.c.what)) if who == "Sam"]
    assert whats == [f"restored the backup {file.name}"]
    if url.startswith("sqlite"):
        aside = Path(told["aside"])
        assert aside.parent.name.startswith("kept-before-restore-20261123-100000-")
        assert stat.S_IMODE(aside.parent.stat().st_mode) == 0o700
        done("restore", str(aside), "--yes")
        assert sorted(inbox()) == sorted([PARENT, OTHER])
    else:
        schema = told["aside"].removeprefix("schema ")
        kept = postgres.start().run(f"select count(*) from {schema}.sms_inbox", url)  # noqa: S608  our own name
        assert kept.split()[-1] == "2"


def test_whoever_of_staff_has_left_since_stays_out_and_everybody_signs_in_again(url: str, tmp_path: Path) -> None:
    async def join(store: Store) -> None:
        for name in ("Jo", "Lee"):
            await person(store, name)

    at(url, join)
    file = backup_of(url, tmp_path)
    done("accounts", "leave", "Jo", "--by", "Sam")
    told = done("restore", str(file), "--yes", "--by", "Sam")
    assert [entry["what"] for entry in told["done_since"]] == ["account Jo: has left"]
    assert {one["name"]: one["state"] for one in done("accounts")} == {"Jo": "left", "Lee": "active"}
    assert done("accounts", "sessions", "Lee") == []


def test_a_restored_backup_revives_no_calendar_address_and_reminds_nobody_again(url: str, tmp_path: Path) -> None:
    done("rota", "add", "Jo", ADVISER)
    done("rota", "shift", "Jo", "mon-fri", "09:00-13:00")
    done("rota", "calendar", "Jo")
    done("rota", "calendar")
    file = backup_of(url, tmp_path)
    done("rota", "calendar", "Jo", "--end")
    confirmed = done("rota", "confirm", "Jo")
    done("rota", "add", "Lee", "07700 900002")
    done("rota", "calendar", "Lee")
    done("restore", str(file), "--yes")
    assert read(url, select(calendar_feeds.c.adviser)) == [(None,)]
    assert done("rota", "reminders")[0] == confirmed


def test_the_audit_log_of_a_restored_backup_is_whole(url: str, tmp_path: Path) -> None:
    file = backup_of(url, tmp_path)
    done("rota", "add", "Jo", ADVISER, "--by", "Sam")
    done("restore", str(file), "--yes", "--by", "Sam")
    found = done("audit", "verify")
    assert (found["chained"], found["findings"]) == (3, []), "the mark, what was done since, and the restoration"


def test_a_backup_is_restored_where_there_is_nothing(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = backup_of(url, tmp_path)
    new = f"sqlite:///{tmp_path}/new.db" if url.startswith("sqlite") else postgres.start().new_database()
    monkeypatch.setenv("DATABASE_URL", new)
    assert done("restore", str(file), "--yes")["aside"] is None
    assert inbox() == [PARENT]


def test_a_person_is_asked_and_nothing_is_done_without_a_yes(url: str, tmp_path: Path) -> None:
    file = backup_of(url, tmp_path)
    at(url, lambda store: receive(store, "SM2", OTHER))
    for answer in ("n\n", ""):
        result = ivr("restore", str(file), answer=answer)
        assert result.exit_code == 1
        assert f"{file}: " in result.stderr and "taken Mon 23 Nov 2026 10:00" in result.stderr
    assert len(inbox()) == 2
    assert "Restored" in ivr("restore", str(file), answer="y\n").stdout


def test_no_text_that_may_have_been_sent_since_is_sent_again_unseen(url: str, tmp_path: Path) -> None:
    async def promised(store: Store) -> None:
        await enqueue_text(store)
        await enqueue_text(store, "tomorrow", OTHER, NOW + DAY)
        await schedule_reminders(store, NOW - MINUTE, NOW + DAY, to="+447700900777")

    at(url, promised)
    file = backup_of(url, tmp_path)
    assert done("restore", str(file), "--yes")["texts_to_look_for"] == 2
    rows = read(url, select(sms_outbox.c.state, sms_outbox.c.due).order_by(sms_outbox.c.due))
    assert rows == [("unknown", NOW - MINUTE), ("unknown", NOW), ("waiting", NOW + DAY)]


def test_whoever_said_stop_since_stays_stopped_and_what_staff_did_since_is_listed(url: str, tmp_path: Path) -> None:
    file = backup_of(url, tmp_path)
    at(url, stop)
    done("rota", "add", "Jo", "07700 900001", "--by", "Ann")
    told = ivr("restore", str(file), "--yes").stdout
    assert "1 opt-outs since were kept." in told
    assert "  Mon 23 Nov 2026 10:00  Ann: put Jo on the rota\n" in told
    assert done("export", OTHER, "--yes")["stopped_since"] == NOW.isoformat()
    assert "put Jo on the rota" in [entry["what"] for entry in done("rota", "log")]


def test_a_backup_sealed_with_another_key_is_refused(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = backup_of(url, tmp_path)
    monkeypatch.setenv("IVR_SECRET_KEY", "B" * 43)
    assert refused("restore", str(file), "--yes").startswith(f"{file}: IVR_SECRET_KEY opens no number in it")
    monkeypatch.setenv("IVR_SECRET_KEY", "B" * 43 + "," + "A" * 43)
    done("restore", str(file), "--yes")


def test_what_is_no_backup_is_refused_and_changes_nothing(url: str, tmp_path: Path) -> None:
    file = backup_of(url, tmp_path)
    whole = file.read_bytes()
    (tmp_path / "text").write_text("hello")
    (tmp_path / "half").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "rubbed").write_bytes(whole[:200] + bytes(len(whole) - 200))
    other = b"PGDMP" if url.startswith("sqlite") else b"SQLite format 3\0"
    (tmp_path / "other").write_bytes(other)
    for name, says in {
        "nowhere": "cannot be read: No such file or directory",
        "text": "is no backup: `ivr backup` makes one",
        "other": "is a backup of ",
        "half": "",
        "rubbed": "",
    }.items():
        assert refused("restore", str(tmp_path / name), "--yes").startswith(f"{tmp_path / name}")
        assert says in refused("restore", str(tmp_path / name), "--yes")
    assert inbox() == [PARENT]


# What is wrong with the present database, or with PostgreSQL's programs.


def sqlite_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, Path]:
    """A database with a text in it, and its backup."""
    set_up(monkeypatch, folder, url := sqlite_url(folder))
    return url, backup_of(url, folder)


@pytest.mark.parametrize("present", [b"", b"no database", b"SQLite format 3\0" + bytes(9000), None])
def test_a_ruined_database_and_a_log_of_another_beside_it_are_put_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, present: bytes | None
) -> None:
    _, file = sqlite_in(tmp_path, monkeypatch)
    (tmp_path / "kept.db").unlink()
    if present is not None:
        (tmp_path / "kept.db").write_bytes(present)
    (tmp_path / "kept.db-wal").write_bytes(b"of another")
    told = ivr("restore", str(file), "--yes").stdout
    assert "Opt-outs since are lost: none could be read." in told
    assert inbox() == [PARENT]
    [aside] = tmp_path.glob("kept-before-restore-*")
    kept = {} if present is None else {"kept.db": present}
    assert {path.name: path.read_bytes() for path in aside.iterdir()} == {**kept, "kept.db-wal": b"of another"}


def test_what_a_killed_process_left_in_the_write_ahead_log_is_put_aside_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, file = sqlite_in(tmp_path, monkeypatch)
    with somebody_else(url, kill=True):
        at(url, lambda store: receive(store, "SM2", OTHER))
    assert (tmp_path / "kept.db-wal").stat().st_size
    aside = done("restore", str(file), "--yes")["aside"]
    assert inbox() == [PARENT]
    done("restore", aside, "--yes")
    assert len(inbox()) == 2


@pytest.fixture
def postgresql(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a database on PostgreSQL, which the settings name."""
    set_up(monkeypatch, tmp_path, url := postgresql_url())
    monkeypatch.setenv("PATH", str(postgres.start().server.bin_path))
    return url


def test_a_program_that_is_missing_is_named_with_what_brings_it(
    postgresql: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert refused("backup", "b") == (
        "there is no pg_dump on the PATH: install the client programs of PostgreSQL (postgresql-client)"
    )
    assert not (tmp_path / "b").exists()


def test_a_pg_dump_older_than_the_server_is_told_with_what_mends_it(
    postgresql: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (old := tmp_path / "bin" / "pg_dump").parent.mkdir()
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.24'\n")
    old.chmod(0o755)
    monkeypatch.setenv("PATH", f"{old.parent}:{os.environ['PATH']}")
    assert refused("backup", "b").startswith("pg_dump 9 cannot read the server of DATABASE_URL, which is PostgreSQL ")
    assert not (tmp_path / "b").exists()


def test_a_user_who_may_create_no_database_gets_a_backup_that_was_read_back(
    postgresql: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(postgresql, receive)
    owner = "grant usage on schema public to modest; grant all on all tables in schema public to modest"
    grants = f"{owner}; grant all on all sequences in schema public to modest"
    postgres.start().run(f"drop role if exists modest; create role modest login; {grants}", postgresql)
    monkeypatch.setenv("DATABASE_URL", postgresql.replace("postgres:@", "modest:@"))
    try:
        told = done("backup", "b")
        assert (told["restored"], told["tables"]["sms_inbox"]) == (False, 1)
        assert "ALTER ROLE … CREATEDB" in refused("restore", "b", "--yes")
    finally:
        postgres.start().run("drop owned by modest; drop role modest", postgresql)


# In use.


@contextmanager
def somebody_else(url: str, *, kill: bool = False) -> Iterator[None]:
    """Another process that has the database open, as `ivr serve` has; it is killed, or reads in the end."""
    script = f"""
import asyncio
from ivr.store.database import Store
async def main():
    async with Store({url!r}, [bytes(32)], 30) as store:
        async with store.begin(): pass
        print("open", flush=True)
        await asyncio.to_thread(input)
        async with store.begin() as db:
            from ivr.store import sms_inbox
            print(len(await sms_inbox.read(db, store.cipher, 9)), flush=True)
asyncio.run(main())
"""
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-c", script]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env)
    assert process.stdin and process.stdout
    with process:
        assert process.stdout.readline() == "open\n"
        yield
        if kill:
            process.kill()
            return
        process.stdin.write("\n")
        process.stdin.flush()
        assert process.stdout.read() == "1\n"  # it reads what was restored


def test_a_database_in_use_is_restored_only_by_force_and_those_who_use_it_go_on(url: str, tmp_path: Path) -> None:
    file = backup_of(url, tmp_path)
    at(url, lambda store: receive(store, "SM2", OTHER))
    with somebody_else(url):
        assert "is in use: stop ivr serve and ivr worker" in refused("restore", str(file), "--yes")
        assert len(inbox()) == 2
        assert done("restore", str(file), "--yes", "--force")["aside"]
        assert inbox() == [PARENT]


WAITED_FOR = text("select exists (select from pg_locks where relation = 'voicemails'::regclass and not granted)")


async def gets_in_the_way(store: Store, begun: Event) -> None:
    """Hold a table that the restoration moves last, and once it waits for that, want one that it has moved."""
    async with store.begin() as db:
        await db.execute(text("set local deadlock_timeout = '60s'"))  # so that the other is the one who is refused
        await db.execute(text("lock table voicemails in row exclusive mode"))
        begun.set()
        while not await db.scalar(WAITED_FOR):
            await asyncio.sleep(0.01)
        await db.execute(text("lock table advisers in row exclusive mode"))


def test_a_restoration_that_meets_a_deadlock_with_a_call_is_done_again(postgresql: str, tmp_path: Path) -> None:
    file = backup_of(postgresql, tmp_path)
    begun = Event()
    caller = Thread(target=at, args=(postgresql, lambda store: gets_in_the_way(store, begun)))
    caller.start()
    assert begun.wait(30)
    assert done("restore", str(file), "--yes", "--force")["aside"]
    caller.join()
    assert inbox() == [PARENT]
    postgres.start().run(NOTHING_ASIDE, postgresql)
