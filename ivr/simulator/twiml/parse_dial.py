"""Parses the verbs that connect callers with others: `<Dial>` with its nouns, `<Enqueue>` and `<Leave>`."""

from xml.etree.ElementTree import Element

from twilio.twiml import voice_response

from ivr.simulator.twiml.attributes import (
    MAX_CALL_SECONDS,
    Attributes,
    allowed_attributes,
    refuse_content,
    refuse_text,
    text_content,
    verb_attributes,
)
from ivr.simulator.twiml.errors import TwimlError
from ivr.simulator.twiml.verbs import Dial, DialNumber, Enqueue, Leave

MAX_NUMBERS = 10
"""Numbers in one `<Dial>`."""
MAX_DIAL_TIMEOUT = 600
"""Seconds."""
MAX_QUEUE_NAME = 64
"""Characters."""
MAX_QUEUE_SIZE = 5000

_E164 = r"\+[1-9][0-9]{6,14}"
_NUMBER_ATTRIBUTES = allowed_attributes(voice_response.Dial, "number")
_QUEUE_ATTRIBUTES = allowed_attributes(voice_response.Dial, "queue")


def parse_dial(element: Element) -> Dial:
    """Return a `<Dial>` of numbers or of a queue."""
    attributes = verb_attributes(element)
    attributes.refuse_unsupported("record", "recordingStatusCallback", "referUrl")
    queue = len(element) == 1 and element[0].tag == "Queue"
    return Dial(
        numbers=() if queue else _parse_numbers(element),
        queue=_parse_queue(element) if queue else "",
        action=attributes.url("action"),
        method=attributes.method(),
        timeout=attributes.integer("timeout", Dial.timeout, maximum=MAX_DIAL_TIMEOUT),
        time_limit=attributes.integer("timeLimit", Dial.time_limit, maximum=MAX_CALL_SECONDS),
        caller_id=attributes.text("callerId", _E164),
        hangup_on_star=attributes.flag("hangupOnStar"),
        sequential=attributes.flag("sequential"),
    )


def _parse_numbers(dial: Element) -> tuple[DialNumber, ...]:
    if not len(dial):
        if not text_content(dial):
            raise TwimlError("<Dial> without a number.")
        return (DialNumber(text_content(dial)),)
    refuse_text(dial)
    if len(dial) > MAX_NUMBERS:
        raise TwimlError(f"<Dial> rings at most {MAX_NUMBERS} numbers.")
    return tuple(_parse_number(noun) for noun in dial)


def _parse_number(element: Element) -> DialNumber:
    if element.tag != "Number":
        raise TwimlError(f"<{element.tag}> inside <Dial> is not played by this telephone.")
    attributes = Attributes(element, _NUMBER_ATTRIBUTES)
    attributes.refuse_unsupported("sendDigits", "statusCallback", "machineDetection", "amdStatusCallback")
    if not text_content(element):
        raise TwimlError("<Number> without a number.")
    return DialNumber(text_content(element), attributes.url("url"), attributes.method())


def _parse_queue(dial: Element) -> str:
    refuse_text(dial)
    attributes = Attributes(dial[0], _QUEUE_ATTRIBUTES)
    attributes.refuse_unsupported("url", "reservationSid", "postWorkActivitySid")
    return _queue_name(dial[0])


def _queue_name(element: Element) -> str:
    name = text_content(element)
    if not 0 < len(name) <= MAX_QUEUE_NAME:
        raise TwimlError(f"<{element.tag}> wants the name of a queue, of at most {MAX_QUEUE_NAME} characters.")
    return name


def parse_enqueue(element: Element) -> Enqueue:
    """Return an `<Enqueue>`, which must have a `waitUrl` as the simulator has no hold music."""
    attributes = verb_attributes(element)
    attributes.refuse_unsupported("workflowSid")
    wait_url = attributes.url("waitUrl")
    if wait_url is None:
        raise TwimlError("<Enqueue> without waitUrl: this telephone has no music of its own.")
    return Enqueue(
        queue=_queue_name(element),
        wait_url=wait_url,
        wait_url_method=attributes.method("waitUrlMethod"),
        action=attributes.url("action"),
        method=attributes.method(),
        max_queue_size=attributes.integer("maxQueueSize", Enqueue.max_queue_size, maximum=MAX_QUEUE_SIZE),
    )


def parse_leave(element: Element) -> Leave:
    """Return a `<Leave>`."""
    refuse_content(element)
    verb_attributes(element)
    return Leave()
