"""The shell completes commands and their values, at once and without a word when it cannot."""

import os
import subprocess
import sys
from pathlib import Path
from shutil import which

import pytest
from typer.testing import CliRunner

from ivr.cli import NAMES, app
from ivr.config import CONTENT, EXAMPLE
from ivr.simulator.network.callee import CALLEES
from tests.commands.conftest import set_up
from tests.store.conftest import sqlite_url

ROOT = Path(__file__).parents[2]
COMPLETING = """
import sys
from ivr.cli import app
try:
    app(prog_name="ivr")
except SystemExit:
    print(*sys.modules)
"""


@pytest.fixture(autouse=True)
def somebody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database with two advisers and an account in it."""
    set_up(monkeypatch, tmp_path, sqlite_url(tmp_path))
    for name, number in (("Jo Marsh", "07700 900001"), ("Lee", "07700 900002")):
        assert CliRunner().invoke(app, ["rota", "add", name, number]).exit_code == 0
    assert CliRunner().invoke(app, ["accounts", "add", "Ada", "ada@helpline.example"]).exit_code == 0


def environment(*words: str) -> dict[str, str]:
    return {"_IVR_COMPLETE": "complete_bash", "COMP_WORDS": "\n".join(("ivr", *words)), "COMP_CWORD": str(len(words))}


def completed(*words: str) -> list[str]:
    """What the last of some words may become."""
    result = CliRunner().invoke(app, [], env=environment(*words), prog_name="ivr")
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout.splitlines() if result.stdout.strip() else []


def test_commands_are_completed() -> None:
    assert completed("") == list(NAMES)
    assert completed("ro") == ["rota"]
    assert completed("rota", "a") == ["add", "always", "absent", "away"]


@pytest.mark.parametrize(
    ("words", "values"),
    [
        (["draw", "wel"], ["welcome"]),
        (["draw", "--format", ""], ["svg", "text"]),
        (["draw", "--folder", str(EXAMPLE), "app"], ["appeal"]),
        (["call", "--adviser", ""], list(CALLEES)),
        (["call", "--from", "with"], ["withheld"]),
        (["rota", "away", ""], ["Jo\\ Marsh", "Lee"]),
        (["rota", "first", "Lee", "J"], ["Jo\\ Marsh"]),
        (["rota", "shift", "Lee", "t"], ["tuesday", "thursday"]),
        (["callbacks", "ring", "3f2a", "--as", "L"], ["Lee"]),
        (["closures", "add", "--reason", "tr"], ["training"]),
        (["accounts", "leave", "A"], ["Ada"]),
        (["accounts", "role", "Ada", "man"], ["manager"]),
        (["accounts", "adviser", "Ada", "L"], ["Lee"]),
        (["rota", "away", "--by", "Ada", "L"], ["Lee"]),
        (["check", "--fo"], ["--folder"]),
        (
            ["phone", "--folder", str(CONTENT), "--script", "tests/calls/a_parent_hears"],
            ["tests/calls/a_parent_hears_the_deadline.yaml"],
        ),
    ],
)
def test_values_are_completed(words: list[str], values: list[str]) -> None:
    assert completed(*words) == values


def test_ids_are_completed() -> None:
    added = CliRunner().invoke(app, ["closures", "add", "--all-day", "24/12/2026", "--reason", "training"])
    assert completed("closures", "remove", "") == [added.stdout.split()[0]]
    CliRunner().invoke(app, ["holidays", "add", "2027-05-10", "the coronation"])
    assert completed("holidays", "confirm", "") == ["2027-05-10"]
    assert completed("callbacks", "claim", "") == completed("messages", "play", "") == []


@pytest.mark.parametrize("url", ["nonsense", "sqlite:///none.db", "postgresql://127.0.0.1:1/ivr"])
def test_nothing_is_told_or_made_while_a_database_cannot_be_read(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    assert completed("rota", "away", "") == []
    assert not (tmp_path / "none.db").exists()


def test_nothing_is_told_while_there_is_no_content(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IVR_CONTENT", "nowhere")
    assert completed("draw", "") == completed("closures", "add", "--reason", "") == []


def test_a_command_is_completed_without_loading_any() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", COMPLETING], env=environment("r"), cwd=ROOT, capture_output=True, text=True, check=True
    )
    names, *_, modules = ran.stdout.splitlines()
    assert names == "rota"
    assert not [name for name in modules.split() if name.startswith("ivr.commands.")]


def test_bash_completes_words_in_the_line(tmp_path: Path) -> None:
    bash, program = which("bash"), tmp_path / "ivr"
    assert bash
    program.write_text(f'#!{bash}\nPYTHONPATH={ROOT} exec {sys.executable} -m ivr "$@"\n')
    program.chmod(0o755)
    script = """
    eval "$(_IVR_COMPLETE=source_bash ivr)"
    complete -p ivr
    COMP_WORDS=(ivr rota away J) COMP_CWORD=3
    _ivr_completion ivr
    printf '%s\\n' "${COMPREPLY[@]}"
    """
    path = {"PATH": f"{tmp_path}:/usr/bin:/bin"}
    ran = subprocess.run([bash, "-c", script], env=os.environ | path, capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines() == ["complete -o default -F _ivr_completion ivr", "Jo\\ Marsh"]
    assert ran.stderr == ""
