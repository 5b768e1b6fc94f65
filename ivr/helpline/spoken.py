"""Dates and numbers as they are said aloud, so that no voice has to guess how to read digits."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from re import split

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from num2words import num2words

from ivr.engine.prompts import Words
from ivr.engine.verbs import Pause, Speech

BETWEEN_GROUPS = Pause(500)
TO_FIND_A_PEN = Pause(3000)
ANY_DAY = date(2026, 12, 14)
LETTER_BY_LETTER = 2
"""Letters of what is spelt in an address, such as uk."""


@lru_cache(maxsize=1024)  # callers' letters are of the same few weeks, and a date takes longer than the rest of a turn
def date_words(day: date, language: str) -> Mapping[str, str]:
    """Return the words of a date in a language (such as "en-GB"), for a sentence that puts them in their order.

    They fill the blanks {weekday}, {day} (an ordinal), {month} (as it is written in a date) and {year}.

    >>> " ".join(date_words(date(2026, 12, 14), "en-GB").values())
    'Monday fourteenth December twenty twenty-six'
    """
    locale = Locale.parse(language, sep="-")
    return {
        "weekday": format_date(day, "EEEE", locale),
        "day": num2words(day.day, to="ordinal", lang=str(locale)),
        "month": format_date(day, "MMMM", locale),
        "year": num2words(day.year, to="year", lang=str(locale)),
    }


def can_say_dates(language: str) -> bool:
    """Return whether dates can be put into words in a language.

    >>> can_say_dates("en-GB"), can_say_dates("en_GB"), can_say_dates("xx-XX")
    (True, False, False)
    """
    try:
        date_words(ANY_DAY, language)
    except (UnknownLocaleError, ValueError, NotImplementedError):
        return False
    return True


def spoken_number(number: str) -> tuple[str, ...]:
    """Return a telephone number's groups, each with its digits one by one, for a pause to be put between them.

    The groups are those it is written in, set apart by spaces.

    >>> spoken_number("0800 064 4488")
    ('0 8 0 0', '0 6 4', '4 4 8 8')
    """
    return tuple(" ".join(group) for group in number.split())


def spell_number(number: str) -> Speech:
    """Return a number in its groups, digit by digit, with time between the groups to write.

    >>> spell_number("0300 303 5857")[:3]
    ('0 3 0 0,', Pause(milliseconds=500), '3 0 3,')
    """
    return _with_pauses(spoken_number(number))


def invite_to_write(words: Words) -> Speech:
    """Return what comes before anything that is read out to be written down, with time to find a pen."""
    return (*words.speech("helpline.pen"), TO_FIND_A_PEN)


def spoken_count(number: int, language: str) -> str:
    """Return a count in words.

    >>> spoken_count(12, "en-GB")
    'twelve'
    """
    return str(num2words(number, lang=str(Locale.parse(language, sep="-"))))


def spell_email(address: str) -> Speech:
    """Return an e-mail address as it is read out: its words whole, its signs by name, a short form letter by letter.

    >>> [part for part in spell_email("send@justice.gov.uk") if isinstance(part, str)]
    ['send,', 'at,', 'justice,', 'dot,', 'gov,', 'dot,', 'u k']
    """
    signs = {"@": "at", ".": "dot", "-": "dash", "_": "underscore"}
    parts = [part for part in split(r"([@._-])", address) if part]
    spelt = [" ".join(part) if len(part) == LETTER_BY_LETTER else part for part in parts]
    return _with_pauses([signs.get(part, part) for part in spelt])


def spell_postal_address(address: str) -> Speech:
    """Return a postal address line by line, its postcode sign by sign.

    >>> [part for part in spell_postal_address("SEND Tribunal, Parkgate, Darlington, DL1 1RU") if isinstance(part, str)]
    ['SEND Tribunal,', 'Parkgate,', 'Darlington,', 'D L 1,', '1 R U']
    """
    *lines, postcode = address.split(", ")
    return _with_pauses([*lines, *(" ".join(half) for half in postcode.split())])


def _with_pauses(parts: Sequence[str]) -> Speech:
    *before, last = parts
    return (*(one for part in before for one in (f"{part},", BETWEEN_GROUPS)), last)
