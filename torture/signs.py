"""How a caller notices that something is wrong: what the helpline says then, in its own words."""

from functools import cache

from ivr.app import load

SENTENCES = (
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


@cache
def words() -> tuple[str, ...]:
    """The beginnings of all those sentences."""
    sentences = load().service.words.sentences
    named = [sentences.get(name) or sentences[f"{name}.prompt"] for name in SENTENCES]
    return tuple(sentence.text.strip() for sentence in named)


def is_one(said: str) -> bool:
    """Whether something that was said tells of trouble."""
    return any(sign in said for sign in words())
