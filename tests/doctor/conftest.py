"""A helpline to look over, on a database of its own and the provider's simulated API, over real connections."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest

from ivr.config import Settings
from ivr.doctor.checks import CHECKS
from ivr.doctor.registry import Finding, Subject
from ivr.doctor.run import examine
from ivr.fallback_document import render
from ivr.loader import load
from ivr.provisioning.fallback import asset_name
from ivr.provisioning.plan import Wanted, plan
from ivr.simulator.twilio_api.account import SENDER, TwilioAccount
from ivr.simulator.twilio_api.identifiers import ACCOUNT_SID
from ivr.simulator.twilio_api.resources.incoming_number import IncomingNumberResource
from ivr.simulator.twilio_api.resources.registration import RegistrationResource
from ivr.simulator.twilio_api.server import served
from ivr.store import accounts
from ivr.telephony.rest import Provider
from ivr.wiring import build_provider, build_store
from tests.lint.helplines import GOOD
from tests.store.conftest import empty_url, url
from tests.web.webhooks import NOW, OURS, SETTINGS, SHOWN, TOKEN, URL, helpline

__all__ = ["empty_url", "url"]


class Patient:
    """A subject, and the account at the provider that belongs to it."""

    def __init__(self, subject: Subject, account: TwilioAccount) -> None:
        self.subject, self.account = subject, account

    def change(self, **settings: object) -> None:
        """Set settings otherwise."""
        self.subject = replace(self.subject, settings=self.subject.settings.model_copy(update=settings))

    async def found(self, *names: str) -> list[Finding]:
        """Return what these checks find."""
        return [one async for one in examine(self.subject, [CHECKS[name] for name in names or CHECKS])]

    async def is_told(self) -> None:
        """Have an administrator who can be told what is wrong."""
        async with self.subject.store.begin() as db:
            cipher = self.subject.store.cipher
            ada = await accounts.add(db, cipher, "Ada", "ada@helpline.example", accounts.Role.administrator, NOW)
            await accounts.change(db, ada.id, NOW, state=accounts.AccountState.active)
            await accounts.set_mobile(db, cipher, ada.id, "+447700900801", NOW)

    async def told(self, name: str) -> list[tuple[str, str]]:
        """Return what one check finds: how bad, and what."""
        return [(one.severity, one.says) for one in await self.found(name)]


async def well_set_up(account: TwilioAccount, provider: Provider, settings: Settings) -> None:
    """Set up the account as it should be, by what sets up a real one."""
    account.incoming_numbers = [IncomingNumberResource(OURS), IncomingNumberResource(SENDER)]
    account.verified_caller_ids, account.profiles = [SHOWN], [RegistrationResource()]
    for number in account.incoming_numbers:
        account.bundles.append(RegistrationResource())
        number.bundle_sid = account.bundles[-1].sid
    asset = provider.account.protected_asset(asset_name(account.incoming_numbers[0].sid), asyncio.sleep)
    place = await asset.publish(render(load(GOOD), settings, NOW))
    for one in plan(Wanted(URL, OURS, SENDER, SHOWN), await provider.account.numbers(), place.url):
        await provider.account.configure(one.number.sid, one.wanted)


@pytest.fixture
async def patient(url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AsyncIterator[Patient]:
    """A helpline that is well, but for the worker, which is not started."""
    monkeypatch.chdir(tmp_path)
    account = TwilioAccount(token=TOKEN, clock=lambda: NOW)
    account.building = 0, "completed"
    chosen = SETTINGS.model_copy(update={"database_url": url, "account_sid": ACCOUNT_SID, "sms_from": SENDER})
    async with AsyncExitStack() as stack:
        chosen = chosen.model_copy(update={"api_url": await stack.enter_async_context(served(account))})
        provider = await stack.enter_async_context(build_provider(chosen))
        await well_set_up(account, provider, chosen)
        web = httpx2.ASGITransport(helpline(settings=chosen), root_path="")
        subject = Subject(
            settings=chosen,
            folder=GOOD,
            content=lambda: load(GOOD),
            lint=list,
            store=await stack.enter_async_context(build_store(chosen, 30)),
            provider=provider,
            http=await stack.enter_async_context(httpx2.AsyncClient(transport=BehindAProxy(web))),
            now=NOW,
        )
        yield Patient(subject, account)


class BehindAProxy(httpx2.AsyncBaseTransport):
    """Takes the path prefix of our address off, as a proxy does."""

    def __init__(self, transport: httpx2.AsyncBaseTransport) -> None:
        self._transport = transport

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        request.url = request.url.copy_with(path=request.url.path.removeprefix("/ivr"))
        return await self._transport.handle_async_request(request)
