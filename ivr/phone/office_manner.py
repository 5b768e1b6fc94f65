"""How the telephone company's office treats a request to send a text: as it should, or as it happens to."""

from dataclasses import dataclass
from enum import Enum


class Answer(Enum):
    """What the one who asked gets to see."""

    proper = "what was done"
    cut = "nothing: the line goes dead"
    broken = "500"
    nonsense = "200, and words that mean nothing"
    page = "503, from a gateway in front of the office"
    refusal = "a number of Twilio's that says why not"


@dataclass(frozen=True)
class Manner:
    """`takes`: the text will be sent, whatever is answered. `wait`: seconds until the answer, when it is taken already.

    `news`: what is told of it, in this order, each `news_after` seconds after the one before; `error` goes with the
    bad ones. `listed`: whether the office's own list shows it. For a refusal: HTTP `status`, `code`, `retry_after`.
    """

    answer: Answer = Answer.proper
    takes: bool = True
    wait: float = 0
    news: tuple[str, ...] = ("sent", "delivered")
    news_after: float = 0
    error: int | None = None
    listed: bool = True
    status: int = 400
    code: int | None = None
    retry_after: int | None = None


PROPERLY = Manner()
CUTS_OFF = Manner(Answer.cut)
CUTS_OFF_BEFORE = Manner(Answer.cut, takes=False)
BREAKS = Manner(Answer.broken)
BABBLES = Manner(Answer.nonsense)
GATEWAY_DOWN = Manner(Answer.page)
FORGETS = Manner(Answer.cut, news=(), listed=False)
"""Takes it, and nothing and nobody can tell that it did."""


def refuses(code: int, status: int = 400, retry_after: int | None = None) -> Manner:
    """A refusal, with Twilio's number for why."""
    return Manner(Answer.refusal, takes=False, status=status, code=code, retry_after=retry_after)
