"""Why a webhook is refused is found by trying what Twilio may have been told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from ivr.telephony.refusal_cause import (
    NOT_SIGNED,
    Refused,
    cause_of_address,
    cause_of_method,
    cause_of_signature,
    shown,
)
from ivr.telephony.signature import Signature

TOKEN, FORM = "token-of-the-account", {"CallSid": "CA1", "From": "+447700900123"}
STEP = "/voice/school/menu"
PLAIN, SAFE, PREFIXED = "http://helpline.example", "https://helpline.example", "https://helpline.example/ivr"


def cause(
    public_url: str, signed: str, path: str = "/voice", query: str = "", host: str = "", token: str = TOKEN
) -> str:
    """Return the cause of a refusal: Twilio signed one URL, and it came to a path."""
    signature = RequestValidator(token).compute_signature(signed, FORM)
    webhook = Refused("POST", path, query, host, signature, list(FORM.items()))
    return cause_of_signature(webhook, public_url, Signature(public_url, TOKEN))


@pytest.mark.parametrize(
    ("public_url", "signed", "mended"),
    [
        (PLAIN, f"{SAFE}/voice", SAFE),
        (SAFE, f"{PLAIN}/voice", PLAIN),
        (f"{SAFE}/voice", f"{SAFE}/voice", SAFE),
        (f"{PLAIN}/voice", f"{SAFE}/voice", SAFE),
        (f"{PREFIXED}/voice", f"{PREFIXED}/voice", PREFIXED),
        (PREFIXED, f"{SAFE}/voice", SAFE),
        (f"{SAFE}:8443", f"{PLAIN}/voice", PLAIN),
        ("http://10.0.0.7:8000", "https://other.example/voice", "https://other.example"),
        ("http://10.0.0.7:8000", "https://other.example:8443/voice", "https://other.example:8443"),
    ],
)
def test_the_address_that_was_signed_is_found_and_how_to_set_it(public_url: str, signed: str, mended: str) -> None:
    host = "other.example:8443"
    assert cause(public_url, signed, host=host) == (
        f"Twilio signed {signed}; IVR_PUBLIC_URL says {public_url}: set IVR_PUBLIC_URL={mended}"
    )


def test_the_state_token_of_a_step_is_signed_and_not_told() -> None:
    assert cause(PLAIN, f"{SAFE}{STEP}?m=c2VjcmV0", STEP, "m=c2VjcmV0").startswith(f"Twilio signed {SAFE}{STEP}; ")


def test_a_slash_at_the_end_that_a_proxy_took_off_is_found() -> None:
    assert cause(SAFE, f"{SAFE}/voice/").endswith("take the slash at the end off in the Twilio console")


def test_a_query_that_a_proxy_added_is_found() -> None:
    assert "a proxy in front of us adds one" in cause(SAFE, f"{SAFE}/voice", query="utm=1")


def test_where_nothing_fits_it_is_the_token_or_an_address_that_nobody_can_guess() -> None:
    assert cause(SAFE, f"{SAFE}/voice", token="of another account") == NOT_SIGNED
    assert cause(SAFE, "https://elsewhere.example/voice") == NOT_SIGNED


@pytest.mark.parametrize(("signature", "words"), [("", "no X-Twilio-Signature"), ("bm90IG91cnM=", "cannot have made")])
def test_what_is_not_signed_as_twilio_signs_is_not_twilios(signature: str, words: str) -> None:
    webhook = Refused("POST", "/voice", signature=signature)
    assert words in cause_of_signature(webhook, SAFE, Signature(SAFE, TOKEN))


@pytest.mark.parametrize(
    ("public_url", "path", "words"),
    [
        (SAFE, "/voice/", f"a slash too many: write {SAFE}/voice in"),
        (SAFE, "//voice", f"a slash too many: write {SAFE}/voice in"),
        (SAFE, "/sms/status/", f"write {SAFE}/sms/status in"),
        (SAFE, "/Voice", f"capital letters: write {SAFE}/voice in"),
        (f"{SAFE}/voice", "/voice/voice", "/voice is there twice"),
        (f"{SAFE}/voice", "/voice/voice/school/menu", "/voice is there twice"),
        (PREFIXED, "/ivr/voice", "/ivr of IVR_PUBLIC_URL is still there"),
        (PREFIXED, "/ivr/voice/school/menu", "/ivr of IVR_PUBLIC_URL is still there"),
        (SAFE, "/call", f"write {SAFE}/voice for calls and {SAFE}/sms for texts"),
    ],
)
def test_an_address_that_is_none_of_ours_is_told_with_the_one_that_was_meant(
    public_url: str, path: str, words: str
) -> None:
    assert words in cause_of_address(Refused("POST", path), public_url)


def test_a_get_is_told_with_where_to_choose_post() -> None:
    assert cause_of_method(Refused("GET", "/voice"), SAFE) == (
        f"HTTP GET instead of POST: choose HTTP POST at {SAFE}/voice in the Twilio console"
    )


@given(st.text(), st.text(), st.text(), st.text(max_size=40), st.sampled_from([PLAIN, PREFIXED, "http://[::1]:8000/a"]))
def test_whatever_comes_has_a_cause(path: str, query: str, host: str, signature: str, public_url: str) -> None:
    signed = RequestValidator(TOKEN).compute_signature("https://x/voice", FORM)
    for given_signature in (signature, signed):
        webhook = Refused("POST", f"/{path}", query, host, given_signature, list(FORM.items()))
        assert cause_of_signature(webhook, public_url, Signature(public_url, TOKEN))
        assert cause_of_address(webhook, public_url)


@given(st.text(alphabet="+0123456789-./ab", max_size=60))
def test_no_number_of_a_path_is_shown(path: str) -> None:
    digits = "".join(filter(str.isdigit, path))
    assert len(digits) < 7 or digits not in "".join(filter(str.isdigit, shown(f"/{path}")))
