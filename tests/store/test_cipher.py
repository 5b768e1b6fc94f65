import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.errors import InvalidToken
from ivr.store.cipher import Cipher
from tests.store.fixtures import OTHER, PARENT

OLD, NEW = bytes(32), b"1" * 32


@given(st.text())
def test_any_text_opens_again(text: str) -> None:
    cipher = Cipher([OLD])
    assert cipher.decrypt(cipher.encrypt(text)) == text


@given(st.binary())
def test_any_sound_opens_again(sound: bytes) -> None:
    cipher = Cipher([OLD])
    assert cipher.decrypt_bytes(cipher.encrypt_bytes(sound)) == sound


def test_the_same_number_is_never_sealed_alike() -> None:
    cipher = Cipher([OLD])
    assert cipher.encrypt(PARENT) != cipher.encrypt(PARENT)


def test_nothing_of_the_text_can_be_read() -> None:
    sealed, blind_index = Cipher([OLD]).encrypt(PARENT), Cipher([OLD]).blind_index(PARENT)
    assert b"900123" not in sealed + blind_index


def test_what_was_sealed_before_the_secret_was_changed_still_opens() -> None:
    assert Cipher([NEW, OLD]).decrypt(Cipher([OLD]).encrypt(PARENT)) == PARENT


def test_the_newest_secret_seals() -> None:
    assert Cipher([NEW]).decrypt(Cipher([NEW, OLD]).encrypt(PARENT)) == PARENT


@pytest.mark.parametrize("sealed", [b"", b"1", bytes(12), bytes(28), bytes(100)])
def test_what_we_did_not_seal_is_refused(sealed: bytes) -> None:
    with pytest.raises(InvalidToken):
        Cipher([NEW, OLD]).decrypt(sealed)


def test_a_changed_byte_is_found() -> None:
    sealed = bytearray(Cipher([OLD]).encrypt(PARENT))
    sealed[-1] ^= 1
    with pytest.raises(InvalidToken):
        Cipher([OLD]).decrypt(bytes(sealed))


def test_a_secret_taken_away_opens_nothing() -> None:
    with pytest.raises(InvalidToken):
        Cipher([NEW]).decrypt(Cipher([OLD]).encrypt(PARENT))


def test_a_number_has_one_mark_and_no_other_number_has_it() -> None:
    assert Cipher([OLD]).blind_index(PARENT) == Cipher([OLD]).blind_index(PARENT) != Cipher([OLD]).blind_index(OTHER)


def test_a_mark_stays_when_a_new_secret_is_put_in_front() -> None:
    assert Cipher([NEW, OLD]).blind_index(PARENT) == Cipher([OLD]).blind_index(PARENT)


def test_a_mark_cannot_be_made_without_the_secret() -> None:
    assert Cipher([NEW]).blind_index(PARENT) != Cipher([OLD]).blind_index(PARENT)


def test_the_marks_of_a_number_are_those_under_every_secret() -> None:
    assert Cipher([NEW, OLD]).blind_indexes(PARENT) == [
        Cipher([OLD]).blind_index(PARENT),
        Cipher([NEW]).blind_index(PARENT),
    ]
