"""Webhooks as they really come, gathered from calls: what is twisted afterwards."""

from random import Random
from urllib.parse import urlsplit
from xml.etree.ElementTree import fromstring

from ivr.phone.leg import Leg
from torture.webhooks.ask import Asker
from torture.webhooks.webhook import Webhook

HELPLINE = "+448081570000"
CALLERS = ("+447700900123", "+441632960123", "anonymous", "", "+33123456789")
DATES = ("14102026", "31022026")
NUMBERS = ("07700900456",)
MOST_TURNS = 25


async def gather(asker: Asker, random: Random, calls: int) -> list[Webhook]:
    """All webhooks of so many calls in which any keys are pressed."""
    found: list[Webhook] = []
    for _ in range(calls):
        found += await _call(asker, random)
    return found


async def _call(asker: Asker, random: Random) -> list[Webhook]:
    leg = Leg(random.choice(CALLERS), HELPLINE)
    webhook = Webhook("/voice").saying(tuple(leg.form("ringing").items()))
    sent = []
    for _ in range(MOST_TURNS):
        sent.append(webhook)
        answer = await asker.asks(webhook)
        following = _following(answer.body, leg, random)
        if following is None:
            break
        webhook = following
    return sent


def _following(document: bytes, leg: Leg, random: Random) -> Webhook | None:
    """What comes next: a key, a silence, whoever was rung, what was recorded."""
    root = fromstring(document)  # noqa: S314  our own
    actions = [(element.tag, element.get("action") or "") for element in root if element.get("action")]
    actions += [("Redirect", (element.text or "").strip()) for element in root if element.tag == "Redirect"]
    actions += [("Wait", element.get("waitUrl") or "") for element in root if element.tag == "Enqueue"]
    actions += [("Screen", noun.get("url") or "") for noun in root.iter("Number") if noun.get("url")]
    if not actions:
        return None
    tag, url = random.choice(actions)
    there = urlsplit(url)
    form = leg.form("in-progress") | _happened(tag, leg, random)
    return Webhook(there.path, there.query).saying(tuple(form.items()))


def _happened(tag: str, leg: Leg, random: Random) -> dict[str, str]:
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
