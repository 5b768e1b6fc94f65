"""Passwords are hashed with argon2id, a few at a time, and whether there is somebody to sign in does not show."""

import asyncio
import threading

import pytest
from argon2 import PasswordHasher

from ivr.console.passwords import AT_ONCE, MOST_WAITING, Argon2, Busy
from tests.staff.staff_accounts import PASSWORD

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class Counted(PasswordHasher):
    """Counts how many work at the same time, and how often one was verified."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.working, self.most, self.verified = 0, 0, 0
        self.go_on = threading.Event()

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # type: ignore[override]
        self.working, self.verified = self.working + 1, self.verified + 1
        self.most = max(self.most, self.working)
        self.go_on.wait()
        self.working -= 1
        return super().verify(hash, password)


async def test_a_password_is_verified_by_its_hash_and_no_other_is() -> None:
    passwords = Argon2()
    hashed = await passwords.hash(PASSWORD)
    assert hashed.startswith("$argon2id$v=19$m=19456,t=2,p=1$") and PASSWORD not in hashed
    assert await passwords.hash(PASSWORD) != hashed
    assert await passwords.verify(PASSWORD, hashed)
    for password, known in ((PASSWORD.upper(), hashed), ("", hashed), (PASSWORD, "unset 1234"), (PASSWORD, "")):
        assert not await passwords.verify(password, known)


async def test_where_there_is_nobody_the_same_is_worked_out() -> None:
    hasher = Counted()
    hasher.go_on.set()
    passwords = Argon2(hasher)
    assert not await passwords.verify("the password of nobody", None)
    assert hasher.verified == 1


async def test_a_hash_that_was_made_more_cheaply_is_told() -> None:
    passwords = Argon2()
    assert passwords.is_outdated(CHEAP.hash(PASSWORD))
    assert not passwords.is_outdated(await passwords.hash(PASSWORD))


async def test_no_more_than_two_are_worked_out_at_once_and_no_more_than_thirty_wait() -> None:
    hasher = Counted()
    passwords, hashed = Argon2(hasher), CHEAP.hash(PASSWORD)
    waiting = [asyncio.create_task(passwords.verify(PASSWORD, hashed)) for _ in range(MOST_WAITING)]
    await asyncio.sleep(0)
    with pytest.raises(Busy):
        await passwords.verify(PASSWORD, hashed)
    hasher.go_on.set()
    assert all(await asyncio.gather(*waiting))
    assert hasher.most <= AT_ONCE
    assert await passwords.verify(PASSWORD, hashed)
