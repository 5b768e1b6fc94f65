"""Each check finds what is wrong, says what mends it, and finds nothing where all is well."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import httpx2
import pytest
from sqlalchemy import select

from ivr.doctor.checks import CHECKS
from ivr.doctor.registry import check as register
from ivr.errors import IvrError
from ivr.helpline.data_complaints import Channel, Means
from ivr.helpline.hours_format import WeeklyHours, parse_spans
from ivr.helpline.opening_hours_file import OpeningHoursFile
from ivr.helpline.timezone import today_in_london
from ivr.lint.run import Finding as LintFinding
from ivr.loader import load
from ivr.staff.complaint_answers import acknowledge
from ivr.staff.complaint_words import Written
from ivr.staff.data_complaints import take_down
from ivr.store import heartbeat, opening_hours, rota
from ivr.store.audit import By
from ivr.store.schema_version import SCHEMAS
from ivr.store.tables import heartbeats
from ivr.wiring import build_store
from tests.doctor.conftest import Patient
from tests.store.fixtures import set_schema
from tests.store.shift_driver import Shifts
from tests.web.running_app import DOWN, SHORT
from tests.web.webhooks import NOW, SHOWN, URL, helpline

BY = By("Sam", NOW)
JO = "+447700900011"


async def test_a_helpline_that_is_well_has_no_findings(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    await patient.is_told()
    async with patient.subject.store.begin() as db:
        for what in (heartbeat.WORKER, heartbeat.SMS_SENDER):
            await heartbeat.record_heartbeat(db, what, NOW)
    found = await patient.found(*(name for name in CHECKS if name != "settings"))
    assert [(one.check, one.severity) for one in found] == [
        (name, "skipped") for name in ("canary", "ask_twilio", "certificate")
    ]


@pytest.mark.parametrize("name", CHECKS)
async def test_every_check_says_what_must_be_true(name: str) -> None:
    assert CHECKS[name].looks_at.endswith(".")


def test_two_checks_cannot_have_one_name() -> None:
    with pytest.raises(ValueError, match="two checks have the name rota"):
        register(CHECKS["rota"].look)


@pytest.mark.parametrize(
    ("failure", "says"),
    [(RuntimeError("+447700900123"), "(RuntimeError)"), (IvrError("the reason"), "(the reason)")],
)
async def test_a_check_that_fails_is_told_and_the_others_are_made(
    patient: Patient, failure: Exception, says: str
) -> None:
    def fails() -> list[LintFinding]:
        raise failure

    patient.subject = replace(patient.subject, lint=fails)
    content, worker = await patient.found("content", "worker")
    assert (content.severity, content.says) == ("error", f"the check itself failed {says}")
    assert worker.check == "worker"


# The database.


async def test_a_database_that_is_down_is_named_by_its_setting(patient: Patient) -> None:
    settings = patient.subject.settings.model_copy(update={"database_url": DOWN})
    async with build_store(settings, SHORT) as store:
        patient.subject = replace(patient.subject, store=store)
        [found] = await patient.found("database", "rota")
    assert found.severity == "error"
    assert "DATABASE_URL cannot be reached" in found.says
    assert "DATABASE_URL" in found.mend
    assert DOWN not in found.says


async def test_nothing_is_called_well_that_only_a_database_tells_which_is_down(patient: Patient) -> None:
    secrets = f"{'B' * 43},{patient.subject.settings.secret_key}"
    patient.change(secret_key=secrets, canary_number="+447700900555")
    async with build_store(patient.subject.settings.model_copy(update={"database_url": DOWN}), SHORT) as store:
        patient.subject = replace(patient.subject, store=store)
        told_by_it = ("secret", "worker", "clock", "backup", "unanswered_rings", "shift_reminders", "waiting")
        found = await patient.found(*told_by_it, "texts", "complaints", "alerts", "canary")
    assert {one.check for one in found} == {*told_by_it, "texts", "complaints", "alerts", "canary"}
    assert {(one.severity, one.mend) for one in found} == {("skipped", "`ivr doctor database`")}


@pytest.mark.parametrize(("schema", "mend"), [("002", "`ivr migrate`"), ("999", "Run that release")])
async def test_tables_of_another_release_are_told(patient: Patient, schema: str, mend: str) -> None:
    await set_schema(patient.subject.store, schema)
    [found] = await patient.found("database")
    await set_schema(patient.subject.store, SCHEMAS[-1])
    assert (found.severity, found.mend) == ("error", mend)


async def test_nothing_stays_of_the_try_to_write(patient: Patient) -> None:
    assert await patient.found("database") == []
    async with patient.subject.store.begin() as db:
        assert list(await db.scalars(select(heartbeats.c.what))) == []


# The worker.


async def test_a_worker_that_is_missed_is_an_error_with_its_command(patient: Patient) -> None:
    [found] = await patient.found("worker")
    assert (found.severity, "`ivr worker`" in found.mend) == ("error", True)


async def test_without_texts_and_calls_no_worker_is_missed(patient: Patient) -> None:
    patient.change(account_sid="")
    assert [one.severity for one in await patient.found("worker")] == ["skipped"]


# The content.


async def test_mistakes_are_counted_and_accepted_ones_are_not(patient: Patient) -> None:
    one = LintFinding("flows/a.yaml", 1, "error", "dead_end", "it ends")
    patient.subject = replace(patient.subject, lint=lambda: [one, one, replace(one, accepted=True)])
    [found] = await patient.found("content")
    assert (found.severity, found.says.startswith("2 errors"), "`ivr check`" in found.mend) == ("error", True, True)


@pytest.mark.parametrize(
    ("now", "told"),
    [
        (datetime(2027, 3, 20, tzinfo=UTC), [("warning", "run out within 60 days")]),
        (datetime(2027, 5, 2, tzinfo=UTC), [("warning", "past their last valid day")]),
        (datetime(2029, 1, 1, tzinfo=UTC), [("error", "none is spoken")]),
    ],
)
async def test_facts_are_told_before_and_after_they_run_out(
    patient: Patient, now: datetime, told: list[tuple[str, str]]
) -> None:
    patient.subject = replace(patient.subject, now=now)
    found = await patient.told("content")
    assert [(severity, words in says) for (severity, says), (_, words) in zip(found, told, strict=True)] == [
        (severity, True) for severity, _ in told
    ]


# The hours.


async def set_hours(patient: Patient, good_until: date, *spans: str) -> None:
    weekly = WeeklyHours(monday=parse_spans(spans))
    about = {"bank_holidays": "closed", "source": "Sam", "checked_on": NOW.date(), "good_until": good_until}
    ours = OpeningHoursFile.model_validate({"weekly": weekly, **about})
    async with patient.subject.store.begin() as db:
        await opening_hours.replace(db, NOW.date(), ours, BY)


async def test_hours_that_are_a_guess_are_told_until_staff_confirm_them(patient: Patient) -> None:
    patient.subject = replace(patient.subject, content=load)
    [guess] = await patient.found("hours")
    assert (guess.severity, guess.says.endswith("are a guess"), "`ivr hours confirm`" in guess.mend) == (
        "warning",
        True,
        True,
    )
    await set_hours(patient, date(2027, 5, 23), "09:00-17:00")
    assert await patient.found("hours") == []


@pytest.mark.parametrize(
    ("good_until", "says"),
    [
        (date(2026, 11, 22), "the opening hours were good until 22 Nov 2026, and callers are not told them any more"),
        (date(2027, 1, 21), "the opening hours are good until 21 Jan 2027"),
    ],
)
async def test_hours_that_ran_out_or_soon_will_are_told(patient: Patient, good_until: date, says: str) -> None:
    await set_hours(patient, good_until, "09:00-17:00")
    assert await patient.told("hours") == [("warning", says)]


async def test_hours_by_a_clock_of_twelve_hours_are_questioned(patient: Patient) -> None:
    await set_hours(patient, date(2027, 5, 23), "09:00-05:00")
    [(_, says)] = await patient.told("hours")
    assert says.startswith("hours from 23 Nov 2026, Monday: 09:00-05:00 lasts 20 hours")


# The rota. The good helpline is open on Monday and Friday.


async def put(patient: Patient, days: list[int], *spans: str) -> None:
    async with patient.subject.store.begin() as db:
        await rota.add(db, patient.subject.store.cipher, "Jo", JO, BY)
        await rota.set_shifts(db, "Jo", days, parse_spans(spans), BY)


async def test_reminders_of_which_no_manager_would_hear_are_told(patient: Patient) -> None:
    assert await patient.found("shift_reminders") == []
    await put(patient, [0], "09:00-12:00")
    [found] = await patient.found("shift_reminders")
    assert (found.severity, found.check) == ("warning", "shift_reminders")
    assert "no manager is texted" in found.says and "ivr accounts mobile" in found.mend
    shifts = Shifts(patient.subject.store)
    await shifts.manager("Max", None)
    assert await patient.found("shift_reminders") != []
    await shifts.manager("Ada")
    assert await patient.found("shift_reminders") == []


async def test_where_nobody_is_reminded_no_manager_is_missed(patient: Patient) -> None:
    await put(patient, [0], "09:00-12:00")
    patient.change(remind_of_shifts=0)
    assert await patient.found("shift_reminders") == []


async def test_open_hours_without_anybody_are_told(patient: Patient) -> None:
    await put(patient, [0, 4], "09:00-13:00")
    assert await patient.told("rota") == [
        ("warning", f"we are open and nobody is on shift: {gap}")
        for gap in (
            "Mon 23 Nov 13:00 to Mon 23 Nov 17:00",
            "Fri 27 Nov 13:00 to Fri 27 Nov 17:00",
            "Mon 30 Nov 13:00 to Mon 30 Nov 17:00",
            "Fri 04 Dec 13:00 to Fri 04 Dec 17:00",
        )
    ]


async def test_many_gaps_are_counted(patient: Patient) -> None:
    patient.subject = replace(patient.subject, content=lambda: None)  # without hours we are always open
    await put(patient, [0], "09:00-13:00", "14:00-15:00", "16:00-17:00")
    told = await patient.told("rota")
    assert len(told) == 6
    assert "and 1 more, until" in told[-1][1]


async def test_nobody_at_all_is_an_error(patient: Patient) -> None:
    patient.change(advisers=())
    [found] = await patient.found("rota")
    assert (found.severity, "`ivr rota add" in found.mend) == ("error", True)


async def test_a_shift_by_a_clock_of_twelve_hours_is_questioned(patient: Patient) -> None:
    await put(patient, [0, 4], "09:00-05:00")
    assert [says for _, says in await patient.told("rota")] == [
        f"Jo, {day}: 09:00-05:00 lasts 20 hours, into the next day: is 09:00-17:00 meant?"
        for day in ("Monday", "Friday")
    ]


# The provider.


async def test_a_token_that_the_provider_refuses_is_named(patient: Patient) -> None:
    patient.account.is_authorized = lambda authorization: False  # type: ignore[method-assign]
    [found] = await patient.found("provider")
    assert "TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN do not belong together" in found.says


async def test_an_account_that_is_suspended_is_told(patient: Patient) -> None:
    patient.account.status = "suspended"
    assert await patient.told("provider") == [("error", "our account at the provider is suspended")]


async def test_without_an_account_the_provider_is_not_asked(patient: Patient) -> None:
    patient.subject = replace(patient.subject, provider=None)
    assert [one.severity for one in await patient.found("provider")] == ["skipped"]


@pytest.mark.parametrize(
    ("field", "value", "severity", "says"),
    [
        ("voice_url", f"{URL}/voice/", "error", f"calls are not sent to {URL}/voice by POST"),
        ("voice_url", "https://elsewhere.example/voice", "error", f"calls are not sent to {URL}/voice by POST"),
        ("voice_url", URL.replace("https", "http") + "/voice", "error", f"calls are not sent to {URL}/voice by POST"),
        ("voice_method", "GET", "error", f"calls are not sent to {URL}/voice by POST"),
        ("trunk_sid", "TK1", "error", "a trunk or an application takes its calls"),
        ("voice_application_sid", "AP1", "error", "a trunk or an application takes its calls"),
        ("voice_fallback_url", "", "warning", "callers hear an error"),
        ("voice_fallback_url", f"{URL}/voice", "warning", "callers hear an error"),
        ("status_callback", "", "warning", "we are not told when calls end"),
        ("status_callback_method", "GET", "warning", "we are not told when calls end"),
    ],
)
async def test_a_number_that_does_not_lead_to_us_is_told(
    patient: Patient, field: str, value: str, severity: str, says: str
) -> None:
    setattr(patient.account.incoming_numbers[0], field, value)
    [found] = await patient.found("provider")
    named = f"number {patient.account.incoming_numbers[0].sid} for calls: "
    assert (found.severity, says in found.says, found.says.startswith(named)) == (severity, True, True)
    assert patient.account.incoming_numbers[0].number not in found.says + found.mend


async def test_the_standard_port_may_be_written_out(patient: Patient) -> None:
    number = patient.account.incoming_numbers[0]
    number.voice_url = number.voice_url.replace("helpline.example", "helpline.example:443")
    assert await patient.found("provider") == []


async def test_an_account_none_of_whose_numbers_leads_here_is_told(patient: Patient) -> None:
    del patient.account.incoming_numbers[0]
    [found] = await patient.found("provider")
    assert (found.severity, f"{URL}/voice" in found.mend) == ("error", True)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"sms_url": ""}, f"are not sent to {URL}/sms"),
        ({"sms_method": "GET"}, f"are not sent to {URL}/sms"),
        ({"sms_application_sid": "AP1"}, f"are not sent to {URL}/sms"),
        ({"number": "+447700900998"}, "IVR_SMS_FROM is not a number of our account"),
    ],
)
async def test_texts_that_do_not_come_in_are_told(patient: Patient, change: dict[str, str], says: str) -> None:
    for field, value in change.items():
        setattr(patient.account.incoming_numbers[1], field, value)
    [found] = await patient.found("provider")
    assert (found.severity, says in found.says) == ("error", True)


@pytest.mark.parametrize(("place", "field", "path"), [(0, "status_callback", "/voice/status"), (1, "sms_url", "/sms")])
@pytest.mark.parametrize("fragment", ["", "#rc=5&rp=all"])
async def test_news_that_is_not_sent_again_as_we_ask_is_told(
    patient: Patient, place: int, field: str, path: str, fragment: str
) -> None:
    setattr(patient.account.incoming_numbers[place], field, URL + path + fragment)
    [found] = await patient.found("provider")
    assert (found.severity, f"is not sent to {URL}{path} again" in found.says) == ("warning", True)
    assert f"{URL}{path}#rc=5&rp=ct,rt,5xx" in found.mend


async def test_a_caller_id_that_is_not_ours_is_told(patient: Patient) -> None:
    patient.account.verified_caller_ids = []
    [found] = await patient.found("provider")
    assert found.says.startswith("IVR_CALLER_ID is neither")
    patient.account.incoming_numbers[0].number = SHOWN
    assert not any("IVR_CALLER_ID" in one.says for one in await patient.found("provider"))


async def test_a_number_that_is_shown_and_does_not_answer_when_it_is_rung_back_is_told(patient: Patient) -> None:
    texts = patient.account.incoming_numbers[1]
    for voice_url in ("", "https://demo.twilio.com/welcome/voice/", "https://old.example/voice?called=back"):
        texts.voice_url = voice_url
        [found] = await patient.found("provider")
        assert f"{texts.sid} is shown to those whom we ring or text, and does not answer" in found.says
    texts.voice_url = "https://office.example/voice"
    assert await patient.found("provider") == []


async def test_numbers_are_read_page_by_page(patient: Patient) -> None:
    first, second = patient.account.incoming_numbers
    others = [replace(first, number=f"+4416329601{n:02}", voice_url="") for n in range(150)]
    patient.account.incoming_numbers = [*others, first, second]
    assert await patient.found("provider") == []


# Our own address.


async def test_another_token_than_the_one_that_serves_is_told(patient: Patient) -> None:
    patient.change(auth_token="another")
    [found] = await patient.found("public_url")
    assert (found.severity, "(403)" in found.says, "TWILIO_AUTH_TOKEN" in found.mend) == ("error", True, True)


@pytest.mark.parametrize("answers", [httpx2.Response(404), httpx2.Response(200, text="It works!")])
async def test_somebody_else_at_our_address_is_told(patient: Patient, answers: httpx2.Response) -> None:
    async with httpx2.AsyncClient(transport=httpx2.MockTransport(lambda request: answers)) as http:
        patient.subject = replace(patient.subject, http=http)
        [found] = await patient.found("public_url")
    assert "is not this helpline" in found.says


async def test_an_address_that_nobody_answers_at_is_told(patient: Patient) -> None:
    async with httpx2.AsyncClient(trust_env=False) as http:
        patient.subject = replace(patient.subject, http=http)
        patient.change(public_url="http://127.0.0.1:1")
        [found] = await patient.found("public_url")
    assert (found.severity, "cannot be reached" in found.says) == ("error", True)


async def test_a_helpline_that_takes_what_nobody_signed_is_told(patient: Patient) -> None:
    careless = helpline(settings=patient.subject.settings.model_copy(update={"dev": True}))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(careless)) as http:
        patient.subject = replace(patient.subject, http=http)
        patient.change(public_url="http://localhost")
        [found] = await patient.found("public_url")
    assert "anybody can forge calls" in found.says


async def test_in_development_nothing_from_outside_is_expected(patient: Patient) -> None:
    patient.change(dev=True)
    assert [one.severity for one in await patient.found("public_url")] == ["skipped"]


# Complaints about data.


async def test_complaints_are_told_of_by_how_urgent_they_are_and_without_a_word_of_them(patient: Patient) -> None:
    store = patient.subject.store
    async with store.begin() as db:
        for days_ago in (31, 29, 1):
            day = today_in_london(NOW) - timedelta(days=days_ago)
            written = Written(f"said {days_ago} days ago")
            await take_down(db, store.cipher, written, Channel.letter, day, BY)
    found = await patient.found("complaints")
    assert [one.severity for one in found] == ["error", "warning"]
    assert all("about data" in one.says and "days ago" not in one.says for one in found)
    assert "`ivr complaints acknowledge`" in found[0].mend


async def test_a_complaint_that_nothing_is_done_about_is_told_of(patient: Patient) -> None:
    store = patient.subject.store
    async with store.begin() as db:
        by = By("Sam", NOW - timedelta(days=40))
        made = await take_down(db, store.cipher, Written("said"), Channel.letter, today_in_london(by.at), by)
        await acknowledge(db, store.cipher, made.id, today_in_london(by.at), Means.letter, by)
    [(severity, says)] = await patient.told("complaints")
    assert severity == "warning" and "nothing was done about it for thirty days" in says
