"""In development anybody enters with a click; anywhere else there is no such page."""

from dataclasses import replace

import httpx2
import pytest

from ivr.console.app import build
from ivr.staff.accounts import Role
from tests.console.staff_pages import OURS, URL, StaffPages


@pytest.mark.parametrize("role", Role)
async def test_in_development_one_enters_as_somebody_made_up(pages: StaffPages, role: Role) -> None:
    app = build(replace(pages.services, dev=True))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url=URL, headers=OURS) as client:
        outside = await client.get("/console")
        assert (outside.status_code, outside.headers["location"]) == (303, "/console/enter")
        for _ in range(2):  # the second time the account is there
            await client.post("/console/enter", data={"role": role})
            inside = await client.get("/console")
        assert inside.status_code == 200 and f"{role.capitalize()}</a>" in inside.text


async def test_anywhere_else_there_is_no_such_page(pages: StaffPages) -> None:
    assert (await pages.get("/console/enter", None)).status_code == 404
    answer = await pages.post("/console/enter", {"role": Role.administrator}, None)
    assert answer.status_code == 404 and "set-cookie" not in answer.headers
