"""The make-believe office over a real line."""

import httpx2
import pytest

from ivr.phone.office import ACCOUNT, SENDER, Office
from ivr.phone.office_manner import CUTS_OFF
from ivr.phone.office_server import served

FORM = {"To": "+447700900123", "From": SENDER, "Body": "Hello."}


async def test_texts_are_handed_in_over_a_real_line_that_can_be_cut() -> None:
    office = Office()
    office.behaves(CUTS_OFF)
    async with served(office) as url, httpx2.AsyncClient(auth=(ACCOUNT, "token"), trust_env=False) as client:
        address = f"{url}/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
        with pytest.raises(httpx2.RemoteProtocolError):
            await client.post(address, data=FORM)
        assert (await client.post(address, data=FORM)).status_code == 201
    assert len(office.messages) == 2
