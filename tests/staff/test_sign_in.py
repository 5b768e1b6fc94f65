"""Signing in: a password, then a code, then a session; nobody guesses, and no stranger locks anybody out."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from ivr.errors import AccountRefused, InvalidToken
from ivr.staff import account_links, accounts, sign_in
from ivr.staff.account_links import LinkRefused
from ivr.staff.accounts import AccountState, Role
from ivr.staff.sign_in import NotSignedIn, TooManyTries
from ivr.store import accounts as store_accounts
from ivr.store import audit, staff_sessions
from ivr.store.database import Store
from ivr.store.failed_sign_ins import BOUNDS, Kind
from ivr.store.tables import accounts as table
from ivr.tokens import LIFETIMES, Purpose
from tests.staff.staff_accounts import (
    BY,
    ELSEWHERE,
    HERE,
    PASSWORD,
    TOKENS,
    Person,
    email_of,
    invite,
    link_of,
    person,
    sign_in_of,
    signed_in,
    source,
)
from tests.store.fixtures import HOUR, MINUTE, NOW, SECOND

LATER = NOW + MINUTE
"""When the code of the invitation is not good any more."""


async def password(store: Store, name: str, text: str = PASSWORD, at: datetime = LATER, address: str = HERE) -> str:
    return await sign_in.with_password(sign_in_of(store), email_of(name), text, source(at, address))


async def code(store: Store, half: str, digits: str, at: datetime = LATER, address: str = HERE) -> str:
    return await sign_in.with_code(sign_in_of(store), half, digits, source(at, address))


async def who(store: Store, token: str, at: datetime) -> str | None:
    async with store.begin() as db:
        found = await staff_sessions.find(db, store.cipher, token, at)
        return found[1].name if found else None


async def wrong(store: Store, name: str, times: int, address: str = HERE, at: datetime = LATER) -> list[type]:
    """Try wrong passwords; return what each came to."""
    found = []
    for n in range(times):
        with pytest.raises(NotSignedIn) as refused:
            await password(store, name, f"a wrong one {n}", at, address)
        found.append(type(refused.value))
    return found


async def test_an_invitation_sets_password_and_second_factor_and_signs_in(store: Store) -> None:
    account = await invite(store, "Jo")
    token = await link_of(store, account)
    link = await account_links.open_link(sign_in_of(store), Purpose.invitation, token, NOW)
    assert (link.account, link.is_new, link.totp) == (account, True, TOKENS.totp_secret(token))
    jo = Person(account, link.totp)
    session = await account_links.with_link(
        sign_in_of(store), Purpose.invitation, token, PASSWORD, jo.code(NOW), source(NOW)
    )
    assert await who(store, session, NOW) == "Jo"
    assert await who(store, await signed_in(store, jo, LATER), LATER) == "Jo"
    async with store.begin() as db:
        active = await accounts.read_one(db, store.cipher, account.id)
        entries = [(entry.who, entry.what, entry.account) for entry in await audit.read(db, 9)]
    assert (active.state, active.has_second_factor) == (AccountState.active, True)
    assert entries[:2] == [
        ("Jo", "signed in", account.id),
        ("Jo", "account Jo: password and second factor set by a link", account.id),
    ]


async def test_a_password_alone_is_no_session(store: Store) -> None:
    await person(store, "Jo")
    half = await password(store, "Jo")
    assert await who(store, half, LATER) is None


@pytest.mark.parametrize("name", ["Jo", "Nobody"])
async def test_a_wrong_password_and_an_unknown_address_are_told_the_same(store: Store, name: str) -> None:
    await person(store, "Jo")
    with pytest.raises(NotSignedIn, match=sign_in.WRONG_PASSWORD):
        await password(store, name, "a wrong one")


async def test_whoever_is_only_invited_or_has_left_or_is_to_set_a_password_cannot_sign_in(store: Store) -> None:
    await person(store, "Ada", Role.administrator)
    await invite(store, "Lee")
    gone, reset = await person(store, "Ann"), await person(store, "Ben")
    async with store.begin() as db:
        await accounts.leave(db, store.cipher, gone.account, BY)
        await accounts.reset(db, store.cipher, reset.account, BY, second_factor=False)
    for name in ("Lee", "Ann", "Ben"):
        with pytest.raises(NotSignedIn, match=sign_in.WRONG_PASSWORD):
            await password(store, name)


async def test_a_code_is_good_about_its_moment_and_only_once(store: Store) -> None:
    jo = await person(store, "Jo")
    at = NOW + HOUR
    for taken_at, digits in ((at, jo.code(at - 30 * SECOND)), (at, jo.code(at + 30 * SECOND))):
        await code(store, await password(store, "Jo", at=taken_at), digits, taken_at)
    for digits in (jo.code(at), jo.code(at + 30 * SECOND), jo.code(at + 90 * SECOND), "123456", "", "१२३४५६"):
        with pytest.raises(NotSignedIn, match="That is not the code"):
            await code(store, await password(store, "Jo", at=at), digits, at)


async def test_two_who_use_the_same_code_at_once_are_one(store: Store) -> None:
    jo = await person(store, "Jo")
    half = await password(store, "Jo")
    found = await asyncio.gather(*(code(store, half, jo.code(LATER)) for _ in range(3)), return_exceptions=True)
    assert sorted(isinstance(one, NotSignedIn) for one in found) == [False, True, True]


async def test_the_code_must_come_within_five_minutes_of_the_password(store: Store) -> None:
    jo = await person(store, "Jo")
    half, late = await password(store, "Jo"), LATER + 5 * MINUTE + SECOND
    with pytest.raises(NotSignedIn, match="longer than five minutes"):
        await code(store, half, jo.code(late), late)


async def test_a_password_that_is_changed_meanwhile_ends_a_half_sign_in(store: Store) -> None:
    jo = await person(store, "Jo")
    half = await password(store, "Jo")
    async with store.begin() as db:
        await accounts.reset(db, store.cipher, jo.account, BY, second_factor=False)
    with pytest.raises(NotSignedIn):
        await code(store, half, jo.code(LATER))


async def test_a_link_works_once(store: Store) -> None:
    account = await invite(store, "Jo")
    token = await link_of(store, account)
    digits = Person(account, TOKENS.totp_secret(token)).code
    by = sign_in_of(store)
    results = await asyncio.gather(
        *(
            account_links.with_link(by, Purpose.invitation, token, f"{PASSWORD} {n}", digits(NOW), source())
            for n in range(2)
        ),
        return_exceptions=True,
    )
    assert sorted(isinstance(one, NotSignedIn) for one in results) == [False, True]
    with pytest.raises(LinkRefused):
        await account_links.open_link(by, Purpose.invitation, token, NOW)


async def test_a_link_works_until_it_is_too_old_or_there_is_another_or_they_have_left(store: Store) -> None:
    by, account = sign_in_of(store), await invite(store, "Jo")
    token = await link_of(store, account)
    await account_links.open_link(by, Purpose.invitation, token, NOW + LIFETIMES[Purpose.invitation])
    for purpose, at in (
        (Purpose.invitation, NOW + LIFETIMES[Purpose.invitation] + SECOND),
        (Purpose.reset, NOW),
        (Purpose.code, NOW),
    ):
        with pytest.raises(LinkRefused):
            await account_links.open_link(by, purpose, token, at)
    async with store.begin() as db:
        await accounts.reset(db, store.cipher, account, BY, second_factor=True)
    with pytest.raises(LinkRefused):
        await account_links.open_link(by, Purpose.invitation, token, NOW)
    newer = await link_of(store, account)
    async with store.begin() as db:
        await accounts.leave(db, store.cipher, account, BY)
    with pytest.raises(LinkRefused):
        await account_links.open_link(by, Purpose.invitation, newer, NOW)


async def test_a_reset_of_the_password_alone_takes_a_code_of_the_app_that_they_have(store: Store) -> None:
    jo, by = await person(store, "Jo"), sign_in_of(store)
    async with store.begin() as db:
        await accounts.reset(db, store.cipher, jo.account, BY, second_factor=False)
    token = await link_of(store, jo.account)
    stranger = Person(jo.account, TOKENS.totp_secret(token))
    with pytest.raises(NotSignedIn):
        await account_links.with_link(
            by, Purpose.reset, token, "other words of mine", stranger.code(LATER), source(LATER)
        )
    await account_links.with_link(by, Purpose.reset, token, "other words of mine", jo.code(LATER), source(LATER))
    await password(store, "Jo", "other words of mine")


async def test_a_link_that_somebody_asks_for_changes_nothing_until_it_is_used(store: Store) -> None:
    jo, by = await person(store, "Jo"), sign_in_of(store)
    found = await account_links.ask_for_link(by, email_of("Jo"), source(LATER))
    assert found and found[0] == jo.account
    token = found[1].removeprefix("/console/reset/")
    await password(store, "Jo")
    session = await account_links.with_link(
        by, Purpose.reset, token, "other words of mine", jo.code(LATER), source(LATER)
    )
    assert await who(store, session, LATER) == "Jo"
    assert await account_links.ask_for_link(by, "nobody@helpline.example", source(LATER)) is None


async def test_nobody_s_mailbox_is_filled_with_links(store: Store) -> None:
    await person(store, "Jo")
    for address, sent in ((HERE, 3), (ELSEWHERE, 2)):
        for _ in range(sent):
            await account_links.ask_for_link(sign_in_of(store), email_of("Jo"), source(LATER, address))
        with pytest.raises(TooManyTries):
            await account_links.ask_for_link(sign_in_of(store), email_of("Jo"), source(LATER, address))


async def test_after_ten_wrong_passwords_no_more_are_taken_from_there_for_five_minutes(store: Store) -> None:
    await person(store, "Jo")
    assert await wrong(store, "Jo", 12) == [NotSignedIn] * 10 + [TooManyTries] * 2
    with pytest.raises(TooManyTries):
        await password(store, "Jo")
    await password(store, "Jo", at=LATER + 5 * MINUTE)


async def test_a_stranger_elsewhere_keeps_nobody_out(store: Store) -> None:
    jo = await person(store, "Jo")
    for n in range(5):
        await wrong(store, "Jo", 11, f"198.51.100.{n}")
    assert await who(store, await signed_in(store, jo, LATER), LATER) == "Jo"


async def test_one_address_tries_no_more_than_fifty_for_all_accounts(store: Store) -> None:
    await person(store, "Jo")
    for n in range(5):
        assert await wrong(store, f"person {n}", 10, ELSEWHERE) == [NotSignedIn] * 10
    assert await wrong(store, "Jo", 1, ELSEWHERE) == [TooManyTries]
    await password(store, "Jo", address=HERE)


async def test_tries_at_the_same_time_count_as_many(store: Store) -> None:
    await person(store, "Jo")
    found = await asyncio.gather(*(password(store, "Jo", "wrong one") for _ in range(14)), return_exceptions=True)
    assert sorted(type(one).__name__ for one in found) == ["NotSignedIn"] * 10 + ["TooManyTries"] * 4


async def test_codes_are_guessed_no_more_than_ten_times_from_anywhere_by_whoever_has_the_password(
    store: Store,
) -> None:
    await person(store, "Jo")
    half = await password(store, "Jo")
    assert BOUNDS[Kind.code].account == 10
    for n in range(10):
        with pytest.raises(NotSignedIn, match="That is not the code"):
            await code(store, half, "000000", address=f"198.51.100.{n}")
    with pytest.raises(TooManyTries):
        await code(store, half, "000000", address="198.51.100.77")


async def test_who_signs_in_rightly_is_never_throttled(store: Store) -> None:
    jo = await person(store, "Jo")
    for n in range(1, 13):
        await signed_in(store, jo, NOW + n * 30 * SECOND)


async def test_a_session_ends_when_it_is_idle_or_a_shift_long(store: Store) -> None:
    jo, ada = await person(store, "Jo"), await person(store, "Ada", Role.administrator)
    for one, idle in ((jo, 2 * HOUR), (ada, HOUR)):
        token = await signed_in(store, one, LATER)
        assert await who(store, token, LATER + idle - SECOND) == one.account.name
        assert await who(store, token, LATER + idle) is None
    token, now = await signed_in(store, jo, LATER + MINUTE), LATER + MINUTE
    while now < LATER + MINUTE + 12 * HOUR:
        async with store.begin() as db:
            found = await staff_sessions.find(db, store.cipher, token, now)
            assert found
            await staff_sessions.seen(db, found[0], now)
        now += HOUR
    assert await who(store, token, now) is None


async def test_the_database_has_nothing_to_sign_in_with(store: Store) -> None:
    jo = await person(store, "Jo")
    token = await signed_in(store, jo, LATER)
    async with store.begin() as db:
        [session, *_] = await staff_sessions.of(db, jo.account, LATER)
    assert await who(store, session.id.hex(), LATER) is None
    assert await who(store, session.name, LATER) is None
    assert token.encode() not in session.id
    assert await who(store, token, LATER) == "Jo"


async def test_a_change_of_one_s_own_password_ends_the_other_sessions(store: Store) -> None:
    jo, by = await person(store, "Jo"), sign_in_of(store)
    first, second = await signed_in(store, jo, LATER), await signed_in(store, jo, LATER + MINUTE)
    here, at = staff_sessions.hashed(second), LATER + MINUTE
    with pytest.raises(NotSignedIn, match="not your current password"):
        await sign_in.change_password(by, jo.account, here, "wrong one", "other words of mine", source(at))
    with pytest.raises(AccountRefused, match="12 characters"):
        await sign_in.change_password(by, jo.account, here, PASSWORD, "short", source(at))
    await sign_in.change_password(by, jo.account, here, PASSWORD, "other words of mine", source(at))
    assert (await who(store, first, at), await who(store, second, at)) == (None, "Jo")
    await password(store, "Jo", "other words of mine")


async def test_a_hash_that_was_made_more_cheaply_is_made_anew(store: Store) -> None:
    jo = await person(store, "Jo")
    async with store.begin() as db:
        await db.execute(update(table).values(password=f"older:{PASSWORD}"))
    await signed_in(store, jo, LATER)
    async with store.begin() as db:
        found = await store_accounts.credentials(db, store.cipher, jo.account.id)
    assert found and found.password == f"plain:{PASSWORD}"


async def test_somebody_who_signs_out_is_out_here_and_nowhere_else(store: Store) -> None:
    jo = await person(store, "Jo")
    first, second = await signed_in(store, jo, LATER), await signed_in(store, jo, LATER + MINUTE)
    async with store.begin() as db:
        await sign_in.sign_out(db, staff_sessions.hashed(first), BY)
    assert (await who(store, first, LATER), await who(store, second, LATER + MINUTE)) == (None, "Jo")


@pytest.mark.parametrize("place", range(0, 60, 7))
def test_a_token_of_an_account_that_was_changed_is_refused(place: int) -> None:
    token = TOKENS.close(Purpose.code, "0f8fad5b-d9cb-469f-a165-70867728950e", "hash", NOW)
    changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
    with pytest.raises(InvalidToken):
        TOKENS.open(Purpose.code, changed, NOW)
    with pytest.raises(InvalidToken):
        TOKENS.open(Purpose.reset, token, NOW)
    with pytest.raises(InvalidToken):
        TOKENS.open(Purpose.code, token, NOW + timedelta(minutes=5, seconds=1))
