"""The TwiML parser, which refuses a document that Twilio would refuse.

The rules are those of https://www.twilio.com/docs/voice/twiml and the pages of the single verbs. What Twilio supports
and the simulator does not is refused too, rather than ignored.
"""

from collections.abc import Callable
from xml.etree.ElementTree import Element, ParseError, fromstring

from ivr.simulator.twiml.attributes import (
    MAX_CALL_SECONDS,
    Attributes,
    is_twiml_element,
    refuse_content,
    refuse_text,
    text_content,
    verb_attributes,
)
from ivr.simulator.twiml.errors import DOCUMENT_PARSE_FAILURE, TwimlError
from ivr.simulator.twiml.parse_dial import parse_dial, parse_enqueue, parse_leave
from ivr.simulator.twiml.ssml import parse_ssml
from ivr.simulator.twiml.verbs import (
    Gather,
    Hangup,
    Pause,
    Play,
    Record,
    Redirect,
    Reject,
    Say,
    Speakable,
    Verb,
)

MAX_DOCUMENT_BYTES = 64 * 1024
MAX_SAY_CHARACTERS = 4096

_VOICE = r"man|woman|alice|(Polly|Google)\.[A-Za-z0-9-]+"
_LANGUAGE = r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z0-9]{2,3})?"
_VOICES_WITHOUT_SSML = {"man", "woman", "alice"}


def parse(text: str) -> tuple[Verb, ...]:
    """Return the verbs of a document, without its comments.

    Raises TwimlError for what is not XML, not TwiML, or not supported.

    >>> parse("<Response><Pause length='2'/><Hangup/></Response>")
    (Pause(length=2), Hangup())
    """
    root = _parse_xml(text)
    if root.tag != "Response":
        raise TwimlError(f"The root must be <Response>, not <{root.tag}>.")
    Attributes(root, frozenset())
    refuse_text(root)
    return tuple(map(_parse_verb, root))


def _parse_xml(text: str) -> Element:
    if len(text.encode()) > MAX_DOCUMENT_BYTES:
        raise TwimlError(f"A document is at most {MAX_DOCUMENT_BYTES // 1024} kB.", DOCUMENT_PARSE_FAILURE)
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise TwimlError("A document has no DOCTYPE and no entities of its own.", DOCUMENT_PARSE_FAILURE)
    try:
        return fromstring(text.encode())  # noqa: S314 - what makes XML dangerous is refused above
    except ParseError as error:
        raise TwimlError(f"Not XML: {error}.", DOCUMENT_PARSE_FAILURE) from None


def _parse_verb(element: Element) -> Verb:
    if element.tag in _PARSERS:
        return _PARSERS[element.tag](element)
    if is_twiml_element(element.tag):
        raise TwimlError(f"<{element.tag}> is not played by this telephone.")
    raise TwimlError(f"<{element.tag}> is not a TwiML verb.")


def _parse_say(element: Element) -> Say:
    attributes = verb_attributes(element)
    voice = attributes.text("voice", _VOICE)
    attributes.text("language", _LANGUAGE)
    if len(element) and voice in _VOICES_WITHOUT_SSML:
        raise attributes.error("voice", "this voice cannot speak SSML")
    sounds = parse_ssml(element)
    if not any(sound.text for sound in sounds):
        raise TwimlError("<Say> without words.")
    if len("".join(element.itertext())) > MAX_SAY_CHARACTERS:
        raise TwimlError(f"<Say> has more than {MAX_SAY_CHARACTERS} characters.")
    return Say(sounds, attributes.loop())


def _parse_play(element: Element) -> Play:
    attributes = verb_attributes(element)
    audio, digits = text_content(element), attributes.text("digits", r"[0-9*#wW]+") or ""
    if not audio and not digits:
        raise TwimlError("<Play> without an address.")
    return Play(audio, digits, attributes.loop())


def _parse_pause(element: Element) -> Pause:
    refuse_content(element)
    return Pause(verb_attributes(element).integer("length", Pause.length))


def _parse_gather(element: Element) -> Gather:
    attributes = verb_attributes(element)
    refuse_text(element)
    if attributes.one_of("input", "dtmf", "speech", "dtmf speech", "speech dtmf") != "dtmf":
        raise attributes.error("input", "this telephone has keys only")
    return Gather(
        nested=tuple(_parse_nested(child) for child in element),
        action=attributes.url("action"),
        method=attributes.method(),
        timeout=attributes.integer("timeout", Gather.timeout),
        num_digits=attributes.integer("numDigits", 0) if "numDigits" in element.attrib else None,
        finish_on_key=attributes.keys("finishOnKey", Gather.finish_on_key, maximum=1),
        action_on_empty_result=attributes.flag("actionOnEmptyResult"),
    )


def _parse_nested(element: Element) -> Speakable:
    if element.tag not in _SPEAKABLE:
        raise TwimlError(f"<{element.tag}> cannot stand inside <Gather>: only Say, Play and Pause.")
    return _SPEAKABLE[element.tag](element)


def _parse_record(element: Element) -> Record:
    refuse_content(element)
    attributes = verb_attributes(element)
    attributes.refuse_unsupported("transcribe", "transcribeCallback", "recordingConfigurationId")
    attributes.one_of("trim", "trim-silence", "do-not-trim")
    attributes.one_of("playBeep", "true", "false")
    return Record(
        callback=attributes.url("recordingStatusCallback"),
        callback_method=attributes.method("recordingStatusCallbackMethod"),
        callback_events=attributes.several_of("recordingStatusCallbackEvent", "completed", "in-progress", "absent"),
        action=attributes.url("action"),
        method=attributes.method(),
        timeout=attributes.integer("timeout", Record.timeout),
        max_length=attributes.integer("maxLength", Record.max_length, maximum=MAX_CALL_SECONDS),
        finish_on_key=attributes.keys("finishOnKey", Record.finish_on_key),
    )


def _parse_redirect(element: Element) -> Redirect:
    if not text_content(element):
        raise TwimlError("<Redirect> without an address.")
    return Redirect(text_content(element), verb_attributes(element).method())


def _parse_hangup(element: Element) -> Hangup:
    refuse_content(element)
    verb_attributes(element)
    return Hangup()


def _parse_reject(element: Element) -> Reject:
    refuse_content(element)
    return Reject(verb_attributes(element).one_of("reason", Reject.reason, "busy"))


_SPEAKABLE: dict[str, Callable[[Element], Speakable]] = {
    "Say": _parse_say,
    "Play": _parse_play,
    "Pause": _parse_pause,
}
_PARSERS: dict[str, Callable[[Element], Verb]] = {
    **_SPEAKABLE,
    "Gather": _parse_gather,
    "Dial": parse_dial,
    "Record": _parse_record,
    "Enqueue": parse_enqueue,
    "Leave": parse_leave,
    "Redirect": _parse_redirect,
    "Hangup": _parse_hangup,
    "Reject": _parse_reject,
}
