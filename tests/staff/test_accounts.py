"""Who of staff may sign in, and who may not any more, on both databases."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.errors import AccountRefused, InvalidInput, IvrError
from ivr.staff import accounts
from ivr.staff.accounts import LAST_ADMINISTRATOR, Account, AccountState, Role
from ivr.staff.lookup import NoSuchItem
from ivr.staff.rota import NoSuchAdviser
from ivr.store import accounts as store_accounts
from ivr.store import audit, rota, staff_sessions
from ivr.store.audit import By
from ivr.store.cipher import Cipher
from ivr.store.database import Store
from tests.staff.staff_accounts import BY, TOKENS, email_of, invite, person, signed_in
from tests.store.fixtures import ADVISER, MINUTE, NOW

Change = Callable[[AsyncConnection, Cipher, Account], Awaitable[object]]


async def do(store: Store, account: Account, change: Change) -> Account:
    async with store.begin() as db:
        await change(db, store.cipher, account)
        return await accounts.read_one(db, store.cipher, account.id)


async def log(store: Store) -> list[str]:
    async with store.begin() as db:
        return [entry.what for entry in reversed(await audit.read(db, 100))]


def leave(db: AsyncConnection, cipher: Cipher, account: Account) -> Awaitable[Account]:
    return accounts.leave(db, cipher, account, BY)


def demote(db: AsyncConnection, cipher: Cipher, account: Account) -> Awaitable[Account]:
    return accounts.set_role(db, cipher, account, Role.adviser, BY)


@pytest.mark.parametrize(
    ("role", "other", "includes"),
    [
        (Role.adviser, Role.adviser, True),
        (Role.adviser, Role.manager, False),
        (Role.manager, Role.adviser, True),
        (Role.manager, Role.administrator, False),
        (Role.administrator, Role.manager, True),
    ],
)
def test_each_role_may_what_the_one_before_may(role: Role, other: Role, includes: bool) -> None:
    assert role.includes(other) is includes


async def test_somebody_is_invited_and_found_by_name_or_address_in_any_case(store: Store) -> None:
    account = await invite(store, "Jo Marsh", Role.manager)
    assert (account.state, account.role, account.has_second_factor) == (AccountState.invited, Role.manager, False)
    async with store.begin() as db:
        for text in ("jo marsh", "JO.MARSH@helpline.example", " Jo Marsh "):
            assert await accounts.find(db, store.cipher, text) == account
        assert await store_accounts.read(db, store.cipher) == [account]
        with pytest.raises(NoSuchItem, match="“Lee” has no account; those who have one: Jo Marsh"):
            await accounts.find(db, store.cipher, "Lee")
    assert await log(store) == ["account Jo Marsh: invited as manager"]


async def test_an_address_is_in_no_representation_and_no_error(store: Store) -> None:
    account = await invite(store, "Jo")
    assert email_of("Jo") not in repr(account)
    with pytest.raises(AccountRefused) as refused:
        await invite(store, "jo")
    assert email_of("Jo") not in str(refused.value)


@pytest.mark.parametrize(("name", "email"), [("JO", "other@x.example"), ("Other", "JO@helpline.example")])
async def test_two_accounts_have_neither_the_same_name_nor_the_same_address(
    store: Store, name: str, email: str
) -> None:
    await invite(store, "Jo")
    async with store.begin() as db:
        with pytest.raises(AccountRefused, match=r"already: Jo, invited\.$"):
            await accounts.invite(db, store.cipher, name, email, Role.adviser, BY)


@pytest.mark.parametrize(
    ("name", "email"),
    [
        *(("", "jo@x.example"), ("jo@x.example", "jo@x.example"), ("J\x07o", "jo@x.example")),
        *(("x" * 81, "jo@x.example"), ("root (shell)", "jo@x.example")),
        *(("Jo", "jo"), ("Jo", "jo@x"), ("Jo", "jo@x.example,lee@x.example"), ("Jo", "jo@x.example\nBcc: a@b.example")),
        *(("Jo", "<jo@x.example>"), ("Jo", "jö@x.example"), ("Jo", "jo @x.example"), ("Jo", "j" * 250 + "@x.example")),
    ],
)
async def test_what_is_no_name_or_no_address_is_refused(store: Store, name: str, email: str) -> None:
    async with store.begin() as db:
        with pytest.raises(InvalidInput):
            await accounts.invite(db, store.cipher, name, email, Role.adviser, BY)


async def test_somebody_who_leaves_is_signed_out_at_once_and_may_come_back(store: Store) -> None:
    await person(store, "Ada", Role.administrator)
    jo = await person(store, "Jo")
    token = await signed_in(store, jo, NOW + MINUTE)
    gone = await do(store, jo.account, leave)
    assert (gone.state, gone.has_second_factor) == (AccountState.left, False)
    async with store.begin() as db:
        assert await staff_sessions.find(db, store.cipher, token, NOW + MINUTE) is None
        with pytest.raises(AccountRefused, match="Jo has left"):
            await accounts.link(db, store.cipher, TOKENS, gone, BY)
        back = await accounts.rejoin(db, store.cipher, gone, BY)
        assert back.state is AccountState.invited
        with pytest.raises(AccountRefused, match="Jo has not left"):
            await accounts.rejoin(db, store.cipher, back, BY)
    assert (await log(store))[-2:] == ["account Jo: has left", "account Jo: invited again as adviser"]


@pytest.mark.parametrize("change", [leave, demote])
async def test_the_last_administrator_who_can_sign_in_stays_one(store: Store, change: Change) -> None:
    ada = await person(store, "Ada", Role.administrator)
    await invite(store, "Eve", Role.administrator)  # who has not followed her link
    with pytest.raises(AccountRefused, match=LAST_ADMINISTRATOR):
        await do(store, ada.account, change)
    bea = await person(store, "Bea", Role.administrator)
    await do(store, ada.account, change)
    with pytest.raises(AccountRefused, match=LAST_ADMINISTRATOR):
        await do(store, bea.account, change)


async def test_two_administrators_who_demote_each_other_at_once_leave_one(store: Store) -> None:
    ada, bea = await person(store, "Ada", Role.administrator), await person(store, "Bea", Role.administrator)
    results = await asyncio.gather(*(do(store, one.account, demote) for one in (ada, bea)), return_exceptions=True)
    assert sorted(isinstance(result, AccountRefused) for result in results) == [False, True]


async def test_a_reset_ends_sessions_and_forgets_what_is_to_be_set_anew(store: Store) -> None:
    jo = await person(store, "Jo")
    for minute, second_factor in ((1, False), (2, True)):
        await signed_in(store, jo, NOW + minute * MINUTE) if minute == 1 else None
        async with store.begin() as db:
            account = await accounts.reset(db, store.cipher, jo.account, BY, second_factor=second_factor)
            assert account.has_second_factor is not second_factor
            assert await staff_sessions.of(db, account, NOW) == []
            found = await store_accounts.credentials(db, store.cipher, account.id)
            assert found and not found.is_set


async def test_an_account_is_linked_to_somebody_on_the_rota(store: Store) -> None:
    account = await invite(store, "Jo")
    async with store.begin() as db:
        await rota.add(db, store.cipher, "Jo Marsh", ADVISER, BY)
        linked = await accounts.set_adviser(db, store.cipher, account, "jo marsh", BY)
        [adviser] = await rota.read(db, store.cipher)
        assert linked.adviser == adviser.id
        with pytest.raises(NoSuchAdviser):
            await accounts.set_adviser(db, store.cipher, account, "Lee", BY)
    async with store.begin() as db:
        await rota.remove(db, "Jo Marsh", BY)
        assert (await accounts.read_one(db, store.cipher, account.id)).adviser is None


async def test_a_name_is_changed_but_not_to_that_of_another(store: Store) -> None:
    jo, _ = await invite(store, "Jo"), await invite(store, "Lee")
    async with store.begin() as db:
        assert (await accounts.rename(db, store.cipher, jo, " Jo  Marsh ", BY)).name == "Jo Marsh"
        with pytest.raises(AccountRefused, match="already: Lee"):
            await accounts.rename(db, store.cipher, jo, "lee", BY)
    assert (await log(store))[-1] == "account Jo: is Jo Marsh now"


async def test_the_log_knows_who_of_those_with_an_account_was_at_a_shell(store: Store) -> None:
    async def known_as(name: str) -> By:
        async with store.begin() as db:
            return await accounts.known_as(db, store.cipher, By(name, NOW))

    assert await known_as("root") == By("root", NOW)
    jo = await person(store, "Jo")
    await invite(store, "Lee")
    assert await known_as("jo") == await known_as("JO@helpline.example") == By("Jo", NOW, jo.account.id)
    assert await known_as("root") == By("root (shell)", NOW)
    assert await known_as("Lee") == By("Lee (shell)", NOW), "an account that nobody has accepted"


async def test_an_account_that_is_not_there_is_told_so(store: Store) -> None:
    async with store.begin() as db:
        with pytest.raises(IvrError, match="There is no such account"):
            await accounts.read_one(db, store.cipher, "0f8fad5b-d9cb-469f-a165-70867728950e")
