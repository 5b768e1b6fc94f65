"""The fake REST API over a real connection."""

import httpx2
import pytest

from ivr.simulator.twilio_api.account import SENDER, TwilioAccount
from ivr.simulator.twilio_api.faults import CONNECTION_LOST
from ivr.simulator.twilio_api.identifiers import ACCOUNT_SID
from ivr.simulator.twilio_api.server import served

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
