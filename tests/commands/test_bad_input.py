"""Whatever is asked wrongly, or cannot be done, is told in a sentence that names it, without a traceback."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest
from typer.testing import CliRunner

from ivr.cli import app
from ivr.config import CONTENT
from tests.commands.every_command import with_option

DONE, CANNOT, WRONG, INTERRUPTED = 0, 1, 2, 130
ROOT = Path(__file__).parents[2]
PATIENCE = 30
"""Seconds, for a slow machine."""
STORED = (
    *(
        "migrate",
        "purge",
        "inbox",
        "rota",
        "callbacks",
        "closures",
        "hours",
        "holidays",
        "emergency",
        "messages",
        "bill",
        "worker",
        "fallback",
    ),
    *("backup there", "restore file"),
    *(
        "erase 07700 900001",
        "export 07700 900001 --yes",
        "caller show 07700 900001",
        "blocks end x",
        "letter --topic school",
        "callbacks claim x",
        "messages play x",
        "rota away Jo",
        "serve",
    ),
)
"""Commands that read all settings."""


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with a file in it and no settings, in development."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IVR_DEV", "1")
    monkeypatch.setenv("COLUMNS", "500")
    monkeypatch.delenv("PORT", raising=False)
    Path("file").write_text("")


def told(code: int, *arguments: str) -> str:
    """Run a command that fails with a code; return what it says, without the frame and the content folder."""
    result = CliRunner().invoke(app, arguments)
    assert isinstance(result.exception, SystemExit), result.exception
    assert (result.exit_code, result.stdout) == (code, ""), result.output
    lines = [
        line.strip("│ ") for line in result.stderr.splitlines() if not line.startswith(("content: ", "database: "))
    ]
    return " ".join(line for line in lines if line)


@pytest.mark.parametrize("folder", ["nowhere", "file", "."])
@pytest.mark.parametrize("words", with_option("--folder"), ids=" ".join)
def test_a_folder_without_flows_is_asked_for_wrongly(words: tuple[str, ...], folder: str) -> None:
    assert "Invalid value for '--folder': there is no" in told(WRONG, *words, "--folder", folder)


@pytest.mark.parametrize("words", STORED)
def test_a_content_folder_of_the_settings_that_is_not_there_is_named(
    words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IVR_CONTENT", "nowhere")
    assert told(CANNOT, *words.split()).startswith("IVR_CONTENT: there is no folder nowhere")


@pytest.mark.parametrize("at", ["noon", "31/02/2026", "2026-11-23 25:00", "0001-01-01", "9999-12-31", ""])
@pytest.mark.parametrize("option", ["--at", "--today"])
@pytest.mark.parametrize("words", [words for words in with_option("--at") if words != ("deadline",)], ids=" ".join)
def test_what_is_no_moment_is_refused(words: tuple[str, ...], option: str, at: str) -> None:
    assert f"“{at}” is not a date or time: write 2026-12-24, 24/12/2026" in told(WRONG, *words, option, at)


@pytest.mark.parametrize("day", ["tomorrow", "31/02/2026", "2026-12-24 10:00", "9999-12-31", ""])
@pytest.mark.parametrize(
    "words",
    [
        ["rota", "change", "Jo", "{}", "off"],
        ["closures", "add", "--all-day", "{}", "--reason", "holiday"],
        ["hours", "set", "mon", "off", "--from", "{}"],
        ["hours", "confirm", "--good-until", "{}"],
        ["hours", "remove", "{}"],
        ["holidays", "add", "{}", "the coronation"],
        ["holidays", "confirm", "{}"],
    ],
)
def test_what_is_no_day_is_refused(words: list[str], day: str) -> None:
    assert f"“{day}” is not a date: write 2026-12-24" in told(WRONG, *(word.format(day) for word in words))


@pytest.mark.parametrize("port", ["99999", "-1", "http"])
@pytest.mark.parametrize("words", with_option("--port"), ids=" ".join)
def test_what_is_no_port_is_refused(words: tuple[str, ...], port: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Invalid value for '--port'" in told(WRONG, *words, "--port", port)
    monkeypatch.setenv("PORT", port)
    assert "(env var: 'PORT')" in told(WRONG, *words)


@pytest.mark.parametrize("words", with_option("--port"), ids=" ".join)
def test_a_port_that_is_taken_is_named(words: tuple[str, ...]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert f"--host 127.0.0.1 --port {port} cannot be listened on" in told(CANNOT, *words, "--port", port)


@pytest.mark.parametrize("host", ["nowhere.invalid", "a..b", "256.1.1.1"])
def test_a_host_that_is_none_is_named(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("IVR_DEV")
    for name, value in {"IVR_PUBLIC_URL": "https://x.example", "TWILIO_AUTH_TOKEN": "token"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("IVR_SECRET_KEY", "B" * 43)
    monkeypatch.setenv("IVR_CALLER_ID", "01632 960000")
    assert f"Invalid value for '--host': “{host}” is no address" in told(WRONG, "serve", "--host", host)


@pytest.mark.parametrize("words", [["draw"], ["script"], ["schema"], ["new"]], ids=" ".join)
def test_a_file_that_cannot_be_written_is_named(words: list[str]) -> None:
    out = ["file/below"] if words == ["new"] else ["--out", "file/below"]
    assert "file/below" in (said := told(WRONG, *words, *out))
    assert "cannot be written" in said


def test_folders_above_a_file_are_made() -> None:
    for words in (["draw", "--out", "a/b"], ["script", "--out", "c/d/e.html"], ["schema", "--out", "f/g"]):
        assert CliRunner().invoke(app, words).exit_code == DONE
    assert Path("a/b/whole.svg").exists() and Path("c/d/e.html").exists() and Path("f/g/schema").is_dir()


@pytest.mark.parametrize("script", ["nowhere.yaml", "tests/calls/nowhere.yaml", "../../etc/passwd", "file"])
def test_a_scenario_that_is_not_there_is_refused_at_once(script: str) -> None:
    words = "phone", "--no-open", "--port", "0", "--folder", str(CONTENT), "--script", script
    assert "There is no script “" in told(WRONG, *words)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("postgres://", "names no host"),
        ("postgresql:///ivr", "names no host"),
        ("sqlite:/helpline.db", "must be sqlite:///helpline.db, or postgresql://"),
        ("sqlite://", "must be sqlite:///helpline.db, or postgresql://"),
        ("mysql://ivr:hunter2@localhost/ivr", "must be sqlite:///helpline.db, or postgresql://"),
        ("postgresql://ivr:hunter2@localhost:port/ivr", "must be sqlite:///helpline.db, or postgresql://"),
        ("postgresql://ivr:hunter2@localhost:99999/ivr", "must be sqlite:///helpline.db, or postgresql://"),
        ("postgresql://ivr:hunter2@localhost/ivr?application_name=x", "there is no option application_name"),
        ("helpline.db", "must be sqlite:///helpline.db, or postgresql://"),
    ],
)
@pytest.mark.parametrize("words", STORED)
def test_an_address_of_a_database_that_is_none_is_named_and_not_repeated(
    words: str, url: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    said = told(CANNOT, *words.split())
    assert said.startswith("DATABASE_URL: ")
    assert says in said
    assert "hunter2" not in said


@pytest.mark.parametrize("url", ["sqlite:///file/below.db", "postgresql://127.0.0.1:1/ivr"])
@pytest.mark.parametrize("words", ["migrate", "purge", "rota", "callbacks claim x", "erase 07700 900001"])
def test_a_database_that_is_not_there_is_told_in_one_line(
    words: str, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    assert told(CANNOT, *words.split()).startswith("the database of DATABASE_URL cannot be")


@pytest.mark.parametrize("words", [*STORED, "check", "facts", "call --keys h", "deadline 14/10/2026"])
def test_a_file_of_settings_that_cannot_be_read_is_named(words: str) -> None:
    Path(".env").write_bytes(b"IVR_DEV=\xff")
    assert told(CANNOT, *words.split()).startswith(".env cannot be read")


@pytest.mark.parametrize("words", ["draw nowhere", "draw --format pdf", "call --adviser asleep", "inbox --limit 0"])
def test_a_value_that_is_not_among_those_known_is_refused(words: str) -> None:
    assert "Invalid value" in told(WRONG, *words.split())


# Real processes.


def heeds_ctrl_c() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextmanager
def running(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """The command, while it runs; Ctrl-C reaches it though the tests may run in the background, where it does not."""
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "ivr", *arguments]
    with subprocess.Popen(
        command, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=heeds_ctrl_c
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def test_a_reader_that_goes_away_is_no_error_to_tell_of() -> None:
    with running("script", "--folder", str(CONTENT)) as process:
        assert process.stdout and process.stderr
        process.stdout.close()
        assert process.stderr.read() == ""
        assert process.wait(PATIENCE) == CANNOT


def test_a_command_is_stopped_from_the_keyboard_without_a_word() -> None:
    with running("phone", "--no-open", "--port", "0", "--folder", str(CONTENT)) as process:
        assert process.stdout and process.stderr
        [address] = re.findall(r"http://localhost:\d+/phone", process.stdout.readline())
        with httpx2.Client(trust_env=False) as client:
            assert client.get(address + "/", timeout=PATIENCE).status_code == 200
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == INTERRUPTED
        assert process.stderr.read() == ""


def test_a_mistake_in_a_setting_ends_a_process_with_one_line() -> None:
    with running("rota", "--json") as process:
        assert process.stderr
        assert "ivr migrate" in process.stderr.read()
        assert process.wait(PATIENCE) == CANNOT
