"""`ivr phone` over real sockets: on this machine alone, or with `--lan` for one guest a link."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import expect

from ivr.commands.local_addresses import local_addresses
from ivr.commands.phone_link import qr_lines
from tests.accessibility import violations
from tests.simulator.browsing import ROOT, chromium

CALL = {"CallSid": "CA1", "CallStatus": "ringing", "From": "anonymous"}
LINK = re.compile(r"(http://\S+)/phone/join\?code=([0-9A-Z]+)")


class Serving:
    """A command `ivr phone` that serves."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.port = int(self.line(r"http://localhost:(\d+)/phone")[1])

    def line(self, pattern: str) -> re.Match[str]:
        """Return what the next line with a pattern says."""
        assert self._process.stdout
        for line in self._process.stdout:
            if found := re.search(pattern, line):
                return found
        raise AssertionError(f"{pattern} is never printed")

    def links(self) -> dict[str, str]:
        """Return the code by the address of every link that is printed next."""
        found = {}
        for _ in local_addresses():
            link = self.line(LINK.pattern)
            found[link[1]] = link[2]
        return found

    def presses_enter(self) -> None:
        """Ask for another link."""
        assert self._process.stdin
        self._process.stdin.write("\n")
        self._process.stdin.flush()


@contextmanager
def phone(folder: Path, *options: str) -> Iterator[Serving]:
    env = {**os.environ, "IVR_DEV": "1", "DATABASE_URL": f"sqlite:///{folder}/ours.db", "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "ivr", "phone", "--no-open", "--port", "0", *options]
    with subprocess.Popen(
        command, cwd=ROOT, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            yield Serving(process)
        finally:
            process.kill()


def asking(address: str) -> httpx2.Client:
    line = httpx2.HTTPTransport(retries=8)  # the server accepts a moment after it has said where
    return httpx2.Client(base_url=address, trust_env=False, transport=line, timeout=30)


def test_without_the_option_no_other_address_answers(tmp_path: Path) -> None:
    with phone(tmp_path) as serving:
        with asking(f"http://127.0.0.1:{serving.port}") as here:
            assert "<Response" in here.post("/voice", data=CALL).text
        for address in local_addresses():
            named = f"[{address}]" if ":" in address else address
            with httpx2.Client(trust_env=False) as there, pytest.raises(httpx2.ConnectError):
                there.get(f"http://{named}:{serving.port}/phone/")


def test_a_neighbour_opens_the_telephone_with_the_link_and_nothing_else(tmp_path: Path) -> None:
    with phone(tmp_path, "--lan") as serving:
        links = serving.links()
        assert len(links) == len(local_addresses()) >= 1
        for address in links:
            with asking(address) as guest:
                serving.presses_enter()
                code = serving.links()[address]
                assert guest.get("/phone/about").status_code == 403
                assert guest.post("/phone/join", data={"code": code}).headers["location"] == "/phone/"
                assert "Ring the helpline" in guest.get("/phone/").text
                for host in ("", f"localhost:{serving.port}"):
                    headers = {"Host": host, "X-Forwarded-For": "127.0.0.1"} if host else {}
                    for path in ("/voice", "/sms", "/voice/status"):
                        assert guest.post(path, data=CALL, headers=headers).status_code == 403
                    for path in ("/console", "/metrics", "/health/ready"):
                        assert guest.get(path, headers=headers).status_code == 403
            with asking(address) as another:
                assert "has been used" in another.post("/phone/join", data={"code": code}).text
                assert another.get("/phone/about").status_code == 403
        with asking(f"http://127.0.0.1:{serving.port}") as here:
            assert "<Response" in here.post("/voice", data=CALL).text


def test_a_colleagues_browser_comes_in_with_the_link_and_rings(tmp_path: Path) -> None:
    with phone(tmp_path, "--lan") as serving, chromium() as browser:
        for address in serving.links():
            serving.presses_enter()
            code = serving.links()[address]
            with browser.new_context(viewport={"width": 390, "height": 844}) as context:
                page = context.new_page()
                page.goto(f"{address}/phone/join?code={code}")
                page.get_by_role("button", name="Open the telephone here").click()
                expect(page.locator("html[data-ready]")).to_be_attached()
                page.click("#call")
                expect(page.locator("#call")).to_have_text("Hang up")
                assert violations(page) == []
            with browser.new_context() as context:
                page = context.new_page()
                page.goto(f"{address}/phone/join?code={code}")
                page.get_by_role("button", name="Open the telephone here").click()
                expect(page.get_by_role("alert")).to_contain_text("This link has been used")
                assert violations(page) == []


def test_the_code_for_a_camera_is_square_and_dark_on_light() -> None:
    lines = qr_lines("http://192.168.1.5:8000/phone/join?code=ABCDEFGHJKLM")
    assert {2 * len(lines), 2 * len(lines) - 1} & {len(lines[0])}
    assert {len(line) for line in lines} == {len(lines[0])}
    assert lines[0].strip() == ""  # the quiet zone
    assert "█" in lines[2]


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("a_parent_hears_teh_deadline", "The nearest are a_parent_hears_the_deadline.yaml"),
        ("zzzzzzzz", "There is no script “zzzzzzzz” in tests/calls/."),
        ("../../etc/passwd", "There is no script “../../etc/passwd”"),
    ],
)
def test_a_script_that_is_not_there_is_one_sentence_and_no_server(script: str, told: str) -> None:
    """It ends by itself: a server would not."""
    command = [sys.executable, "-m", "ivr", "phone", "--no-open", "--port", "0", "--script", script]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert told in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1
