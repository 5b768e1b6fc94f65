"""Sealed memory opens for the call and step it was made for, and for nothing else."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta, timezone
from string import ascii_letters, digits

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.engine.call_state import CallState
from ivr.errors import InvalidToken
from ivr.tokens import CallStateTokens
from tests.engine.test_memory import MEMORIES, TEXTS

SEAL = CallStateTokens(bytes(32))
CALL, AT = "CA0123", "school/menu"


def token_of(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def bytes_of(token: str) -> bytes:
    return urlsafe_b64decode(token + "=" * (-len(token) % 4))


@given(MEMORIES, TEXTS, TEXTS)
def test_any_memory_opens_for_its_own_call_and_step(state: CallState, call: str, at: str) -> None:
    assert SEAL.open(SEAL.close(state, call, at), call, at) == state


@given(MEMORIES)
def test_a_token_can_stand_in_an_address_as_it_is(state: CallState) -> None:
    assert set(SEAL.close(state, CALL, AT)) <= set(ascii_letters + digits + "-_")


@given(MEMORIES)
def test_the_same_memory_gives_the_same_token_in_every_process(state: CallState) -> None:
    assert CallStateTokens(bytes(32)).close(state, CALL, AT) == SEAL.close(state, CALL, AT)


@given(MEMORIES, st.data())
def test_a_single_flipped_bit_is_found(state: CallState, data: st.DataObject) -> None:
    sealed = bytearray(bytes_of(SEAL.close(state, CALL, AT)))
    bit = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(InvalidToken):
        SEAL.open(token_of(bytes(sealed)), CALL, AT)


@given(MEMORIES, st.data())
def test_a_truncated_token_is_found(state: CallState, data: st.DataObject) -> None:
    token = SEAL.close(state, CALL, AT)
    with pytest.raises(InvalidToken):
        SEAL.open(token[: data.draw(st.integers(0, len(token) - 1))], CALL, AT)


@given(MEMORIES, TEXTS)
def test_a_token_of_another_call_is_refused(state: CallState, call: str) -> None:
    with pytest.raises(InvalidToken):
        SEAL.open(SEAL.close(state, f"{call}1", AT), call, AT)


@given(MEMORIES, TEXTS)
def test_a_token_of_another_step_is_refused(state: CallState, at: str) -> None:
    with pytest.raises(InvalidToken):
        SEAL.open(SEAL.close(state, CALL, f"{at}1"), CALL, at)


@given(MEMORIES)
def test_call_and_step_cannot_be_mistaken_for_one_another(state: CallState) -> None:
    with pytest.raises(InvalidToken):
        SEAL.open(SEAL.close(state, "CA1", "a/b"), "CA1a", "/b")


@given(MEMORIES)
def test_a_token_sealed_with_another_key_is_refused(state: CallState) -> None:
    with pytest.raises(InvalidToken):
        SEAL.open(CallStateTokens(b"1" * 32).close(state, CALL, AT), CALL, AT)


class Longer(CallState, frozen=True):
    """The memory of another release."""

    more: str = "more"


def test_memory_that_another_release_sealed_is_refused() -> None:
    with pytest.raises(InvalidToken):
        SEAL.open(SEAL.close(Longer(), CALL, AT), CALL, AT)


@given(st.text(max_size=200) | st.binary(max_size=200).map(token_of))
def test_whatever_is_no_token_of_ours_is_refused_and_nothing_else_happens(token: str) -> None:
    with pytest.raises(InvalidToken):
        SEAL.open(token, CALL, AT)


@pytest.mark.parametrize("token", ["", "=", "A", "é", "@@memory@@", "A" * 22, "A" * 100_000, "\x00", "m=1&m=2"])
def test_a_strange_token_is_refused(token: str) -> None:
    with pytest.raises(InvalidToken):
        SEAL.open(token, CALL, AT)


def test_what_a_caller_told_us_cannot_be_read_from_the_token() -> None:
    sealed = bytes_of(SEAL.close(CallState(variables={"letter": "2026-10-14"}), CALL, AT))
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
def test_a_token_of_another_time_is_refused(days: int) -> None:
    token = sealed_at(NOON).close(CallState(turn=3), CALL, AT)
    with pytest.raises(InvalidToken):
        sealed_at(NOON + timedelta(days=days)).open(token, CALL, AT)


def test_the_day_is_that_of_utc_wherever_the_clock_stands() -> None:
    token = sealed_at(NOON).close(CallState(turn=3), CALL, AT)
    late = datetime(2026, 11, 25, 1, tzinfo=timezone(timedelta(hours=2)))  # 23:00 of the 24th in UTC
    assert sealed_at(late).open(token, CALL, AT).turn == 3
