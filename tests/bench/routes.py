"""Routes through the helpline: keys to press, and words that are heard where they lead."""

from collections.abc import Mapping
from typing import NamedTuple

LETTER_DATE = "14102026"


class Route(NamedTuple):
    """Keys, and words that are heard only when the last of them was pressed."""

    keys: tuple[str, ...]
    words: str

    def with_letter(self, letter_date: str) -> tuple[str, ...]:
        """Return the keys for a letter of another date."""
        return tuple(letter_date if key == LETTER_DATE else key for key in self.keys)


TO_DEADLINE = ("1", "1", LETTER_DATE, "1", "2")
DEADLINE = Route(TO_DEADLINE, "Then you can appeal until")
PERSON = Route(("0",), "We are ringing")
TEXT = Route(("5", "1", "5", *"1111", "4", "1", "1"), "We will text you")
INFORMATION: Mapping[str, Route] = {
    "an adviser's telephone rings": PERSON,
    "sent home without a letter": Route(("4", "1", "1", "3"), "nearly always against the rules"),
    "suspended": Route(("4", "1", "1", "2"), "Write to the chair of governors"),
    "first steps at school": Route(("4", "3"), "talking openly"),
    "a complaint to the school": Route(("4", "4"), "complain to the school in writing"),
    "help that is in the plan is not given": Route(("3", "1"), "Quote Section F"),
    "disability discrimination by a school": Route(("4", "2", "1"), "within six months, less one day"),
    "a complaint about a health service": Route(("5", "1", "5"), "go to the organisation that gives it"),
    "social care, under eighteen": Route(("5", "2"), "social care for someone under eighteen"),
    "social care, eighteen or over": Route(("5", "4"), "about adult social care"),
    "settling a disagreement": Route(("3", "5", "1"), "disagreement resolution"),
    "which decisions can be challenged": Route(("2", "5", "2", "1"), "five kinds of decision"),
    "what to do first, and the last day to appeal": DEADLINE,
    "the mediation adviser": Route((*TO_DEADLINE, "1", "1", "1"), "first ring the number for mediation"),
    "mediation": Route((*TO_DEADLINE, "1", "1", "2"), "Before most appeals you need a mediation certificate"),
}
