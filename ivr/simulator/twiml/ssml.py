"""The SSML inside a `<Say>`: words, breaks and spellings."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from twilio.twiml import TwiML, voice_response

from ivr.simulator.twiml.attributes import Attributes, allowed_attributes
from ivr.simulator.twiml.errors import TwimlError
from ivr.simulator.twiml.timing import Sound, silence, speech

_TAGS = ("break", "emphasis", "lang", "p", "phoneme", "prosody", "s", "say-as", "sub", "w")
_BUILDERS = {"break": "break_", "say-as": "say_as"}
_ATTRIBUTES = {tag: allowed_attributes(voice_response.Say, _BUILDERS.get(tag, tag)) for tag in _TAGS}
_ELEMENTS: dict[str, type[TwiML]] = {
    "Say": voice_response.Say,
    **{tag: getattr(voice_response, f"Ssml{tag.title().replace('-', '')}") for tag in _TAGS},
}

_STRENGTHS = {"medium": 0.25, "none": 0.0, "x-weak": 0.0, "weak": 0.25, "strong": 0.5, "x-strong": 1.0}
"""Seconds. The voices only promise that a break is like one for a comma, a sentence or a paragraph."""
_MAX_BREAK = 10.0
_SPELT = {"characters", "character", "spell-out", "digits", "telephone"}
_READ = {"cardinal", "number", "ordinal", "fraction", "unit", "date", "time", "address", "expletive"}


def parse_ssml(say: Element) -> tuple[Sound, ...]:
    """Return the sounds of a `<Say>`.

    Raises TwimlError for an element or a value that Twilio's voices do not speak
    (https://www.twilio.com/docs/voice/twiml/say/text-speech).
    """
    _refuse_nesting(say)
    return tuple(_children(say))


def _refuse_nesting(parent: Element) -> None:
    """Refuse an element inside one for which Twilio's library has no method that puts it there."""
    for child in parent:
        builder = _BUILDERS.get(child.tag, child.tag)
        if child.tag not in _TAGS or not hasattr(_ELEMENTS[parent.tag], builder):
            raise TwimlError(f"<{child.tag}> cannot stand inside <{parent.tag}>.")
        _refuse_nesting(child)


def _children(element: Element, *, spelt: bool = False) -> Iterator[Sound]:
    yield from _words(element.text, spelt)
    for child in element:
        yield from _element(child)
        yield from _words(child.tail, spelt)


def _words(text: str | None, spelt: bool) -> Iterator[Sound]:
    if text and text.strip():
        yield speech(" ".join(re.sub(r"\W", "", text)) if spelt else text)


def _element(element: Element) -> Iterator[Sound]:
    attributes = Attributes(element, _ATTRIBUTES[element.tag])
    if element.tag == "break":
        yield silence(_break_seconds(element, attributes), voice=True)
    elif element.tag == "say-as":
        yield from _children(element, spelt=attributes.one_of("interpret-as", "", *_SPELT, *_READ) in _SPELT)
    elif element.tag == "sub":
        yield from _words(attributes.text("alias"), spelt=False)
    else:
        yield from _children(element)


def _break_seconds(element: Element, attributes: Attributes) -> float:
    if len(element) or element.text:
        raise TwimlError("<break> must be empty.")
    time = attributes.text("time", r"[0-9]+(\.[0-9]+)?m?s")
    if time is None:
        return _STRENGTHS[attributes.one_of("strength", *_STRENGTHS)]
    seconds = float(time[:-2]) / 1000 if time.endswith("ms") else float(time[:-1])
    if seconds > _MAX_BREAK:
        raise attributes.error("time", f"at most {_MAX_BREAK:.0f} seconds")
    return seconds
