"""Reads each element of a document into the verb it stands for.

The rules are those of twilio.com/docs/voice/twiml and the pages of the single verbs. What Twilio would
play and this telephone cannot is refused too: better that than to leave it out quietly.
"""

from collections.abc import Callable
from xml.etree.ElementTree import Element

from ivr.phone.dialling import dial, enqueue, leave
from ivr.phone.element import LONGEST_CALL, content, empty, given, loop, method, no_text
from ivr.phone.failure import TwimlError
from ivr.phone.ssml import sounds
from ivr.phone.verbs import (
    Gather,
    Hangup,
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

_VOICE = r"man|woman|alice|(Polly|Google)\.[A-Za-z0-9-]+"
_LANGUAGE = r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z0-9]{2,3})?"
_PLAIN_VOICES = {"man", "woman", "alice"}


def _say(element: Element) -> Say:
    attributes = given(element)
    voice = attributes.text("voice", _VOICE)
    attributes.text("language", _LANGUAGE)
    if len(element) and voice in _PLAIN_VOICES:
        raise attributes.refuse("voice", "this voice cannot speak SSML")
    said = sounds(element)
    if not any(sound.text for sound in said):
        raise TwimlError("<Say> without words.")
    if len("".join(element.itertext())) > LONGEST_SAY:
        raise TwimlError(f"<Say> has more than {LONGEST_SAY} characters.")
    return Say(said, loop(attributes))


def _play(element: Element) -> Play:
    attributes = given(element)
    audio, digits = content(element), attributes.text("digits", r"[0-9*#wW]+") or ""
    if not audio and not digits:
        raise TwimlError("<Play> without an address.")
    return Play(audio, digits, loop(attributes))


def _pause(element: Element) -> Pause:
    empty(element)
    return Pause(given(element).whole("length", Pause.length))


def _gather(element: Element) -> Gather:
    attributes = given(element)
    no_text(element)
    if attributes.one_of("input", "dtmf", "speech", "dtmf speech", "speech dtmf") != "dtmf":
        raise attributes.refuse("input", "this telephone has keys only")
    return Gather(
        nested=tuple(_nested(child) for child in element),
        action=attributes.address("action"),
        method=method(attributes),
        timeout=attributes.whole("timeout", Gather.timeout),
        num_digits=attributes.whole("numDigits", 0) if "numDigits" in element.attrib else None,
        finish_on_key=attributes.keys("finishOnKey", Gather.finish_on_key, most=1),
        action_on_empty_result=attributes.flag("actionOnEmptyResult"),
    )


def _nested(element: Element) -> Sounding:
    if element.tag not in _SOUNDING:
        raise TwimlError(f"<{element.tag}> cannot stand inside <Gather>: only Say, Play and Pause.")
    return _SOUNDING[element.tag](element)


def _record(element: Element) -> Record:
    empty(element)
    attributes = given(element)
    attributes.unplayed("transcribe", "transcribeCallback", "recordingConfigurationId")
    attributes.one_of("trim", "trim-silence", "do-not-trim")
    attributes.one_of("playBeep", "true", "false")
    return Record(
        news=attributes.address("recordingStatusCallback"),
        news_method=attributes.one_of("recordingStatusCallbackMethod", "POST", "GET"),
        news_events=attributes.several("recordingStatusCallbackEvent", "completed", "in-progress", "absent"),
        action=attributes.address("action"),
        method=method(attributes),
        timeout=attributes.whole("timeout", Record.timeout),
        max_length=attributes.whole("maxLength", Record.max_length, most=LONGEST_CALL),
        finish_on_key=attributes.keys("finishOnKey", Record.finish_on_key),
    )


def _redirect(element: Element) -> Redirect:
    if not content(element):
        raise TwimlError("<Redirect> without an address.")
    return Redirect(content(element), method(given(element)))


def _hangup(element: Element) -> Hangup:
    empty(element)
    given(element)
    return Hangup()


def _reject(element: Element) -> Reject:
    empty(element)
    return Reject(given(element).one_of("reason", Reject.reason, "busy"))


_SOUNDING: dict[str, Callable[[Element], Sounding]] = {"Say": _say, "Play": _play, "Pause": _pause}
READERS: dict[str, Callable[[Element], Verb]] = {
    **_SOUNDING,
    "Gather": _gather,
    "Dial": dial,
    "Record": _record,
    "Enqueue": enqueue,
    "Leave": leave,
    "Redirect": _redirect,
    "Hangup": _hangup,
    "Reject": _reject,
}
