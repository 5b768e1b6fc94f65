"""Passkeys over HTTP, with a device in software: made, used, removed; and whatever is not one of ours is refused."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from ivr.console.post import Post
from ivr.console.services import Services
from ivr.errors import InvalidToken
from ivr.staff import account_links
from ivr.staff import accounts as staff
from ivr.staff.accounts import Account
from ivr.store import accounts, audit, passkeys
from ivr.store.audit import By
from ivr.tokens import SignInTokens
from tests.console.page_text import text_of
from tests.console.passkey_device import PRESENT, Device, encoded
from tests.console.staff_browser import StaffBrowser, browser
from tests.console.staff_pages import StaffPages
from tests.console.test_sign_in import Mailbox, joined
from tests.staff.staff_accounts import ELSEWHERE, PASSWORD, SEALED, Person, email_of, invite, link_of, source
from tests.store.fixtures import HOUR, MINUTE, NOW, SECOND

SIGN_IN, MINE = "/console/sign-in/passkey", "/console/me/passkeys"


def services(pages: StaffPages) -> Services:
    return replace(pages.services, origin="https://helpline.example")


async def asked(of: StaffBrowser, path: str) -> dict[str, Any]:
    answer = await of.client.get(f"{path}/options")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def made(pages: StaffPages, who: StaffBrowser, device: Device, name: str = "My telephone") -> None:
    done = await who.send(MINE, name=name, passkey=device.make(await asked(who, MINE)))
    assert done.headers.get("location") == "/console/me?news=passkey_added", text_of(who.page)


@asynccontextmanager
async def jo_with_a_passkey(pages: StaffPages) -> AsyncIterator[tuple[StaffBrowser, Device]]:
    """Yield the browser of somebody who has made a passkey and is signed out, and the device that has it."""
    who, device = await joined(pages), Device()
    async with browser(services(pages)) as jo:
        await jo.sign_in(who, pages.clock())
        await made(pages, jo, device)
        await jo.send("/console/sign-out")
        yield jo, device


async def log(pages: StaffPages) -> list[str]:
    async with pages.store.read() as db:
        return [entry.what for entry in reversed(await audit.read(db, 100))]


async def account_of(pages: StaffPages, name: str) -> Account:
    async with pages.store.read() as db:
        return await staff.find(db, pages.store.cipher, name)


async def test_a_passkey_is_made_signs_in_alone_and_leads_to_where_somebody_wanted_to_go(pages: StaffPages) -> None:
    async with jo_with_a_passkey(pages) as (jo, device):
        inside = await jo.send(SIGN_IN, next="/console/talks", passkey=device.use(await asked(jo, SIGN_IN)))
        assert (inside.status_code, inside.headers["location"]) == (303, "/console/talks")
        await jo.look("/console/me")
        shown = text_of(jo.page)
        assert "My telephone made" in shown and "not used yet" not in shown
        assert "password and app for codes, 1 passkey" in shown
    said = await log(pages)
    assert "account Jo Marsh: passkey “My telephone” added" in said
    assert said[-1] == "signed in with the passkey “My telephone”"


async def test_whoever_has_a_new_way_in_is_told_by_e_mail_as_it_may_have_been_somebody_else(pages: StaffPages) -> None:
    who, mailbox = await joined(pages), Mailbox()
    post = Post(mailbox)
    async with browser(replace(services(pages), post=post)) as jo:
        await jo.sign_in(who, pages.clock())
        await made(pages, jo, Device())
        await jo.look("/console/me/app")
        new = Person(who.account, jo.key())
        code = new.code(pages.clock())
        await jo.send("/console/me/app", token=jo.hidden("token"), password=PASSWORD, code=code)
        await jo.send("/console/me/password", old=PASSWORD, new="other words of mine")
        await post.sent()
    assert {to for to, _, _ in mailbox.letters} == {email_of("Jo Marsh")}
    told = sorted(text.split("\n")[2] for _, _, text in mailbox.letters)
    assert [line.partition(" ")[0] for line in told] == ["A", "Another", "The"]
    assert all("If that was not you, tell an administrator" in text for _, _, text in mailbox.letters)


async def test_a_browser_is_asked_for_a_passkey_of_this_host_that_knows_its_owner(pages: StaffPages) -> None:
    async with jo_with_a_passkey(pages) as (jo, device):
        options = await asked(jo, SIGN_IN)
        assert (options["rpId"], options["userVerification"], options["allowCredentials"]) == (
            *("helpline.example", "required"),
            [],
        )
        await jo.send(SIGN_IN, passkey=device.use(options))
        options = await asked(jo, MINE)
        assert options["authenticatorSelection"]["residentKey"] == "required"
        assert options["authenticatorSelection"]["userVerification"] == "required"
        assert [one["id"] for one in options["excludeCredentials"]] == list(device.keys)
        assert options["attestation"] == "none"


WRONG: dict[str, dict[str, Any]] = {
    "another origin": {"origin": "https://evil.example"},
    "another host": {"rp_id": "evil.example"},
    "nobody verified": {"flags": PRESENT},
    "nobody present": {"flags": 0},
    "a challenge of our own": {"challenge": "AAAAAAAAAAAAAAAAAAAAAA"},
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
async def test_a_passkey_that_is_used_wrongly_signs_nobody_in(pages: StaffPages, wrong: dict[str, Any]) -> None:
    async with jo_with_a_passkey(pages) as (jo, device):
        used = replace(device, **wrong).use(await asked(jo, SIGN_IN))
        answer = await jo.send(SIGN_IN, passkey=used)
        assert answer.status_code == 422 and "set-cookie" not in answer.headers
        assert "could not be verified" in jo.page or "took longer" in jo.page
        assert (await jo.look("/console/me")).status_code == 303


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
async def test_a_passkey_that_is_made_wrongly_is_not_kept(pages: StaffPages, wrong: dict[str, Any]) -> None:
    who = await joined(pages)
    async with browser(services(pages)) as jo:
        await jo.sign_in(who, pages.clock())
        answer = await jo.send(MINE, name="Laptop", passkey=Device(**wrong).make(await asked(jo, MINE)))
        assert answer.status_code == 422 and 'value="Laptop"' in jo.page
    assert (await account_of(pages, "Jo Marsh")).passkeys == 0


async def test_a_signature_that_was_changed_is_refused(pages: StaffPages) -> None:
    async with jo_with_a_passkey(pages) as (jo, device):
        other = Device()
        other.make({"user": {"id": "x"}, "rp": {"id": "helpline.example"}, "challenge": "x"})
        id, user = next(iter(device.keys)), next(iter(device.keys.values()))[1]
        forged = replace(device, keys={id: (next(iter(other.keys.values()))[0], user)})
        assert (await jo.send(SIGN_IN, passkey=forged.use(await asked(jo, SIGN_IN)))).status_code == 422


async def test_a_challenge_is_good_once_for_five_minutes_and_for_one_purpose(pages: StaffPages) -> None:
    async with jo_with_a_passkey(pages) as (jo, device):
        used = device.use(await asked(jo, SIGN_IN))
        assert (await jo.send(SIGN_IN, passkey=used)).status_code == 303
        again = await jo.send(SIGN_IN, passkey=used)
        assert again.status_code == 422 and "Please begin again" in jo.page
        late = await asked(jo, SIGN_IN)
        pages.clock.now += 5 * MINUTE + SECOND
        assert (await jo.send(SIGN_IN, passkey=device.use(late))).status_code == 422
        to_make = await asked(jo, MINE)
        device.challenge = to_make["challenge"]
        assert (await jo.send(SIGN_IN, passkey=device.use(await asked(jo, SIGN_IN)))).status_code == 422


async def test_of_many_who_bring_back_the_same_at_once_one_is_signed_in(pages: StaffPages) -> None:
    async with jo_with_a_passkey(pages) as (jo, device):
        used = device.use(await asked(jo, SIGN_IN))
        answers = await asyncio.gather(*(jo.client.post(SIGN_IN, data={"passkey": used}) for _ in range(4)))
        assert sorted(answer.status_code for answer in answers) == [303, 422, 422, 422]


async def test_two_who_remove_the_last_two_at_once_leave_one(pages: StaffPages) -> None:
    account, device = await invite(pages.store, "Jo Marsh"), Device()
    token = await link_of(pages.store, account, pages.clock(), pages.services.sign_in.tokens)
    path = f"/console/invitation/{token}/passkey"
    async with browser(services(pages)) as jo:
        await jo.send(path, name="Laptop", passkey=device.make(await asked(jo, path)))
        await made(pages, jo, device, "Key")
        answers = await asyncio.gather(*(jo.client.post(f"{MINE}/{id}/remove") for id in device.keys))
        assert sorted(answer.status_code for answer in answers) == [303, 422]
    assert (await account_of(pages, "Jo Marsh")).passkeys == 1


async def test_a_passkey_of_another_account_signs_in_as_nobody_else(pages: StaffPages) -> None:
    async with jo_with_a_passkey(pages) as (jo, device):
        ann = await account_of(pages, "Ann")
        options = await asked(jo, SIGN_IN)
        answer = await jo.send(SIGN_IN, passkey=device.use(options, userHandle=encoded(ann.id.encode())))
        assert answer.status_code == 422 and "signs nobody in here" in jo.page
        nobody_s = device.use(await asked(jo, SIGN_IN), userHandle=None)
        assert (await jo.send(SIGN_IN, passkey=nobody_s)).status_code == 422


async def test_a_challenge_to_make_a_passkey_is_of_one_account(pages: StaffPages) -> None:
    who, other = await joined(pages), await joined(pages, "Lee")
    async with browser(services(pages)) as jo, browser(services(pages)) as lee:
        await jo.sign_in(who, pages.clock())
        await lee.sign_in(other, pages.clock())
        hers = await asked(jo, MINE)
        assert (await lee.send(MINE, name="Mine", passkey=Device().make(hers))).status_code == 422


async def test_a_count_that_goes_back_is_refused_and_written_down(pages: StaffPages) -> None:
    async with jo_with_a_passkey(pages) as (jo, device):
        for count, status in ((5, 303), (6, 303), (6, 422), (3, 422), (0, 422), (7, 303)):
            device.count = count
            answer = await jo.send(SIGN_IN, passkey=device.use(await asked(jo, SIGN_IN)))
            assert answer.status_code == status, count
            if status == 422:
                assert "there may be a copy of it" in jo.page
        assert sum("went back" in what for what in await log(pages)) == 3


async def test_whoever_has_left_is_kept_out_and_their_passkeys_are_gone(pages: StaffPages) -> None:
    async with jo_with_a_passkey(pages) as (jo, device):
        account = await account_of(pages, "Jo Marsh")
        async with pages.store.begin() as db:
            gone = await staff.leave(db, pages.store.cipher, account, By("Sam", pages.clock()))
            assert gone.passkeys == 0
        answer = await jo.send(SIGN_IN, passkey=device.use(await asked(jo, SIGN_IN)))
        assert answer.status_code == 422 and "signs nobody in here" in jo.page


async def test_a_passkey_of_a_leaver_that_a_restored_backup_brings_back_signs_nobody_in(pages: StaffPages) -> None:
    async with jo_with_a_passkey(pages) as (jo, device):
        account = await account_of(pages, "Jo Marsh")
        async with pages.store.begin() as db:
            await accounts.keep_out(db, [account.id], pages.clock())
            assert await passkeys.of(db, account.id) == []
        assert (await jo.send(SIGN_IN, passkey=device.use(await asked(jo, SIGN_IN)))).status_code == 422


async def test_tries_are_counted_from_one_address_and_keep_nobody_out_elsewhere(pages: StaffPages) -> None:
    async with jo_with_a_passkey(pages) as (jo, device):
        async with browser(services(pages), ELSEWHERE) as stranger:
            wrong = replace(device, origin="https://evil.example")
            for _ in range(11):
                answer = await stranger.send(SIGN_IN, passkey=wrong.use(await asked(stranger, SIGN_IN)))
            assert answer.status_code == 429 and "wait five minutes" in stranger.page
        assert (await jo.send(SIGN_IN, passkey=device.use(await asked(jo, SIGN_IN)))).status_code == 303


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "[]",
        "null",
        "{}",
        '{"id": 1}',
        '{"id": "x", "response": {}}',
        '{"id": "x", "response": "y"}',
        "[" * 9000,
    ],
)
async def test_what_is_no_passkey_is_told_so(pages: StaffPages, text: str) -> None:
    async with browser(services(pages)) as jo:
        answer = await jo.send(SIGN_IN, passkey=text)
        assert answer.status_code == 422 and "is no passkey" in jo.page


async def test_an_invitation_makes_a_passkey_instead_of_password_and_app(pages: StaffPages) -> None:
    account, device = await invite(pages.store, "Jo Marsh"), Device()
    token = await link_of(pages.store, account, pages.clock(), pages.services.sign_in.tokens)
    path = f"/console/invitation/{token}"
    async with browser(services(pages)) as jo:
        await jo.look(path)
        assert "The quick way: a passkey" in jo.page
        nameless = await jo.send(f"{path}/passkey", name="", passkey=device.make(await asked(jo, f"{path}/passkey")))
        assert nameless.status_code == 422 and "Give it a name" in jo.page
        done = await jo.send(f"{path}/passkey", name="Laptop", passkey=device.make(await asked(jo, f"{path}/passkey")))
        assert (done.status_code, done.headers["location"]) == (303, "/console?news=welcome_passkey")
        assert (await jo.look(path)).status_code == 410, "the link works once"
        over = await jo.send(f"{path}/passkey", name="Again", passkey="x")
        assert over.status_code == 410
        await jo.look("/console/me")
        assert "Change your password" not in jo.page and "1 passkey" in jo.page
        await jo.send("/console/sign-out")
        assert (await jo.send(SIGN_IN, passkey=device.use(await asked(jo, SIGN_IN)))).status_code == 303
    joined_now = await account_of(pages, "Jo Marsh")
    assert joined_now.is_active and joined_now.has_second_factor and not joined_now.has_password
    assert "account Jo Marsh: passkey “Laptop” made by a link" in await log(pages)


async def test_a_link_to_set_the_password_alone_makes_no_passkey_and_so_goes_around_no_second_factor(
    pages: StaffPages,
) -> None:
    who = await joined(pages)
    token = await link_of(pages.store, who.account, pages.clock(), pages.services.sign_in.tokens)
    path = f"/console/reset/{token}"
    async with browser(services(pages)) as jo:
        await jo.look(path)
        assert "The quick way" not in jo.page
        made = Device().make(await asked(jo, f"{path}/passkey"))
        assert (await jo.send(f"{path}/passkey", name="Laptop", passkey=made)).status_code == 410


async def test_nobody_with_a_passkey_alone_is_sent_a_link_or_can_use_one_that_leaves_it(pages: StaffPages) -> None:
    account, device = await invite(pages.store, "Jo Marsh"), Device()
    token = await link_of(pages.store, account, pages.clock(), pages.services.sign_in.tokens)
    by = pages.services.sign_in
    async with browser(services(pages)) as jo:
        path = f"/console/invitation/{token}/passkey"
        await jo.send(path, name="Laptop", passkey=device.make(await asked(jo, path)))
        assert await account_links.ask_for_link(by, email_of("Jo Marsh"), source(pages.clock())) is None
        now = await account_of(pages, "Jo Marsh")
        later = await link_of(pages.store, now, pages.clock(), by.tokens)
        assert (await jo.look(f"/console/reset/{later}")).status_code == 410


async def test_an_administrator_s_reset_forgets_passkeys_too(pages: StaffPages) -> None:
    async with jo_with_a_passkey(pages) as (jo, device):
        account = await account_of(pages, "Jo Marsh")
        async with pages.store.begin() as db:
            by = By("Sam", pages.clock())
            await staff.reset(db, pages.store.cipher, account, by, second_factor=False)
            assert len(await passkeys.of(db, account.id)) == 1, "the password alone"
            await staff.reset(db, pages.store.cipher, account, by, second_factor=True)
            assert await passkeys.of(db, account.id) == []
        assert (await jo.send(SIGN_IN, passkey=device.use(await asked(jo, SIGN_IN)))).status_code == 422


async def test_the_last_way_to_sign_in_is_not_removed_and_others_are(pages: StaffPages) -> None:
    account, device = await invite(pages.store, "Jo Marsh"), Device()
    token = await link_of(pages.store, account, pages.clock(), pages.services.sign_in.tokens)
    path = f"/console/invitation/{token}/passkey"
    async with browser(services(pages)) as jo:
        await jo.send(path, name="Laptop", passkey=device.make(await asked(jo, path)))
        [first] = device.keys
        kept = await jo.send(f"{MINE}/{first}/remove")
        assert kept.status_code == 422 and "last way in which Jo Marsh can sign in" in jo.page
        twice = await jo.send(MINE, name="LAPTOP", passkey=device.make(await asked(jo, MINE)))
        assert twice.status_code == 422 and "give this one another name" in jo.page
        await made(pages, jo, device, "Key")
        gone = await jo.send(f"{MINE}/{first}/remove")
        assert gone.headers["location"] == "/console/me?news=passkey_removed"
        assert (await jo.send(f"{MINE}/{first}/remove")).status_code == 404
        await jo.send("/console/sign-out")
        assert (await jo.send(SIGN_IN, passkey=device.use(await asked(jo, SIGN_IN), first))).status_code == 422


async def test_nobody_removes_a_passkey_of_somebody_else(pages: StaffPages) -> None:
    other = await joined(pages, "Lee")
    async with jo_with_a_passkey(pages) as (_, device), browser(services(pages)) as lee:
        await lee.sign_in(other, pages.clock())
        assert (await lee.send(f"{MINE}/{next(iter(device.keys))}/remove")).status_code == 404


async def test_a_browser_that_somebody_left_open_adds_no_passkey(pages: StaffPages) -> None:
    who, device = await joined(pages), Device()
    async with browser(services(pages)) as jo:
        await jo.sign_in(who, pages.clock())
        pages.clock.now += 16 * MINUTE
        answer = await jo.send(MINE, name="Laptop", passkey=device.make(await asked(jo, MINE)))
        assert answer.status_code == 422 and "sign in again before you add a passkey" in jo.page
        assert "Add a passkey" not in jo.page
        out = await jo.send("/console/sign-out", next="/console/me")
        assert out.headers["location"] == "/console/sign-in?next=/console/me"


async def test_in_development_the_pages_are_where_a_browser_finds_them(pages: StaffPages) -> None:
    async with browser(replace(pages.services, dev=True)) as jo:
        assert (await asked(jo, SIGN_IN))["rpId"] == "helpline.example"


def test_a_challenge_is_opened_for_its_purpose_by_whoever_sealed_it() -> None:
    token = SEALED.close(b"random", "one", NOW + HOUR)
    assert SEALED.open(token, "one", NOW) == b"random"
    for tokens, purpose, at in (
        (SEALED, "two", NOW),
        (SEALED, "one", NOW + 2 * HOUR),
        (SignInTokens([b"k" * 32]), "one", NOW),
    ):
        with pytest.raises(InvalidToken):
            tokens.open(token, purpose, at)
