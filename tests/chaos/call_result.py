"""What became of one simulated call, judged by what the caller heard."""

from dataclasses import dataclass
from functools import cache

from ivr.loader import load
from ivr.simulator.network.waits import Ending
from ivr.simulator.twiml.errors import (
    DOCUMENT_PARSE_FAILURE,
    INVALID_CONTENT_TYPE,
    SCHEMA_VALIDATION_WARNING,
    ApplicationFailure,
)

INVALID_TWIML = frozenset({INVALID_CONTENT_TYPE, DOCUMENT_PARSE_FAILURE, SCHEMA_VALIDATION_WARNING})
TEXT = "We will text you as soon as we can"
TWO_TEXTS = "We will send you two texts as soon as we can"
REMINDER = "We will remind you by text"
CALLBACK = "We'll ring you on"
VOICEMAIL = "We have passed your message on"
VOICEMAIL_HELD = "We have your message"
PROMISES = (TEXT, TWO_TEXTS, REMINDER, CALLBACK, VOICEMAIL, VOICEMAIL_HELD)
"""Words that callers hear once something is promised."""
DEGRADED_PROMPTS = (
    "callbacks.down",
    "helpline.fallback_sorry",
    "messages.down",
    "messages.not_discarded",
    "messages.not_kept",
    "messages.not_sent",
    "person.broken",
    "person.failed",
    "texts.down",
    "texts.reminders_down",
    "texts.stop_down",
    "welcome.lost",
)
"""Prompts that the helpline plays only when something does not work."""


@dataclass(frozen=True)
class CallResult:
    """`heard` is everything that was said to the caller, in order; `way` is how the call ended.

    It `began` and `ended` at these monotonic times.
    """

    sid: str
    number: str
    goal: str
    began: float
    ended: float
    way: Ending
    heard: tuple[str, ...]
    talked: bool
    recorded: bool
    failures: tuple[ApplicationFailure, ...]
    transcript: str
    degraded_prompts: int
    last_degraded: float
    """The monotonic time of the last degraded prompt."""

    def count(self, words: str) -> int:
        """Return how often the caller heard these words."""
        return sum(sentence.count(words) for sentence in self.heard)

    @property
    def texts(self) -> int:
        """How many texts the caller was promised."""
        return self.count(TEXT) + 2 * self.count(TWO_TEXTS)

    @property
    def had_invalid_twiml(self) -> bool:
        """Whether a response was not valid TwiML."""
        return any(failure.code in INVALID_TWIML for failure in self.failures)

    @property
    def is_dropped(self) -> bool:
        """Whether the caller got no person, no promise and no goodbye, or the provider's own error message.

        Whoever hung up was not dropped.
        """
        said_goodbye = bool(self.heard and "Goodbye" in self.heard[-1])
        hung_up = self.way is Ending.PARTY_HUNG_UP
        helped = hung_up or self.talked or self.recorded or said_goodbye or any(map(self.count, PROMISES))
        return self.way is Ending.FAILED or self.had_invalid_twiml or not helped


@cache
def degraded_words() -> tuple[str, ...]:
    """Return the words with which each degraded prompt begins."""
    sentences = load().flows.words.sentences
    named = [sentences.get(name) or sentences[f"{name}.prompt"] for name in DEGRADED_PROMPTS]
    return tuple(sentence.text.strip() for sentence in named)


def is_degraded(heard: str) -> bool:
    """Whether a sentence tells the caller that something does not work."""
    return any(words in heard for words in degraded_words())
