"""A call that follows a script: TwiML that listens for so long, presses keys and speaks, as a caller would.

https://www.twilio.com/docs/voice/twiml/play#attributes-digits
"""

from collections.abc import Sequence
from dataclasses import dataclass

from twilio.twiml import voice_response as twilio

LONGEST = 4000
"""Characters of the `Twiml` of a call: https://www.twilio.com/docs/voice/api/call-resource#create-a-call-resource"""
VOICE, LANGUAGE = "Polly.Amy", "en-GB"


@dataclass(frozen=True, slots=True)
class Listen:
    """Stay silent for so many seconds."""

    seconds: int


@dataclass(frozen=True, slots=True)
class Press:
    """Press keys, one after the other."""

    keys: str


@dataclass(frozen=True, slots=True)
class Speak:
    """Say a sentence in the provider's voice, as a caller who leaves a message does."""

    words: str


Act = Listen | Press | Speak


def document(acts: Sequence[Act]) -> str:
    """Return the TwiML of a script, which hangs up at its end.

    >>> document([Listen(3), Press("1")]).partition("?>")[2]
    '<Response><Pause length="3" /><Play digits="1" /><Hangup /></Response>'
    """
    response = twilio.VoiceResponse()
    for act in acts:
        match act:
            case Listen(seconds):
                response.append(twilio.Pause(length=seconds))
            case Press(keys):
                response.append(twilio.Play(digits=keys))
            case Speak(words):
                response.append(twilio.Say(words, voice=VOICE, language=LANGUAGE))
    response.append(twilio.Hangup())
    return str(response)
