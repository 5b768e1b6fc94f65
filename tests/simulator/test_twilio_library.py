"""Twilio's own library can use the fake for all of it, over a real connection."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from ivr.simulator.twilio_api.account import CALLER_ID, SENDER, TwilioAccount
from ivr.simulator.twilio_api.identifiers import ACCOUNT_SID
from ivr.simulator.twilio_api.resources.alert import AlertResource
from ivr.simulator.twilio_api.resources.incoming_number import IncomingNumberResource
from ivr.simulator.twilio_api.resources.registration import RegistrationResource
from ivr.simulator.twilio_api.server import served
from ivr.telephony.rest import Provider

PARENT, HERE = "+447700900123", "https://helpline.example"


class AtOneAddress(TwilioHttpClient):  # type: ignore[misc]  # it has no types
    """Sends what is for a host of Twilio's to another address."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.session.trust_env = False
        self._address = address

    def request(self, method: str, url: str, *arguments: Any, **options: Any) -> Any:
        parts = urlsplit(url)
        there = f"{self._address}{parts.path}{'?' if parts.query else ''}{parts.query}"
        return super().request(method, there, *arguments, **options)


@pytest.fixture
def twilio() -> TwilioAccount:
    account = TwilioAccount()
    account.building = 0, "completed"
    account.incoming_numbers = [IncomingNumberResource(CALLER_ID), IncomingNumberResource(SENDER)]
    account.verified_caller_ids = [PARENT]
    account.profiles, account.bundles = [RegistrationResource()], [RegistrationResource("in-review")]
    account.alerts = [AlertResource(11200, f"{HERE}/voice", account.clock())]
    account.get_or_create_queue("waiting")
    account.add_inbound_call("CA" + "1" * 32, PARENT, CALLER_ID)
    account.add_recording("CA" + "1" * 32, "words", 3).status = "completed"
    return account


@pytest.fixture
async def address(twilio: TwilioAccount) -> AsyncIterator[str]:
    async with served(twilio) as url:
        yield url


@pytest.fixture
def client(address: str) -> Client:
    return Client(ACCOUNT_SID, "token", http_client=AtOneAddress(address))


async def test_the_account_and_its_numbers(client: Client, twilio: TwilioAccount) -> None:
    def use() -> None:
        account = client.api.v2010.accounts(ACCOUNT_SID).fetch()
        assert (str(account.status), str(account.type), account.auth_token) == ("active", "Full", "token")
        assert client.api.v2010.account.balance.fetch().balance == "250.00"
        assert [one.phone_number for one in client.outgoing_caller_ids.list()] == [PARENT]
        calls, texts = client.incoming_phone_numbers.list(page_size=1)
        assert [one.phone_number for one in client.incoming_phone_numbers.list(phone_number=SENDER)] == [SENDER]
        assert calls.capabilities == {"fax": False, "mms": False, "sms": True, "voice": True}
        changed = calls.update(voice_url=f"{HERE}/voice", voice_method="POST", voice_fallback_method="GET")
        assert (changed.voice_url, changed.voice_fallback_method) == (f"{HERE}/voice", "GET")
        assert texts.fetch().voice_url == ""

    await asyncio.to_thread(use)
    assert twilio.incoming_numbers[0].voice_url == f"{HERE}/voice"


async def test_lists_of_calls_queues_recordings_texts_and_notifications(client: Client) -> None:
    def use() -> None:
        client.messages.create(to=PARENT, from_=SENDER, body="Hello.")
        client.calls.create(to=PARENT, from_=CALLER_ID, url=f"{HERE}/voice/a/b")
        assert {one.direction for one in client.calls.list(page_size=1)} == {"inbound", "outbound-api"}
        assert [one.to for one in client.calls.list(to=CALLER_ID)] == [CALLER_ID]
        assert [one.friendly_name for one in client.queues.list()] == ["waiting"]
        assert [one.duration for one in client.recordings.list()] == ["3"]
        assert [one.body for one in client.messages.list(to=PARENT)] == ["Hello."]
        assert [one.error_code for one in client.api.v2010.account.notifications.list()] == ["11200"]

    await asyncio.to_thread(use)


async def test_alerts_and_approvals(client: Client, twilio: TwilioAccount) -> None:
    def use() -> None:
        [alert] = client.monitor.v1.alerts.list(log_level="error")
        assert (alert.error_code, alert.request_url) == ("11200", f"{HERE}/voice")
        assert client.monitor.v1.alerts.list(log_level="warning") == []
        assert [str(one.status) for one in client.trusthub.v1.customer_profiles.list()] == ["twilio-approved"]
        bundle = client.numbers.v2.regulatory_compliance.bundles(twilio.bundles[0].sid).fetch()
        assert str(bundle.status) == "in-review"

    await asyncio.to_thread(use)


async def test_what_we_put_on_the_air(client: Client, address: str) -> None:
    async with Provider(ACCOUNT_SID, "token", address) as provider:
        place = await provider.account.protected_asset("helpline", asyncio.sleep).publish(b"<Response/>")

    def use() -> None:
        [service] = client.serverless.v1.services.list()
        [environment], [asset], [build] = service.environments.list(), service.assets.list(), service.builds.list()
        [version] = client.serverless.v1.services(service.sid).assets(asset.sid).asset_versions.list()
        assert (str(version.visibility), version.path) == ("protected", "/fallback.xml")
        assert (environment.build_sid, str(build.status)) == (place.build or build.sid, "completed")
        assert client.serverless.v1.services("helpline").fetch().sid == service.sid
        assert environment.delete() and build.delete() and asset.delete() and service.delete()

    await asyncio.to_thread(use)


async def test_what_it_makes_by_itself_and_what_is_refused(client: Client) -> None:
    def use() -> None:
        services = client.serverless.v1.services
        service = services.create(unique_name="a", friendly_name="A", include_credentials=False)
        environment = service.environments.create(unique_name="production")
        assert service.assets.create(friendly_name="a").friendly_name == "a"
        with pytest.raises(Exception, match="HTTP 400"):
            service.builds.create()
        with pytest.raises(Exception, match="HTTP 400"):
            services.create(unique_name="a", friendly_name="A")
        with pytest.raises(Exception, match="HTTP 404"):
            environment.deployments.create(build_sid="ZB" + "0" * 32)

    await asyncio.to_thread(use)
