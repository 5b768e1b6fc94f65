"""When no worker is at work the web processes tell it: once, however many they are, and by another way if one fails."""

import asyncio

import httpx2
import pytest

from ivr.alert_wiring import build_stand_in
from ivr.alerts.stand_in import EVERY, MISSED_FOR, Send, StandIn
from ivr.helpline.alert_lines import AlertLine, text_of
from ivr.mail import MailFailed
from ivr.simulator.twilio_api.account import SENDER, TwilioAccount
from ivr.simulator.twilio_api.identifiers import ACCOUNT_SID
from ivr.simulator.twilio_api.routes import rest_api
from ivr.store import alerts, heartbeat
from ivr.store.accounts import Account, Channel
from tests.alerts.conftest import ADA, Staff
from tests.store.fixtures import DAY, HOUR, MINUTE
from tests.web.webhooks import SETTINGS, TOKEN


class Sent:
    """Records what was sent, by channel; some of them fail."""

    def __init__(self, *fails: Channel) -> None:
        self.sent: list[tuple[str, Channel, str]] = []
        self._fails = fails

    def ways(self) -> dict[Channel, Send]:
        return {Channel.text: self._by(Channel.text), Channel.email: self._by(Channel.email)}

    def _by(self, channel: Channel) -> Send:
        async def send(account: Account, lines: tuple[AlertLine, ...]) -> None:
            if channel in self._fails:
                raise MailFailed("it was not sent")
            self.sent.append((account.name, channel, text_of(lines)))

        return send


def web(staff: Staff, sent: Sent) -> StandIn:
    return StandIn(staff.store, sent.ways(), staff.clock, monotonic=lambda: staff.now.timestamp())


async def looks(staff: Staff, seconds: float, *webs: StandIn) -> None:
    for _ in range(int(seconds // EVERY) + 1):
        await asyncio.gather(*(one.look() for one in webs))
        staff.now += MINUTE / 4


async def works(staff: Staff) -> None:
    async with staff.store.begin() as db:
        await heartbeat.record_heartbeat(db, heartbeat.WORKER, staff.now)


async def test_four_web_processes_tell_once_that_no_worker_is_at_work(staff: Staff) -> None:
    await staff.add("Ada", mobile=ADA)
    sent = Sent()
    await looks(staff, MISSED_FOR + 600, *(web(staff, sent) for _ in range(4)))
    [(who, channel, text)] = sent.sent
    assert (who, channel) == ("Ada", Channel.text)
    assert "no worker is at work" in text
    [message] = await staff.messages()
    assert (message.state, message.about) == ("sent", ("worker",))


async def test_a_restart_of_the_worker_is_told_to_nobody(staff: Staff) -> None:
    await staff.add("Ada", mobile=ADA)
    sent = Sent()
    stand_in = web(staff, sent)
    for _ in range(5):
        await looks(staff, MISSED_FOR - EVERY, stand_in)
        await works(staff)
        await stand_in.look()
        staff.now += MINUTE
    assert sent.sent == []


async def test_what_fails_by_text_goes_by_email(staff: Staff) -> None:
    await staff.add("Ada", mobile=ADA)
    sent = Sent(Channel.text)
    await looks(staff, MISSED_FOR, web(staff, sent))
    assert [(who, channel) for who, channel, _ in sent.sent] == [("Ada", Channel.email)]


async def test_where_both_fail_it_is_on_record_and_in_the_log(staff: Staff, caplog: pytest.LogCaptureFixture) -> None:
    await staff.add("Ada", mobile=ADA)
    await looks(staff, MISSED_FOR, web(staff, Sent(Channel.text, Channel.email)))
    [message] = await staff.messages()
    assert message.state == "failed"
    assert sum(line.startswith("alert not delivered: ") for line in caplog.messages) == 2


async def test_it_is_told_again_after_a_day_and_its_end_by_the_worker_that_is_back(staff: Staff) -> None:
    await staff.add("Ada", mobile=ADA)
    sent = Sent()
    stand_in = web(staff, sent)
    await looks(staff, MISSED_FOR, stand_in)
    staff.now += 23 * HOUR
    await stand_in.look()
    assert len(sent.sent) == 1
    staff.now += HOUR
    await stand_in.look()
    assert len(sent.sent) == 2
    await works(staff)
    assert await staff.looks(10) == [
        ("Ada", ["No longer: no worker is at work, so texts and reminders wait, and recordings are not fetched"])
    ]


async def test_what_is_muted_is_not_told(staff: Staff) -> None:
    await staff.add("Ada", mobile=ADA)
    sent = Sent()
    stand_in = web(staff, sent)
    await looks(staff, MISSED_FOR, stand_in)
    async with staff.store.begin() as db:
        await alerts.mute(db, "worker", staff.now + 5 * DAY, "Ada")
    staff.now += 2 * DAY
    await stand_in.look()
    assert len(sent.sent) == 1


async def test_a_helpline_that_needs_no_worker_has_no_stand_in(staff: Staff) -> None:
    chosen = SETTINGS.model_copy(update={"account_sid": ""})
    assert build_stand_in(chosen, staff.store) is None


async def test_a_text_is_sent_by_the_provider_without_the_outbox(staff: Staff) -> None:
    account = TwilioAccount(token=TOKEN)
    transport = httpx2.ASGITransport(rest_api(account))
    update = {"account_sid": ACCOUNT_SID, "sms_from": SENDER}
    stand_in = build_stand_in(SETTINGS.model_copy(update=update), staff.store, transport)
    assert stand_in
    await staff.add("Ada", mobile=ADA)
    await stand_in.tell()
    assert [(one.to, "no worker is at work" in one.body) for one in account.messages] == [(ADA, True)]
