"""Says what is wrong with an answer, if anything is."""

import re

from ivr.phone.failure import TwimlError
from ivr.phone.twiml import read
from ivr.phone.verbs import Dial, Enqueue, Gather, Hangup, Leave, Record, Redirect, Say, Verb
from ivr.telephony.webhook import GONE
from ivr.web.body import LONGEST
from torture.webhooks.ask import Answer
from torture.webhooks.twists import PATHS
from torture.webhooks.webhook import Webhook

OTHERS = ("/voice/status", "/voice/recording")
STEP = re.compile("/voice/[^/%]+/[^/%]+")


def complaint(webhook: Webhook, answer: Answer) -> str:
    """Nothing, for an answer as it must be."""
    if answer.error or answer.status >= 500:
        return f"{answer.status} {answer.error}"
    if not webhook.is_signed:
        return "" if answer.status in (403, 404, 405, 413) else f"unsigned, and answered {answer.status}"
    if webhook.method != "POST" or answer.status in (404, 413):
        return _refusal(webhook, answer)
    if _is_for_a_caller(webhook):
        return _document(webhook, answer)
    return "" if answer.status in (200, 204) else f"answered {answer.status}"


def _is_for_a_caller(webhook: Webhook) -> bool:
    return webhook.path.startswith("/voice") and webhook.path not in OTHERS


def _refusal(webhook: Webhook, answer: Answer) -> str:
    """What is too long, or leads nowhere, may be refused; what the provider may send must not be."""
    if answer.status == 413:
        return "" if len(webhook.body) > LONGEST else "refused as too long, which it is not"
    if answer.status == 404:
        return "404" if leads_somewhere(webhook.path) else ""
    return "" if answer.status in (405, 404) else f"{webhook.method}, and answered {answer.status}"


def leads_somewhere(path: str) -> bool:
    """Whether something of ours answers there."""
    return path in PATHS or bool(STEP.fullmatch(path))


def _document(webhook: Webhook, answer: Answer) -> str:
    if answer.status != 200 or not answer.kind.startswith("text/xml"):
        return f"answered {answer.status} {answer.kind}"
    try:
        verbs = read(answer.body.decode())
    except (TwimlError, UnicodeDecodeError) as mistake:
        return f"no TwiML: {mistake}"
    gone = dict(webhook.fields).get("CallStatus") in GONE
    return (
        "" if gone or leads_on(verbs) or _is_for_an_adviser(webhook, verbs) else "it leaves the caller without a way on"
    )


def leads_on(verbs: tuple[Verb, ...]) -> bool:
    """Whether the call goes on at some step, or ends with a word."""
    if not verbs:
        return False
    last = verbs[-1]
    if isinstance(last, Hangup):
        return any(isinstance(verb, Say) for verb in verbs)
    onward = isinstance(last, Redirect | Leave) or (isinstance(last, Dial | Enqueue | Gather | Record) and last.action)
    return bool(onward)


def _is_for_an_adviser(webhook: Webhook, verbs: tuple[Verb, ...]) -> bool:
    """An adviser's line may be ended without a word, and one who presses 1 is connected by a document that runs out."""
    return webhook.path in ("/voice/screening/offer", "/voice/callbacks/offer", "/voice/hunt/offer")
