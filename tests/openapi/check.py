"""Holds every request that we send to the provider, and every answer of our fake, against Twilio's own description.

By hand, as the files are Twilio's and large: `.venv/bin/python -m tests.openapi.check twilio_api_v2010.json …`. They
are in https://github.com/twilio/twilio-oai under `spec/json`: `twilio_api_v2010.json`, `twilio_serverless_v1.json`,
`twilio_monitor_v1.json`, `twilio_trusthub_v1.json` and `twilio_numbers_v2.json`. What none of the given files describes
is listed, not passed over: the upload of a file (serverless-upload.twilio.com) is described in none. Exits with 1 where
something is not as described.
"""

import asyncio
import sys
from datetime import timedelta
from pathlib import Path

import httpx2

from ivr.simulator.twilio_api.account import CALLER_ID, SENDER, TwilioAccount
from ivr.simulator.twilio_api.identifiers import ACCOUNT_SID
from ivr.simulator.twilio_api.resources.alert import AlertResource
from ivr.simulator.twilio_api.resources.incoming_number import IncomingNumberResource
from ivr.simulator.twilio_api.resources.registration import RegistrationResource
from ivr.simulator.twilio_api.routes import rest_api
from ivr.telephony.number_configuration import for_calls, for_test_calls, for_texts
from ivr.telephony.rest import Provider
from ivr.telephony.scripted_call import Listen, Press, document
from tests.openapi.description import FORM, Description, Exchange

HERE, PARENT = "https://helpline.example", "+447700900123"
LISTS = ("Calls", "Queues", "Recordings", "Messages", "Notifications", "IncomingPhoneNumbers", "OutgoingCallerIds")


class Recorded(httpx2.ASGITransport):
    """Asks the fake, and keeps what was asked and answered; files that are on the air are no API."""

    def __init__(self, account: TwilioAccount) -> None:
        super().__init__(rest_api(account))
        self.exchanges: list[Exchange] = []

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        response = await super().handle_async_request(request)
        content = await response.aread()
        if request.url.host.endswith("twilio.com"):
            is_form = request.headers.get("content-type", "").startswith(FORM)
            form = (await request.aread()).decode() if is_form else ""
            is_json = response.headers.get("content-type", "").startswith("application/json")
            answer = response.json() if content and is_json else None
            url = request.url
            asked = request.method, url.host, url.path, url.query.decode(), form
            self.exchanges.append(Exchange(*asked, response.status_code, answer))
        return response


async def exchanges() -> list[Exchange]:
    """Return what is asked and answered when everything is done that we do at the provider."""
    account = TwilioAccount(senders=(SENDER, CALLER_ID))
    account.building = 0, "completed"
    account.incoming_numbers = [IncomingNumberResource(CALLER_ID), IncomingNumberResource(SENDER)]
    account.verified_caller_ids, account.profiles, account.bundles = (
        [PARENT],
        [RegistrationResource()],
        [RegistrationResource()],
    )
    account.alerts = [AlertResource(11200, f"{HERE}/voice", account.clock())]
    account.get_or_create_queue("waiting")
    account.add_inbound_call("CA" + "1" * 32, PARENT, CALLER_ID)
    account.add_recording("CA" + "1" * 32, "words", 3).status = "completed"
    transport = Recorded(account)
    async with Provider(ACCOUNT_SID, "token", transport=transport) as provider:
        await _calls_and_texts(account, provider)
        await _the_account(account, provider)
        await _the_fallback(provider)
    async with httpx2.AsyncClient(transport=transport, auth=(ACCOUNT_SID, "token")) as client:
        base = f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT_SID}"
        for name in LISTS:
            await client.get(f"{base}/{name}.json?PageSize=1")
        await client.get(f"{base}/IncomingPhoneNumbers/{account.incoming_numbers[0].sid}.json")
        await client.get(f"{base}/Queues/{account.queues[0].sid}.json")
        await client.get("https://serverless.twilio.com/v1/Services?PageSize=1")
    return transport.exchanges


async def _calls_and_texts(account: TwilioAccount, provider: Provider) -> None:
    sent = await provider.send(PARENT, "Hello.", SENDER, f"{HERE}/sms/status?t=1")
    await provider.find(PARENT, "Hello.", account.clock() - timedelta(minutes=1))
    await account.callbacks_delivered()
    for message in account.messages:
        message.status = "delivered"
    await provider.delete("message", sent.sid)
    rung = await provider.call(PARENT, CALLER_ID, f"{HERE}/voice/a/b", 20, f"{HERE}/voice/status?leg=1")
    await provider.call_status(rung.sid)
    await provider.cancel(rung.sid)
    await provider.delete("call", rung.sid)
    await provider.parties("CA" + "1" * 32)
    account.end_inbound_call("CA" + "1" * 32)
    await provider.recordings(since=account.clock())
    await provider.recordings("CA" + "1" * 32)
    scripted = await provider.call_with_script(SENDER, CALLER_ID, document([Listen(3), Press("1")]), record=True)
    account.add_call_recording(scripted.sid, 3, b"")
    await provider.complete(scripted.sid)
    await provider.recordings_of_call(scripted.sid)
    await provider.send(SENDER, "Hello.", CALLER_ID, f"{HERE}/sms/status?t=2")
    await account.callbacks_delivered()
    await provider.received(SENDER, "Hello.", account.clock() - timedelta(minutes=1))
    await provider.ask_date()


async def _the_account(account: TwilioAccount, provider: Provider) -> None:
    ours = provider.account
    await ours.details()
    await ours.balance()
    await ours.verified_caller_ids()
    calls, texts = await ours.numbers()
    await ours.configure(calls.sid, for_calls(HERE, "https://helpline-1234.twil.io/fallback.xml"))
    await ours.configure(calls.sid, calls.configuration)
    await ours.configure(texts.sid, for_texts(HERE))
    await ours.configure(texts.sid, for_test_calls(HERE))
    await ours.alerts(account.clock() - timedelta(days=1))
    await ours.business_profiles()
    await ours.bundle(account.bundles[0].sid)


async def _the_fallback(provider: Provider) -> None:
    asset = provider.account.protected_asset("helpline-fallback-0123456789ab", asyncio.sleep)
    place = await asset.publish(b"<Response/>")
    await asset.publish(b"<Response><Hangup/></Response>")
    await asset.read(place)
    await asset.remove()


async def main(files: list[Path]) -> int:
    """Print what is not as described, and what is not described; return the exit code."""
    description, found = Description.read(files), await exchanges()
    faults = sorted({fault for one in found for fault in description.faults(one)})
    described = sorted({one.name for one in found if description.knows(one)})
    others = sorted({one.name for one in found if not description.knows(one)})
    print(*(f"as described: {name}" for name in described), sep="\n")
    print(*(f"not described here: {name}" for name in others), sep="\n")
    print(*(f"FAULT {fault}" for fault in faults), sep="\n")
    print(f"{len(found)} requests, {len(described)} of them to what is described, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    described_in = [Path(name) for name in sys.argv[1:]]
    if missing := [str(file) for file in described_in if not file.is_file()]:
        sys.exit(f"There is no file {', '.join(missing)}.\n\n{__doc__}")
    sys.exit(asyncio.run(main(described_in)))
