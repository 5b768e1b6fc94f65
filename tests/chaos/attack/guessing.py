"""Guessing passwords, codes, session tokens and links."""

from datetime import timedelta
from secrets import token_urlsafe

from sqlalchemy import select

from ivr.console.sessions import COOKIE
from ivr.store.tables import staff_sessions
from tests.chaos.attack.attack import Tally
from tests.console.staff_browser import StaffBrowser, browser
from tests.console.staff_pages import StaffPages
from tests.staff.staff_accounts import PASSWORD, Person, email_of, person

NETWORKS, GUESSES, TOKENS = 20, 15, 500
MOST_PER_NETWORK = 10
"""Tries of one account from one network address in five minutes."""


async def guessing_a_password(pages: StaffPages) -> Tally:
    """Fifteen passwords for one account from each of twenty addresses within a minute; a success is one that was
    tried at all after the tenth from its address, or its owner being kept out meanwhile."""
    victim, tally = await _joined(pages), Tally()
    for n in range(NETWORKS):
        async with browser(pages.services, f"198.51.100.{n}") as stranger:
            for guess in range(GUESSES):
                answer = await stranger.send("/console/sign-in", email=_email(victim), password=f"a guess {guess}")
                tried = answer.status_code != 429
                tally.count(f"guess {guess}", succeeded=tried and guess >= MOST_PER_NETWORK)
    async with browser(pages.services) as owner:
        answer = await owner.sign_in(victim, pages.clock())
        tally.count("the owner is locked out", succeeded=answer.status_code != 303)
    return tally


async def guessing_a_code(pages: StaffPages) -> Tally:
    """Codes by somebody who knows the password, from twenty addresses; a success is a session, or more than ten tries
    in five minutes, or a code that is taken twice."""
    victim, tally = await _joined(pages), Tally()
    used = victim.code(pages.clock())
    async with browser(pages.services) as owner:
        await owner.sign_in(victim, pages.clock())
    taken = 0
    for n in range(NETWORKS):
        async with browser(pages.services, f"198.51.100.{n}") as thief:
            await thief.send("/console/sign-in", email=_email(victim), password=PASSWORD)
            half = thief.hidden("half")
            for code in (used, *(f"{n:03}{m:03}" for m in range(5))):
                answer = await thief.send("/console/sign-in/code", half=half, code=code)
                taken += answer.status_code == 422
                tally.count(f"code from {n}", succeeded=answer.status_code == 303 or taken > MOST_PER_NETWORK)
    return tally


async def guessing_a_session(pages: StaffPages) -> Tally:
    """Random tokens, and what stands in the table of sessions, in the cookie; a success is a page of staff."""
    tally = Tally()
    async with pages.store.read() as db:
        stored = [id.hex() for id in await db.scalars(select(staff_sessions.c.id))]
    for token in [*stored, *(token_urlsafe(32) for _ in range(TOKENS))]:
        async with browser(pages.services, "198.51.100.1") as stranger:
            await _looks(stranger, tally, token)
    return tally


async def guessing_a_link(pages: StaffPages) -> Tally:
    """Made-up and altered links to set a password, and links for another purpose; a success is a form for one."""
    victim, tally = await _joined(pages), Tally()
    async with browser(pages.services, "198.51.100.1") as stranger:
        await stranger.send("/console/sign-in", email=_email(victim), password=PASSWORD)
        half = stranger.hidden("half")
        altered = [half[:n] + ("A" if half[n] != "A" else "B") + half[n + 1 :] for n in range(len(half))]
        for token in [half, *altered, *(token_urlsafe(48) for _ in range(TOKENS))]:
            for purpose in ("invitation", "reset"):
                answer = await stranger.look(f"/console/{purpose}/{token}")
                tally.count(purpose, succeeded=answer.status_code == 200)
    return tally


async def _looks(stranger: StaffBrowser, tally: Tally, token: str) -> None:
    answer = await stranger.client.get("/console", headers={"Cookie": f"{COOKIE}={token}"})
    tally.count("a token", succeeded=answer.status_code == 200)


async def _joined(pages: StaffPages) -> Person:
    return await person(pages.store, "Jo Marsh", at=pages.clock() - timedelta(minutes=1))


def _email(who: Person) -> str:
    return email_of(who.account.name)
