"""A server that is killed in mid-call and started again, with somebody at the page all the while."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import socket
from typing import IO

import pytest
from playwright.sync_api import Page, expect

from tests.simulator.browsing import ROOT, AtThePhone, content_in

DEADLINE = "Then you can appeal until Monday the fourteenth of December, twenty twenty-six"
AGAIN = "The server was started again. The call goes on where it was."
AWAY = "The server does not answer"


class Server:
    """`ivr phone` in a process of its own, always on the same port, with a folder for its data."""

    def __init__(self, data: Path, content: Path) -> None:
        self.data, self._content = data, content
        with socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self.address = f"http://localhost:{self._port}/phone"
        self._running: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start, and wait until it listens."""
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("IVR_", "DATABASE_URL"))},
            "XDG_DATA_HOME": str(self.data),
            "IVR_NOW": "2026-11-23T10:00:00+00:00",
        }
        command = [sys.executable, "-m", "ivr", "phone", "--no-open", "--port", str(self._port)]
        command += ["--folder", str(self._content)]
        self._running = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT)
        assert "telephone" in _output(self._running).readline()

    def stop(self, how: signal.Signals = signal.SIGKILL) -> None:
        """Send it a signal, and wait until it has ended."""
        if self._running:
            self._running.send_signal(how)
            self._running.wait()
            _output(self._running).close()
            self._running = None


def _output(process: subprocess.Popen[str]) -> IO[str]:
    assert process.stdout
    return process.stdout


@contextmanager
def server_of(data: Path, content: Path) -> Iterator[Server]:
    server = Server(data, content)
    server.start()
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with server_of(tmp_path / "data", ROOT) as server:
        yield server


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_call_goes_on_by_itself_and_reaches_the_deadline(page: Page, server: Server, how: signal.Signals) -> None:
    phone = AtThePhone(page, server.address).rings().presses("11").hears("Key in the date").presses("1410")
    server.stop(how)
    expect(page.locator("#server")).to_contain_text(AWAY)
    page.click('[data-key="2"]')
    expect(page.locator(".keys")).to_contain_text("The server is away, so this was not done")
    server.start()
    expect(page.locator("#server")).to_contain_text(AGAIN)
    phone.presses("2026").presses("1").presses("2").hears(DEADLINE)
    assert page.locator("#transcript").get_by_text("Hello, this is Devon's").count() == 1


def test_a_page_that_is_loaded_anew_after_a_restart_has_its_call(page: Page, server: Server) -> None:
    AtThePhone(page, server.address).rings().presses("1").hears("What did the council decide")
    server.stop()
    server.start()
    page.reload()
    expect(page.locator("#server")).to_contain_text(AGAIN)
    AtThePhone(page, server.address).hears("What did the council decide").presses("1").hears("Key in the date")


def test_a_call_that_is_not_kept_any_more_is_over_and_another_can_be_begun(page: Page, server: Server) -> None:
    phone = AtThePhone(page, server.address).rings().presses("1").hears("What did the council decide")
    server.stop()
    shutil.rmtree(server.data / "ivr/phone-sessions")
    server.start()
    expect(page.locator("#server")).to_contain_text("This call is no longer kept")
    expect(page.locator("#standing")).to_have_text("The call is over")
    phone.rings().presses("1").hears("What did the council decide")
    expect(page.locator("#server")).to_be_empty()


def test_words_that_have_changed_over_the_restart_are_told(page: Page, tmp_path: Path) -> None:
    content = content_in(tmp_path / "content")
    with server_of(tmp_path / "data", content) as server:
        phone = AtThePhone(page, server.address).rings().hears("Hello, this is Devon's").presses("1")
        phone.hears("What did the council decide")
        server.stop()
        prompts = content / "prompts/en-GB/decisions.yaml"
        text = prompts.read_text("utf-8")
        prompts.write_text(text.replace("What did the council decide", "Now what did the council decide"), "utf-8")
        server.start()
        expect(page.locator("#server")).to_contain_text("its words have changed. From 0:")
        phone.hears("Now what did the council decide").presses("1").hears("Key in the date")
