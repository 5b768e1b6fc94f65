"""`ivr twilio` at a shell, with the fake provider on a real connection: seen, set up, found current, taken back."""

import asyncio
import json
import threading
from collections.abc import Iterator
from itertools import chain, repeat
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from ivr.cli import app
from ivr.simulator.twilio_api.account import CALLER_ID, SENDER, TwilioAccount
from ivr.simulator.twilio_api.faults import NO_FAULT, rejection
from ivr.simulator.twilio_api.identifiers import ACCOUNT_SID
from ivr.simulator.twilio_api.resources.incoming_number import IncomingNumberResource
from ivr.simulator.twilio_api.server import served
from tests.commands.conftest import set_up
from tests.store.conftest import sqlite_url

CALLS = "+441632960100"
BEFORE = "https://user:hunter2@elsewhere.example/voice?key=hunter2"
SETTINGS = {
    "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
    "TWILIO_AUTH_TOKEN": "token",
    "IVR_PUBLIC_URL": "https://helpline.example",
    "IVR_NUMBER": "01632 960100",
    "IVR_CALLER_ID": CALLER_ID,
    "IVR_SMS_FROM": SENDER,
    "IVR_ADVISERS": "07700 900001",
}


@pytest.fixture
def twilio(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[TwilioAccount]:
    """An account that is served in a thread of its own, with the number for calls leading elsewhere."""
    account = TwilioAccount()
    calls = IncomingNumberResource(CALLS, voice_url=BEFORE)
    account.incoming_numbers = [calls, IncomingNumberResource(SENDER), IncomingNumberResource(CALLER_ID)]
    account.building = 0, "completed"
    set_up(monkeypatch, tmp_path, sqlite_url(tmp_path))
    for name in ("IVR_DEV", "IVR_NOW"):
        monkeypatch.delenv(name)
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)
    address, stop, begun = list[str](), asyncio.Event(), threading.Event()
    loop = asyncio.new_event_loop()

    async def serve() -> None:
        async with served(account) as url:
            address.append(url)
            begun.set()
            await stop.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    begun.wait()
    monkeypatch.setenv("TWILIO_API_URL", address[0])
    yield account
    loop.call_soon_threadsafe(stop.set)
    thread.join()
    loop.close()


def ivr(*arguments: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(app, arguments, input=typed)


def told(*arguments: str) -> Any:
    result = ivr(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_from_elsewhere_to_here_and_back(twilio: TwilioAccount) -> None:
    calls, texts, other = twilio.incoming_numbers
    before = [one.as_json(ACCOUNT_SID) for one in twilio.incoming_numbers]
    shown = ivr("twilio").stdout
    assert "https://…@elsewhere.example/voice?…" in shown and "hunter2" not in shown
    assert "fallback document: not at Twilio" in shown

    result = ivr("twilio", "connect", typed="y\n")
    assert result.exit_code == 0, result.output
    assert "hunter2" not in result.output
    assert "-> https://helpline.example/voice#ct=2000&rt=5000&tt=10000&rc=2&rp=ct,rt,5xx" in result.stderr
    assert "-> (a protected Asset of the account, made now)" in result.stderr
    assert result.stdout.splitlines() == [
        f"number {calls.sid} is pointed at this helpline",
        f"number {texts.sid} is pointed at this helpline",
        f"number {other.sid} is pointed at this helpline",
        "the fallback document is at Twilio, and was read back",
        "now: `ivr doctor`, and ring the number",
    ]
    assert calls.voice_fallback_url.endswith("/fallback.xml")
    assert b"+447700900001" in twilio.services[0].assets[0].versions[0].content

    assert ivr("twilio", "connect").stdout.startswith("nothing to change")
    assert told("twilio", "connect")["changed"] == []
    assert all(one["changes"] == [] for one in told("twilio", "show")["numbers"])

    result = ivr("twilio", "disconnect", "--yes")
    assert "the fallback document is deleted at Twilio" in result.stdout
    assert [one.as_json(ACCOUNT_SID) for one in twilio.incoming_numbers] == before
    assert twilio.services == []
    assert ivr("twilio", "disconnect").stdout == "nothing to put back\n"


def test_whoever_says_no_changes_nothing(twilio: TwilioAccount) -> None:
    for typed in ("n\n", ""):
        result = ivr("twilio", "connect", typed=typed)
        assert (result.exit_code, "Nothing was done" in result.stderr) == (1, True)
    assert (twilio.incoming_numbers[0].voice_url, twilio.services) == (BEFORE, [])
    assert not [one for one in twilio.requests if one.startswith(("POST", "DELETE"))]


def test_a_fallback_document_is_uploaded_once_for_each_change_of_advisers(
    twilio: TwilioAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = told("twilio", "fallback")
    assert (first["was_current"], first["is_used"]) == (False, False)
    assert "does not use it yet" in ivr("twilio", "fallback").stdout
    assert told("twilio", "connect", "--yes")["fallback_uploaded"] is False
    assert told("twilio", "fallback") == first | {"was_current": True, "is_used": True}
    monkeypatch.setenv("IVR_ADVISERS", "07700 900002")
    found = json.loads(ivr("doctor", "fallback", "--json").stdout)["findings"]
    assert [one["mend"] for one in found] == ["`ivr twilio fallback`"]
    assert told("twilio", "connect", "--yes")["fallback_uploaded"] is True
    assert json.loads(ivr("doctor", "fallback", "--json").stdout)["findings"] == []
    assert told("twilio", "fallback")["was_current"] is True


def test_a_number_that_is_put_through_to_another_is_connected_by_that(
    twilio: TwilioAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IVR_NUMBER", "0808 157 0000")
    result = ivr("twilio", "connect", "--yes")
    assert (result.exit_code, "--number where callers dial another" in result.stderr) == (1, True)
    assert told("twilio", "connect", "--yes", "--number", CALLS)["changed"]
    assert "provider" not in [
        one["check"] for one in json.loads(ivr("doctor", "provider", "--json").stdout)["findings"]
    ]


def test_the_fallback_address_can_be_kept(twilio: TwilioAccount) -> None:
    twilio.incoming_numbers[0].voice_fallback_url = "https://handler.twilio.example/bin"
    assert told("twilio", "connect", "--yes", "--keep-fallback")["fallback_uploaded"] is False
    assert twilio.incoming_numbers[0].voice_fallback_url == "https://handler.twilio.example/bin"
    assert twilio.services == []


def test_what_stops_half_way_is_told_and_finished(twilio: TwilioAccount) -> None:
    calls, texts, other = twilio.incoming_numbers
    faults = chain([NO_FAULT, rejection(20429, 429)], repeat(NO_FAULT))
    twilio.inject_from(faults, "IncomingPhoneNumbers")
    result = ivr("twilio", "connect", "--yes")
    assert (result.exit_code, f"{calls.sid} done; number {texts.sid} is not changed" in result.stderr) == (1, True)
    assert told("twilio", "connect", "--yes")["changed"] == [texts.sid, other.sid]


def test_a_fallback_document_that_cannot_be_uploaded_leaves_every_number_alone(twilio: TwilioAccount) -> None:
    twilio.building = 0, "failed"
    result = ivr("twilio", "connect", "--yes")
    assert (result.exit_code, "No number was changed" in result.stderr, "--keep-fallback" in result.stderr) == (
        1,
        True,
        True,
    )
    assert twilio.incoming_numbers[0].voice_url == BEFORE


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"IVR_PUBLIC_URL": "http://helpline.example"}, "IVR_PUBLIC_URL begins with http"),
        ({"IVR_CALLER_ID": "01632 960001"}, "IVR_CALLER_ID is neither"),
        ({"IVR_SMS_FROM": "07700 900998"}, "the number for texts (IVR_SMS_FROM) is not a number of the account"),
        ({"TWILIO_ACCOUNT_SID": ""}, "TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN must be set"),
        ({"IVR_NUMBER": ""}, "IVR_NUMBER must be set"),
        ({"TWILIO_AUTH_TOKEN": "another"}, "do not belong together"),
    ],
)
def test_what_cannot_work_is_refused(
    twilio: TwilioAccount, monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], says: str
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    result = ivr("twilio", "connect", "--yes")
    assert (result.exit_code, says in result.stderr) == (1, True), result.output
    assert not [one for one in twilio.requests if one.startswith(("POST", "DELETE"))]


def test_an_account_that_is_closed_is_refused_and_a_trial_is_warned_of(twilio: TwilioAccount) -> None:
    twilio.status = "suspended"
    assert "the account is suspended" in ivr("twilio", "connect", "--yes").stderr
    twilio.status, twilio.type = "active", "Trial"
    assert "a trial account says so" in ivr("twilio", "connect", "--yes").stderr


def test_a_fallback_of_which_nothing_is_written_down_is_taken_off_the_number(twilio: TwilioAccount) -> None:
    url = told("twilio", "fallback")["url"]
    twilio.incoming_numbers[0].voice_fallback_url = url
    assert told("twilio", "disconnect", "--yes") == {"put_back": [], "fallback_removed": True}
    assert (twilio.incoming_numbers[0].voice_fallback_url, twilio.services) == ("", [])
