"""The fallback document is on the air for the provider alone, is read back, and leaves nothing older behind."""

from collections.abc import AsyncIterator, Callable
from itertools import chain, repeat

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from ivr.simulator.twilio_api.account import TwilioAccount
from ivr.simulator.twilio_api.faults import CONNECTION_LOST_BEFORE, NO_FAULT, Fault, rejection
from ivr.simulator.twilio_api.identifiers import ACCOUNT_SID
from ivr.simulator.twilio_api.routes import rest_api
from ivr.telephony.protected_asset import LOOKS, ProtectedAsset
from ivr.telephony.provider_errors import ProviderError, Rejected, Retryable
from ivr.telephony.rest import Provider

OLD, NEW = b"<Response><Say>Old.</Say></Response>", "<Response><Say>“New”.</Say></Response>".encode()
NAME, TOKEN = "helpline-fallback-0123456789ab", "token"


class Sleeps:
    """Counts how often somebody waits, and may do something meanwhile."""

    def __init__(self) -> None:
        self.times = 0
        self.meanwhile: Callable[[], object] = int

    async def __call__(self, seconds: float) -> None:
        self.times += 1
        self.meanwhile()


@pytest.fixture
def twilio() -> TwilioAccount:
    return TwilioAccount()


@pytest.fixture
def sleep() -> Sleeps:
    return Sleeps()


@pytest.fixture
async def asset(twilio: TwilioAccount, sleep: Sleeps) -> AsyncIterator[ProtectedAsset]:
    async with client_of(twilio) as provider:
        yield provider.account.protected_asset(NAME, sleep)


def client_of(twilio: TwilioAccount, tokens: str = TOKEN) -> Provider:
    return Provider(ACCOUNT_SID, tokens, transport=httpx2.ASGITransport(rest_api(twilio)))


async def test_it_is_on_the_air_for_whoever_signs_as_the_provider_does(asset: ProtectedAsset) -> None:
    assert await asset.find() is None
    place = await asset.publish(NEW)
    assert place.url.startswith(f"https://{NAME}-") and place.url.endswith(".twil.io/fallback.xml")
    assert await asset.read(place) == NEW
    assert not await asset.is_public(place)
    found = await asset.find()
    assert found and found.url == place.url


async def test_a_new_one_takes_the_place_of_the_old_at_the_same_address(
    asset: ProtectedAsset, twilio: TwilioAccount
) -> None:
    first = await asset.publish(OLD)
    second = await asset.publish(NEW)
    assert (second.url, await asset.read(second)) == (first.url, NEW)
    [service] = twilio.services
    assert [len(service.builds), len(service.assets), len(service.environments)] == [1, 1, 1]
    assert not service.include_credentials
    assert [one.content for it in service.assets for one in it.versions] == [NEW]


async def test_it_waits_until_it_is_built_and_on_the_air(
    asset: ProtectedAsset, twilio: TwilioAccount, sleep: Sleeps
) -> None:
    await asset.publish(OLD)
    twilio.building, twilio.stale_reads, sleep.times = (3, "completed"), 2, 0
    await asset.publish(NEW)
    assert sleep.times == 5


async def test_what_cannot_be_built_leaves_the_old_one_on_the_air(asset: ProtectedAsset, twilio: TwilioAccount) -> None:
    place = await asset.publish(OLD)
    twilio.building = 1, "failed"
    with pytest.raises(Rejected, match="could not build it"):
        await asset.publish(NEW)
    assert await asset.read(place) == OLD
    twilio.building = 1, "completed"
    await asset.publish(NEW)
    assert [len(twilio.services[0].builds), len(twilio.services[0].assets)] == [1, 1]  # that of the failure is gone too


async def test_a_build_without_end_is_given_up(asset: ProtectedAsset, twilio: TwilioAccount, sleep: Sleeps) -> None:
    twilio.building = LOOKS + 1, "completed"
    with pytest.raises(Retryable, match="not built it"):
        await asset.publish(NEW)
    assert sleep.times == LOOKS


async def test_one_that_never_comes_on_the_air_is_told(asset: ProtectedAsset, twilio: TwilioAccount) -> None:
    twilio.stale_reads = LOOKS + 1
    with pytest.raises(Retryable, match="is not what was put there"):
        await asset.publish(NEW)


async def test_one_that_anybody_could_read_is_taken_off_the_air_at_once(
    asset: ProtectedAsset, twilio: TwilioAccount, sleep: Sleeps
) -> None:
    def open_it() -> None:
        for one in twilio.services[0].assets[0].versions:
            one.visibility = "public"

    sleep.meanwhile = open_it
    with pytest.raises(Rejected, match="anybody could read it"):
        await asset.publish(NEW)
    assert twilio.services == []


@pytest.mark.parametrize("into", ["Services", "Versions", "Deployments"])
@pytest.mark.parametrize("fault", [CONNECTION_LOST_BEFORE, rejection(20429, status=429)])
async def test_whatever_fails_the_next_try_succeeds(
    asset: ProtectedAsset, twilio: TwilioAccount, into: str, fault: Fault
) -> None:
    twilio.inject_from(chain([fault], repeat(NO_FAULT)), into)
    with pytest.raises(ProviderError):
        await asset.publish(NEW)
    place = await asset.publish(NEW)
    assert await asset.read(place) == NEW
    assert [len(twilio.services), len(twilio.services[0].assets)] == [1, 1]


async def test_nothing_is_left_of_it(asset: ProtectedAsset, twilio: TwilioAccount) -> None:
    assert not await asset.remove()
    place = await asset.publish(NEW)
    assert await asset.remove()
    assert (twilio.services, await asset.read(place), await asset.find()) == ([], None, None)


async def test_another_helpline_of_the_account_keeps_its_own(asset: ProtectedAsset, twilio: TwilioAccount) -> None:
    async with client_of(twilio) as provider:
        other = provider.account.protected_asset("helpline-fallback-other", Sleeps())
        theirs = await other.publish(OLD)
        await asset.publish(NEW)
        await asset.remove()
        assert await other.read(theirs) == OLD


async def test_it_is_read_while_the_token_is_replaced(twilio: TwilioAccount) -> None:
    async with client_of(twilio, "old,token") as provider:
        asset = provider.account.protected_asset(NAME, Sleeps())
        assert await asset.read(await asset.publish(NEW)) == NEW


async def test_our_password_goes_to_the_api_alone(twilio: TwilioAccount) -> None:
    asked = list[httpx2.Request]()

    class Watched(httpx2.ASGITransport):
        async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
            asked.append(request)
            return await super().handle_async_request(request)

    async with Provider(ACCOUNT_SID, "token", transport=Watched(rest_api(twilio))) as provider:
        await provider.account.protected_asset(NAME, Sleeps()).publish(NEW)
    with_password = {one.url.host for one in asked if "authorization" in one.headers}
    assert with_password == {"serverless.twilio.com", "serverless-upload.twilio.com"}
    assert {one.url.host for one in asked} - with_password != set()
    assert all("authorization" not in one.headers for one in asked if one.url.host.endswith("twil.io"))


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=200))
def test_the_fake_keeps_a_file_as_it_was_uploaded(text: str) -> None:
    twilio, auth = TwilioAccount(), (ACCOUNT_SID, "token")
    with TestClient(rest_api(twilio), base_url="http://api") as client:
        service = client.post("/v1/Services", data={"UniqueName": "a", "FriendlyName": "a"}, auth=auth).json()["sid"]
        assets = f"/v1/Services/{service}/Assets"
        sid = client.post(assets, data={"FriendlyName": "a"}, auth=auth).json()["sid"]
        form = {"Path": "/a.xml", "Visibility": "protected"}
        answer = client.post(
            f"{assets}/{sid}/Versions", data=form, files={"Content": ("a", text.encode(), "text/xml")}, auth=auth
        )
    assert answer.status_code == 201
    [version] = twilio.services[0].assets[0].versions
    assert (version.content, version.media_type, version.visibility) == (text.encode(), "text/xml", "protected")
