import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.errors import BrokenSeal
from ivr.store.cipher import Cipher
from tests.store.made_up import OTHER, PARENT

OLD, NEW = bytes(32), b"1" * 32


@given(st.text())
def test_any_text_opens_again(text: str) -> None:
    cipher = Cipher([OLD])
    assert cipher.open(cipher.seal(text)) == text


@given(st.binary())
def test_any_sound_opens_again(sound: bytes) -> None:
    cipher = Cipher([OLD])
    assert cipher.open_bytes(cipher.seal_bytes(sound)) == sound


def test_the_same_number_is_never_sealed_alike() -> None:
    cipher = Cipher([OLD])
    assert cipher.seal(PARENT) != cipher.seal(PARENT)


def test_nothing_of_the_text_can_be_read() -> None:
    sealed, mark = Cipher([OLD]).seal(PARENT), Cipher([OLD]).mark(PARENT)
    assert b"900123" not in sealed + mark


def test_what_was_sealed_before_the_secret_was_changed_still_opens() -> None:
    assert Cipher([NEW, OLD]).open(Cipher([OLD]).seal(PARENT)) == PARENT


def test_the_newest_secret_seals() -> None:
    assert Cipher([NEW]).open(Cipher([NEW, OLD]).seal(PARENT)) == PARENT


@pytest.mark.parametrize("sealed", [b"", b"1", bytes(12), bytes(28), bytes(100)])
def test_what_we_did_not_seal_is_refused(sealed: bytes) -> None:
    with pytest.raises(BrokenSeal):
        Cipher([NEW, OLD]).open(sealed)


def test_a_changed_byte_is_found() -> None:
    sealed = bytearray(Cipher([OLD]).seal(PARENT))
    sealed[-1] ^= 1
    with pytest.raises(BrokenSeal):
        Cipher([OLD]).open(bytes(sealed))


def test_a_secret_taken_away_opens_nothing() -> None:
    with pytest.raises(BrokenSeal):
        Cipher([NEW]).open(Cipher([OLD]).seal(PARENT))


def test_a_number_has_one_mark_and_no_other_number_has_it() -> None:
    assert Cipher([OLD]).mark(PARENT) == Cipher([OLD]).mark(PARENT) != Cipher([OLD]).mark(OTHER)


def test_a_mark_stays_when_a_new_secret_is_put_in_front() -> None:
    assert Cipher([NEW, OLD]).mark(PARENT) == Cipher([OLD]).mark(PARENT)


def test_a_mark_cannot_be_made_without_the_secret() -> None:
    assert Cipher([NEW]).mark(PARENT) != Cipher([OLD]).mark(PARENT)


def test_the_marks_of_a_number_are_those_under_every_secret() -> None:
    assert Cipher([NEW, OLD]).marks(PARENT) == [Cipher([OLD]).mark(PARENT), Cipher([NEW]).mark(PARENT)]
