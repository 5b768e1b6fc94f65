"""A worker with its settings: what the checks find is sent to whoever is to know, by a real mail server."""

from contextlib import AsyncExitStack

import httpx2

from ivr.alert_wiring import open_alert_tasks
from ivr.content_source import ContentSource
from ivr.doctor.checks import NAMES
from ivr.doctor.problems import CAN_WAIT, FOR_MANAGERS, WEEKLY
from ivr.loader import load
from ivr.simulator.twilio_api.account import SENDER, TwilioAccount
from ivr.simulator.twilio_api.identifiers import ACCOUNT_SID
from ivr.simulator.twilio_api.routes import rest_api
from ivr.store import heartbeat
from ivr.store.accounts import Channel
from ivr.wiring import build_provider
from ivr.worker.scheduler import Task
from tests.alerts.conftest import Staff
from tests.lint.helplines import GOOD
from tests.smtp_server import smtp_server
from tests.store.fixtures import MINUTE
from tests.web.webhooks import SETTINGS, TOKEN


def test_every_check_that_is_named_there_is() -> None:
    assert set(NAMES) >= FOR_MANAGERS | CAN_WAIT | WEEKLY


async def run(tasks: list[Task], *names: str) -> None:
    for task in tasks:
        if task.name in names:
            await task.run()


async def test_a_rota_without_anybody_is_told_by_email(staff: Staff) -> None:
    await staff.add("Ada", by=Channel.email)
    account = TwilioAccount(token=TOKEN)
    async with smtp_server() as server, AsyncExitStack() as stack:
        chosen = SETTINGS.model_copy(
            update={
                "account_sid": ACCOUNT_SID,
                "sms_from": SENDER,
                "advisers": (),
                "now": staff.now,
                "smtp_url": f"smtp://127.0.0.1:{server.port}?from=helpline@mail.example",
            }
        )
        transport = httpx2.ASGITransport(rest_api(account))
        provider = await stack.enter_async_context(build_provider(chosen, transport=transport))
        content = ContentSource(GOOD, load(GOOD))
        for minutes in (0, 2):
            at = staff.now + minutes * MINUTE
            settings = chosen.model_copy(update={"now": at})
            async with staff.store.begin() as db:
                for what in (heartbeat.WORKER, heartbeat.SMS_SENDER):
                    await heartbeat.record_heartbeat(db, what, at)
            tasks = await stack.enter_async_context(open_alert_tasks(settings, staff.store, content, provider))
            await run(tasks, "look over the helpline")
        await run(tasks, "deliver alerts")
        [(to, message)] = server.messages
    assert to == ("ada@helpline.example",)
    assert "nobody is on the rota, and IVR_ADVISERS is empty" in message.get_content()
    assert {one.name for one in await staff.alerts() if one.problem.urgent} >= {"rota"}
