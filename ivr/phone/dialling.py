"""Reads the elements that bring callers together with others: <Dial> with what it rings, <Enqueue> and <Leave>."""

from xml.etree.ElementTree import Element

from twilio.twiml import voice_response

from ivr.phone.attributes import Attributes, allowed
from ivr.phone.element import LONGEST_CALL, content, empty, given, method, no_text
from ivr.phone.failure import TwimlError
from ivr.phone.verbs import Dial, Enqueue, Leave, Number

MOST_NUMBERS = 10
"""Numbers in one <Dial>."""
LONGEST_RING = 600
LONGEST_NAME = 64
"""Characters of a queue's name."""
LARGEST_QUEUE = 5000

_E164 = r"\+[1-9][0-9]{6,14}"
_NUMBER_NAMES = allowed(voice_response.Dial, "number")
_QUEUE_NAMES = allowed(voice_response.Dial, "queue")


def dial(element: Element) -> Dial:
    """Numbers to ring, or a queue."""
    attributes = given(element)
    attributes.unplayed("record", "recordingStatusCallback", "referUrl")
    queue = len(element) == 1 and element[0].tag == "Queue"
    return Dial(
        numbers=() if queue else _numbers(element),
        queue=_queue(element) if queue else "",
        action=attributes.address("action"),
        method=method(attributes),
        timeout=attributes.whole("timeout", Dial.timeout, most=LONGEST_RING),
        time_limit=attributes.whole("timeLimit", Dial.time_limit, most=LONGEST_CALL),
        caller_id=attributes.text("callerId", _E164),
        hangup_on_star=attributes.flag("hangupOnStar"),
        sequential=attributes.flag("sequential"),
    )


def _numbers(dial: Element) -> tuple[Number, ...]:
    if not len(dial):
        if not content(dial):
            raise TwimlError("<Dial> without a number.")
        return (Number(content(dial)),)
    no_text(dial)
    if len(dial) > MOST_NUMBERS:
        raise TwimlError(f"<Dial> rings at most {MOST_NUMBERS} numbers.")
    return tuple(_number(noun) for noun in dial)


def _number(element: Element) -> Number:
    if element.tag != "Number":
        raise TwimlError(f"<{element.tag}> inside <Dial> is not played by this telephone.")
    attributes = Attributes(element, _NUMBER_NAMES)
    attributes.unplayed("sendDigits", "statusCallback", "machineDetection", "amdStatusCallback")
    if not content(element):
        raise TwimlError("<Number> without a number.")
    return Number(content(element), attributes.address("url"), method(attributes))


def _queue(dial: Element) -> str:
    no_text(dial)
    attributes = Attributes(dial[0], _QUEUE_NAMES)
    attributes.unplayed("url", "reservationSid", "postWorkActivitySid")
    return _name(dial[0])


def _name(element: Element) -> str:
    """The name of a queue (twilio.com/docs/voice/twiml/enqueue)."""
    name = content(element)
    if not 0 < len(name) <= LONGEST_NAME:
        raise TwimlError(f"<{element.tag}> wants the name of a queue, of at most {LONGEST_NAME} characters.")
    return name


def enqueue(element: Element) -> Enqueue:
    """A queue to wait in."""
    attributes = given(element)
    attributes.unplayed("workflowSid")
    wait = attributes.address("waitUrl")
    if wait is None:
        raise TwimlError("<Enqueue> without waitUrl: this telephone has no music of its own.")
    return Enqueue(
        queue=_name(element),
        wait=wait,
        wait_method=attributes.one_of("waitUrlMethod", "POST", "GET"),
        action=attributes.address("action"),
        method=method(attributes),
        most=attributes.whole("maxQueueSize", Enqueue.most, most=LARGEST_QUEUE),
    )


def leave(element: Element) -> Leave:
    """The way out of it."""
    empty(element)
    given(element)
    return Leave()
