"""Nobody but us can make an address that tells us what became of a text."""

import pytest

from ivr.errors import InvalidToken
from ivr.telephony.sms_id import open_sms_id, seal_sms_id

OLD, NEW = bytes(32), bytes(31) + b"\1"
ID = "da8f35c3-f5b3-4ac8-ad52-ba273bd5b22e"


def test_what_was_sealed_is_opened() -> None:
    assert open_sms_id([NEW], seal_sms_id([NEW], ID)) == ID


def test_a_text_has_one_address_however_often_it_is_tried() -> None:
    assert seal_sms_id([NEW], ID) == seal_sms_id([NEW], ID)


def test_the_id_cannot_be_read_in_it() -> None:
    assert ID.replace("-", "") not in seal_sms_id([NEW], ID)


def test_what_was_sealed_with_the_secret_before_is_opened_too() -> None:
    assert open_sms_id([NEW, OLD], seal_sms_id([OLD], ID)) == ID


@pytest.mark.parametrize(
    "token", ["", "x", "ä", ID, "A" * 43, seal_sms_id([OLD], ID), seal_sms_id([NEW], ID)[:-2] + "AA"]
)
def test_what_we_did_not_seal_is_refused(token: str) -> None:
    with pytest.raises(InvalidToken):
        open_sms_id([NEW], token)
