"""Hours of a day as somebody types them on a page: with commas, with a dash of any kind, 9:00 for 09:00."""

from re import split, sub

from ivr.errors import InvalidInput
from ivr.helpline.hours_format import parse_spans
from ivr.helpline.opening_hours import Span

OFF = "off"
USUAL = "usual"


def parse_typed_hours(text: str) -> tuple[Span, ...]:
    """Return the hours of one day; none for `off`, or for nothing. Raise InvalidInput, in words.

    >>> [str(span) for span in parse_typed_hours("9:00 to 12.30, 13:00-17:00")]
    ['09:00-12:30', '13:00-17:00']
    >>> parse_typed_hours("off"), parse_typed_hours("")
    ((), ())
    """
    text = text.strip().lower()
    if text in ("", OFF):
        return ()
    joined = sub(r"\s*(?:[-–—]|\bto\b)\s*", "-", text)
    parts = [sub(r"\b(\d):", r"0\1:", one.replace(".", ":")) for one in split(r"[\s,;]+", joined) if one]
    try:
        return parse_spans(parts)
    except ValueError as error:
        raise InvalidInput(f"{str(error)[0].upper()}{str(error)[1:]}.") from None
