"""A caller's number as it stands on a page or in a list until somebody asks for the whole of it."""

from ivr.helpline.phone_numbers import UNITED_KINGDOM, identity

LAST = 3
"""Figures that are shown: enough to tell two callers apart, too few to ring one."""
HIDDEN = "··· ···"
"""The same for every number: how long it is is not told."""


def masked(number: str) -> str:
    """Return a number with its first figures and its last three; a word, such as for a withheld one, as it is.

    >>> masked("+447700900123"), masked("+33123456789"), masked("anonymous")
    ('07··· ···123', '+33··· ···789', 'anonymous')
    """
    if identity(number) is None:
        return number
    written = f"0{number.removeprefix(UNITED_KINGDOM)}" if number.startswith(UNITED_KINGDOM) else number
    first = 2 if written.startswith("0") else 3
    return f"{written[:first]}{HIDDEN}{written[-LAST:]}"
