import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.errors import DatabaseUnavailable, InvalidToken
from ivr.store.cipher import Cipher, fingerprint
from tests.store.fixtures import OTHER, PARENT

OLD, NEW, KEY = bytes(32), b"1" * 32, b"k" * 32


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
    sealed, blind_index = Cipher([OLD]).encrypt(PARENT), Cipher([OLD], [KEY]).blind_index(PARENT)
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


def test_a_number_has_one_blind_index_whatever_the_secrets() -> None:
    ours = [Cipher([OLD], [KEY]), Cipher([NEW, OLD], [KEY]), Cipher([NEW], [KEY])]
    assert len({cipher.blind_index(PARENT) for cipher in ours}) == 1
    assert Cipher([OLD], [KEY]).blind_index(PARENT) != Cipher([OLD], [KEY]).blind_index(OTHER)
    assert Cipher([OLD], [KEY]).blind_index(PARENT) != Cipher([OLD], [NEW]).blind_index(PARENT)


def test_a_number_is_looked_up_under_former_keys_as_well() -> None:
    one, two = Cipher([OLD], [KEY]), Cipher([OLD], [NEW])
    assert Cipher([OLD], [NEW, KEY]).blind_indexes(PARENT) == [two.blind_index(PARENT), one.blind_index(PARENT)]


def test_no_number_is_looked_up_before_the_key_is_known() -> None:
    with pytest.raises(DatabaseUnavailable):
        Cipher([OLD]).blind_index(PARENT)


def test_which_secret_sealed_something_is_told_by_its_place() -> None:
    places = [Cipher([NEW, OLD]).place_of(Cipher([one]).encrypt(PARENT)) for one in (NEW, OLD, KEY)]
    assert places == [0, 1, None]


@given(st.binary(max_size=100))
def test_whatever_is_no_sealed_text_is_unreadable_and_breaks_nothing(stored: bytes) -> None:
    assert Cipher([OLD]).decrypt_or_none(stored) is None


def test_a_fingerprint_tells_secrets_apart_and_nothing_of_them() -> None:
    assert len({fingerprint(one) for one in (OLD, NEW, KEY)}) == 3
    assert fingerprint(NEW) not in (NEW.hex(), NEW.hex()[:8])
