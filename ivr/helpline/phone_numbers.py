"""Telephone numbers: as people write them, and which may be sent a text or rung back: people's own, at no extra cost.

phonenumbers decides the kind of a number that is in use. It knows none of those that Ofcom keeps for drama, and a range
only once it is listed: a mobile, a landline or a pager that it does not list counts by its form.
"""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import lru_cache
from hashlib import blake2b

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
ISLANDS = frozenset({"GG", "IM", "JE"})
"""Guernsey, the Isle of Man and Jersey have our country code and networks of their own, which charge more."""
DEAR_PREFIXES = ("+447624", "+447911")
"""What the provider bills as theirs as a whole (https://www.twilio.com/en-us/sms/pricing/gb)."""
SEPARATORS = re.compile(r"[\s()./\u2010-\u2015\u200b-\u200f\u202a-\u202e\u2066-\u2069-]")
"""Spaces of every kind, brackets, dots, slashes, hyphens and dashes, and marks of direction that are copied along."""
KEYS = 11
"""In the longest number as it is keyed, 0 first."""
NATIONAL_DIGITS = 10
"""In the longest number after the 0, or after our country."""
WITH_COUNTRY = re.compile("(?:00)?440?([1-9][0-9]{8,9})")
"""One of our numbers as it is keyed with its country: 0044 7700…, 44 7700…, +44 (0)7700…"""

SAID_NUMBERS = ("+44136377123", "+447700900123")
"""The shortest number to say, and one of the longest."""

WITHHELD_WORDS = frozenset({"", "anonymous", "unavailable", "restricted", "unknown"})
WITHHELD_NUMBERS = frozenset({"+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253", "+464"})
"""The letters of “anonymous” and the like, keyed as digits: some exchanges send these in the place of a number."""


class NumberKind(StrEnum):
    """What a number leads to."""

    mobile = "mobile"
    landline = "landline"
    service = "service"
    withheld = "withheld"
    premium = "premium"
    personal = "personal"
    pager = "pager"
    foreign = "foreign"
    nonsense = "nonsense"


UNLISTED = {
    NumberKind.mobile: MOBILE,
    NumberKind.landline: LANDLINE,
    NumberKind.pager: re.compile(r"\+4476[0-9]{8}"),
}
"""What numbers are that phonenumbers does not list: those that Ofcom keeps for drama, and ranges opened of late."""


def short_mark(number: str) -> str:
    """Return eight letters and figures that tell a number from the few others beside it; they hide it from nobody.

    >>> short_mark("+447700900001")
    '4aa65202'
    """
    return blake2b(number.encode(), digest_size=4).hexdigest()


def kind_of(number: str) -> NumberKind:
    """Return the kind of a number as the provider gives it: E.164, or some spelling of one that is withheld.

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


def identity(number: str) -> str | None:
    """Return the number that tells who rings, or None: not a withheld one, a word, a SIP address or a short code.

    Whoever goes by such a name is nobody that we could know again, or ring back.

    >>> identity("+447700900123"), identity("+12025550123")
    ('+447700900123', '+12025550123')
    >>> [identity(name) for name in ("Anonymous", "HMRC", "sip:jo@example.org", "60123", "+266696687", "+441")]
    [None, None, None, None, None, None]
    """
    return None if kind_of(number) in (NumberKind.withheld, NumberKind.nonsense) else number


@lru_cache(maxsize=1024)
def _in_the_plan(number: str) -> NumberKind:
    """Return the kind of a UK number; a landline is a number of a place, or one that costs the same (03)."""
    national = NATIONAL.fullmatch(number)
    listed = _listed_kind(national[1]) if national else NumberKind.nonsense
    return listed or next((kind for kind, form in UNLISTED.items() if form.fullmatch(number)), NumberKind.nonsense)


def _listed_kind(national: str) -> NumberKind | None:
    """Return the kind of a number that phonenumbers lists, None if it is not given to anybody."""
    from phonenumbers import PhoneNumber, PhoneNumberType, number_type  # 65 ms, which few commands need

    kinds = {
        PhoneNumberType.MOBILE: NumberKind.mobile,
        PhoneNumberType.FIXED_LINE: NumberKind.landline,
        PhoneNumberType.UAN: NumberKind.landline if national.startswith("3") else NumberKind.service,
        PhoneNumberType.VOIP: NumberKind.service,
        PhoneNumberType.TOLL_FREE: NumberKind.service,
        PhoneNumberType.PREMIUM_RATE: NumberKind.premium,
        PhoneNumberType.SHARED_COST: NumberKind.premium,
        PhoneNumberType.PERSONAL_NUMBER: NumberKind.personal,
        PhoneNumberType.PAGER: NumberKind.pager,
    }
    return kinds.get(number_type(PhoneNumber(44, int(national))))


def can_text(number: str) -> bool:
    """Return whether a number may be sent a text: to a landline it is refused, or read aloud to whoever answers."""
    return kind_of(number) is NumberKind.mobile


@lru_cache(maxsize=1024)
def costs_more_to_text(number: str) -> bool:
    """Return whether texts to a number with our country code cost more than others: those of the islands.

    >>> costs_more_to_text("+447700900123"), costs_more_to_text("+447797712345"), costs_more_to_text("+447911123456")
    (False, True, True)
    """
    from phonenumbers import PhoneNumber, is_valid_number_for_region

    national = NATIONAL.fullmatch(number)
    if national is None:
        return False
    given = PhoneNumber(44, int(national[1]))
    return number.startswith(DEAR_PREFIXES) or any(is_valid_number_for_region(given, island) for island in ISLANDS)


def can_ring_back(number: str) -> bool:
    """Return whether somebody may be rung back at a number: nothing that costs extra, is abroad, or is no one person's.

    >>> can_ring_back("+441632960123"), can_ring_back("+448081570123"), can_ring_back("+447012345678")
    (True, False, False)
    """
    return kind_of(number) in (NumberKind.mobile, NumberKind.landline)


CAN: Mapping[str, Callable[[str], bool]] = {"text": can_text, "ring": can_ring_back}
"""What a number can be wanted for, by the word that flows have for it."""


def from_keys(keys: str) -> str:
    """Return the number that somebody in the UK means by these keys, in E.164 if it is one at all.

    >>> {from_keys(keys) for keys in ("07700900123", "00447700900123", "447700900123", "4407700900123")}
    {'+447700900123'}
    >>> from_keys("0033123456789"), from_keys("44770")
    ('+33123456789', '44770')
    """
    if written := WITH_COUNTRY.fullmatch(keys):
        return UNITED_KINGDOM + written[1]
    if keys.startswith("00"):
        return f"+{keys[2:]}"
    return UNITED_KINGDOM + keys[1:] if keys.startswith("0") else keys


def keys_to_come(keys: str) -> int:
    """Return how many keys of a number are still to come after the first eleven, where it began with our country.

    >>> [keys_to_come(keys) for keys in ("00447700900", "44770090012", "44077009001", "07700900123")]
    [3, 1, 2, 0]
    """
    country = re.match("(?:00)?440?", keys)
    return len(country[0]) + NATIONAL_DIGITS - len(keys) if country and len(keys) == KEYS else 0


def grouped(number: str) -> str:
    """Return a UK number in E.164 as it is printed here, in groups to be said one by one.

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


def parse_number(text: str) -> str | None:
    """Return the number (E.164) that a text is, or None if it is none.

    A number without its country is one of the United Kingdom, and must be whole.

    >>> texts = ("07700 900001", "+44 (0)7700 900-001", "0044 7700.900001", "44 7700 900001", "tel:+447700900001")
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
    is_ours = keys.startswith("44") or (keys.startswith("0") and not keys.startswith("00"))
    return is_ours and kind_of(number) is NumberKind.nonsense
