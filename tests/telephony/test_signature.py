"""Only the provider's signature is accepted."""

import json
from base64 import b64encode
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import MultiDict
from twilio.request_validator import RequestValidator

from ivr.telephony.signature import Signature, spellings

KNOWN = json.loads((Path(__file__).parent / "signature.json").read_text())
URL, TOKEN = "https://helpline.example/ivr", "secret"
FORM = [("CallSid", "CA1"), ("Digits", "1"), ("From", "+447700900123")]
RIGHT = RequestValidator(TOKEN).compute_signature(f"{URL}/voice?m=x", dict(FORM))


def parts(address: str) -> tuple[str, str]:
    """Return the public URL, and the path and query under it."""
    url = urlsplit(address)
    return f"{url.scheme}://{url.netloc}", f"{url.path}?{url.query}"


@pytest.mark.parametrize("case", KNOWN["cases"], ids=lambda case: case["it"])
def test_a_signature_that_the_provider_would_make_is_taken(case: dict[str, Any]) -> None:
    public_url, path = parts(case["asked"])
    form = [(name, value) for name, value in case["form"]]
    assert Signature(public_url, KNOWN["token"]).matches(path, form, case["signature"])


@pytest.mark.parametrize("case", KNOWN["cases"], ids=lambda case: case["it"])
def test_the_same_with_anything_changed_is_refused(case: dict[str, Any]) -> None:
    public_url, path = parts(case["asked"])
    form, given = [(name, value) for name, value in case["form"]], case["signature"]
    signature = Signature(public_url, KNOWN["token"])
    assert not signature.matches(path + "1", form, given)
    assert not signature.matches(path, [*form, ("Extra", "")], given)
    assert not signature.matches(path, form, given.swapcase())
    assert not Signature("https://elsewhere.example", KNOWN["token"]).matches(path, form, given)
    assert not Signature(public_url, KNOWN["token"] + "6").matches(path, form, given)


def test_the_path_prefix_of_the_public_address_is_signed_too() -> None:
    assert Signature(URL, TOKEN).matches("/voice?m=x", FORM, RIGHT)
    assert Signature(f"{URL}/", TOKEN).matches("/voice?m=x", FORM, RIGHT)
    assert not Signature("https://helpline.example", TOKEN).matches("/voice?m=x", FORM, RIGHT)


def test_the_order_of_the_fields_does_not_matter_and_every_value_does() -> None:
    signature = Signature(URL, TOKEN)
    assert signature.matches("/voice?m=x", FORM[::-1], RIGHT)
    assert not signature.matches("/voice?m=x", FORM[:-1], RIGHT)
    assert not signature.matches("/voice?m=x", [*FORM, ("Digits", "2")], RIGHT)


def test_while_the_token_is_replaced_both_verify_and_no_third() -> None:
    for tokens in (f"{TOKEN},other", f"other,{TOKEN}"):
        assert Signature(URL, tokens).matches("/voice?m=x", FORM, RIGHT)
    assert not Signature(URL, "other,another").matches("/voice?m=x", FORM, RIGHT)
    assert not Signature(URL, f"{TOKEN},other").matches("/voice?m=y", FORM, RIGHT)


def test_an_empty_value_counts_and_its_name_with_it() -> None:
    form = [*FORM, ("CallerName", "")]
    given = RequestValidator(TOKEN).compute_signature(f"{URL}/voice", dict(form))
    assert Signature(URL, TOKEN).matches("/voice", form, given)
    assert not Signature(URL, TOKEN).matches("/voice", FORM, given)


@pytest.mark.parametrize("given", ["", " ", RIGHT[:-1], f"{RIGHT}=", RIGHT.lower(), f" {RIGHT}", "é", "½" * 28])
def test_a_missing_or_strange_signature_is_refused(given: str) -> None:
    assert not Signature(URL, TOKEN).matches("/voice?m=x", FORM, given)


TEXTS = st.text(st.characters(max_codepoint=255))
DIGESTS = st.binary(min_size=20, max_size=20).map(lambda digest: b64encode(digest).decode())


FORMS = st.lists(st.tuples(st.text(max_size=8), st.text(max_size=8)), max_size=12)


@given(FORMS, st.text(max_size=20))
def test_a_signature_is_the_one_that_the_providers_own_library_makes(form: list[tuple[str, str]], path: str) -> None:
    theirs = RequestValidator(TOKEN).compute_signature(f"{URL}{path}", MultiDict(form))
    assert Signature(URL, TOKEN).matches(path, form, theirs)


@given(TEXTS | DIGESTS)
def test_a_guessed_signature_is_refused(given: str) -> None:
    assert not Signature(URL, TOKEN).matches("/voice?m=x", FORM, given)


@pytest.mark.parametrize(
    ("public_url", "both"),
    [
        ("https://helpline.example", ("https://helpline.example", "https://helpline.example:443")),
        ("http://helpline.example", ("http://helpline.example", "http://helpline.example:80")),
        ("https://helpline.example:8443/a", ("https://helpline.example:8443/a", "https://helpline.example/a")),
        ("http://[::1]:8000", ("http://[::1]:8000", "http://[::1]")),
        ("http://[::1]", ("http://[::1]", "http://[::1]:80")),
    ],
)
def test_an_address_is_spelt_with_and_without_its_port(public_url: str, both: tuple[str, str]) -> None:
    assert spellings(public_url) == both
