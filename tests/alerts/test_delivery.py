"""A message that cannot go one way goes the other; where none goes, it is on record and in the log."""

import logging

import pytest
from sqlalchemy import update

from ivr.alerts.delivery import Delivery
from ivr.mail import SmtpMailer
from ivr.smtp_url import parse_smtp_url
from ivr.store import sms_outbox
from ivr.store.accounts import Channel
from ivr.store.sms_states import SmsState
from ivr.store.tables import sms_outbox as texts
from tests.alerts.conftest import ADA, BOTH, EMAIL, NO_WORKER, TEXT, Staff
from tests.smtp_server import smtp_server
from tests.store.fixtures import DAY, HOUR, MINUTE


async def told(staff: Staff, by: Channel | None = None, mobile: str | None = ADA) -> None:
    """Have Ada told that no worker is at work."""
    await staff.add("Ada", mobile=mobile, by=by)
    staff.problems = [NO_WORKER]
    await staff.look()
    assert len(await staff.look(MINUTE)) == 1


async def state_of(staff: Staff) -> tuple[str, str, int]:
    [message] = await staff.messages()
    return message.channel, message.state, message.channels_tried


async def text_is(staff: Staff, state: SmsState) -> None:
    async with staff.store.begin() as db:
        await db.execute(update(texts).values(state=state, changed=staff.now))


async def texts_waiting(staff: Staff) -> int:
    async with staff.store.begin() as db:
        return (await sms_outbox.counts(db))[SmsState.waiting]


async def test_a_text_that_came_is_on_record(staff: Staff) -> None:
    await told(staff)
    assert await texts_waiting(staff) == 1
    await text_is(staff, SmsState.delivered)
    await staff.deliver()
    assert await state_of(staff) == ("text", "sent", 1)
    assert staff.mailbox.sent == []


async def test_a_text_that_failed_goes_by_email(staff: Staff) -> None:
    await told(staff)
    await text_is(staff, SmsState.failed)
    await staff.deliver()
    await staff.deliver()
    assert await state_of(staff) == ("email", "sent", 2)
    assert [to for to, _, _ in staff.mailbox.sent] == ["ada@helpline.example"]


async def test_a_text_that_waits_goes_by_email_after_ten_minutes(staff: Staff) -> None:
    await told(staff)
    await staff.deliver()
    assert staff.mailbox.sent == []
    staff.now += 10 * MINUTE
    for _ in range(3):
        await staff.deliver()
    assert len(staff.mailbox.sent) == 1


async def test_a_text_that_the_provider_took_is_believed_after_an_hour(staff: Staff) -> None:
    await told(staff)
    await text_is(staff, SmsState.sent)
    await staff.deliver()
    assert (await state_of(staff))[1] == "waiting"
    staff.now += HOUR
    await staff.deliver()
    assert await state_of(staff) == ("text", "sent", 1)


async def test_an_email_that_is_refused_goes_by_text(staff: Staff) -> None:
    await told(staff, Channel.email)
    staff.mailbox.refuses = True
    await staff.deliver()
    assert await state_of(staff) == ("text", "waiting", 2)
    assert await texts_waiting(staff) == 1


async def test_an_email_without_another_way_is_tried_for_a_day(staff: Staff, caplog: pytest.LogCaptureFixture) -> None:
    staff.ways, staff.mailbox.refuses = EMAIL, True
    await told(staff)
    await staff.deliver()
    staff.mailbox.refuses = False
    await staff.deliver()
    assert staff.mailbox.sent == []
    staff.now += 15 * MINUTE
    await staff.deliver()
    assert len(staff.mailbox.sent) == 1
    assert "alert not delivered yet: " in caplog.text


async def test_what_goes_no_way_is_in_the_log_and_on_record(staff: Staff, caplog: pytest.LogCaptureFixture) -> None:
    staff.ways = EMAIL
    await told(staff)
    staff.now += DAY
    with caplog.at_level(logging.ERROR, "ivr"):
        await staff.deliver()
    assert await state_of(staff) == ("email", "failed", 1)
    *_, line = caplog.messages
    assert line.startswith("alert not delivered: ") and "helpline.example" not in line
    assert staff.mailbox.sent == []


async def test_without_a_mail_server_a_failed_text_is_given_up(staff: Staff) -> None:
    staff.ways = TEXT
    await told(staff)
    await text_is(staff, SmsState.failed)
    await Delivery(staff.store, None, staff.ways, staff.clock).deliver()
    assert await state_of(staff) == ("text", "failed", 1)


async def test_a_real_mail_server_takes_it(staff: Staff) -> None:
    staff.ways = BOTH
    await told(staff, Channel.email)
    async with smtp_server() as server:
        mailer = SmtpMailer(parse_smtp_url(f"smtp://127.0.0.1:{server.port}?from=helpline@mail.example"))
        await staff.deliver(mailer)
        [(to, message)] = server.messages
    assert to == ("ada@helpline.example",)
    assert message["Subject"] == "Helpline alert: no worker is at work"
    assert "start `ivr worker`" in message.get_content()
