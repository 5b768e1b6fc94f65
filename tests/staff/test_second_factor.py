"""Another app for codes in the place of one's own."""

import pytest

from ivr.staff import second_factor, sign_in
from ivr.staff.sign_in import NotSignedIn
from ivr.store import audit, staff_sessions
from ivr.store.database import Store
from tests.staff.staff_accounts import PASSWORD, TOKENS, Person, person, sign_in_of, signed_in, source
from tests.store.fixtures import MINUTE, NOW

LATER = NOW + MINUTE


async def test_the_new_app_counts_at_once_the_old_one_no_more_and_other_sessions_end(store: Store) -> None:
    jo, by = await person(store, "Jo"), sign_in_of(store)
    first = await signed_in(store, jo, LATER)
    second = await signed_in(store, jo, LATER + MINUTE)
    here, at = staff_sessions.hashed(second), LATER + MINUTE
    token = await second_factor.begin(by, jo.account, at)
    new = Person(jo.account, TOKENS.totp_secret(token))
    about = by, jo.account, here, token
    with pytest.raises(NotSignedIn, match="not your current password"):
        await second_factor.change_app(*about, "wrong", new.code(at), source(at))
    with pytest.raises(NotSignedIn, match="not the code"):
        await second_factor.change_app(*about, PASSWORD, jo.code(at), source(at))
    await second_factor.change_app(*about, PASSWORD, new.code(at), source(at))
    async with store.begin() as db:
        assert await staff_sessions.find(db, store.cipher, first, at) is None
        assert await staff_sessions.find(db, store.cipher, second, at)
        assert (await audit.read(db, 1))[0].what == "account Jo: app for codes changed"
    later = at + MINUTE
    half = await sign_in.with_password(by, jo.account.email or "", PASSWORD, source(later))
    with pytest.raises(NotSignedIn):
        await sign_in.with_code(by, half, jo.code(later), source(later))
    assert await sign_in.with_code(by, half, new.code(later), source(later))


async def test_a_key_is_for_one_account_half_an_hour_and_until_the_password_changes(store: Store) -> None:
    jo, lee, by = await person(store, "Jo"), await person(store, "Lee"), sign_in_of(store)
    token = await second_factor.begin(by, jo.account, LATER)
    code = Person(jo.account, TOKENS.totp_secret(token)).code

    async def change(who: Person, minutes: int) -> None:
        at = LATER + minutes * MINUTE
        await second_factor.change_app(by, who.account, b"", token, PASSWORD, code(at), source(at))

    for who, minutes in ((lee, 0), (jo, 31)):
        with pytest.raises(NotSignedIn, match="half an hour"):
            await change(who, minutes)
    await sign_in.change_password(by, jo.account, b"", PASSWORD, "other words of mine", source(LATER))
    with pytest.raises(NotSignedIn, match="password was changed"):
        await change(jo, 1)


async def test_a_password_is_guessed_there_no_more_often_than_elsewhere(store: Store) -> None:
    jo, by = await person(store, "Jo"), sign_in_of(store)
    token = await second_factor.begin(by, jo.account, LATER)
    for n in range(11):
        with pytest.raises(NotSignedIn) as refused:
            await second_factor.change_app(by, jo.account, b"", token, f"wrong {n}", "000000", source(LATER))
    assert isinstance(refused.value, sign_in.TooManyTries)
