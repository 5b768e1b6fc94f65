"""Reads a TwiML document, and refuses one that Twilio would refuse."""

from xml.etree.ElementTree import Element, ParseError, fromstring

from ivr.phone.attributes import Attributes, known_to_twilio
from ivr.phone.element import no_text
from ivr.phone.elements import READERS
from ivr.phone.failure import UNREADABLE, TwimlError
from ivr.phone.verbs import Verb

LARGEST = 64 * 1024
"""Bytes of one document."""


def read(text: str) -> tuple[Verb, ...]:
    """The verbs of a document, in order; comments are passed over.

    Raises TwimlError for what is not XML, not TwiML, or not played by this telephone.

    >>> read("<Response><Pause length='2'/><Hangup/></Response>")
    (Pause(length=2), Hangup())
    """
    root = _parsed(text)
    if root.tag != "Response":
        raise TwimlError(f"The root must be <Response>, not <{root.tag}>.")
    Attributes(root, frozenset())
    no_text(root)
    return tuple(map(_verb, root))


def _parsed(text: str) -> Element:
    if len(text.encode()) > LARGEST:
        raise TwimlError(f"A document is at most {LARGEST // 1024} kB.", UNREADABLE)
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise TwimlError("A document has no DOCTYPE and no entities of its own.", UNREADABLE)
    try:
        return fromstring(text.encode())  # noqa: S314 - what makes XML dangerous is refused above
    except ParseError as mistake:
        raise TwimlError(f"Not XML: {mistake}.", UNREADABLE) from None


def _verb(element: Element) -> Verb:
    if element.tag in READERS:
        return READERS[element.tag](element)
    if known_to_twilio(element.tag):
        raise TwimlError(f"<{element.tag}> is not played by this telephone.")
    raise TwimlError(f"<{element.tag}> is not a TwiML verb.")
