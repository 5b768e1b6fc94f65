"""Looks over the helpline now and then, and remembers what was found."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from time import monotonic

from ivr.store.alerts import Problem

EVERY, SELDOM = 60.0, 600.0
"""Seconds between two looks: at what the database and the machine tell, and at what others are asked for."""

Look = Callable[[Collection[str]], Awaitable[Sequence[Problem]]]
"""Makes the checks with these names, and returns what they find."""


@dataclass(frozen=True, slots=True)
class Found:
    """What is wrong by the last look, and the names of the checks that were made."""

    problems: Sequence[Problem]
    looked: frozenset[str]


class Lookout:
    """Makes each check when it is due. `seldom` are those that ask others, such as the provider, or take long."""

    def __init__(
        self,
        look: Look,
        names: Collection[str],
        seldom: Collection[str],
        monotonic: Callable[[], float] = monotonic,
    ) -> None:
        self._look, self._monotonic = look, monotonic
        self._groups = [(frozenset(names) - set(seldom), EVERY), (frozenset(names) & set(seldom), SELDOM)]
        self._looked: dict[frozenset[str], tuple[float, Sequence[Problem]]] = {}
        self._one_at_a_time = asyncio.Lock()

    async def found(self) -> Found:
        """Return what is wrong, looking at what was not looked at lately."""
        async with self._one_at_a_time:
            for names, every in self._groups:
                at, _ = self._looked.get(names, (None, ()))
                if at is None or self._monotonic() - at >= every:
                    self._looked[names] = self._monotonic(), await self._look(names)
        problems = [problem for _, found in self._looked.values() for problem in found]
        return Found(problems, frozenset().union(*(names for names, _ in self._groups)))
