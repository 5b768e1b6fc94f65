"""Counts a text as telephone companies do: in segments, of 160 characters where the small alphabet is enough.

The alphabet is GSM 03.38's; https://www.twilio.com/docs/glossary/what-is-gsm-7-character-encoding lists it.
"""

from collections.abc import Iterable
from enum import StrEnum

PLAIN = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
ESCAPED = frozenset("\f^{}\\[~]|€")
"""Each takes two places: an escape, and itself. The two are never parted."""

SMART = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′ʹʻʼˈ‵", "'"),
        **dict.fromkeys("“”„‟″«»〝〞ˮ", '"'),
        **dict.fromkeys("‐‑‒–—―−﹣－", "-"),
        **dict.fromkeys("\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t", " "),
        **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad", ""),
        **dict.fromkeys("•·∙‣✽✱✲✳∗＊", "*"),
        "…": "...",
        "‹": "<",
        "›": ">",
        "⁄": "/",
        "‼": "!!",
    }
)
"""What word processors write of their own accord, and what a telephone's small alphabet has for it."""


class Encoding(StrEnum):
    """How a text is carried: in the small alphabet, or in one that has every letter and half the room."""

    gsm7 = "GSM-7"
    ucs2 = "UCS-2"


ROOM = {Encoding.gsm7: (160, 153), Encoding.ucs2: (70, 67)}
"""Places in a text that is one segment, and in each segment of a longer one."""


def encoding(text: str) -> Encoding:
    """Return the encoding of a text as it stands.

    >>> encoding("£5"), encoding("5 “pounds”")
    (<Encoding.gsm7: 'GSM-7'>, <Encoding.ucs2: 'UCS-2'>)
    """
    return Encoding.ucs2 if strangers(text) else Encoding.gsm7


def strangers(text: str) -> set[str]:
    """Return the characters that are not in the small alphabet: one is enough to halve the room."""
    return set(text) - PLAIN - ESCAPED


def segments(text: str) -> int:
    """Return the number of SMS segments.

    >>> segments("a" * 160), segments("a" * 161), segments("€" * 80)
    (1, 2, 1)
    """
    carried = encoding(text)
    alone, joined = ROOM[carried]
    places = [_places(character, carried) for character in text]
    return 1 if sum(places) <= alone else _filled(places, joined)


def room_left(text: str) -> tuple[int, int]:
    """Return the number of segments, and how many places are left in the last of them.

    >>> room_left("a" * 150), room_left("a" * 161)
    ((1, 10), (2, 145))
    """
    carried, count = encoding(text), segments(text)
    alone, joined = ROOM[carried]
    room = alone if count == 1 else count * joined
    return count, max(room - sum(_places(character, carried) for character in text), 0)


def _places(character: str, carried: Encoding) -> int:
    """Septets in the small alphabet; 16-bit units in the other, where an emoji takes two."""
    return 1 + (character in ESCAPED if carried is Encoding.gsm7 else ord(character) > 0xFFFF)


def _filled(places: Iterable[int], room: int) -> int:
    """Segments filled one after another; a character of two places is not cut in half."""
    count, left = 1, room
    for size in places:
        if size > left:
            count, left = count + 1, room
        left -= size
    return count


def smart(text: str) -> str:
    """Return the text with typographic signs put into the small alphabet; what has no likeness there stays.

    >>> smart("Ring us… «today»")
    'Ring us... "today"'
    """
    return text.translate(SMART)
