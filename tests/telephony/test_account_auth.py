"""While the account's token is replaced, requests use whichever of two the provider accepts."""

from base64 import b64decode

import httpx2
import pytest

from ivr.simulator.twilio_api.identifiers import ACCOUNT_SID
from ivr.telephony.provider_errors import ProviderError
from ivr.telephony.rest import Provider
from tests.fake_provider import FakeProvider

OLD, NEW = "the-old-token", "the-new-token"
SID = "RE" + "0" * 32


class Account:
    """An account that accepts some tokens, and remembers which it was given."""

    def __init__(self, *accepted: str) -> None:
        self.accepted, self.given, self.taken = accepted, list[str](), list[bytes]()

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        given = (
            b64decode(request.headers["authorization"].removeprefix("Basic ")).decode().removeprefix(f"{ACCOUNT_SID}:")
        )
        self.given.append(given)
        if given not in self.accepted:
            return httpx2.Response(401, json={"code": 20003})
        self.taken.append(request.content)
        return httpx2.Response(201, json={"sid": "SM" + "0" * 32})

    def client(self, tokens: str) -> Provider:
        return Provider(ACCOUNT_SID, tokens, transport=httpx2.MockTransport(self))


async def send(provider: Provider, body: str = "Hello.") -> None:
    await provider.send("+447700900123", body, "+447700900999", "https://helpline.example/sms/status?t=x")


@pytest.mark.parametrize("tokens", [f"{OLD},{NEW}", f"{NEW},{OLD}"])
@pytest.mark.parametrize("accepted", [OLD, NEW])
async def test_the_one_that_is_accepted_is_found_and_remembered(tokens: str, accepted: str) -> None:
    account = Account(accepted)
    async with account.client(tokens) as provider:
        for n in range(3):
            await send(provider, f"text {n}")
    assert account.given[-3:] == [accepted] * 3
    assert len(account.given) <= 4
    assert [body.count(b"Body=text") for body in account.taken] == [1, 1, 1]


async def test_when_the_provider_takes_the_other_from_now_on_so_do_we() -> None:
    account = Account(OLD)
    async with account.client(f"{OLD},{NEW}") as provider:
        await send(provider)
        account.accepted = (NEW,)
        await send(provider)
        await send(provider)
    assert account.given == [OLD, OLD, NEW, NEW]
    assert len(account.taken) == 3


async def test_when_neither_is_accepted_the_setting_is_named_and_nothing_is_tried_for_ever() -> None:
    account = Account()
    async with account.client(f"{OLD},{NEW}") as provider:
        for _ in range(2):
            with pytest.raises(ProviderError, match="TWILIO_AUTH_TOKEN"):
                await send(provider)
    assert account.given == [OLD, NEW, OLD, NEW]


async def test_a_recording_is_fetched_with_the_other_token_too() -> None:
    fake = FakeProvider({SID: b"RIFF"})
    async with fake.client(token="the-new-one,token") as provider:
        assert await provider.recording(SID) == b"RIFF"
    assert fake.requests[f"GET {SID}"] == 2
