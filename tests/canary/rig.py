"""A helpline, its worker and the provider in simulated time, for test calls: nothing sleeps, and nobody is rung."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import httpx2
from starlette.applications import Starlette

from ivr.app import build
from ivr.canary.run import Canary
from ivr.canary_wiring import build_canary
from ivr.config import CONTENT, Settings
from ivr.content_source import ContentSource
from ivr.helpline.canary import Probe, ProbeResult, Verdict
from ivr.helpline.timezone import LONDON
from ivr.loader import load
from ivr.simulator.network.carrier import Carrier
from ivr.simulator.network.clock import Clock
from ivr.simulator.network.directory import Directory
from ivr.simulator.network.webhooks import Webhook, WebhookClient
from ivr.simulator.twilio_api.account import CALLER_ID, SENDER, TwilioAccount
from ivr.simulator.twilio_api.identifiers import ACCOUNT_SID
from ivr.simulator.twilio_api.resources.incoming_number import IncomingNumberResource
from ivr.simulator.twilio_api.routes import rest_api
from ivr.store.database import Store
from ivr.telephony.rest import Provider
from ivr.wiring import build_call_distributor, build_clock_check, build_sms_sender
from ivr.worker.maintenance import Maintenance
from ivr.worker.outbox import Outbox
from ivr.worker.recordings import Recordings

CALLED, CANARY_NUMBER, ADVISER = "+448081570000", "+447700900555", "+447700900001"
PUBLIC_URL = "https://helpline.example"
OPEN, CLOSED = datetime(2026, 12, 1, 11, tzinfo=LONDON), datetime(2026, 12, 1, 22, tzinfo=LONDON)


def settings(database_url: str, more: Mapping[str, object]) -> Settings:
    given = {
        "IVR_PUBLIC_URL": PUBLIC_URL,
        "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
        "TWILIO_AUTH_TOKEN": "token",
        "IVR_SECRET_KEY": "A" * 43,
        "IVR_NUMBER": "0808 157 0000",
        "IVR_CALLER_ID": CALLER_ID,
        "IVR_SMS_FROM": SENDER,
        "IVR_ADVISERS": ADVISER,
        "IVR_CANARY_NUMBER": CANARY_NUMBER,
        "DATABASE_URL": database_url,
    }
    return Settings.model_validate(given | dict(more))


async def nothing() -> None:
    """Look at nothing."""


@dataclass
class Rig:
    """The parts, which a test may break; `rung` are the numbers that were rung, besides those of the account."""

    settings: Settings
    store: Store
    account: TwilioAccount
    carrier: Carrier
    clock: Clock
    canary: Canary
    maintenance: Maintenance
    app: Starlette
    told: list[ProbeResult] = field(default_factory=list)
    loses_recordings: bool = False
    looks: Callable[[], Awaitable[None]] = nothing
    """Looks at something after every two seconds of a run."""

    async def run(self, *probes: Probe) -> Sequence[ProbeResult]:
        results = await self.canary.run(self.told.append, wanted=probes or frozenset(Probe))
        assert results is not None
        return results

    async def verdicts(self, *probes: Probe) -> dict[Probe, str]:
        return {one.probe: str(one.verdict) for one in await self.run(*probes)}

    async def failed(self, *probes: Probe) -> list[Probe]:
        return [one.probe for one in await self.run(*probes) if one.verdict is Verdict.failed]

    @property
    def rung(self) -> list[str]:
        return [one.number for one in self.carrier.directory.dialled]

    def webhook(self, path: str, form: dict[str, str]) -> Webhook:
        return Webhook("POST", f"{PUBLIC_URL}{path}", form)

    def number(self, e164: str) -> IncomingNumberResource:
        return next(one for one in self.account.incoming_numbers if one.number == e164)


@asynccontextmanager
async def rig(
    database_url: str,
    at: datetime = OPEN,
    content: Path = CONTENT,
    answering: Path | None = None,
    more: Mapping[str, object] = {},
) -> AsyncIterator[Rig]:
    """Open all of it; `answering` is the content of the web process, where that is another."""
    clock, given = Clock(at), settings(database_url, more)
    account = TwilioAccount(clock=clock)
    account.incoming_numbers = [
        IncomingNumberResource(CALLED, f"{PUBLIC_URL}/voice", status_callback=f"{PUBLIC_URL}/voice/status"),
        IncomingNumberResource(CANARY_NUMBER, f"{PUBLIC_URL}/voice/canary"),
        IncomingNumberResource(SENDER),
        IncomingNumberResource(CALLER_ID),
    ]
    app = build(given, clock, content=ContentSource(answering or content, load(answering or content)), patience=30.0)
    account.transport = httpx2.ASGITransport(app)
    source = ContentSource(content, load(content))
    transport = httpx2.ASGITransport(rest_api(account))
    provider = Provider(ACCOUNT_SID, "token", "https://api.twilio.com", 10.0, transport)
    store = Store(given.database_url, given.secrets, 30.0)
    async with provider, store, app.router.lifespan_context(app):
        sender, check = build_sms_sender(given), build_clock_check(given, store, None)
        assert sender
        distributor = build_call_distributor(given, store, provider, source, clock)
        outbox = Outbox(store, provider, sender, clock, check)
        recordings = Recordings(store, provider, clock)

        async def tick() -> None:
            if made.loses_recordings:
                account.recordings = [one for one in account.recordings if one.source != "RecordVerb"]
            await distributor.distribute()
            await outbox.send_due()
            await recordings.fetch()
            await account.callbacks_delivered()
            await app.state.canary_log.write()

        webhooks = WebhookClient(app, PUBLIC_URL, "token")
        carrier = Carrier(webhooks, account, Directory({CANARY_NUMBER: "accepts"}, "no_answer"), clock, None)

        async def sleep(seconds: float) -> None:
            await carrier.run_until(carrier.now + seconds)
            await tick()
            await made.looks()

        canary = build_canary(given, store, provider, lambda: source.current, sleep, clock)
        made = Rig(given, store, account, carrier, clock, canary, Maintenance(store, provider, clock, check), app)
        await tick()
        yield made
