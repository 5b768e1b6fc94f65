"""The words of a <Say>, with the breaks and spellings that SSML puts between them."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from twilio.twiml import TwiML, voice_response

from ivr.phone.attributes import Attributes, allowed
from ivr.phone.failure import TwimlError
from ivr.phone.speech import Sound, silence, spoken

_BUILDERS = {
    "break": "break_",
    "emphasis": "emphasis",
    "lang": "lang",
    "p": "p",
    "phoneme": "phoneme",
    "prosody": "prosody",
    "s": "s",
    "say-as": "say_as",
    "sub": "sub",
    "w": "w",
}
_NAMES = {tag: allowed(voice_response.Say, builder) for tag, builder in _BUILDERS.items()}
_KINDS: dict[str, type[TwiML]] = {
    "Say": voice_response.Say,
    **{tag: getattr(voice_response, f"Ssml{name.title().replace('_', '')}") for tag, name in _BUILDERS.items()},
}

_STRENGTHS = {"medium": 0.25, "none": 0.0, "x-weak": 0.0, "weak": 0.25, "strong": 0.5, "x-strong": 1.0}
"""Seconds; the voices only promise that one is like a comma, a sentence or a paragraph."""
_LONGEST_BREAK = 10.0
_SPELT = {"characters", "character", "spell-out", "digits", "telephone"}
_READ = {"cardinal", "number", "ordinal", "fraction", "unit", "date", "time", "address", "expletive"}


def sounds(say: Element) -> tuple[Sound, ...]:
    """What the voice does for a <Say>.

    Raises TwimlError for an element or a value that is not SSML as Twilio's voices speak it
    (twilio.com/docs/voice/twiml/say/text-speech).
    """
    _refuse_nesting(say)
    return tuple(_inside(say))


def _refuse_nesting(parent: Element) -> None:
    """Refuse an element inside one for which Twilio's library has no method that puts it there."""
    for child in parent:
        if child.tag not in _BUILDERS or not hasattr(_KINDS[parent.tag], _BUILDERS[child.tag]):
            raise TwimlError(f"<{child.tag}> cannot stand inside <{parent.tag}>.")
        _refuse_nesting(child)


def _inside(element: Element, *, spelt: bool = False) -> Iterator[Sound]:
    yield from _words(element.text, spelt)
    for child in element:
        yield from _element(child)
        yield from _words(child.tail, spelt)


def _words(text: str | None, spelt: bool) -> Iterator[Sound]:
    if text and text.strip():
        yield spoken(" ".join(re.sub(r"\W", "", text)) if spelt else text)


def _element(element: Element) -> Iterator[Sound]:
    given = Attributes(element, _NAMES[element.tag])
    if element.tag == "break":
        yield silence(_break(element, given), voice=True)
    elif element.tag == "say-as":
        yield from _inside(element, spelt=given.one_of("interpret-as", "", *_SPELT, *_READ) in _SPELT)
    elif element.tag == "sub":
        yield from _words(given.text("alias"), spelt=False)
    else:
        yield from _inside(element)


def _break(element: Element, given: Attributes) -> float:
    if len(element) or element.text:
        raise TwimlError("<break> must be empty.")
    time = given.text("time", r"[0-9]+(\.[0-9]+)?m?s")
    if time is None:
        return _STRENGTHS[given.one_of("strength", *_STRENGTHS)]
    seconds = float(time[:-2]) / 1000 if time.endswith("ms") else float(time[:-1])
    if seconds > _LONGEST_BREAK:
        raise given.refuse("time", f"at most {_LONGEST_BREAK:.0f} seconds")
    return seconds
