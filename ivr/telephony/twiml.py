"""Renders turns as TwiML (https://www.twilio.com/docs/voice/twiml).

A document is rendered with placeholders where the call's own state token goes: filling them in is all that is left
to do for a turn that was rendered before.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from twilio.twiml import TwiML
from twilio.twiml import voice_response as twilio
from twilio.twiml.messaging_response import MessagingResponse

from ivr.engine.prompts import Language
from ivr.engine.verbs import (
    Dial,
    DialQueue,
    Enqueue,
    Gather,
    Hangup,
    Leave,
    Pause,
    Play,
    Record,
    Redirect,
    Say,
    Speech,
    Turn,
)
from ivr.telephony.connection_overrides import with_retries

STATE, OTHER = "@@state@@", "@@other@@"
LONG_PAUSE = 1000
"""Milliseconds from which a silence is a verb of its own; below, it is a break inside the voice's speech."""


@dataclass(frozen=True, slots=True)
class Document:
    """TwiML around the placeholders for the state token, and perhaps with those for the token of a second step."""

    parts: tuple[bytes, ...]
    has_other: bool

    def fill(self, state: str, other: str = "") -> bytes:
        """Return the document with its tokens filled in."""
        filled = state.encode().join(self.parts)
        return filled.replace(OTHER.encode(), other.encode()) if self.has_other else filled


@dataclass(frozen=True)
class Renderer:
    """Renders turns in the voice of their language; `steps_url` is the public address that steps are under (…/voice).

    `languages` are those spoken, by their tags.
    """

    languages: Mapping[str, Language]
    steps_url: str
    caller_id: str | None = None

    def document(self, turn: Turn, at: str | None) -> Document:
        """Return the document of a turn; `at` is the step it waits at, or None for one without an action."""
        response = twilio.VoiceResponse()
        back = f"{self.steps_url}/{at}?m={STATE}" if at else None
        for verb in turn.verbs:
            for element in self._elements(verb, back):
                response.append(element)
        text = str(response).encode()
        return Document(tuple(text.split(STATE.encode())), OTHER.encode() in text)

    def _elements(self, verb: object, back: str | None) -> list[TwiML]:
        match verb:
            case Say(speech, tag):
                return [_say(part, self.languages[tag]) for part in _between_long_pauses(speech)]
            case Gather():
                return self._gather(verb, back)
            case Redirect():
                return [twilio.Redirect(back, method="POST")]
            case Dial():
                return [self._dial(verb, back)]
            case Enqueue():
                return [self._enqueue(verb, back)]
            case Leave():
                return [twilio.Leave()]
            case DialQueue():
                return [self._dial_queue(verb, back)]
            case Record():
                return [self._record(verb, back)]
            case Play():
                return [twilio.Play(verb.url)]
            case Hangup():
                return [twilio.Hangup()]
        raise TypeError(verb)

    def _gather(self, verb: Gather, back: str | None) -> list[TwiML]:
        """Return the Gather elements. A Gather has a single timeout for the first key and between keys.

        So where several keys are asked for, there are two, one after the other, with half the time each: that gives
        the whole of it to begin, and half of it after a key that comes alone.
        """
        waits = 1 if verb.num_digits == 1 else 2
        gathers = [
            twilio.Gather(
                action=back,
                method="POST",
                input="dtmf",
                timeout=verb.timeout // waits,
                num_digits=verb.num_digits,
                finish_on_key="",  # without this, Twilio takes # for itself
            )
            for _ in range(waits)
        ]
        for say in verb.say:
            for element in self._elements(say, back):
                gathers[0].append(element)
        return list(gathers)

    def _dial(self, verb: Dial, back: str | None) -> TwiML:
        dial = twilio.Dial(action=back, method="POST" if back else None, timeout=verb.seconds, caller_id=self.caller_id)
        screen = f"{self.steps_url}/{verb.screen}?m={OTHER}" if verb.screen and back else None
        dial.number(verb.number, url=screen, method="POST" if screen else None)
        return dial

    def _enqueue(self, verb: Enqueue, back: str | None) -> TwiML:
        waiting = f"{self.steps_url}/{verb.waiting}?m={OTHER}"
        return twilio.Enqueue(verb.queue, action=back, method="POST", wait_url=waiting, wait_url_method="POST")

    def _dial_queue(self, verb: DialQueue, back: str | None) -> TwiML:
        dial = twilio.Dial(action=back, method="POST", timeout=verb.seconds)
        dial.queue(verb.queue)
        return dial

    def _record(self, verb: Record, back: str | None) -> TwiML:
        """Return a Record. On silence its action is not requested: the verb after it runs."""
        return twilio.Record(
            action=back,
            method="POST",
            timeout=verb.silence,
            max_length=verb.seconds,
            play_beep=True,
            recording_status_callback=with_retries(f"{self.steps_url}/recording?id={verb.about}"),
            recording_status_callback_method="POST",
            recording_status_callback_event="completed absent",
        )


def said_in(turn: Turn) -> Iterator[Speech]:
    """Yield the speech of each Say in the document of a turn, in their order."""
    for verb in turn.verbs:
        for say in verb.say if isinstance(verb, Gather) else (verb,):
            if isinstance(say, Say):
                yield from (part for part in _between_long_pauses(say.speech) if not isinstance(part, Pause))


def _between_long_pauses(speech: Speech) -> Iterator[Speech | Pause]:
    """Yield long silences, and the speech between them."""
    for is_long, parts in groupby(speech, lambda part: isinstance(part, Pause) and part.milliseconds >= LONG_PAUSE):
        if is_long:
            yield from (part for part in parts if isinstance(part, Pause))
        else:
            yield tuple(parts)


def _say(part: Speech | Pause, language: Language) -> TwiML:
    """Return speech as Say, with its short silences as SSML breaks, and a long silence as Pause."""
    if isinstance(part, Pause):
        return twilio.Pause(length=part.milliseconds // 1000)
    say = twilio.Say(voice=language.voice, language=language.tag)
    prosody = twilio.SsmlProsody(rate=language.rate)
    for one in part:
        if isinstance(one, Pause):
            prosody.break_(time=f"{one.milliseconds}ms")
        else:
            prosody.append(one)
    say.append(prosody)
    return say


def sms_reply(words: str | None) -> str:
    """Return the TwiML answer to an incoming text; None answers nothing (https://www.twilio.com/docs/messaging/twiml)."""
    answer = MessagingResponse()
    if words:
        answer.message(words)
    return str(answer)
