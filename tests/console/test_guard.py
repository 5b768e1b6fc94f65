"""Who may see and send what, for every route there is: a walk over the route table."""

import pytest

from ivr.console.page import Page
from ivr.console.pages import PAGES
from ivr.console.security_headers import HEADERS
from ivr.staff.accounts import Role
from tests.console.staff_pages import OURS, StaffPages

NOBODY_S = "00000000-0000-4000-8000-000000000000"
"""An id that nothing has."""
PRIVATE = [page for page in PAGES if page.least is not None]


def named(page: Page) -> str:
    return f"{page.method} {page.path}"


def path_of(page: Page) -> str:
    return page.path.replace("{id}", NOBODY_S)


async def ask(pages: StaffPages, page: Page, who: Role | None, **headers: str) -> tuple[int, str]:
    if page.method == "GET":
        answer = await pages.get(path_of(page), who, **headers)
    else:
        answer = await pages.post(path_of(page), {}, who, **headers)
    return answer.status_code, answer.headers.get("location", "")


@pytest.mark.parametrize("page", PRIVATE, ids=named)
async def test_nobody_sees_or_sends_anything_without_signing_in(pages: StaffPages, page: Page) -> None:
    status, where = await ask(pages, page, None)
    if page.method == "GET" and not page.is_live:
        assert (status, where.partition("?")[0]) == (303, "/console/sign-in")
    else:
        assert status == 401


@pytest.mark.parametrize("page", PRIVATE, ids=named)
async def test_everybody_may_what_their_role_may_and_no_more(pages: StaffPages, page: Page) -> None:
    assert page.least is not None
    for role in Role:
        status, _ = await ask(pages, page, role)
        assert (status == 403) is not role.includes(page.least), role
        assert status != 401 and status < 500, role


@pytest.mark.parametrize("page", [page for page in PAGES if page.method == "POST"], ids=named)
async def test_what_another_site_sends_is_refused(pages: StaffPages, page: Page) -> None:
    for site in ("cross-site", "same-site", "none"):
        status, _ = await ask(pages, page, page.least, **{"Sec-Fetch-Site": site})
        assert status == 403, site


async def test_every_answer_has_the_headers_that_keep_it_safe(pages: StaffPages) -> None:
    for page in PAGES:
        for who in (None, page.least):
            sends = pages.get if page.method == "GET" else pages.post
            answer = await sends(path_of(page), who=who)
            assert answer.headers.items() >= {name.lower(): value for name, value in HEADERS.items()}.items(), page


async def test_a_browser_that_tells_no_origin_changes_nothing(pages: StaffPages) -> None:
    for page in PAGES:
        if page.method == "POST":
            answer = await pages.post(path_of(page), {}, page.least, **dict.fromkeys(OURS, ""))
            assert answer.status_code == 403, named(page)


async def test_a_path_that_is_none_is_told_so_without_a_redirect(pages: StaffPages) -> None:
    for path in ("/console/nothing", "/console//", "/console/today/live/"):
        assert (await pages.get(path)).status_code == 404


async def test_another_method_is_refused(pages: StaffPages) -> None:
    assert (await pages.post("/console")).status_code == 405


async def test_a_sign_that_no_database_keeps_is_refused_before_it_is_asked(pages: StaffPages) -> None:
    for path in ("/console/people/%00", "/console/audit?search=%00", "/console/people/a%00b"):
        assert (await pages.get(path, Role.administrator)).status_code == 404
    for form in ({"name": "a\0b"}, {"email": "\0", "name": "Jo"}):
        assert (await pages.post("/console/people", form, Role.administrator)).status_code == 413


async def test_what_was_written_is_given_back_to_whoever_was_signed_out_and_a_password_is_not(
    pages: StaffPages,
) -> None:
    long = "words that somebody wrote at such length that they want them"
    answer = await pages.post("/console/me/password", {"note": long, "old": f"old {long}", "new": f"new {long}"}, None)
    assert answer.status_code == 401
    assert answer.text.count(long) == 1 and f"old {long}" not in answer.text
