"""Reads each element of a document into the verb it stands for.

The rules are those of twilio.com/docs/voice/twiml and the pages of the single verbs. What Twilio would
play and this telephone cannot is refused too: better that than to leave it out quietly.
"""

import re
from collections.abc import Callable
from xml.etree.ElementTree import Element

from twilio.twiml import voice_response

from ivr.phone.attributes import Attributes, allowed
from ivr.phone.failure import TwimlError
from ivr.phone.ssml import sounds
from ivr.phone.verbs import (
    Dial,
    Gather,
    Hangup,
    Number,
    Pause,
    Play,
    Record,
    Redirect,
    Reject,
    Say,
    Sounding,
    Verb,
)

LONGEST_SAY = 4096
"""Characters of one <Say>."""
FOREVER = 1000
"""How often loop="0" repeats."""
MOST_NUMBERS = 10
"""Numbers in one <Dial>."""
LONGEST_RING = 600
LONGEST_CALL = 14400

_VOICE = r"man|woman|alice|(Polly|Google)\.[A-Za-z0-9-]+"
_LANGUAGE = r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z0-9]{2,3})?"
_PLAIN_VOICES = {"man", "woman", "alice"}
_E164 = r"\+[1-9][0-9]{6,14}"


def _say(element: Element) -> Say:
    given = _given(element)
    voice = given.text("voice", _VOICE)
    given.text("language", _LANGUAGE)
    if len(element) and voice in _PLAIN_VOICES:
        raise given.refuse("voice", "this voice cannot speak SSML")
    said = sounds(element)
    if not any(sound.text for sound in said):
        raise TwimlError("<Say> without words.")
    if len("".join(element.itertext())) > LONGEST_SAY:
        raise TwimlError(f"<Say> has more than {LONGEST_SAY} characters.")
    return Say(said, _loop(given))


def _play(element: Element) -> Play:
    given = _given(element)
    audio, digits = _content(element), given.text("digits", r"[0-9*#wW]+") or ""
    if not audio and not digits:
        raise TwimlError("<Play> without an address.")
    return Play(audio, digits, _loop(given))


def _pause(element: Element) -> Pause:
    _empty(element)
    return Pause(_given(element).whole("length", Pause.length))


def _gather(element: Element) -> Gather:
    given = _given(element)
    no_text(element)
    if given.one_of("input", "dtmf", "speech", "dtmf speech", "speech dtmf") != "dtmf":
        raise given.refuse("input", "this telephone has keys only")
    return Gather(
        nested=tuple(_nested(child) for child in element),
        action=given.address("action"),
        method=_method(given),
        timeout=given.whole("timeout", Gather.timeout),
        num_digits=given.whole("numDigits", 0) if "numDigits" in element.attrib else None,
        finish_on_key=given.keys("finishOnKey", Gather.finish_on_key, most=1),
        action_on_empty_result=given.flag("actionOnEmptyResult"),
    )


def _nested(element: Element) -> Sounding:
    if element.tag not in _SOUNDING:
        raise TwimlError(f"<{element.tag}> cannot stand inside <Gather>: only Say, Play and Pause.")
    return _SOUNDING[element.tag](element)


def _dial(element: Element) -> Dial:
    given = _given(element)
    given.unplayed("record", "recordingStatusCallback", "referUrl")
    return Dial(
        numbers=_numbers(element),
        action=given.address("action"),
        method=_method(given),
        timeout=given.whole("timeout", Dial.timeout, most=LONGEST_RING),
        time_limit=given.whole("timeLimit", Dial.time_limit, most=LONGEST_CALL),
        caller_id=given.text("callerId", _E164),
        hangup_on_star=given.flag("hangupOnStar"),
        sequential=given.flag("sequential"),
    )


def _numbers(dial: Element) -> tuple[Number, ...]:
    if not len(dial):
        if not _content(dial):
            raise TwimlError("<Dial> without a number.")
        return (Number(_content(dial)),)
    no_text(dial)
    if len(dial) > MOST_NUMBERS:
        raise TwimlError(f"<Dial> rings at most {MOST_NUMBERS} numbers.")
    return tuple(_number(noun) for noun in dial)


def _number(element: Element) -> Number:
    if element.tag != "Number":
        raise TwimlError(f"<{element.tag}> inside <Dial> is not played by this telephone.")
    given = Attributes(element, _NUMBER_NAMES)
    given.unplayed("sendDigits", "statusCallback", "machineDetection", "amdStatusCallback")
    if not _content(element):
        raise TwimlError("<Number> without a number.")
    return Number(_content(element), given.address("url"), _method(given))


def _record(element: Element) -> Record:
    _empty(element)
    given = _given(element)
    given.unplayed("transcribe", "transcribeCallback", "recordingStatusCallback")
    return Record(
        action=given.address("action"),
        method=_method(given),
        timeout=given.whole("timeout", Record.timeout),
        max_length=given.whole("maxLength", Record.max_length, most=LONGEST_CALL),
        finish_on_key=given.keys("finishOnKey", Record.finish_on_key),
    )


def _redirect(element: Element) -> Redirect:
    if not _content(element):
        raise TwimlError("<Redirect> without an address.")
    return Redirect(_content(element), _method(_given(element)))


def _hangup(element: Element) -> Hangup:
    _empty(element)
    _given(element)
    return Hangup()


def _reject(element: Element) -> Reject:
    _empty(element)
    return Reject(_given(element).one_of("reason", Reject.reason, "busy"))


_SOUNDING: dict[str, Callable[[Element], Sounding]] = {"Say": _say, "Play": _play, "Pause": _pause}
READERS: dict[str, Callable[[Element], Verb]] = {
    **_SOUNDING,
    "Gather": _gather,
    "Dial": _dial,
    "Record": _record,
    "Redirect": _redirect,
    "Hangup": _hangup,
    "Reject": _reject,
}
_NAMES = {name: allowed(voice_response.VoiceResponse, name.lower()) for name in READERS}
_NUMBER_NAMES = allowed(voice_response.Dial, "number")


def _given(element: Element) -> Attributes:
    return Attributes(element, _NAMES[element.tag])


def _method(given: Attributes) -> str:
    return given.one_of("method", "POST", "GET")


def _loop(given: Attributes) -> int:
    return given.whole("loop", 1, least=0) or FOREVER


def _content(element: Element) -> str:
    """The text of an element that has only text."""
    if len(element) and element.tag != "Dial":
        raise TwimlError(f"<{element[0].tag}> cannot stand inside <{element.tag}>.")
    return (element.text or "").strip()


def no_text(element: Element) -> None:
    """Refuse words between the verbs: nobody would speak them."""
    stray = [element.text, *(child.tail for child in element)]
    if any(text and text.strip() for text in stray):
        raise TwimlError(f"<{element.tag}> has words that no verb speaks.")


def _empty(element: Element) -> None:
    if len(element) or re.search(r"\S", element.text or ""):
        raise TwimlError(f"<{element.tag}> must be empty.")
