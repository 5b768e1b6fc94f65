"""What staff are told is wrong, or no longer: the same lines for a text, an e-mail and a page. No number is in them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from ivr.helpline.gsm7 import segments, smart

MOST_SEGMENTS = 3
"""Of a text to one of staff."""
WHERE = "More: Today on the staff pages, or `ivr alerts`."
TEXT_BEGINS = "Helpline alert."


@dataclass(frozen=True, slots=True)
class AlertLine:
    """One thing: what is wrong, and what mends it; or that it is over."""

    says: str
    mend: str = ""
    is_urgent: bool = False
    is_over: bool = False

    def __str__(self) -> str:
        return f"No longer: {self.says}" if self.is_over else self.says


def to_json(lines: Sequence[AlertLine]) -> str:
    """Return the lines as they are kept."""
    return json.dumps([[one.says, one.mend, one.is_urgent, one.is_over] for one in lines])


def from_json(text: str) -> tuple[AlertLine, ...]:
    """Return lines that were kept.

    >>> from_json(to_json([AlertLine("No worker is at work", "start one", is_urgent=True)]))
    (AlertLine(says='No worker is at work', mend='start one', is_urgent=True, is_over=False),)
    """
    return tuple(AlertLine(*one) for one in json.loads(text))


def text_of(lines: Sequence[AlertLine]) -> str:
    """Return the words of a text: as many whole lines as it has room for, and how many more there are.

    A line alone, such as one about a shift, is a text as it stands.

    >>> text_of([AlertLine("Sam cannot come on Monday.")])
    'Sam cannot come on Monday.'

    >>> text_of([AlertLine("No worker is at work"), AlertLine("the rota has a gap", is_over=True)])
    'Helpline alert.\\n- No worker is at work\\n- No longer: the rota has a gap'
    """
    if len(lines) == 1 and not lines[0].mend and not lines[0].is_over:
        return lines[0].says
    counts = range(len(lines), -1, -1)
    return next(text for text in (_text(lines, count) for count in counts) if segments(text) <= MOST_SEGMENTS)


def _text(lines: Sequence[AlertLine], count: int) -> str:
    shown = [f"- {smart(str(one)).replace('`', '')}" for one in lines[:count]]
    left = len(lines) - count
    return "\n".join([TEXT_BEGINS, *shown, *([f"and {left} more: ivr alerts"] if left else [])])


def subject_of(lines: Sequence[AlertLine]) -> str:
    """Return the subject of an e-mail: the first thing, and how many more there are.

    >>> subject_of([AlertLine("No worker is at work: texts wait"), AlertLine("b"), AlertLine("c")])
    'Helpline alert: No worker is at work: texts wait, and 2 more'
    """
    more = f", and {len(lines) - 1} more" if len(lines) > 1 else ""
    return f"Helpline alert: {_first_words(str(lines[0]))}{more}"


def email_of(lines: Sequence[AlertLine]) -> str:
    """Return the words of an e-mail: each thing with what mends it."""
    paragraphs = [f"{one}.\n{_mend(one)}".rstrip() for one in lines]
    return "\n\n".join([*paragraphs, f"{WHERE} `ivr alerts mute` mutes what you know of."]) + "\n"


def _mend(line: AlertLine) -> str:
    return f"  What mends it: {line.mend}" if line.mend and not line.is_over else ""


def _first_words(text: str, most: int = 90) -> str:
    words, room = text.replace("\n", " ").split(), most
    lengths = iter(words)

    def fits(word: str) -> bool:
        nonlocal room
        room -= len(word) + 1
        return room >= 0

    kept = list(takewhile(fits, lengths))
    return " ".join(kept) + ("…" if len(kept) < len(words) else "")
