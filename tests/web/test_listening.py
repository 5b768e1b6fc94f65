"""Nobody but us can make an address at which a message can be heard."""

from datetime import UTC, datetime

import pytest

from ivr.errors import InvalidToken
from ivr.web.recording_links import GOOD_FOR, RecordingLinks

OLD, NEW = bytes(32), bytes(31) + b"\1"
ID, NOW = "da8f35c3-f5b3-4ac8-ad52-ba273bd5b22e", datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
URL = "https://helpline.example/ivr"


def token(listening: RecordingLinks) -> str:
    return listening.address(ID, NOW).rpartition("/")[2]


def test_an_address_is_under_ours_and_knows_its_message_and_its_time() -> None:
    listening = RecordingLinks(URL, [NEW])
    assert listening.address(ID, NOW).startswith(f"{URL}/recordings/")
    assert listening.open(token(listening)) == (ID, NOW + GOOD_FOR)


def test_the_name_of_the_message_cannot_be_read_in_it() -> None:
    assert ID.replace("-", "") not in token(RecordingLinks(URL, [NEW]))


def test_the_same_moment_gives_the_same_address() -> None:
    assert RecordingLinks(URL, [NEW]).address(ID, NOW) == RecordingLinks(URL, [NEW]).address(ID, NOW)


def test_what_was_sealed_with_the_secret_before_is_opened_too() -> None:
    assert RecordingLinks(URL, [NEW, OLD]).open(token(RecordingLinks(URL, [OLD])))[0] == ID


def test_the_newest_secret_seals() -> None:
    assert RecordingLinks(URL, [NEW]).open(token(RecordingLinks(URL, [NEW, OLD])))[0] == ID


@pytest.mark.parametrize(
    "bad",
    ["", "x", "ä", ID, "A" * 54, token(RecordingLinks(URL, [OLD])), token(RecordingLinks(URL, [NEW]))[:-2] + "AA"],
)
def test_what_we_did_not_seal_is_refused(bad: str) -> None:
    with pytest.raises(InvalidToken):
        RecordingLinks(URL, [NEW]).open(bad)
