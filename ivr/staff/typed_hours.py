"""Hours of a day as somebody types them: with commas, with a dash of any kind, 9:00 or 9 for 09:00."""

from re import sub

from ivr.errors import InvalidInput
from ivr.helpline.hours_format import parse_spans
from ivr.helpline.opening_hours import Span

OFF = "off"
USUAL = "usual"
NOBODY_THERE = ("", OFF, "closed", "-")


def parse_typed_hours(text: str) -> tuple[Span, ...]:
    """Return the hours of one day; none for `off`, or for nothing. Raise InvalidInput, in words.

    >>> [str(span) for span in parse_typed_hours("9:00 to 12.30, 13-17")]
    ['09:00-12:30', '13:00-17:00']
    >>> parse_typed_hours("off"), parse_typed_hours("")
    ((), ())
    """
    text = text.strip().lower()
    if text in NOBODY_THERE:
        return ()
    try:
        return parse_spans(_tidied(text).split())
    except ValueError as error:
        raise InvalidInput(f"{str(error)[0].upper()}{str(error)[1:]}.") from None


def _tidied(text: str) -> str:
    """Return hours in the form of the files, 09:00-12:30 13:00-17:00; what is no time of day stays as it is."""
    joined = sub(r"\s*(?:[-–—]|\bto\b)\s*", "-", text)
    apart = sub(r"[,;&+]|\band\b", " ", joined)
    whole = sub(r"(?<![\w:.])(\d{1,2})(?![\w:.])", r"\1:00", apart)
    return sub(r"(?<!\d)(\d)[:.](\d\d)", r"0\1:\2", whole).replace(".", ":")
