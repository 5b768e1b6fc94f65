"""A helpline to measure: its settings, its database, and key presses made before the clock runs."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from msgspec import structs

from bench.served import Served
from bench.servers.ours import MONDAY
from bench.webhooks import ACCOUNT, PUBLIC_URL, TOKEN, form_of, name_of_call, request_of
from ivr.engine.memory import Memory
from ivr.engine.seal import Seal
from ivr.store.migrate import migrate

SECRET = "A" * 42 + "E"
SEAL = Seal(bytes(31) + b"\x01", clock=lambda: MONDAY)
LETTERS = tuple(f"{day:02d}102026" for day in range(1, 31))
"""Callers' letters: a month of October."""
TO_A_DEADLINE = ("1", "1", "", "1", "2", "2")
"""Keys, with the letter's date where nothing stands."""
TURNS = 8
"""Key presses of one call, in a batch of them."""
_calls = count(1)


def settings(folder: Path) -> Mapping[str, str]:
    """As an operator would set it up, on a database of its own in a folder; nothing of it leads outside."""
    url = f"sqlite:///{folder}/helpline.db"
    migrate(url)
    return {
        "IVR_PUBLIC_URL": PUBLIC_URL,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_API_URL": "http://127.0.0.1:9",
        "IVR_SECRET_KEY": SECRET,
        "IVR_CALLER_ID": "+441632960000",
        "IVR_ADVISERS": "+447700900001,+447700900002",
        "IVR_SMS_FROM": "+447700900999",
        "IVR_TEXTS_PER_NUMBER": "1000000",
        "IVR_TEXTS_PER_HOUR": "1000000",
        "DATABASE_URL": url,
    }


def command(port: int, *more: str) -> Sequence[str]:
    """What runs it."""
    return ["-m", "bench.servers.ours", str(port), *more]


@dataclass(frozen=True)
class Press:
    """A key, at a step, with what is remembered there."""

    at: str
    digits: str
    memory: Memory

    def requests(self, number: int) -> list[bytes]:
        """So many of them, by callers of whom each presses it several times."""
        return [next(made) for made in [self._all()] for _ in range(number)]

    def _all(self) -> Iterator[bytes]:
        while True:
            call = name_of_call(next(_calls))
            for turn in range(1, TURNS + 1):
                token = SEAL.close(structs.replace(self.memory, turn=turn), call, self.at)
                yield pressed(f"/voice/{self.at}?m={token}", call, self.digits)


def pressed(address: str, call: str, digits: str) -> bytes:
    """The webhook of a key."""
    return request_of(address, form_of(call, Digits=digits, msg="Gather End", FinishedOnKey=""))


MENU = Press("welcome/main", "2", Memory())
"""From the main menu to another."""


def deadlines(ours: Served) -> list[Press]:
    """The key that brings a caller to the last day, for letters of many days."""
    return [_deadline(ours, letter) for letter in LETTERS]


def _deadline(ours: Served, letter: str) -> Press:
    call = name_of_call(next(_calls))
    answer = ours.ask(request_of("/voice", form_of(call)))
    *before, last = (key or letter for key in TO_A_DEADLINE)
    for key in before:
        answer = ours.ask(pressed(action_of(answer.body), call, key))
    at, _, token = action_of(answer.body).removeprefix(f"{PUBLIC_URL}/voice/").partition("?m=")
    return Press(at, last, SEAL.open(token, call, at))


def action_of(document: bytes) -> str:
    """Where the next webhook goes."""
    found = re.search(rb'action="([^"]+)"', document)
    return found[1].decode() if found else ""
