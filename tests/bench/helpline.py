"""The helpline as a server to measure: its settings, its process, and key presses made before the clock runs."""

import re
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from msgspec import structs

from ivr.engine.call_state import CallState
from ivr.store.migrate import migrate
from ivr.tokens import CallStateTokens
from tests.bench.machine import Cores
from tests.bench.routes import DEADLINE
from tests.bench.server_process import ServerProcess, running_server
from tests.bench.servers.helpline import MONDAY
from tests.bench.twilio_requests import ACCOUNT_SID, AUTH_TOKEN, PUBLIC_URL, call_sid, signed_request, voice_form

SECRET = "A" * 42 + "E"
SEAL = CallStateTokens(bytes(31) + b"\x01", clock=lambda: MONDAY)
LETTER_DATES = tuple(f"{day:02d}102026" for day in range(1, 31))
PRESSES_PER_CALL = 8
_calls = count(1)


def settings(folder: Path) -> dict[str, str]:
    """Return the environment of a helpline with a migrated SQLite database in a folder; it calls no other machine."""
    url = f"sqlite:///{folder}/helpline.db"
    migrate(url)
    return {
        "IVR_PUBLIC_URL": PUBLIC_URL,
        "TWILIO_AUTH_TOKEN": AUTH_TOKEN,
        "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
        "TWILIO_API_URL": "http://127.0.0.1:9",
        "IVR_SECRET_KEY": SECRET,
        "IVR_CALLER_ID": "+441632960000",
        "IVR_ADVISERS": "+447700900001,+447700900002",
        "IVR_SMS_FROM": "+447700900999",
        "IVR_TEXTS_PER_NUMBER": "1000000",
        "IVR_TEXTS_PER_HOUR": "1000000",
        "DATABASE_URL": url,
    }


def command(port: int, *arguments: str) -> Sequence[str]:
    """Return the arguments of Python that start the helpline's server."""
    return ["-m", "tests.bench.servers.helpline", str(port), *arguments]


def running_helpline(folder: Path, cores: Cores, *arguments: str) -> AbstractContextManager[ServerProcess]:
    """Start the helpline with a database in a folder."""
    first = MENU_KEY.requests(1)[0]
    return running_server(lambda port: command(port, *arguments), cores.server, first, settings(folder))


@dataclass(frozen=True)
class KeyPress:
    """A key at a step, with the state of the call there."""

    step: str
    digits: str
    memory: CallState

    def requests(self, number: int) -> list[bytes]:
        """Return this many requests, from calls in each of which the key is pressed several times."""
        return [next(made) for made in [self._all()] for _ in range(number)]

    def _all(self) -> Iterator[bytes]:
        while True:
            call = call_sid(next(_calls))
            for turn in range(1, PRESSES_PER_CALL + 1):
                token = SEAL.close(structs.replace(self.memory, turn=turn), call, self.step)
                yield key_request(f"/voice/{self.step}?m={token}", call, self.digits)


def key_request(address: str, call: str, digits: str) -> bytes:
    """Return the webhook of a key press."""
    return signed_request(address, voice_form(call, Digits=digits, msg="Gather End", FinishedOnKey=""))


def new_calls(number: int) -> list[bytes]:
    """Return the first webhooks of this many calls."""
    return [signed_request("/voice", voice_form(call_sid(next(_calls)))) for _ in range(number)]


MENU_KEY = KeyPress("welcome/main", "2", CallState())
"""From the main menu to another menu."""


def deadline_keys(server: ServerProcess) -> list[KeyPress]:
    """Return the key presses that are answered with the last day to appeal, one for each date of a letter."""
    return [_deadline_key(server, letter_date) for letter_date in LETTER_DATES]


def _deadline_key(server: ServerProcess, letter_date: str) -> KeyPress:
    call = call_sid(next(_calls))
    response = server.request(signed_request("/voice", voice_form(call)))
    *before, last = DEADLINE.with_letter(letter_date)
    for key in before:
        response = server.request(key_request(action_url(response.body), call, key))
    url = action_url(response.body)
    assert DEADLINE.words.encode() in server.request(key_request(url, call, last)).body, "another step is measured"
    step, _, token = url.removeprefix(f"{PUBLIC_URL}/voice/").partition("?m=")
    return KeyPress(step, last, SEAL.open(token, call, step))


def action_url(document: bytes) -> str:
    """Return the URL of the next webhook; an empty string when there is none."""
    found = re.search(rb'action="([^"]+)"', document)
    return found[1].decode() if found else ""
