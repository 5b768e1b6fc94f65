"""Telephone numbers as people write them."""

import re

from ivr.helpline.phone_numbers import E164, NumberKind, from_keys, kind_of

SEPARATORS = re.compile(r"[\s()./\u2010-\u2015\u200b-\u200f\u202a-\u202e\u2066-\u2069-]")
"""Spaces of every kind, brackets, dots, slashes, hyphens and dashes, and marks of direction that are copied along."""


def parse_number(text: str) -> str | None:
    """Return the number (E.164) that a text is, or None if it is none.

    A number without its country is one of the United Kingdom, and must be whole.

    >>> texts = ("07700 900001", "+44 (0)7700 900-001", "0044 7700.900001", "tel:+447700900001")
    >>> {parse_number(text) for text in texts}
    {'+447700900001'}
    >>> parse_number("+33 1 23 45 67 89"), parse_number("7700 900001"), parse_number("07700 90000")
    ('+33123456789', None, None)
    """
    keys = SEPARATORS.sub("", text.strip().lower().removeprefix("tel:"))
    number = from_keys(keys)
    if number.startswith("+440"):  # +44 (0)…
        number = "+44" + number[4:]
    if not E164.fullmatch(number):
        return None
    return None if _is_cut_short(keys, number) else number


def _is_cut_short(keys: str, number: str) -> bool:
    """Return whether a number is written as one of ours and is none: a digit was missed, or is one too many."""
    return keys.startswith("0") and not keys.startswith("00") and kind_of(number) is NumberKind.nonsense
