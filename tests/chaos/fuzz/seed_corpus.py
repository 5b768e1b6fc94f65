"""The seed corpus: valid webhooks, recorded from calls in which random keys are pressed."""

from random import Random
from urllib.parse import urlsplit
from xml.etree.ElementTree import fromstring

from ivr.simulator.network.leg import Leg
from tests.chaos.fuzz.asgi_client import AsgiClient
from tests.chaos.fuzz.raw_webhook import RawWebhook

HELPLINE = "+448081570000"
CALLERS = ("+447700900123", "+441632960123", "anonymous", "", "+33123456789")
DATES = ("14102026", "31022026")
NUMBERS = ("07700900456",)
MAX_WEBHOOKS = 25
"""The most webhooks of one call."""


async def record_corpus(client: AsgiClient, random: Random, calls: int) -> list[RawWebhook]:
    """Return all webhooks of this many calls."""
    corpus: list[RawWebhook] = []
    for _ in range(calls):
        corpus += await _call(client, random)
    return corpus


async def _call(client: AsgiClient, random: Random) -> list[RawWebhook]:
    leg = Leg(random.choice(CALLERS), HELPLINE)
    webhook = RawWebhook("/voice").with_fields(tuple(leg.form("ringing").items()))
    sent = []
    for _ in range(MAX_WEBHOOKS):
        sent.append(webhook)
        response = await client.send(webhook)
        following = _next_webhook(response.body, leg, random)
        if following is None:
            break
        webhook = following
    return sent


def _next_webhook(document: bytes, leg: Leg, random: Random) -> RawWebhook | None:
    """Follow a random URL of a document; return None when it has none."""
    root = fromstring(document)  # noqa: S314  our own
    actions = [(element.tag, element.get("action") or "") for element in root if element.get("action")]
    actions += [("Redirect", (element.text or "").strip()) for element in root if element.tag == "Redirect"]
    actions += [("Wait", element.get("waitUrl") or "") for element in root if element.tag == "Enqueue"]
    actions += [("Screen", noun.get("url") or "") for noun in root.iter("Number") if noun.get("url")]
    if not actions:
        return None
    tag, url = random.choice(actions)
    target = urlsplit(url)
    form = leg.form("in-progress") | _result_fields(tag, leg, random)
    return RawWebhook(target.path, target.query).with_fields(tuple(form.items()))


def _result_fields(tag: str, leg: Leg, random: Random) -> dict[str, str]:
    """Return the fields that the provider adds after this verb, with a random result."""
    match tag:
        case "Dial":
            bridged = random.choice(("true", "false"))
            status = random.choice(("completed", "no-answer", "busy", "failed"))
            return {"DialCallStatus": status, "DialBridged": bridged, "DialCallDuration": "7"}
        case "Enqueue":
            result = random.choice(("bridged", "leave", "hangup", "error", "queue-full"))
            return {"QueueResult": result, "QueueTime": "12", "QueueSid": "QU" + "0" * 32}
        case "Record":
            sid = "RE" + f"{random.getrandbits(128):032x}"
            return {"RecordingSid": sid, "RecordingDuration": "7", "Digits": random.choice("#0*1")}
        case "Gather":
            return {"Digits": random.choice((*"0123456789*#", *DATES, *NUMBERS))}
    return {}
