"""Administrators invite, change and end accounts; managers read the audit log."""

from dataclasses import replace

import pytest

from ivr.console.post import Post
from ivr.staff.accounts import Role
from ivr.store import audit, rota
from ivr.store.audit import By
from ivr.store.tables import audit_log
from tests.console.page_text import text_of
from tests.console.staff_browser import browser
from tests.console.staff_pages import StaffPages, token_of
from tests.console.test_sign_in import Mailbox
from tests.staff.staff_accounts import PASSWORD, Person, person
from tests.store.fixtures import ADVISER, MINUTE, NOW

ADMINISTRATOR, MANAGER = Role.administrator, Role.manager
JO = {"name": "Jo Marsh", "email": "jo@helpline.example", "role": "manager"}


async def test_an_administrator_invites_somebody_by_a_link_that_is_shown(pages: StaffPages) -> None:
    answer = await pages.post("/console/people", JO, ADMINISTRATOR)
    assert answer.status_code == 200 and "Give them this link" in answer.text
    async with browser(pages.services) as jo:
        jo.page = answer.text
        path = jo.link()
        await jo.look(path)
        code = Person(None, jo.key()).code(pages.clock())  # type: ignore[arg-type]
        assert (await jo.send(path, password=PASSWORD, code=code)).status_code == 303
        assert (await jo.look("/console/audit")).status_code == 200, "a manager"
    people = text_of((await pages.get("/console/people", ADMINISTRATOR)).text)
    assert "Jo Marsh Manager active" in people
    async with pages.store.read() as db:
        [*_, invited] = await audit.read(db, 9)
    assert (invited.who, invited.what, invited.account) == ("Ada", "account Jo Marsh: invited as manager", "Ada")


@pytest.mark.parametrize("fails", [False, True])
async def test_with_a_mail_server_the_link_is_sent_and_shown_only_where_that_failed(
    pages: StaffPages, fails: bool
) -> None:
    mailbox = Mailbox(fails=fails)
    services = replace(pages.services, post=Post(mailbox), origin="https://helpline.example")
    async with browser(services) as ada:
        ada.client.cookies.set("__Host-ivr", token_of(ADMINISTRATOR))
        await ada.send("/console/people", **JO)
        assert ("/console/invitation/" in ada.page) is fails
        if fails:
            assert "could not be sent" in ada.page
        else:
            [(to, subject, text)] = mailbox.letters
            assert (to, subject) == ("jo@helpline.example", "Your account with the helpline")
            assert "https://helpline.example/console/invitation/" in text and "within seven days" in text


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"name": ""}, "Somebody needs a name"),
        ({"email": "jo"}, "Write an e-mail address"),
        ({"role": "boss"}, "Choose what they may"),
        ({"name": "Ann"}, "There is an account of that name"),
    ],
)
async def test_what_is_wrong_is_told_beside_what_was_written(
    pages: StaffPages, form: dict[str, str], says: str
) -> None:
    answer = await pages.post("/console/people", JO | form, ADMINISTRATOR)
    assert answer.status_code == 422 and says in answer.text
    assert f'value="{(JO | form)["name"]}"' in answer.text


async def test_an_account_is_changed(pages: StaffPages) -> None:
    async with pages.store.begin() as db:
        await rota.add(db, pages.store.cipher, "Ann Hill", ADVISER, By("Sam", NOW))
    for path, form in (
        ("name", {"name": "Ann B"}),
        ("role", {"role": "manager"}),
        ("adviser", {"adviser": "Ann Hill"}),
    ):
        answer = await pages.post(f"/console/people/Ann/{path}", form, ADMINISTRATOR)
        assert answer.headers["location"] == "/console/people/Ann?news=person_changed", path
    assert "Ann B Manager active Ann Hill" in text_of((await pages.get("/console/people", ADMINISTRATOR)).text)
    assert "Changed." in (await pages.get("/console/people/Ann?news=person_changed", ADMINISTRATOR)).text


async def test_somebody_who_leaves_is_out_at_the_next_request_and_may_come_back(pages: StaffPages) -> None:
    jo = await person(pages.store, "Jo Marsh", at=pages.clock() - MINUTE)
    hers = f"/console/people/{jo.account.id}"
    async with browser(pages.services) as at_work:
        await at_work.sign_in(jo, pages.clock())
        assert (await at_work.look("/console")).status_code == 200
        await pages.post(f"{hers}/leave", {}, ADMINISTRATOR)
        assert (await at_work.look("/console")).status_code == 303
    assert "Invite them again" in (await pages.get(hers, ADMINISTRATOR)).text
    assert "Give them this link" in (await pages.post(f"{hers}/rejoin", {}, ADMINISTRATOR)).text


async def test_the_last_administrator_is_kept_and_told_why(pages: StaffPages) -> None:
    for path, form in (("leave", {}), ("role", {"role": "adviser"})):
        answer = await pages.post(f"/console/people/Ada/{path}", form, ADMINISTRATOR)
        assert answer.status_code == 422 and "last administrator" in answer.text
    assert (await pages.get("/console/people", ADMINISTRATOR)).status_code == 200


@pytest.mark.parametrize("second_factor", [False, True])
async def test_a_reset_signs_out_and_gives_a_link(pages: StaffPages, second_factor: bool) -> None:
    jo = await person(pages.store, "Jo Marsh", at=pages.clock() - MINUTE)
    form = {"second_factor": "yes"} if second_factor else {}
    answer = await pages.post(f"/console/people/{jo.account.id}/reset", form, ADMINISTRATOR)
    async with browser(pages.services) as hers:
        hers.page = answer.text
        path = hers.link()
        assert path.startswith("/console/reset/")
        await hers.look(path)
        assert ("<svg" in hers.page) is second_factor
        app = Person(jo.account, hers.key()) if second_factor else jo
        done = await hers.send(path, password="other words of mine", code=app.code(pages.clock()))
        assert done.status_code == 303


async def test_somebody_is_signed_out_everywhere(pages: StaffPages) -> None:
    assert "Sign them out everywhere" in (await pages.get("/console/people/Max", ADMINISTRATOR)).text
    await pages.post("/console/people/Max/sessions/end", {}, ADMINISTRATOR)
    assert (await pages.get("/console", MANAGER)).status_code == 303
    assert "Nowhere." in (await pages.get("/console/people/Max", ADMINISTRATOR)).text


async def test_the_audit_log_is_read_searched_and_turned_page_by_page(pages: StaffPages) -> None:
    async with pages.store.begin() as db:
        for n in range(1, 151):
            await audit.write(db, By("Sam" if n % 2 else "Jo", NOW), f"change <b>{n}</b>")
    first = (await pages.get("/console/audit", MANAGER)).text
    assert (
        "change &lt;b&gt;150&lt;/b&gt;" in first
        and "change &lt;b&gt;51&" in first
        and "change &lt;b&gt;50&" not in first
    )
    older = first.partition('href="/console/audit?')[2].partition('"')[0].replace("&amp;", "&")
    second = (await pages.get(f"/console/audit?{older}", MANAGER)).text
    assert "&gt;50&" in second and "Older entries" not in second
    found = (await pages.get("/console/audit?search=jo+150", MANAGER)).text
    assert found.count("<tr>") == 2
    for nothing in ("search=%25", "search=nobody", "before=0"):
        assert "No entry is there." in (await pages.get(f"/console/audit?{nothing}", MANAGER)).text
    assert (await pages.get("/console/audit?before=x&search=%27", MANAGER)).status_code == 200


async def test_the_audit_log_is_verified_on_its_page(pages: StaffPages) -> None:
    async with pages.store.begin() as db:
        for n in range(3):
            await audit.write(db, By("Sam", NOW), f"change {n}")
    whole = await pages.post("/console/audit/verify", {}, MANAGER)
    assert "The log is whole: 3 entries" in whole.text
    assert (await pages.post("/console/audit/verify", {"seal": "x"}, MANAGER)).status_code == 422
    async with pages.store.begin() as db:
        await db.execute(audit_log.update().where(audit_log.c.n == 2).values(what="<script>"))
    broken = (await pages.post("/console/audit/verify", {}, MANAGER)).text
    assert "The log is not whole" in broken and "Entry 2 (" in broken and "<script>" not in broken
