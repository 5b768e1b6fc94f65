"""Whatever a browser brings back that is not exactly what a device signed for us is refused, and nothing breaks."""

from functools import cache
from json import dumps, loads
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.console.webauthn_ceremony import RelyingParty, read_answer
from ivr.staff.accounts import Account, AccountState, Role
from ivr.staff.passkeys import Made, PasskeyRefused
from tests.console.passkey_device import Device, decoded, encoded
from tests.staff.staff_accounts import SEALED
from tests.store.fixtures import HOUR, NOW

PARTY = RelyingParty("helpline.example", "https://helpline.example")
JO = Account(
    "0f8fad5b-d9cb-469f-a165-70867728950e", "Jo", "jo@helpline.example", Role.adviser, AccountState.active, None, NOW
)
CHALLENGE = SEALED.close(b"random" * 3, "passkey", NOW + HOUR)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)
RESPONSE = st.dictionaries(
    st.sampled_from(["clientDataJSON", "authenticatorData", "signature", "userHandle", "attestationObject"]), JSON
)


@cache
def made() -> tuple[Device, Made, str]:
    """Return a device, the passkey that it has made, and how it used it."""
    device = Device()
    passkey = PARTY.made(read_answer(device.make(loads(PARTY.creation(JO, CHALLENGE, ())))))
    return device, passkey, device.use(loads(PARTY.request(CHALLENGE)))


def test_what_a_device_made_and_used_is_taken() -> None:
    device, passkey, used = made()
    answer = read_answer(used)
    assert (answer.id, answer.account, answer.challenge) == (passkey.id, JO.id, CHALLENGE)
    assert list(device.keys) == [passkey.id] and PARTY.used(answer, passkey.public_key) == 0


@given(
    field=st.sampled_from(["clientDataJSON", "authenticatorData", "signature"]),
    place=st.integers(0, 10_000),
    bit=st.integers(0, 7),
)
def test_any_bit_that_is_changed_is_found(field: str, place: int, bit: int) -> None:
    _, passkey, used = made()
    whole = loads(used)
    data = bytearray(decoded(whole["response"][field]))
    data[place % len(data)] ^= 1 << bit
    whole["response"][field] = encoded(bytes(data))
    with pytest.raises(PasskeyRefused):
        PARTY.used(read_answer(dumps(whole)), passkey.public_key)


@given(whole=st.fixed_dictionaries({"id": JSON, "rawId": JSON, "type": JSON, "response": RESPONSE}) | JSON)
def test_whatever_else_it_brings_back_is_refused_with_a_sentence(whole: Any) -> None:
    with pytest.raises(PasskeyRefused, match=r"\.$"):
        answer = read_answer(dumps(whole))
        PARTY.made(answer)


@pytest.mark.parametrize(
    "party", [RelyingParty("evil.example", PARTY.origin), RelyingParty(PARTY.id, "https://evil.example")]
)
def test_what_was_made_for_us_is_of_no_use_elsewhere(party: RelyingParty) -> None:
    _, passkey, used = made()
    with pytest.raises(PasskeyRefused):
        party.used(read_answer(used), passkey.public_key)
