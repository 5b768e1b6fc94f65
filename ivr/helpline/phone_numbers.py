"""Tells which numbers may be sent a text, and which rung back: people's own, at no extra cost."""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum

E164 = re.compile(r"\+[1-9][0-9]{6,14}")
UNITED_KINGDOM = "+44"
NATIONAL = re.compile(r"\+44([1-9][0-9]{8,9})")
MOBILE = re.compile(r"\+447(?:[1-57-9][0-9]{8}|624[0-9]{6})")
"""All of 07 but 070 and 076; 07624 is the Isle of Man's mobiles."""
SHORT_AREAS = (
    *("1204", "1208", "1254", "1276", "1297", "1298", "1363", "1364", "1384", "1386", "1404", "1420", "1460", "1461"),
    *("1480", "1488", "1524", "1527", "1562", "1566", "1606", "1629", "1635", "1647", "1659", "1695", "1697", "1726"),
    *("1744", "1750", "1768", "1827", "1837", "1884", "1900", "1905", "1935", "1946", "1949", "1963", "1995"),
)
"""Where some numbers are one figure shorter; in Devon these are Axminster, Crediton, Ashburton, Honiton,
Moretonhampstead, Okehampton and Tiverton. Elsewhere a number of ten keys is one of eleven with a key missed.

Ofcom's numbering data (https://www.ofcom.org.uk/phones-and-broadband/phone-numbers/numbering-data)."""
LANDLINE = re.compile(rf"\+44(?:[123][0-9]{{9}}|(?:{'|'.join(SHORT_AREAS)})[0-9]{{5}})")
KEYS = 11
"""In the longest number as it is keyed, 0 first."""

SAID_NUMBERS = ("+44136377123", "+447700900123")
"""The shortest number to say, and one of the longest."""

WITHHELD_WORDS = frozenset({"", "anonymous", "unavailable", "restricted", "unknown"})
WITHHELD_NUMBERS = frozenset({"+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253", "+464"})
"""The letters of “anonymous” and the like, keyed as digits: some exchanges send these in the place of a number."""


class NumberKind(StrEnum):
    """What sort of line a number leads to."""

    mobile = "mobile"
    landline = "landline"
    flows = "service"
    withheld = "withheld"
    premium = "premium"
    personal = "personal"
    pager = "pager"
    foreign = "foreign"
    nonsense = "nonsense"


PLAN = {
    "70": NumberKind.personal,
    "76": NumberKind.pager,
    "7": NumberKind.mobile,
    "84": NumberKind.premium,
    "87": NumberKind.premium,
    "9": NumberKind.premium,
    "1": NumberKind.landline,
    "2": NumberKind.landline,
    "3": NumberKind.landline,
    "5": NumberKind.flows,
    "80": NumberKind.flows,
}
"""Ofcom's numbering plan, by what follows +44, of which the longest that fits counts.

Whole ranges, whether or not anybody has been given the number: so the numbers Ofcom keeps for drama, which reach
nobody, count as what they look like. A landline is a number of a place, or one that costs the same (03).
"""
WHOLE = {NumberKind.mobile: MOBILE, NumberKind.landline: LANDLINE}
"""How a number of a line looks from beginning to end."""


def kind_of(number: str) -> NumberKind:
    """What the number is, as the provider gives it: E.164, or some spelling of one that is withheld.

    >>> kind_of("+447700900123"), kind_of("+441632960123"), kind_of("Anonymous")
    (<NumberKind.mobile: 'mobile'>, <NumberKind.landline: 'landline'>, <NumberKind.withheld: 'withheld'>)
    """
    if number.lower() in WITHHELD_WORDS or number in WITHHELD_NUMBERS:
        return NumberKind.withheld
    if not E164.fullmatch(number):
        return NumberKind.nonsense
    if not number.startswith(UNITED_KINGDOM):
        return NumberKind.foreign
    return _in_the_plan(number)


def _in_the_plan(number: str) -> NumberKind:
    if MOBILE.fullmatch(number):
        return NumberKind.mobile
    national = NATIONAL.fullmatch(number)
    fits = [begins for begins in PLAN if national and national[1].startswith(begins)]
    line = PLAN[max(fits, key=len)] if fits else NumberKind.nonsense
    return line if line not in WHOLE or WHOLE[line].fullmatch(number) else NumberKind.nonsense  # a digit too few


def can_text(number: str) -> bool:
    """Whether a number may be sent a text: one to a landline is refused, or worse, read aloud to whoever answers."""
    return kind_of(number) is NumberKind.mobile


def can_ring_back(number: str) -> bool:
    """Whether somebody may be rung back at a number: nothing that costs extra, is abroad, or is no one person's.

    >>> can_ring_back("+441632960123"), can_ring_back("+448081570123"), can_ring_back("+447012345678")
    (True, False, False)
    """
    return kind_of(number) in (NumberKind.mobile, NumberKind.landline)


CAN: Mapping[str, Callable[[str], bool]] = {"text": can_text, "ring": can_ring_back}
"""What a number can be wanted for, by the word that flows have for it."""


def from_keys(keys: str) -> str:
    """The number that somebody in the UK means by these keys, in E.164 if it is one at all.

    >>> from_keys("07700900123"), from_keys("0033123456789")
    ('+447700900123', '+33123456789')
    """
    if keys.startswith("00"):
        return f"+{keys[2:]}"
    return UNITED_KINGDOM + keys[1:] if keys.startswith("0") else keys


def grouped(number: str) -> str:
    """A UK number in E.164 as it is printed here, in groups to be said one by one.

    >>> grouped("+447700900123"), grouped("+442079460123"), grouped("+44136377123")
    ('07700 900 123', '020 7946 0123', '01363 77123')
    """
    national = "0" + number.removeprefix(UNITED_KINGDOM)
    area = _length_of_area(national)
    rest = national[area:]
    first = {5: 5, 8: 4}.get(len(rest), 3)
    return " ".join(filter(None, (national[:area], rest[:first], rest[first:])))


def _length_of_area(national: str) -> int:
    """020 and its like; 0113, 0161 and 0300 and theirs; then all others."""
    if national.startswith("02"):
        return 3
    return 4 if re.match("01[0-9]?1|03", national) else 5
