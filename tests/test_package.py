"""What is installed is whole: it works from any folder, and says what it lacks."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib.metadata import distributions
from pathlib import Path
from zipfile import ZipFile

import httpx2
import pytest
from hatchling.builders.wheel import WheelBuilder

from ivr.simulator.twiml.parse import parse
from ivr.simulator.twiml.verbs import Dial, Hangup

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
PATIENCE = 90
"""Seconds, for a slow machine; nothing here takes as long."""
SETTINGS = {
    "IVR_PUBLIC_URL": "https://helpline.example",
    "TWILIO_AUTH_TOKEN": "token",
    "IVR_SECRET_KEY": "B" * 43,
    "IVR_CALLER_ID": "+441632960000",
    "IVR_ADVISERS": "+447700900001,+447700900002",
}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a wheel, unpacked: what `pip install` would put in place."""
    built = tmp_path_factory.mktemp("built")
    (wheel,) = WheelBuilder(str(ROOT)).build(directory=str(built), versions=["standard"])
    with ZipFile(wheel) as packed:
        packed.extractall(built / "unpacked")
    return built / "unpacked"


def surroundings(installed: Path, settings: Mapping[str, str]) -> dict[str, str]:
    """The environment of a process that finds the installed program and these settings."""
    return {**os.environ, "PYTHONPATH": str(installed), "PYTHONUTF8": "1", "COLUMNS": "200", **settings}


@pytest.fixture
def ivr(installed: Path, tmp_path: Path) -> "Ivr":
    return Ivr(installed, tmp_path)


class Ivr:
    """The installed command, run in an empty folder."""

    def __init__(self, installed: Path, folder: Path) -> None:
        self.installed, self.folder = installed, folder

    def __call__(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "ivr", *arguments],
            cwd=self.folder,
            env=surroundings(self.installed, settings),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    @contextmanager
    def serves(self, port: int) -> Iterator[subprocess.Popen[str]]:
        """The command `ivr serve` while it runs."""
        with subprocess.Popen(
            [sys.executable, "-m", "ivr", "serve", "--port", str(port)],
            cwd=self.folder,
            env=surroundings(self.installed, {"IVR_DEV": "1"}),
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            try:
                yield process
            finally:
                process.kill()


def test_the_installed_program_is_what_is_tried_here(installed: Path, tmp_path: Path) -> None:
    where = [sys.executable, "-c", "import ivr.config; print(ivr.config.CONTENT)"]
    told = subprocess.run(where, cwd=tmp_path, env=surroundings(installed, {}), capture_output=True, text=True)
    assert Path(told.stdout.strip()) == installed / "ivr/content"


def test_it_tells_its_version_which_is_that_of_the_package(ivr: Ivr, installed: Path) -> None:
    (described,) = distributions(path=[str(installed)])
    assert ivr("--version").stdout == f"ivr {described.version}\n"


def test_it_carries_its_licence(installed: Path) -> None:
    (described,) = distributions(path=[str(installed)])
    assert described.metadata["License-Expression"] == PROJECT["license"]
    assert described.read_text("licenses/LICENSE") == (ROOT / "LICENSE").read_text("utf-8")


def test_it_carries_its_flows_and_prompts(ivr: Ivr) -> None:
    checked = ivr("check")
    assert checked.returncode == 0, checked.stderr
    assert "no errors" in checked.stdout


def test_it_answers_a_call_from_any_folder(ivr: Ivr) -> None:
    call = ivr("call", "--keys", "1,1,14102026,1,2", "--at", "2026-11-23T10:00")
    assert call.returncode == 0, call.stderr
    assert "Monday the fourteenth of December, twenty twenty-six" in " ".join(call.stdout.split())


def test_another_county_begins_with_one_command_and_can_be_rung(ivr: Ivr) -> None:
    made = ivr("new", "my-county")
    assert made.returncode == 0, made.stderr
    assert ivr("check", IVR_CONTENT="my-county").returncode == 0
    call = ivr("call", "--keys", "h", IVR_CONTENT="my-county")
    assert call.returncode == 0, call.stderr
    assert "My County's special needs helpline" in " ".join(call.stdout.split())


def test_it_plays_the_calls_of_the_tour_and_keeps_none_beside_them(ivr: Ivr) -> None:
    written = ivr("demo", "there", "--no-voice", "--at", "2026-12-01")
    assert written.returncode == 0, written.stderr
    assert "plays 3 calls" in written.stdout
    assert "By Monday the fourteenth of December" in (ivr.folder / "there/index.html").read_text("utf-8")
    assert not (ivr.installed / "ivr/content/tests").exists()


def test_the_fallback_document_is_one_that_can_be_played(ivr: Ivr) -> None:
    printed = ivr("fallback", **SETTINGS)
    assert printed.returncode == 0, printed.stderr
    verbs = parse(printed.stdout.strip())
    rung = [number.number for verb in verbs if isinstance(verb, Dial) for number in verb.numbers]
    assert rung == ["+447700900001", "+447700900002"]
    assert isinstance(verbs[-1], Hangup)
    assert "/voice" not in printed.stdout


def test_a_mistake_in_a_folder_is_told_with_file_and_line(ivr: Ivr) -> None:
    for name in ("flows", "prompts"):
        shutil.copytree(ROOT / name, ivr.folder / "ours" / name)
    flow = ivr.folder / "ours/flows/welcome.yaml"
    lines = flow.read_text("utf-8").splitlines()
    line = lines.index("  go: main")
    flow.write_text("\n".join([*lines[:line], "  go: nowhere", *lines[line + 1 :]]) + "\n", "utf-8")
    checked = ivr("check", "--folder", "ours")
    assert checked.returncode == 1
    assert f"flows/welcome.yaml:{line + 1}: " in checked.stderr
    assert "nowhere" in checked.stderr


def test_serving_without_settings_is_refused_and_all_that_is_missing_is_told(ivr: Ivr) -> None:
    refused = ivr("serve")
    assert refused.returncode == 1
    for name in ("IVR_PUBLIC_URL", "TWILIO_AUTH_TOKEN", "IVR_SECRET_KEY", "IVR_CALLER_ID"):
        assert name in refused.stderr
    assert "Traceback" not in refused.stderr


def test_it_serves_until_it_is_told_to_stop(ivr: Ivr) -> None:
    port = free_port()
    with ivr.serves(port) as process, httpx2.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
        wait_until_alive(process, client)
        assert "ivr migrate" in client.get("/health/ready").text
        answer = client.post("/voice", data={"CallSid": "CA1", "CallStatus": "ringing", "From": "anonymous"})
        assert answer.status_code == 200
        assert "special needs helpline" in answer.text
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) in (0, -signal.SIGTERM)
        assert process.stderr and f"content: {ivr.installed}/ivr/content (the program's own)" in process.stderr.read()


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def wait_until_alive(process: subprocess.Popen[str], client: httpx2.Client) -> None:
    """Ask until it answers; a process that ends instead never will."""
    for _ in range(PATIENCE * 10):
        with suppress(httpx2.TransportError):
            if client.get("/health/live").status_code == 200:
                return
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.1)
            break
    raise AssertionError(f"It does not answer: {process.communicate()[1] if process.poll() is not None else 'silence'}")
