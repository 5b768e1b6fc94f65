"""A thousand callers at once, then more and more of them, until one core can carry no more."""

import asyncio
import threading
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import callers, helpline
from bench.helpline import MENU
from bench.machine import Cores
from bench.numbers import percentile
from bench.served import Served, served

TOO_SLOW = 0.25
"""Seconds of the 99th percentile beyond which a core carries no more."""


@dataclass(frozen=True)
class Crowd:
    """So many callers at once, and what they got; megabytes over the time.

    `ended` is the 99th percentile of the news that a call is over, which nobody hears; it is written down meanwhile.
    `untold` is how much of that news the provider gave up, so that a worker has to find it out later.
    """

    number: int
    answers: int
    p50: float
    p99: float
    ended: float
    untold: int
    errors: int
    kinds: tuple[str, ...]
    texts: int
    people: int
    megabytes: tuple[float, ...]


def gathered(number: int, seconds: float, growing: float, most: int, cores: Cores) -> list[Crowd]:
    """The first for `seconds`, then half as many more each time for `growing` seconds."""
    crowds = []
    with (
        TemporaryDirectory() as folder,
        served(helpline.command, cores.server, MENU.requests(1)[0], helpline.settings(Path(folder))) as there,
    ):
        crowds.append(_crowd(there, number, seconds))
        while growing and crowds[-1].p99 <= TOO_SLOW and number < most:
            number += number // 2
            crowds.append(_crowd(there, number, growing))
    return crowds


def _crowd(there: Served, number: int, seconds: float) -> Crowd:
    megabytes: list[float] = []
    over = threading.Event()

    def look() -> None:
        while not over.wait(seconds / 20):
            megabytes.append(there.megabytes)

    looking = threading.Thread(target=look)
    looking.start()
    heard = asyncio.run(callers.together(number, seconds, there.port))
    over.set()
    looking.join()
    took = heard.took or [callers.PATIENCE]
    kinds = tuple(sorted(set(heard.errors)))
    answers = len(heard.took), percentile(took, 50), percentile(took, 99), percentile(heard.ended or [0.0], 99)
    return Crowd(number, *answers, heard.untold, len(heard.errors), kinds, heard.texts, heard.people, tuple(megabytes))
