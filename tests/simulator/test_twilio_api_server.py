"""The fake REST API over a real connection."""

import httpx2
import pytest

from ivr.simulator.twilio_api.account import CALLER_ID, SENDER, TwilioAccount
from ivr.simulator.twilio_api.faults import CONNECTION_LOST
from ivr.simulator.twilio_api.identifiers import ACCOUNT_SID
from ivr.simulator.twilio_api.server import FREEPHONE, account_with_numbers, served
from ivr.telephony.rest import Provider

FORM = {"To": "+447700900123", "From": SENDER, "Body": "Hello."}


async def test_texts_are_handed_in_over_a_real_line_that_can_be_cut() -> None:
    twilio = TwilioAccount()
    twilio.inject(CONNECTION_LOST)
    async with served(twilio) as url, httpx2.AsyncClient(auth=(ACCOUNT_SID, "token"), trust_env=False) as client:
        address = f"{url}/2010-04-01/Accounts/{ACCOUNT_SID}/Messages.json"
        with pytest.raises(httpx2.RemoteProtocolError):
            await client.post(address, data=FORM)
        assert (await client.post(address, data=FORM)).status_code == 201
    assert len(twilio.messages) == 2


async def test_an_account_to_try_things_with_has_approved_numbers() -> None:
    async with served(account_with_numbers()) as url, Provider(ACCOUNT_SID, "token", url) as provider:
        numbers = await provider.account.numbers()
        assert [one.number for one in numbers] == [FREEPHONE, SENDER, CALLER_ID]
        assert [(await provider.account.bundle(one.bundle_sid or "")).is_approved for one in numbers] == [True] * 3
        assert [one.is_approved for one in await provider.account.business_profiles()] == [True]
