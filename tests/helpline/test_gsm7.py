"""How many segments a text takes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.helpline.gsm7 import ESCAPED, PLAIN, ROOM, SMART, Encoding, encoding, segments, smart, strangers

SMALL = st.text(sorted(PLAIN | ESCAPED))


@pytest.mark.parametrize(
    ("text", "carried", "count"),
    [
        ("Hello World", Encoding.gsm7, 1),
        ("å", Encoding.gsm7, 1),
        ("", Encoding.gsm7, 1),
        ("a" * 160, Encoding.gsm7, 1),
        ("a" * 161, Encoding.gsm7, 2),
        ("a" * 306, Encoding.gsm7, 2),
        ("a" * 307, Encoding.gsm7, 3),
        ("a" * 459, Encoding.gsm7, 3),
        ("a" * 500, Encoding.gsm7, 4),
        ("ก" * 70, Encoding.ucs2, 1),
        ("ก" * 71, Encoding.ucs2, 2),
        ("ก" * 134, Encoding.ucs2, 2),
        ("ก" * 135, Encoding.ucs2, 3),
        ("€" * 80, Encoding.gsm7, 1),
        ("€" * 81, Encoding.gsm7, 2),
        # An escape and its character are not parted: 76 pairs fill a segment and leave one place empty.
        ("€" * 152, Encoding.gsm7, 2),
        ("€" * 153, Encoding.gsm7, 3),
        # An emoji takes two of the large alphabet's places, and is not parted either: 33 in a segment.
        ("🙂" * 35, Encoding.ucs2, 1),
        ("🙂" * 36, Encoding.ucs2, 2),
        ("🙂" * 66, Encoding.ucs2, 2),
        ("🙂" * 67, Encoding.ucs2, 3),
    ],
)
def test_a_text_takes_so_many_segments(text: str, carried: Encoding, count: int) -> None:
    assert encoding(text) is carried
    assert segments(text) == count


def test_typographic_signs_are_put_into_the_small_alphabet() -> None:
    assert smart("«✽» foobar") == '"*" foobar'
    assert smart("It’s free – call…") == "It's free - call..."


def test_the_alphabet_has_as_many_characters_as_the_standard() -> None:
    assert len(PLAIN) == 127  # and the escape, which is no character
    assert len(ESCAPED) == 10
    assert not PLAIN & ESCAPED


def test_every_sign_that_is_put_right_was_strange_and_is_no_longer() -> None:
    for sign, instead in SMART.items():
        assert chr(sign) == "\t" or strangers(chr(sign))
        assert not strangers(instead)


@given(SMALL)
def test_the_small_alphabet_stays_as_it_is(text: str) -> None:
    assert encoding(text) is Encoding.gsm7
    assert smart(text) == text


@given(st.text(), st.text())
def test_a_longer_text_never_takes_fewer_segments_of_the_same_alphabet(text: str, more: str) -> None:
    if encoding(text) is encoding(text + more):
        assert segments(text) <= segments(text + more)


@given(st.text())
def test_the_segments_have_room_for_the_text_and_none_is_to_spare(text: str) -> None:
    carried = encoding(text)
    alone, joined = ROOM[carried]
    if carried is Encoding.ucs2:
        places = len(text.encode("utf-16-be", "surrogatepass")) // 2
    else:
        places = len(text) + sum(character in ESCAPED for character in text)
    count = segments(text)
    assert places <= (alone if count == 1 else count * joined)
    assert count == 1 or places > max(alone, (count - 1) * (joined - 1))
