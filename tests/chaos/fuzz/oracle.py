"""The oracle: says whether a response to a webhook is correct, and if not, what is wrong with it."""

import re

from ivr.simulator.twiml.errors import TwimlError
from ivr.simulator.twiml.parse import parse
from ivr.simulator.twiml.verbs import Dial, Enqueue, Gather, Hangup, Leave, Record, Redirect, Say, Verb
from ivr.telephony.webhook import ENDED
from ivr.web.signature_check import OF_CALL, OF_TEXT
from tests.chaos.fuzz.asgi_client import AsgiResponse
from tests.chaos.fuzz.mutations import PATHS
from tests.chaos.fuzz.raw_webhook import RawWebhook

STATUS_CALLBACK_PATHS = ("/voice/status", "/voice/recording")
ADVISER_PATHS = ("/voice/screening/offer", "/voice/callbacks/offer", "/voice/hunt/offer")
"""An adviser's leg may end without a goodbye, and an accepting adviser is connected when the document runs out."""
STEP_PATH = re.compile("/voice/[^/%]+/[^/%]+")


def violation(webhook: RawWebhook, response: AsgiResponse) -> str:
    """Return what is wrong with a response; an empty string for a correct one."""
    if response.error or response.status >= 500:
        return f"{response.status} {response.error}"
    if not webhook.is_signed:
        return "" if response.status in (403, 404, 405, 413) else f"unsigned webhook got status {response.status}"
    if webhook.method != "POST" or response.status in (404, 413):
        return _wrong_rejection(webhook, response)
    if webhook.path.startswith("/voice") and webhook.path not in STATUS_CALLBACK_PATHS:
        return _wrong_document(webhook, response)
    return "" if response.status in (200, 204) else f"status {response.status}"


def _wrong_rejection(webhook: RawWebhook, response: AsgiResponse) -> str:
    """Only a body out of bounds, an unknown path or a wrong method may be rejected, each with its status."""
    if response.status == 413:
        bounds = OF_TEXT if webhook.path == "/sms" else OF_CALL
        is_allowed = len(webhook.body) <= bounds.length and bounds.allow(webhook.body)
        return "413 for a body below the limit" if is_allowed else ""
    if response.status == 404:
        return "404 for a known path" if is_known_path(webhook.path) else ""
    return "" if response.status in (405, 404) else f"{webhook.method} got status {response.status}"


def is_known_path(path: str) -> bool:
    """Whether the application has a route for this path."""
    return path in PATHS or bool(STEP_PATH.fullmatch(path))


def _wrong_document(webhook: RawWebhook, response: AsgiResponse) -> str:
    if response.status != 200 or not response.content_type.startswith("text/xml"):
        return f"status {response.status} {response.content_type}"
    try:
        verbs = parse(response.body.decode())
    except (TwimlError, UnicodeDecodeError) as error:
        return f"invalid TwiML: {error}"
    has_hung_up = dict(webhook.fields).get("CallStatus") in ENDED
    may_end = has_hung_up or continues(verbs) or webhook.path in ADVISER_PATHS
    return "" if may_end else "the call ends without a goodbye"


def continues(verbs: tuple[Verb, ...]) -> bool:
    """Whether the call continues with another webhook, or ends after a spoken sentence."""
    if not verbs:
        return False
    last = verbs[-1]
    if isinstance(last, Hangup):
        return any(isinstance(verb, Say) for verb in verbs)
    has_action = isinstance(last, Dial | Enqueue | Gather | Record) and bool(last.action)
    return isinstance(last, Redirect | Leave) or has_action
