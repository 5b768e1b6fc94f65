"""Tells which numbers may be sent a text: UK mobiles, and nothing that costs extra or is read aloud to a household."""

import re
from enum import StrEnum

E164 = re.compile(r"\+[1-9][0-9]{6,14}")
UNITED_KINGDOM = "+44"
NATIONAL = re.compile(r"\+44([1-9][0-9]{8,9})")
MOBILE = re.compile(r"\+447(?:[1-57-9][0-9]{8}|624[0-9]{6})")
"""All of 07 but 070 and 076; 07624 is the Isle of Man's mobiles."""
KEYS = 11
"""In a mobile number as it is keyed, 0 first."""

WITHHELD_WORDS = frozenset({"", "anonymous", "unavailable", "restricted", "unknown"})
WITHHELD_NUMBERS = frozenset({"+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253", "+464"})
"""The letters of “anonymous” and the like, keyed as digits: some exchanges send these in the place of a number."""


class Line(StrEnum):
    """What sort of line a number leads to."""

    mobile = "mobile"
    landline = "landline"
    withheld = "withheld"
    premium = "premium"
    personal = "personal"
    pager = "pager"
    foreign = "foreign"
    nonsense = "nonsense"


PLAN = {
    "70": Line.personal,
    "76": Line.pager,
    "7": Line.mobile,
    "84": Line.premium,
    "87": Line.premium,
    "9": Line.premium,
    "1": Line.landline,
    "2": Line.landline,
    "3": Line.landline,
    "5": Line.landline,
    "80": Line.landline,
}
"""Ofcom's numbering plan, by what follows +44, of which the longest that fits counts.

Whole ranges, whether or not anybody has been given the number: so the numbers Ofcom keeps for drama, which reach
nobody, count as what they look like. A landline is whatever costs no more than one: 03, 05 and 080 too.
"""


def kind_of(number: str) -> Line:
    """What the number is, as the provider gives it: E.164, or some spelling of one that is withheld.

    >>> kind_of("+447700900123"), kind_of("+441632960123"), kind_of("Anonymous")
    (<Line.mobile: 'mobile'>, <Line.landline: 'landline'>, <Line.withheld: 'withheld'>)
    """
    if number.lower() in WITHHELD_WORDS or number in WITHHELD_NUMBERS:
        return Line.withheld
    if not E164.fullmatch(number):
        return Line.nonsense
    if not number.startswith(UNITED_KINGDOM):
        return Line.foreign
    return _in_the_plan(number)


def _in_the_plan(number: str) -> Line:
    if MOBILE.fullmatch(number):
        return Line.mobile
    national = NATIONAL.fullmatch(number)
    fits = [begins for begins in PLAN if national and national[1].startswith(begins)]
    line = PLAN[max(fits, key=len)] if fits else Line.nonsense
    return line if line is not Line.mobile else Line.nonsense  # a mobile number with a digit too few


def from_keys(keys: str) -> str:
    """The number that somebody in the UK means by these keys, in E.164 if it is one at all.

    >>> from_keys("07700900123"), from_keys("0033123456789")
    ('+447700900123', '+33123456789')
    """
    if keys.startswith("00"):
        return f"+{keys[2:]}"
    return UNITED_KINGDOM + keys[1:] if keys.startswith("0") else keys


def grouped(mobile: str) -> str:
    """A UK mobile in E.164 as it is printed here, in groups to be said one by one.

    >>> grouped("+447700900123")
    '07700 900 123'
    """
    national = "0" + mobile.removeprefix(UNITED_KINGDOM)
    return f"{national[:5]} {national[5:8]} {national[8:]}"
