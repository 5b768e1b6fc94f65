"""Numbers are pointed at the helpline and back again, whatever happens in between, on a real connection."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from itertools import chain, repeat

import pytest
from sqlalchemy import select

from ivr.provisioning.connect import HalfDone, connect, put_back
from ivr.provisioning.fallback import asset_name
from ivr.provisioning.plan import NumberPlan, Wanted, obstacles, plan, warnings
from ivr.simulator.twilio_api.account import CALLER_ID, SENDER, TwilioAccount
from ivr.simulator.twilio_api.faults import NO_FAULT, SERVER_ERROR, Fault, rejection
from ivr.simulator.twilio_api.identifiers import ACCOUNT_SID
from ivr.simulator.twilio_api.resources.incoming_number import IncomingNumberResource
from ivr.simulator.twilio_api.server import served
from ivr.store import audit, number_configurations
from ivr.store.audit import By
from ivr.store.database import Store
from ivr.store.tables import number_configurations as table
from ivr.telephony.number_configuration import for_calls, for_texts
from ivr.telephony.protected_asset import ProtectedAsset
from ivr.telephony.provider_errors import Retryable
from ivr.telephony.rest import Provider
from tests.store.conftest import empty_url, store, url
from tests.store.fixtures import NOW

__all__ = ["empty_url", "store", "url"]

HERE, FALLBACK = "https://helpline.example/ivr", "https://helpline-fallback-1234.twil.io/fallback.xml"
CALLS = "+441632960100"
BEFORE = "https://user:hunter2@elsewhere.example/voice?key=hunter2"
BY = By("Sam", NOW)


@dataclass
class Setting:
    """A helpline and its account, with a number for calls that led elsewhere, and one for texts."""

    twilio: TwilioAccount
    provider: Provider
    store: Store
    wanted: Wanted

    async def plans(self) -> list[NumberPlan]:
        return plan(self.wanted, await self.provider.account.numbers(), FALLBACK)

    async def connect(self) -> list[str]:
        return await connect(self.provider.account, self.store, await self.plans(), BY)

    async def put_back(self) -> list[str]:
        found = await put_back(self.provider.account, self.store, await self.provider.account.numbers(), BY)
        return list(found.numbers)

    async def publish(self, number: IncomingNumberResource) -> None:
        asset = self.provider.account.protected_asset(asset_name(number.sid), asyncio.sleep)
        await asset.publish(b"<Response/>")

    async def obstacles(self) -> list[str]:
        account = self.provider.account
        return list(obstacles(self.wanted, await account.numbers(), await account.verified_caller_ids()))

    @property
    def configurations(self) -> list[dict[str, str]]:
        shown = [one.as_json(ACCOUNT_SID) for one in self.twilio.incoming_numbers]
        ends = ("url", "method", "callback")
        return [{name: str(value) for name, value in one.items() if name.endswith(ends)} for one in shown]


@pytest.fixture
async def setting(store: Store) -> AsyncIterator[Setting]:
    twilio = TwilioAccount(clock=lambda: NOW)
    calls = IncomingNumberResource(CALLS, voice_url=BEFORE, voice_method="GET", sms_url="https://elsewhere.example/sms")
    twilio.building = 0, "completed"
    twilio.incoming_numbers = [calls, IncomingNumberResource(SENDER), IncomingNumberResource(CALLER_ID)]
    async with AsyncExitStack() as stack:
        address = await stack.enter_async_context(served(twilio))
        provider = await stack.enter_async_context(Provider(ACCOUNT_SID, "token", address))
        yield Setting(twilio, provider, store, Wanted(HERE, CALLS, SENDER, CALLER_ID))


async def test_numbers_are_pointed_here_once_and_put_back_exactly(setting: Setting) -> None:
    before = setting.configurations
    changed = [one.sid for one in setting.twilio.incoming_numbers]
    assert await setting.connect() == changed
    calls, texts, shown = setting.twilio.incoming_numbers
    assert (calls.voice_url, calls.voice_method) == (f"{HERE}/voice#ct=2000&rt=5000&tt=10000&rc=2&rp=ct,rt,5xx", "POST")
    assert (calls.voice_fallback_url, calls.voice_fallback_method) == (FALLBACK, "GET")
    assert calls.status_callback == f"{HERE}/voice/status#rc=5&rp=ct,rt,5xx"
    assert calls.sms_url == "https://elsewhere.example/sms"  # which is not the number for texts
    assert texts.sms_url == f"{HERE}/sms#rc=5&rp=ct,rt,5xx"
    assert texts.voice_url == shown.voice_url == calls.voice_url.replace("#", "?called=back#")
    assert texts.voice_fallback_url == shown.voice_fallback_url == FALLBACK
    assert shown.sms_url == ""
    assert await setting.connect() == []
    assert set(await setting.put_back()) == set(changed)
    assert setting.configurations == before
    assert await setting.put_back() == []


@pytest.mark.parametrize(
    ("voice_url", "leads"),
    [
        ("https://demo.twilio.com/welcome/voice/", HERE),
        ("https://old.example/voice?called=back#ct=2000&rt=5000&tt=10000&rc=2&rp=ct,rt,5xx", HERE),  # we have moved
        ("https://office.example/voice", "https://office.example"),
    ],
)
async def test_a_number_that_is_shown_is_rung_back_here_unless_its_calls_lead_elsewhere(
    setting: Setting, voice_url: str, leads: str
) -> None:
    _, texts, shown = setting.twilio.incoming_numbers
    texts.voice_url = shown.voice_url = voice_url
    await setting.connect()
    assert [texts.voice_url.startswith(leads), shown.voice_url.startswith(leads)] == [True, True]


async def test_a_number_that_is_shown_and_cannot_take_calls_is_left_alone(setting: Setting) -> None:
    _, texts, shown = setting.twilio.incoming_numbers
    texts.can_call, shown.trunk_sid = False, "TK" + "0" * 32
    await setting.connect()
    assert (texts.voice_url, shown.voice_url) == ("", "")


async def test_what_was_there_is_kept_sealed_and_told_in_the_audit_log_without_an_address(setting: Setting) -> None:
    await setting.connect()
    async with setting.store.read() as db:
        rows = list(await db.execute(select(table)))
        told = [one.what for one in await audit.read(db, 10)]
    assert len(rows) == 3
    assert all(b"hunter2" not in row.before and b"http" not in row.before for row in rows)
    assert len(told) == 3 and all("pointed number PN" in line and "http" not in line for line in told)


async def test_what_was_first_there_is_put_back_after_the_helpline_has_moved(setting: Setting) -> None:
    before = setting.configurations
    await setting.connect()
    setting.wanted = Wanted("https://new.example", CALLS, CALLS, CALLER_ID)  # and the one number is texted too
    await setting.connect()
    assert setting.twilio.incoming_numbers[0].sms_url.startswith("https://new.example/sms#")
    await setting.put_back()
    assert setting.configurations == before


@pytest.mark.parametrize("fault", [SERVER_ERROR, rejection(21402)])
async def test_a_change_that_stops_half_way_names_what_is_done_and_can_be_finished(
    setting: Setting, fault: Fault
) -> None:
    first, second, third = setting.twilio.incoming_numbers
    setting.twilio.inject_from(chain([NO_FAULT, fault], repeat(NO_FAULT)), "IncomingPhoneNumbers")
    with pytest.raises(HalfDone) as caught:
        await setting.connect()
    assert caught.value.done == (first.sid,)
    assert f"{first.sid} done; number {second.sid} is not changed" in str(caught.value)
    assert "Run it again" in str(caught.value)
    assert await setting.connect() in ([second.sid, third.sid], [third.sid])  # it was refused, or the answer was lost
    assert second.sms_url.startswith(HERE)


async def test_a_change_that_stops_half_way_can_be_put_back(setting: Setting) -> None:
    before = setting.configurations
    setting.twilio.inject_from(chain([NO_FAULT, SERVER_ERROR], repeat(NO_FAULT)), "IncomingPhoneNumbers")
    with pytest.raises(HalfDone):
        await setting.connect()
    await setting.put_back()
    assert setting.configurations == before


async def test_what_twilio_does_not_keep_is_told(setting: Setting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(IncomingNumberResource, "update", lambda self, form: None)
    with pytest.raises(HalfDone, match="did not take VoiceUrl"):
        await setting.connect()


async def test_no_number_that_was_pointed_here_once_leaves_a_document_with_advisers_numbers(setting: Setting) -> None:
    old, _, other = setting.twilio.incoming_numbers
    await setting.connect()
    await setting.publish(old)
    setting.wanted = replace(setting.wanted, calls=other.number)  # the helpline has another number for calls now
    await setting.connect()
    await setting.publish(other)
    assert len(setting.twilio.services) == 2
    await setting.put_back()
    assert setting.twilio.services == []


async def test_a_document_that_is_not_deleted_is_told_and_tried_again(
    setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    await setting.connect()
    await setting.publish(setting.twilio.incoming_numbers[0])
    with monkeypatch.context() as patched:

        async def refuses(asset: ProtectedAsset) -> bool:
            raise Retryable("the provider cannot serve us now")

        patched.setattr(ProtectedAsset, "remove", refuses)
        with pytest.raises(HalfDone, match="its fallback document is not deleted: the provider cannot serve us now"):
            await setting.put_back()
    await setting.put_back()
    assert setting.twilio.services == []


async def test_a_number_that_is_gone_is_forgotten(setting: Setting) -> None:
    await setting.connect()
    gone = setting.twilio.incoming_numbers.pop(0)
    assert gone.sid not in await setting.put_back()
    async with setting.store.read() as db:
        assert await number_configurations.read(db, setting.store.cipher) == {}


# What cannot work.


async def test_an_account_that_is_whole_has_no_obstacle(setting: Setting) -> None:
    assert await setting.obstacles() == []


@pytest.mark.parametrize(
    ("place", "change", "says"),
    [
        (0, {"number": "+441632960101"}, "the number for calls (IVR_NUMBER, or --number"),
        (0, {"can_call": False}, "cannot take calls"),
        (0, {"trunk_sid": "TK" + "0" * 32}, "a trunk or an application takes its calls"),
        (1, {"number": "+447700900998"}, "the number for texts (IVR_SMS_FROM) is not a number of the account"),
        (1, {"can_text": False}, "cannot text: take a UK mobile number"),
        (1, {"sms_application_sid": "AP" + "0" * 32}, "an application takes its texts"),
        (2, {"number": "+441632960001"}, "IVR_CALLER_ID is neither a number of the account nor verified there"),
    ],
)
async def test_what_cannot_work_is_told_with_its_mend(
    setting: Setting, place: int, change: dict[str, object], says: str
) -> None:
    for name, value in change.items():
        setattr(setting.twilio.incoming_numbers[place], name, value)
    [line] = await setting.obstacles()
    assert says in line


async def test_a_caller_id_that_is_verified_will_do(setting: Setting) -> None:
    setting.twilio.incoming_numbers[2].number = "+441632960001"
    setting.twilio.verified_caller_ids = [CALLER_ID]
    assert await setting.obstacles() == []


async def test_addresses_and_bundles_that_are_missing_are_warned_of(setting: Setting) -> None:
    calls, texts, shown = setting.twilio.incoming_numbers
    calls.bundle_sid = texts.bundle_sid = shown.bundle_sid = "BU" + "0" * 32
    assert list(warnings(await setting.plans())) == []
    texts.bundle_sid = None
    calls.address_requirements, calls.emergency_status = "local", "Active"
    told = list(warnings(await setting.plans()))
    assert ["postal address" in told[0], "emergency address" in told[1], "regulatory bundle" in told[2]] == [True] * 3


def test_a_number_for_both_has_both_configurations() -> None:
    both = {**for_calls(HERE, None), **for_texts(HERE)}
    assert both.keys() == {"VoiceUrl", "VoiceMethod", "StatusCallback", "StatusCallbackMethod", "SmsUrl", "SmsMethod"}


async def test_the_number_of_test_calls_answers_as_an_adviser_and_is_put_back(
    setting: Setting,
) -> None:
    canary = IncomingNumberResource(
        "+447700900555", voice_url="https://demo.example", sms_url="https://demo.example/sms"
    )
    setting.twilio.incoming_numbers.append(canary)
    setting.wanted = replace(setting.wanted, canary=canary.number)
    before = setting.configurations
    assert await setting.obstacles() == []
    assert canary.sid in await setting.connect()
    assert canary.voice_url.startswith(f"{HERE}/voice/canary#")
    assert (canary.sms_url, canary.status_callback) == ("", "")
    assert await setting.connect() == []
    await setting.put_back()
    assert setting.configurations == before


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("number", "+447700900777", "is not a number of the account"),
        ("can_text", False, "must call and text"),
        ("can_call", False, "must call and text"),
        ("trunk_sid", "TK1", "a trunk or an application takes its calls"),
    ],
)
async def test_a_number_that_cannot_make_test_calls_is_an_obstacle(
    setting: Setting, name: str, value: object, says: str
) -> None:
    canary = IncomingNumberResource("+447700900555")
    setting.wanted = replace(setting.wanted, canary=canary.number)
    setattr(canary, name, value)
    setting.twilio.incoming_numbers.append(canary)
    [obstacle] = await setting.obstacles()
    assert says in obstacle
