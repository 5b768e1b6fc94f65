"""One code lets one browser in, for a while; the rest is told why not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.simulator.browser.guests import ALPHABET, CODE_LENGTH, CODE_SECONDS, MAX_WRONG, CodeRefused, Guests


class Watch:
    """A clock that is moved by hand."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def guests(watch: Watch) -> Guests:
    return Guests(watch)


def test_a_code_lets_one_browser_in(guests: Guests) -> None:
    token = guests.admit(guests.invite())
    assert guests.is_guest(token)
    assert not guests.is_guest(token[:-1])


def test_a_code_is_used_once(guests: Guests) -> None:
    code = guests.invite()
    guests.admit(code)
    with pytest.raises(CodeRefused, match="has been used"):
        guests.admit(code)


def test_a_code_runs_out(guests: Guests, watch: Watch) -> None:
    code = guests.invite()
    watch.seconds = CODE_SECONDS
    assert guests.is_guest(guests.admit(code))
    late = guests.invite()
    watch.seconds += CODE_SECONDS + 0.1
    with pytest.raises(CodeRefused, match="has run out: it is good for 10 minutes"):
        guests.admit(late)


def test_a_newer_code_takes_the_place_of_the_one_before(guests: Guests) -> None:
    old, new = guests.invite(), guests.invite()
    with pytest.raises(CodeRefused, match="an older link"):
        guests.admit(old)
    assert guests.is_guest(guests.admit(new))


def test_whoever_is_in_stays_in_when_another_is_invited(guests: Guests) -> None:
    token = guests.admit(guests.invite())
    guests.invite()
    assert guests.is_guest(token)


def test_guessing_closes_the_link_and_a_new_one_opens_it(guests: Guests) -> None:
    code = guests.invite()
    for _ in range(MAX_WRONG):
        with pytest.raises(CodeRefused, match="wrong"):
            guests.admit("A" * CODE_LENGTH)
    with pytest.raises(CodeRefused, match="Too many wrong codes"):
        guests.admit(code)
    assert guests.is_guest(guests.admit(guests.invite()))


def test_before_there_is_a_link_no_code_is_right(guests: Guests) -> None:
    with pytest.raises(CodeRefused):
        guests.admit("")


@given(st.text())
def test_whatever_is_typed_instead_lets_nobody_in(typed: str) -> None:
    guests = Guests()
    guests.invite()
    with pytest.raises(CodeRefused):
        guests.admit(typed)


def test_a_code_is_typed_as_one_likes(guests: Guests) -> None:
    code = guests.invite()
    assert guests.is_guest(guests.admit(f"{code[:4].lower()}-{code[4:8]} {code[8:]}"))


def test_codes_do_not_repeat_and_are_letters_that_cannot_be_mistaken(guests: Guests) -> None:
    codes = {guests.invite() for _ in range(1000)}
    assert len(codes) == 1000
    assert set("".join(codes)) == set(ALPHABET)
    assert not set(ALPHABET) & set("01IO")
