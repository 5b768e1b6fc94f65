"""IVR_SECRET_KEY is changed while callers ring: no text and no place in a call is lost, and STOP is still honoured."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from itertools import cycle, pairwise

import httpx2
import pytest

from ivr.simulator.twilio_api.account import SENDER, TwilioAccount
from ivr.simulator.twilio_api.identifiers import ACCOUNT_SID
from ivr.simulator.twilio_api.routes import rest_api
from ivr.staff import secret_rotation
from ivr.store.secrets_in_use import GONE_AFTER
from ivr.store.tables import sms_outbox
from ivr.telephony.rest import Provider
from ivr.worker.outbox import Outbox, SmsSender
from tests.store.conftest import url
from tests.store.fixtures import MINUTE
from tests.web.running_app import Clock, RunningApp, running_app
from tests.web.webhooks import NOW, SECRET, SETTINGS, URL, action, ask, form_of, said

__all__ = ["url"]

NEW = "n" * 42 + "0"
OLD_ALONE, OLD_FIRST, NEW_FIRST, NEW_ALONE = SECRET, f"{SECRET},{NEW}", f"{NEW},{SECRET}", NEW
SETTINGS_IN_TURN = (OLD_ALONE, OLD_FIRST, NEW_FIRST, NEW_ALONE)
STEPS = [(OLD_ALONE,) * 3]
for before, after in pairwise(SETTINGS_IN_TURN):
    STEPS += [(after, before, before), (after, after, before), (after, after, after)]
"""The setting of two web processes and of the worker, which are restarted one after another (docs/operating.md)."""
PROMISED = "We will text you as soon as we can"
STOPPED = "+447700900777"


@dataclass
class Machines:
    """Web processes and workers on one database, each with a setting of its own."""

    url: str
    stack: AsyncExitStack
    apps: dict[str, RunningApp] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.now = NOW
        nobody = httpx2.MockTransport(lambda request: httpx2.Response(204))
        self.twilio = TwilioAccount(transport=nobody, clock=Clock())

    async def web(self, setting: str) -> RunningApp:
        """Return a process that was started with this setting."""
        if setting not in self.apps:
            self.apps[setting] = await self.stack.enter_async_context(running_app(self.url, secret_key=setting))
            self.apps[setting].clock.now = self.now
        return self.apps[setting]

    async def send_texts(self, setting: str) -> None:
        """Send what is due, as a worker with this setting."""
        here = await self.web(setting)
        secrets = SETTINGS.model_copy(update={"secret_key": setting}).secrets
        sender = SmsSender(SENDER, URL, secrets, per_second=1000)
        transport = httpx2.ASGITransport(rest_api(self.twilio))
        async with Provider(ACCOUNT_SID, "token", "http://office", 10, transport) as provider:
            await Outbox(here.store, provider, sender, here.clock).send_due()

    def time_passes(self) -> None:
        self.now += MINUTE
        for here in self.apps.values():
            here.clock.now = self.now


@pytest.fixture
async def machines(url: str) -> AsyncIterator[Machines]:
    async with AsyncExitStack() as stack:
        yield Machines(url, stack)


@dataclass
class Call:
    """A caller who asks for a text, and meets another process at each key."""

    call: str
    number: str
    answer: httpx2.Response
    digits: list[str] = field(default_factory=lambda: ["0", "3", "1", "1"])

    async def presses(self, here: RunningApp) -> None:
        """Press the next key at this process; no adviser answers."""
        rings = "<Dial" in self.answer.text
        field = {"DialCallStatus": "no-answer"} if rings else {"Digits": self.digits.pop(0)}
        form = form_of(self.call, From=self.number, Caller=self.number, **field)
        self.answer = await ask(here.app, action(self.answer), form)

    async def goes_on(self, *processes: RunningApp) -> None:
        """Press all keys that are left, each at the next of these processes."""
        for here in cycle(processes):
            if not self.digits:
                break
            await self.presses(here)


async def begins(here: RunningApp, number: str) -> Call:
    call = f"CA{number}"
    return Call(call, number, await here.post("/voice", form_of(call, From=number, Caller=number)))


async def test_nothing_is_lost_while_the_secret_is_changed_under_calls(machines: Machines) -> None:
    stop = {"MessageSid": "SM0", "From": STOPPED, "To": SENDER, "Body": "STOP", "NumMedia": "0"}
    assert (await (await machines.web(OLD_ALONE)).post("/sms", stop)).status_code == 200
    calls: list[Call] = []
    for n, (one, other, worker) in enumerate(STEPS):
        first, second = await machines.web(one), await machines.web(other)
        for call in calls[-2:]:  # those that began before this step
            await call.goes_on(second, first)
        for caller in (0, 1):
            calls.append(call := await begins(first, f"+4477009002{n}{caller}"))
            await call.presses(second)
        await machines.send_texts(worker)
        if one == worker == NEW_FIRST:
            await secret_rotation.reseal(first.store, first.clock() + GONE_AFTER)
    stopped = await begins(first, STOPPED)
    for call in (*calls[-2:], stopped):
        await call.goes_on(first, second)
    await machines.send_texts(NEW_ALONE)
    assert [call.number for call in calls if PROMISED not in said(call.answer)] == []
    assert sorted(message.to for message in machines.twilio.messages) == [call.number for call in calls]
    assert {row.state for row in await first.rows(sms_outbox)} == {"sent"}
    assert PROMISED not in said(stopped.answer)


async def test_a_text_that_the_worker_cannot_read_waits_until_it_can(machines: Machines) -> None:
    """The secret is put in front before the worker knows it: nothing is lost by that mistake."""
    await machines.web(OLD_ALONE)
    web = await machines.web(NEW_FIRST)
    call = await begins(web, "+447700900200")
    await call.goes_on(web)
    for _ in range(3):
        await machines.send_texts(OLD_ALONE)
        machines.time_passes()
    assert [row.state for row in await web.rows(sms_outbox)] == ["waiting"]
    await machines.send_texts(OLD_FIRST)
    assert [message.to for message in machines.twilio.messages] == [call.number]
