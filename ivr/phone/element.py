"""What is read of every element of a document alike."""

import re
from functools import cache
from xml.etree.ElementTree import Element

from twilio.twiml import voice_response

from ivr.phone.attributes import Attributes, allowed
from ivr.phone.failure import TwimlError

FOREVER = 1000
"""How often loop="0" repeats."""
LONGEST_CALL = 14400
"""Seconds."""


def given(element: Element) -> Attributes:
    """The attributes of a verb."""
    return Attributes(element, _names(element.tag))


@cache
def _names(verb: str) -> frozenset[str]:
    return allowed(voice_response.VoiceResponse, verb.lower())


def method(attributes: Attributes) -> str:
    """How an address is asked."""
    return attributes.one_of("method", "POST", "GET")


def loop(attributes: Attributes) -> int:
    """How often something is said."""
    return attributes.whole("loop", 1, least=0) or FOREVER


def content(element: Element) -> str:
    """The text of an element that has only text."""
    if len(element) and element.tag != "Dial":
        raise TwimlError(f"<{element[0].tag}> cannot stand inside <{element.tag}>.")
    return (element.text or "").strip()


def no_text(element: Element) -> None:
    """Refuse words between the verbs: nobody would speak them."""
    stray = [element.text, *(child.tail for child in element)]
    if any(text and text.strip() for text in stray):
        raise TwimlError(f"<{element.tag}> has words that no verb speaks.")


def empty(element: Element) -> None:
    """Refuse anything inside."""
    if len(element) or re.search(r"\S", element.text or ""):
        raise TwimlError(f"<{element.tag}> must be empty.")
