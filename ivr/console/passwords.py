"""Hashes passwords with argon2id, in threads: each takes a twentieth of a second and 19 MiB."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from ivr.errors import IvrError

Result = TypeVar("Result")
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""As OWASP recommends: https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html"""
AT_ONCE, MOST_WAITING = 2, 30
"""Nobody may take all processors, or all memory, by signing in very often."""


class Busy(IvrError):
    """Too many people sign in at this moment."""


class Argon2:
    """Hashes and verifies passwords, a few at a time."""

    def __init__(self, hasher: PasswordHasher = HASHER) -> None:
        self._hasher = hasher
        self._threads = ThreadPoolExecutor(AT_ONCE, "argon2")
        self._waiting = 0
        self._nobody_s = hasher.hash("the password of nobody")

    async def hash(self, password: str) -> str:
        """Return the hash of a password; raise Busy."""
        return await self._run(partial(self._hasher.hash, password))

    async def verify(self, password: str, hashed: str | None) -> bool:
        """Return whether a password has a hash; without one, return False after the same time. Raise Busy."""
        matches = await self._run(partial(self._matches, password, hashed or self._nobody_s))
        return matches and hashed is not None

    def is_outdated(self, hashed: str) -> bool:
        """Return whether a hash was made more cheaply than is done now."""
        return self._hasher.check_needs_rehash(hashed)

    def _matches(self, password: str, hashed: str) -> bool:
        try:
            return self._hasher.verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _run(self, work: Callable[[], Result]) -> Result:
        if self._waiting >= MOST_WAITING:
            raise Busy("Too many people sign in at this moment. Please try again in a minute.")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1
