"""Whatever callers or staff have written anywhere is shown as words, on every page, and never as markup."""

import pytest

from ivr.staff.accounts import Role
from tests.console.crawl import crawl
from tests.console.marked_fields import mark_everything
from tests.console.staff_pages import StaffPages

SHOWN = {
    *(
        "accounts-name",
        "advisers-name",
        "audit_log-who",
        "audit_log-what",
        "passkeys-name",
        "staff_sessions-device",
        "sms_outbox-reason",
    ),
    *("callbacks-topic", "callbacks-by", "callback_attempts-how", "callback_attempts-who", "notes-body", "notes-who"),
    *("opening_hours-confirmed_by", "one_off_holidays-name"),
    *("data_complaints-body", "data_complaints-name", "data_complaints-contact", "data_complaints-answer"),
    *("data_complaints-taken_by", "data_complaints-closed_by"),
    *("voicemails-topic", "voicemails-by", "hunts-topic", "sms_inbox-body", "sms_inbox-done_by"),
}
"""Those fields that are surely on some page: otherwise the pages themselves were not found."""


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
async def test_no_field_is_ever_markup(pages: StaffPages) -> None:
    await mark_everything(pages)
    shown, visited = set[str](), 0
    async for path, answer in crawl(pages, Role.administrator):
        visited += 1
        assert answer.status_code == 200, path
        assert "<b id=" not in answer.text, path
        shown |= {piece.partition("&gt;")[0] for piece in answer.text.split("&lt;b id=")[1:]}
    assert visited > 50
    assert shown >= SHOWN
