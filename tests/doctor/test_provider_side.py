"""Each thing that can be wrong at the provider is found, with its mend; every fault is planted in the fake account."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ivr.fallback_document import render
from ivr.loader import load
from ivr.simulator.twilio_api.account import TwilioAccount
from ivr.simulator.twilio_api.resources.alert import AlertResource
from ivr.simulator.twilio_api.resources.incoming_number import IncomingNumberResource
from ivr.simulator.twilio_api.resources.registration import RegistrationResource
from ivr.telephony.connection_overrides import RETRIES
from ivr.telephony.number_configuration import for_test_calls
from tests.doctor.conftest import Patient
from tests.web.webhooks import NOW, OURS, URL

CONNECT, UPLOAD = "`ivr twilio connect`", "`ivr twilio fallback`"


async def only(patient: Patient, name: str) -> tuple[str, str, str]:
    """The one finding of a check: how bad, what, and the mend."""
    [found] = await patient.found(name)
    return found.severity, found.says, found.mend


# The account and its numbers.


async def test_a_token_that_is_only_the_secondary_one_is_told(patient: Patient) -> None:
    patient.account.secondary_token, patient.account.token = patient.account.token, "another-token"
    severity, says, mend = await only(patient, "provider")
    assert severity == "error" and "is not the primary token" in says and "first page" in mend
    assert "another-token" not in says + mend


async def test_a_token_that_is_being_replaced_is_well(patient: Patient) -> None:
    patient.change(auth_token=f"new-token,{patient.account.token}")
    assert await patient.found("provider") == []


async def test_a_trial_account_is_told(patient: Patient) -> None:
    patient.account.type = "Trial"
    severity, says, mend = await only(patient, "provider")
    assert (severity, "verified numbers only" in says, "upgrade" in mend) == ("error", True, True)


@pytest.mark.parametrize(
    ("place", "field", "says"),
    [(0, "can_call", "it cannot take calls"), (1, "can_text", "of IVR_SMS_FROM cannot text")],
)
async def test_a_number_that_cannot_do_its_part_is_told(patient: Patient, place: int, field: str, says: str) -> None:
    setattr(patient.account.incoming_numbers[place], field, False)
    severity, told, mend = await only(patient, "provider")
    assert (severity, says in told, mend != "") == ("error", True, True)


@pytest.mark.parametrize("fragment", ["", "#rc=1", RETRIES])
async def test_a_call_that_would_wait_long_for_the_fallback_is_told(patient: Patient, fragment: str) -> None:
    patient.account.incoming_numbers[0].voice_url = f"{URL}/voice{fragment}"
    severity, says, mend = await only(patient, "provider")
    assert (severity, "fifteen seconds" in says, f"{URL}/voice#ct=2000" in mend) == ("warning", True, True)


async def test_an_address_that_is_none_is_told(patient: Patient) -> None:
    patient.account.incoming_numbers[0].voice_url = "https://[helpline.example/voice"
    severity, says, _ = await only(patient, "provider")
    assert (severity, "calls are not sent to" in says) == ("error", True)


async def test_a_number_of_test_calls_that_leads_elsewhere_or_is_not_ours_is_told(patient: Patient) -> None:
    patient.change(canary_number="+447700900555")
    severity, says, _ = await only(patient, "provider")
    assert (severity, "is not a number of the account" in says) == ("warning", True)
    patient.account.incoming_numbers.append(canary := IncomingNumberResource("+447700900555"))
    severity, says, mend = await only(patient, "provider")
    assert (severity, "as an adviser would" in says, "connect" in mend) == ("warning", True, True)
    canary.update(dict(for_test_calls(URL)))
    assert await patient.found("provider") == []


# What plays while we are down.


async def test_a_fallback_document_that_is_older_than_the_advisers_is_told(patient: Patient) -> None:
    patient.change(advisers=("+447700900003",))
    severity, says, mend = await only(patient, "fallback")
    assert (severity, mend) == ("warning", UPLOAD)
    assert says.endswith(": the fallback document is older than the advisers, the contacts or the words")


async def test_a_fallback_document_that_states_an_expired_fact_is_told(patient: Patient) -> None:
    patient.subject = replace(patient.subject, content=load)  # in which a contact is named while we are down
    version = patient.account.services[0].assets[0].versions[0]
    version.content = render(load(), patient.subject.settings, NOW)
    assert await patient.found("fallback") == []
    patient.subject = replace(patient.subject, now=datetime(2029, 1, 1, tzinfo=UTC))
    assert "older than" in (await only(patient, "fallback"))[1]


async def test_a_fallback_document_that_anybody_can_read_is_told(patient: Patient) -> None:
    for one in patient.account.services[0].assets[0].versions:
        one.visibility = "public"
    severity, says, mend = await only(patient, "fallback")
    assert (severity, "anybody can read" in says, mend) == ("error", True, UPLOAD)


async def test_a_fallback_document_that_is_off_the_air_is_told(patient: Patient) -> None:
    patient.account.services[0].environments[0].build = None
    severity, says, _ = await only(patient, "fallback")
    assert (severity, "callers hear an error" in says) == ("error", True)


async def test_a_fallback_that_is_asked_for_as_if_it_were_no_file_is_told(patient: Patient) -> None:
    patient.account.incoming_numbers[0].voice_fallback_method = "POST"
    severity, says, mend = await only(patient, "fallback")
    assert (severity, "asked for by POST" in says, CONNECT in mend) == ("error", True, True)


async def test_a_fallback_that_nobody_can_read_back_is_told(patient: Patient) -> None:
    patient.account.incoming_numbers[0].voice_fallback_url = "https://handler.twilio.example/bin"
    severity, says, mend = await only(patient, "fallback")
    assert (severity, "nobody can tell" in says, CONNECT in mend) == ("warning", True, True)


async def test_a_fallback_that_rings_nobody_is_told(patient: Patient) -> None:
    patient.change(advisers=())
    found = await patient.found("fallback")
    assert ["IVR_ADVISERS is empty" in one.says for one in found] == [True, False]


# Money.


@pytest.mark.parametrize(
    ("balance", "severity", "says"),
    [
        ("19.99", "warning", "19.99 USD are left on the account, less than IVR_LOW_BALANCE"),
        ("0.00", "error", "nothing is left on the account (0.00 USD): Twilio may stop calls at any moment"),
        ("-3.501", "error", "nothing is left on the account (-3.50 USD): Twilio may stop calls at any moment"),
    ],
)
async def test_a_balance_that_is_low_is_told(patient: Patient, balance: str, severity: str, says: str) -> None:
    patient.account.balance = balance
    assert (await only(patient, "balance"))[:2] == (severity, says)


async def test_what_is_low_is_a_setting(patient: Patient) -> None:
    patient.account.balance = "19.99"
    patient.change(low_balance=5.0)
    assert await patient.found("balance") == []


@pytest.mark.parametrize(("balance", "found"), [("-499.00", []), ("-500.00", ["error"])])
async def test_an_account_that_is_billed_afterwards_may_be_below_zero(
    patient: Patient, balance: str, found: list[str]
) -> None:
    patient.account.balance = balance
    patient.change(low_balance=-500.0)
    assert [one.severity for one in await patient.found("balance")] == found


async def test_a_balance_that_makes_no_sense_is_not_guessed(patient: Patient) -> None:
    patient.account.balance = "a lot"
    severity, says, _ = await only(patient, "balance")
    assert (severity, "does not tell of the balance" in says) == ("skipped", True)


# Webhooks that were refused.


def plant(account: TwilioAccount, code: int, path: str, minutes_ago: int, level: str = "error", times: int = 1) -> None:
    for n in range(times):
        at = NOW - timedelta(minutes=minutes_ago + n)
        url = path if "://" in path else URL + path
        account.alerts.append(AlertResource(code, url, at, level))


async def test_alerts_are_grouped_by_what_and_where_the_most_frequent_first(patient: Patient) -> None:
    plant(patient.account, 11200, "/voice", 90)
    plant(patient.account, 11236, "/voice", 10, times=3)
    plant(patient.account, 11236, "/sms", 70, times=2)
    plant(patient.account, 15003, "/voice/status?leg=1", 5, "warning")
    told = [(one.severity, one.says) for one in await patient.found("refused_webhooks")]
    assert told == [
        ("error", "/ivr/voice, 3 times in a day, last at 09:50: the certificate has expired (11236)"),
        ("warning", "/ivr/sms, 2 times in a day, last at 08:50: the certificate has expired (11236)"),
        (
            "warning",
            "/ivr/voice, once in a day, last at 08:30: we could not be asked, or answered with an error (11200)",
        ),
        (
            "warning",
            "/ivr/voice/status, once in a day, last at 09:55: news of calls was answered with an error (15003)",
        ),
    ]


@pytest.mark.parametrize("code", [11205, 11210, 11217, 11235, 12100, 12300, 99999])
async def test_each_alert_has_its_mend(patient: Patient, code: int) -> None:
    plant(patient.account, code, "/voice", 5)
    severity, says, mend = await only(patient, "refused_webhooks")
    assert (severity, f"({code})" in says or f": {code}" in says, mend != "") == ("error", True, True)


async def test_what_is_not_ours_or_long_ago_is_left_out(patient: Patient) -> None:
    plant(patient.account, 11200, "https://elsewhere.example/voice", 5)
    plant(patient.account, 11200, "/voice", 24 * 60 + 5)
    assert await patient.found("refused_webhooks") == []


async def test_calls_over_the_limit_of_the_account_are_ours_and_no_number_is_told(patient: Patient) -> None:
    plant(patient.account, 10004, "https://api.twilio.com/2010-04-01/Accounts/AC1/Calls?To=%2B447700900123", 5)
    severity, says, mend = await only(patient, "refused_webhooks")
    assert (severity, "more at once than the account may have" in says, "Business profile" in mend) == (
        "error",
        True,
        True,
    )
    assert "447700900123" not in says


async def test_a_fallback_that_fails_is_told(patient: Patient) -> None:
    plant(patient.account, 12100, patient.account.incoming_numbers[0].voice_fallback_url, 5)
    assert "/fallback.xml, once" in (await only(patient, "refused_webhooks"))[1]


# What the provider has to approve.


@pytest.mark.parametrize("status", ["draft", "pending-review", "in-review", "twilio-rejected"])
async def test_a_business_profile_that_is_not_approved_is_told(patient: Patient, status: str) -> None:
    patient.account.profiles = [RegistrationResource(status)]
    severity, says, mend = await only(patient, "approvals")
    assert (severity, f"({status})" in says, "Trust Hub" in mend) == ("error", True, True)


async def test_an_account_without_a_business_profile_is_told(patient: Patient) -> None:
    patient.account.profiles = []
    assert (await only(patient, "approvals"))[0] == "error"
    patient.account.owner_sid = "AC" + "1" * 32
    severity, says, _ = await only(patient, "approvals")
    assert (severity, "part of another" in says) == ("warning", True)


@pytest.mark.parametrize(
    ("bundle", "severity", "says"),
    [
        (RegistrationResource("twilio-rejected"), "error", "was rejected"),
        (RegistrationResource("in-review"), "warning", "is not approved yet (in-review)"),
        (
            RegistrationResource("provisionally-approved", NOW + timedelta(days=30)),
            "warning",
            "is valid until 23 Dec 2026",
        ),
    ],
)
async def test_a_bundle_that_is_not_approved_for_long_is_told(
    patient: Patient, bundle: RegistrationResource, severity: str, says: str
) -> None:
    patient.account.bundles.append(bundle)
    patient.account.incoming_numbers[0].bundle_sid = bundle.sid
    told = await only(patient, "approvals")
    assert (told[0], says in told[1], OURS in told[1]) == (severity, True, False)


async def test_a_number_without_bundle_or_address_is_told(patient: Patient) -> None:
    number = patient.account.incoming_numbers[1]
    number.bundle_sid, number.address_requirements, number.emergency_status = None, "any", "Active"
    found = await patient.found("approvals")
    told = ("postal address", "emergency address", "no regulatory bundle")
    assert [words in one.says for words, one in zip(told, found, strict=True)] == [True] * 3
    assert {one.severity for one in found} == {"warning"}


async def test_a_bundle_of_which_nothing_is_told_is_not_guessed(patient: Patient) -> None:
    patient.account.bundles = []
    severity, says, _ = await only(patient, "approvals")
    assert (severity, "does not tell of regulatory bundles" in says) == ("skipped", True)


# What no API tells.


async def test_what_no_api_tells_is_shown_as_told_and_to_be_asked(patient: Patient) -> None:
    [voice] = await patient.found("ask_twilio")
    assert (voice.severity, "no API tells" in voice.says) == ("skipped", True)
    patient.change(calls_per_second=3.0)
    pace, _ = await patient.found("ask_twilio")
    assert "begins 3 calls a second" in pace.says and pace.mend.startswith("ask Twilio: Voice > Settings")


@pytest.mark.parametrize("name", ["fallback", "balance", "approvals", "refused_webhooks", "ask_twilio"])
async def test_without_an_account_only_one_check_says_so(patient: Patient, name: str) -> None:
    patient.subject = replace(patient.subject, provider=None)
    assert await patient.found(name) == []


@pytest.mark.parametrize("name", ["fallback", "balance", "approvals", "refused_webhooks"])
async def test_what_the_provider_refuses_to_tell_is_not_passed_over(patient: Patient, name: str) -> None:
    patient.account.is_authorized = lambda authorization: False  # type: ignore[method-assign]
    found = await patient.found(name)
    assert found and {one.severity for one in found} == {"skipped"}
