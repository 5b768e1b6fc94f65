"""A sealed token opens for what it was made for, and for nothing else; nobody but us can make one."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta, timezone
from string import ascii_letters, digits
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.engine.call_state import CallState
from ivr.errors import InvalidToken
from ivr.tokens import RECORDING_LINK_LIFETIME, CallStateTokens, RecordingLinks, SmsIdTokens
from tests.engine.test_call_state import STATES, TEXTS

TOKENS = CallStateTokens(bytes(32))
CALL, AT = "CA0123", "school/menu"


def token_of(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def bytes_of(token: str) -> bytes:
    return urlsafe_b64decode(token + "=" * (-len(token) % 4))


@given(STATES, TEXTS, TEXTS)
def test_any_call_state_opens_for_its_own_call_and_step(state: CallState, call: str, at: str) -> None:
    assert TOKENS.open(TOKENS.close(state, call, at), call, at) == state


@given(STATES)
def test_a_token_can_stand_in_an_address_as_it_is(state: CallState) -> None:
    assert set(TOKENS.close(state, CALL, AT)) <= set(ascii_letters + digits + "-_")


@given(STATES)
def test_the_same_call_state_gives_the_same_token_in_every_process(state: CallState) -> None:
    assert CallStateTokens(bytes(32)).close(state, CALL, AT) == TOKENS.close(state, CALL, AT)


@given(STATES, st.data())
def test_a_single_flipped_bit_is_found(state: CallState, data: st.DataObject) -> None:
    sealed = bytearray(bytes_of(TOKENS.close(state, CALL, AT)))
    bit = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(InvalidToken):
        TOKENS.open(token_of(bytes(sealed)), CALL, AT)


@given(STATES, st.data())
def test_a_truncated_token_is_found(state: CallState, data: st.DataObject) -> None:
    token = TOKENS.close(state, CALL, AT)
    with pytest.raises(InvalidToken):
        TOKENS.open(token[: data.draw(st.integers(0, len(token) - 1))], CALL, AT)


@given(STATES, TEXTS)
def test_a_token_of_another_call_is_rejected(state: CallState, call: str) -> None:
    with pytest.raises(InvalidToken):
        TOKENS.open(TOKENS.close(state, f"{call}1", AT), call, AT)


@given(STATES, TEXTS)
def test_a_token_of_another_step_is_rejected(state: CallState, at: str) -> None:
    with pytest.raises(InvalidToken):
        TOKENS.open(TOKENS.close(state, CALL, f"{at}1"), CALL, at)


@given(STATES)
def test_call_and_step_cannot_be_mistaken_for_one_another(state: CallState) -> None:
    with pytest.raises(InvalidToken):
        TOKENS.open(TOKENS.close(state, "CA1", "a/b"), "CA1a", "/b")


@given(STATES)
def test_a_token_sealed_with_another_key_is_rejected(state: CallState) -> None:
    with pytest.raises(InvalidToken):
        TOKENS.open(CallStateTokens(b"1" * 32).close(state, CALL, AT), CALL, AT)


class Malformed(CallState, frozen=True):
    """What no release seals."""

    def to_json(self) -> bytes:
        return b'["one"]'


def test_a_malformed_state_is_rejected_even_if_it_is_sealed() -> None:
    with pytest.raises(InvalidToken):
        TOKENS.open(TOKENS.close(Malformed(), CALL, AT), CALL, AT)


class Newer(CallState, frozen=True):
    """The state of a newer release."""

    language: str = "cy"


def test_a_field_of_a_newer_release_is_sealed_again() -> None:
    opened = TOKENS.open(TOKENS.close(Newer(turn=3), CALL, AT), CALL, AT)
    assert TOKENS.close(opened.passed(None, AT), CALL, AT) == TOKENS.close(Newer(turn=4), CALL, AT)


@given(st.text(max_size=200) | st.binary(max_size=200).map(token_of))
def test_any_other_text_is_rejected_as_an_invalid_token(token: str) -> None:
    with pytest.raises(InvalidToken):
        TOKENS.open(token, CALL, AT)


@pytest.mark.parametrize("token", ["", "=", "A", "é", "@@state@@", "A" * 22, "A" * 100_000, "\x00", "m=1&m=2"])
def test_a_malformed_token_is_rejected(token: str) -> None:
    with pytest.raises(InvalidToken):
        TOKENS.open(token, CALL, AT)


def test_what_a_caller_told_us_cannot_be_read_from_the_token() -> None:
    sealed = bytes_of(TOKENS.close(CallState(variables={"letter": "2026-10-14"}), CALL, AT))
    assert b"letter" not in sealed
    assert b"2026" not in sealed


def test_a_new_secret_seals_and_an_old_one_still_opens() -> None:
    old, new = bytes(32), bytes([1]) * 32
    token = CallStateTokens(old).close(CallState(turn=3), call="CA1", at="school/menu")
    both = CallStateTokens(new, old)
    assert both.open(token, call="CA1", at="school/menu").turn == 3
    again = both.close(CallState(turn=4), call="CA1", at="school/menu")
    assert CallStateTokens(new).open(again, call="CA1", at="school/menu").turn == 4
    with pytest.raises(InvalidToken):
        CallStateTokens(old).open(again, call="CA1", at="school/menu")


NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def sealed_at(moment: datetime) -> CallStateTokens:
    return CallStateTokens(bytes(32), bytes([1]) * 32, clock=lambda: moment)


@pytest.mark.parametrize("days", [-1, 0, 1])
def test_a_token_is_good_on_its_day_and_on_those_beside_it(days: int) -> None:
    token = sealed_at(NOON).close(CallState(turn=3), CALL, AT)
    assert sealed_at(NOON + timedelta(days=days)).open(token, CALL, AT).turn == 3


@pytest.mark.parametrize("days", [-2, 2, 7, 3650])
def test_a_token_of_another_time_is_rejected(days: int) -> None:
    token = sealed_at(NOON).close(CallState(turn=3), CALL, AT)
    with pytest.raises(InvalidToken):
        sealed_at(NOON + timedelta(days=days)).open(token, CALL, AT)


def test_the_day_is_that_of_utc_wherever_the_clock_stands() -> None:
    token = sealed_at(NOON).close(CallState(turn=3), CALL, AT)
    late = datetime(2026, 11, 25, 1, tzinfo=timezone(timedelta(hours=2)))  # 23:00 of the 24th in UTC
    assert sealed_at(late).open(token, CALL, AT).turn == 3


# The id of a text, and a recording link.

OLD, NEW = bytes(32), bytes(31) + b"\1"
ID, URL = "da8f35c3-f5b3-4ac8-ad52-ba273bd5b22e", "https://helpline.example/ivr"


def sms_token(*secrets: bytes) -> str:
    return SmsIdTokens(secrets).close(ID)


def open_sms(secrets: Sequence[bytes], token: str) -> str:
    return SmsIdTokens(secrets).open(token)


def link_token(*secrets: bytes) -> str:
    return RecordingLinks(URL, secrets).address(ID, NOON).rpartition("/")[2]


def open_link(secrets: Sequence[bytes], token: str) -> str:
    return RecordingLinks(URL, secrets).open(token)[0]


Seals = Callable[..., str]
Opens = Callable[[Sequence[bytes], str], str]
of_both_kinds = pytest.mark.parametrize(
    ("seals", "opens"), [(sms_token, open_sms), (link_token, open_link)], ids=["text", "recording"]
)


@of_both_kinds
def test_an_id_opens_with_every_secret_and_is_sealed_with_the_newest(seals: Seals, opens: Opens) -> None:
    assert opens([NEW], seals(NEW)) == ID
    assert opens([NEW, OLD], seals(OLD)) == ID
    assert opens([NEW], seals(NEW, OLD)) == ID


@of_both_kinds
def test_the_same_id_gives_the_same_token_in_which_it_cannot_be_read(seals: Seals, opens: Opens) -> None:
    assert seals(NEW) == seals(NEW)
    assert ID.replace("-", "") not in seals(NEW)
    assert UUID(ID).bytes not in bytes_of(seals(NEW))


@of_both_kinds
@pytest.mark.parametrize("token", ["", "x", "ä", ID, "A" * 43, "A" * 54])
def test_an_id_that_we_did_not_seal_is_rejected(seals: Seals, opens: Opens, token: str) -> None:
    for bad in (token, seals(OLD), seals(NEW)[:-2] + "AA"):
        with pytest.raises(InvalidToken):
            opens([NEW], bad)


def test_a_token_of_one_kind_is_rejected_as_another() -> None:
    for opens, token in ((open_sms, link_token(NEW)), (open_link, sms_token(NEW))):
        with pytest.raises(InvalidToken):
            opens([NEW], token)


def test_a_recording_link_is_under_our_address_and_knows_when_it_expires() -> None:
    links = RecordingLinks(URL, [NEW])
    assert links.address(ID, NOON).startswith(f"{URL}/recordings/")
    assert links.open(link_token(NEW)) == (ID, NOON + RECORDING_LINK_LIFETIME)


def test_tokens_of_the_releases_before_open() -> None:
    id, secret = "0f8fad5b-d9cb-469f-a165-70867728950e", [bytes(32)]
    assert open_sms(secret, "OxgJa-svkgICzDuM730ScvGx_JhY9Si1T9L9qKCjw0E") == id
    assert open_link(secret, "DgY7qWbZRAi0Q09i9KSVUc6TPbTKt5x1oJAB4vp1BLDfWusnFpQ4CA") == id
    state = CallStateTokens(*secret).open("6yr8E95ecj-2rEoPjZ-3dmObHjCQg93iGK_rAUZ-S7e2_Q", "CA1", "school/menu")
    assert state == CallState(turn=3)
