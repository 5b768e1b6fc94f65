"""The texts and reminders that a caller has asked for are in the store."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from ivr.simulator.scenarios.tampering import TAMPERS
from ivr.store import opt_outs, sms_outbox, sms_states
from ivr.store.tables import calls
from tests.helplines import A_TEXT, FROM_NOBODY, LANDLINE, NO_REMINDERS, REMINDERS, WITHHELD, Helplines, helplines_on
from tests.phone_calls import (
    AT,
    CALLER,
    LAST_DAY,
    LAST_DAY_ONLY_THE_SCHOOL,
    LAST_DAY_WITH_A_CERTIFICATE,
    TO_THE_ADVISER,
    TO_THE_TEXT,
    WHICH_DECISIONS,
    goes_on,
    rings,
    telephone,
)
from tests.store.conftest import sqlite_url

NUMBER, MOBILE = "07700900456", "+447700900456"
SENT = "We will text you as soon as we can"
TWO_SENT = "We will send you two texts as soon as we can. The second is about how to appeal."
SECOND = "Here is part 2 of what you asked us for."
TO_THIS_PHONE = ("1", "1")
DUE_TODAY = datetime.fromisoformat("2026-11-10T09:00+00:00")


@pytest.fixture
def url(tmp_path: Path) -> str:
    return sqlite_url(tmp_path)


@pytest.fixture
async def helplines(url: str) -> AsyncIterator[Helplines]:
    async with helplines_on(url) as made:
        yield made


TOPICS: dict[str, tuple[Sequence[str], datetime, str, tuple[str, ...]]] = {
    "nothing in particular": (
        FROM_NOBODY,
        AT,
        "general",
        ("First ring the number for mediation in it", "0800 064 4488", "lgo.org.uk"),
    ),
    "decisions": ((*WHICH_DECISIONS, "5"), AT, "decisions", ("within 2 months of the letter",)),
    "a last day, the adviser first": (
        (*LAST_DAY, *TO_THE_TEXT),
        AT,
        "deadline",
        (
            "First get a mediation certificate.",
            "Ring a mediation adviser by Mon 14 Dec 2026, at the number in your letter.",
            "Then appeal by Mon 14 Dec 2026, or 1 month from the certificate if later.",
        ),
    ),
    "a last day": (
        (*LAST_DAY_WITH_A_CERTIFICATE, *TO_THE_TEXT),
        AT,
        "deadline",
        ("last day to appeal is Sun 20 Dec 2026", "5 pm on Fri 18 Dec 2026"),
    ),
    "only about the school": (
        (*LAST_DAY_ONLY_THE_SCHOOL, *TO_THE_TEXT),
        AT,
        "deadline",
        ("last day to appeal is Mon 14 Dec 2026", "5 pm on Mon 14 Dec 2026"),
    ),
    "a last day today, the adviser first": (
        ("1", "1", "10092026", "1", "2", *TO_THE_TEXT),
        DUE_TODAY,
        "deadline",
        ("Contact a mediation adviser today", "The time for it ends on Tue 10 Nov 2026"),
    ),
    "a last day today": (
        ("1", "1", "10092026", "1", "1", "10102026", "1", *TO_THE_TEXT),
        DUE_TODAY,
        "deadline",
        ("is Tue 10 Nov 2026", "Send your appeal to the SEND Tribunal at once"),
    ),
    "two months that have gone": (
        ("1", "1", "01092026", "1", "2", "3"),
        AT,
        "deadline",
        (
            "2 months for a mediation certificate ended on Sun 1 Nov 2026",
            "To appeal now, you need the permission of the SEND Tribunal",
        ),
    ),
    "a last day that has gone": (
        ("1", "1", "01092026", "1", "1", "10092026", "1", "3"),
        AT,
        "deadline",
        ("Sun 1 Nov 2026, has probably passed", "Send it to the SEND Tribunal at once"),
    ),
    "school": (("4", "3", *"11111", "3"), AT, "school", ("ask for a meeting", "gov.uk/complain-about-school")),
    "exclusion": (("4", "1", "1", "1", *"1111", "3"), AT, "exclusion", ("15 school days", "01392 380434")),
    "discrimination": (("4", "2", "2", *"11", "2"), AT, "discrimination", ("6 months less one day", "county court")),
    "health": (("5", "1", "5", *"1111", "4"), AT, "health", ("PALS", "03300 245 321", "Plymouth hospitals only")),
    "social care": (("5", "2", *"111", "4"), AT, "social_care", ("10 working days", "0300 061 0614", "0808 801 0366")),
    "adult care": (("5", "4", *"11", "4"), AT, "adult_care", ("From 18", "lgo.org.uk/make-a-complaint")),
    "turning eighteen": (("5", "3", "1", *"11", "4"), AT, "turning_eighteen", ("Before they turn 18",)),
    "turning eighteen oneself": (("5", "3", "3", *"11", "4"), AT, "turning_eighteen", ("Before you turn 18",)),
    "a late plan": (("2", "1", *"111", "4"), AT, "getting_a_plan", ("by week 20", "Director of Children's Services")),
    "help in a plan": (("3", "1", *"1111", "4"), AT, "support", ("quote Section F", "01392 380434")),
    "not in school": (("3", "3", *"1111", "4"), AT, "attendance", ("You need not wait 15 days",)),
    "transport": (("3", "4", *"111", "3"), AT, "transport", ("2 stages",)),
    "moving": (("2", "5", "1", "1", *"11", "4"), AT, "moving", ("within 6 weeks",)),
    "rights from sixteen": (("2", "5", "3", "3", *"111", "4"), AT, "young_people", ("is your own",)),
    "settling": (
        ("3", "5", "3", *"11", "2"),
        AT,
        "settling",
        ("everyone must want it", "for the certificate", "sen@globalmediation.co.uk"),
    ),
    "the mediation service": ((*TO_THE_ADVISER, "1", "3"), AT, "deadline", ("0800 064 4488",)),
    "a number": (("0", "4", "2", "2"), AT, "general", ("0300 303 5857",)),
}
"""The keys to the offer of a text, when, the topic that is recorded, and what stands in the text."""


@pytest.mark.parametrize(("keys", "at", "topic", "told"), TOPICS.values(), ids=TOPICS)
async def test_a_caller_gets_a_text_about_what_they_heard(
    helplines: Helplines, keys: Sequence[str], at: datetime, topic: str, told: tuple[str, ...]
) -> None:
    phone = await rings(telephone(app=helplines.helpline(at), otherwise="no_answer"), *keys)
    phone.hears("We keep your number and the text for seven days")
    assert await helplines.texts() == []
    (await phone.presses("1", when_named=True)).hears("0 7 7 0 0, 9 0 0, 1 2 3", "Is it safe to text you there?")
    assert await helplines.texts() == []
    (await phone.presses("1", when_named=True)).hears(TWO_SENT if topic == "deadline" else SENT)
    text, *second = sorted(await helplines.texts(), key=lambda text: text.body.startswith(SECOND))
    assert (text.to, text.topic, text.state) == (CALLER, topic, "waiting")
    assert text.body.startswith("Here is the information you asked us for.")
    assert [words for words in told if words not in text.body] == []
    assert len(second) == (topic == "deadline")
    assert not phone.failures


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        (("1", "1"), ("Form SEND35A, on GOV.UK", "the council's letter, your mediation certificate and your reasons")),
        (("1", "2"), ("Form SEND35, on GOV.UK", "the council's letter, your mediation certificate and your reasons")),
        (("1", "4"), ("Form SEND35, on GOV.UK", "the plan, its reports, your mediation certificate")),
        (("1", "5"), ("Form SEND35, on GOV.UK", "Appeal in time, and the plan stays")),
    ],
    ids=["no assessment", "no plan", "no change", "a plan that ends"],
)
async def test_how_to_appeal_comes_in_a_second_text_for_what_was_decided(
    helplines: Helplines, keys: tuple[str, ...], told: tuple[str, ...]
) -> None:
    (await helplines.rings(*keys, *LAST_DAY[2:], *TO_THE_TEXT, *TO_THIS_PHONE)).hears(TWO_SENT)
    await is_how_to_appeal(helplines, told)


async def test_how_to_appeal_against_a_plan_says_when_no_certificate_goes_with_it(helplines: Helplines) -> None:
    (await helplines.rings(*LAST_DAY_ONLY_THE_SCHOOL, *TO_THE_TEXT, *TO_THIS_PHONE)).hears(TWO_SENT)
    await is_how_to_appeal(helplines, ("Form SEND35, on GOV.UK", "(unless only about the school) the certificate"))


async def is_how_to_appeal(helplines: Helplines, told: tuple[str, ...]) -> None:
    """The second text says these words, and where to send the appeal."""
    [second] = [text for text in await helplines.texts() if text.body.startswith(SECOND)]
    assert (second.to, second.topic, second.state) == (CALLER, "deadline", "waiting")
    where = ("send@justice.gov.uk", "Darlington, DL1 1RU", "it comes back, not started")
    assert [words for words in (*told, *where) if words not in second.body] == []


async def test_a_second_text_over_the_quota_is_not_stored(url: str) -> None:
    async with helplines_on(url, IVR_TEXTS_PER_NUMBER="1") as helplines:
        phone = await helplines.rings(*LAST_DAY, *TO_THE_TEXT, *TO_THIS_PHONE)
        phone.hears(SENT).hears_not("two texts", "as many texts as we can")
        assert (await helplines.text()).body.startswith("Here is the information you asked us for.")


@pytest.mark.parametrize("caller", [LANDLINE, WITHHELD, "", "+266696687", "+33612345678"])
async def test_whoever_does_not_ring_from_a_mobile_keys_one_in(helplines: Helplines, caller: str) -> None:
    phone = await helplines.rings(*FROM_NOBODY, "1", caller=caller)
    phone.hears("We can only text a UK mobile")
    await goes_on(phone, "1", NUMBER)
    phone.hears("0 7 7 0 0, 9 0 0, 4 5 6", "Is that right, and is it safe to text?")
    (await phone.presses("1", when_named=True)).hears(SENT)
    assert (await helplines.text()).to == MOBILE


@pytest.mark.parametrize(
    ("keyed", "why"),
    [
        ("01632960123", "That is not a mobile"),
        ("09012345678", "costs extra"),
        ("07012345678", "personal number"),
        ("07612345678", "pager"),
        ("00336123456", "only text UK mobile numbers"),
        ("11111111111", "A mobile number has eleven digits"),
    ],
)
async def test_a_number_that_we_do_not_text_is_refused_with_the_reason(
    helplines: Helplines, keyed: str, why: str
) -> None:
    phone = await helplines.rings(*FROM_NOBODY, "1", "1", caller=LANDLINE)
    (await phone.presses(keyed, pause=1)).hears(why)
    await goes_on(phone, NUMBER, "1")
    phone.hears(SENT)
    assert (await helplines.text()).to == MOBILE


async def test_a_phone_that_is_not_safe_is_not_texted(helplines: Helplines) -> None:
    phone = await helplines.rings(*FROM_NOBODY, "1", "2")
    phone.hears("To have this in writing by post")
    assert await helplines.texts() == []
    await goes_on(phone, "1", NUMBER, "1")
    assert [text.to for text in await helplines.texts()] == [MOBILE]


async def test_a_caller_who_thinks_better_of_it_is_not_texted(helplines: Helplines) -> None:
    (await helplines.rings(*FROM_NOBODY, "1", "2", "2")).hears("Is there anything else?").hears_not(SENT)
    for keys in (FROM_NOBODY, (*FROM_NOBODY, "1"), (*FROM_NOBODY, "2", "1", "1", "1"), (*FROM_NOBODY, "1", "2", "1")):
        await (await helplines.rings(*keys)).hangs_up()
    assert await helplines.count_effects() == 0


async def test_a_second_text_in_a_call_asks_for_no_number_again(helplines: Helplines) -> None:
    phone = await helplines.rings(*A_TEXT)
    await goes_on(phone, "2", "4", "3", *"11111", "3", "1")
    phone.hears(SENT)
    assert sorted(text.topic for text in await helplines.texts()) == ["general", "school"]


async def test_a_capped_caller_is_told_and_hears_the_numbers_instead(url: str) -> None:
    async with helplines_on(url, IVR_TEXTS_PER_NUMBER="0") as helplines:
        phone = await helplines.rings(*A_TEXT)
        phone.hears("as many texts as we can", "please try again tomorrow", "For the mediation service, press 1")
        phone.hears_not(SENT)
        assert await helplines.texts() == []


@pytest.mark.parametrize("caller", [WITHHELD, "sip:jo@example.org", LANDLINE])
async def test_whoever_keys_in_number_after_number_hears_it_as_any_capped_caller_and_others_are_texted(
    url: str, caller: str
) -> None:
    async with helplines_on(url, IVR_OTHER_NUMBERS_WITHHELD="2", IVR_OTHER_NUMBERS_PER_CALLER="2") as helplines:
        for n, heard in enumerate((SENT, SENT, "as many texts as we can")):
            phone = await helplines.rings(*FROM_NOBODY, "1", "1", caller=caller)
            await goes_on(phone, f"0770090050{n}", "1")
            phone.hears(heard)
        (await helplines.rings(*A_TEXT)).hears(SENT)
        assert {text.to for text in await helplines.texts()} == {"+447700900500", "+447700900501", CALLER}


async def test_a_caller_who_said_stop_is_told_how_to_allow_texts_again(helplines: Helplines) -> None:
    async with helplines.store.begin() as db:
        await opt_outs.opt_out(db, helplines.store.cipher.blind_index(CALLER), AT)
    phone = await helplines.rings(*A_TEXT)
    phone.hears("That phone has told us to stop", "send the word start").hears_not(SENT)
    assert await helplines.texts() == []


@pytest.mark.parametrize("down", ["postgresql://nobody@127.0.0.1:1/none", "sqlite:////nowhere/at/all.db"])
async def test_with_the_database_down_the_call_goes_on_and_says_so(helplines: Helplines, down: str) -> None:
    phone = telephone(app=helplines.helpline(more={"DATABASE_URL": down}))
    (await rings(phone, *A_TEXT)).hears("we cannot promise you a text just now").hears_not(SENT)
    (await phone.presses("2", when_named=True)).hears("0 3 0 0 3 0 3 5 8 5 7")
    assert not phone.failures
    assert await helplines.texts() == []


async def test_a_helpline_without_an_account_sends_no_text(helplines: Helplines) -> None:
    phone = telephone(app=helplines.helpline(more={"TWILIO_ACCOUNT_SID": ""}))
    (await rings(phone, *A_TEXT)).hears("we cannot promise you a text just now").hears_not(SENT)
    assert await helplines.texts() == []


# Reminders.


async def test_reminders_come_fourteen_and_three_days_before_the_adviser_must_be_contacted(
    helplines: Helplines,
) -> None:
    phone = await helplines.rings(*REMINDERS[:-1])
    phone.hears(TWO_SENT, "fourteen days and three days before the last day to contact the mediation adviser")
    assert await helplines.reminders() == []
    (await phone.presses("1", when_named=True)).hears("We will remind you by text", "answer with the word no")
    found = await helplines.reminders()
    assert [(to, due.isoformat()) for to, due, _ in found] == [
        (CALLER, "2026-11-30T10:00:00+00:00"),
        (CALLER, "2026-12-11T10:00:00+00:00"),
    ]
    assert all("Mon 14 Dec 2026" in body and "reply NO" in body for _, _, body in found)


async def test_with_a_certificate_the_reminders_are_of_the_day_to_send_the_appeal_by(helplines: Helplines) -> None:
    phone = await helplines.rings(*LAST_DAY_WITH_A_CERTIFICATE, *TO_THE_TEXT, *TO_THIS_PHONE)
    phone.hears("before the day to send your appeal by")
    await phone.presses("1", when_named=True)
    assert [due.date().isoformat() for _, due, _ in await helplines.reminders()] == ["2026-12-04", "2026-12-15"]


async def test_no_reminders_for_a_caller_who_wants_none(helplines: Helplines) -> None:
    phone = await helplines.rings(*REMINDERS[:-1], "2")
    phone.hears("Is there anything else?").hears_not("We will remind you")
    assert await helplines.reminders() == []


@pytest.mark.parametrize("today", ["a last day today", "a last day today, the adviser first"])
async def test_none_are_offered_when_it_is_too_late(helplines: Helplines, today: str) -> None:
    keys, at, _, _ = TOPICS[today]
    phone = await helplines.rings(*keys, *TO_THIS_PHONE, at=at)
    phone.hears(TWO_SENT, "Is there anything else?").hears_not("Shall we text you")


async def test_one_that_is_past_is_left_out(helplines: Helplines) -> None:
    await helplines.rings(*REMINDERS, at=AT + timedelta(days=10))
    assert [due.date().isoformat() for _, due, _ in await helplines.reminders()] == ["2026-12-11"]


async def test_new_reminders_take_the_place_of_old_ones(helplines: Helplines) -> None:
    await helplines.rings(*REMINDERS)
    await helplines.rings(*REMINDERS[:2], "21102026", *REMINDERS[3:])
    assert [due.date().isoformat() for _, due, _ in await helplines.reminders()] == ["2026-12-07", "2026-12-18"]


async def test_a_key_on_a_later_call_from_the_same_phone_stops_them(helplines: Helplines) -> None:
    await helplines.rings(*REMINDERS)
    (await helplines.rings(*NO_REMINDERS, caller="+447700900456")).hears("No reminders to your phone are waiting")
    for caller in (LANDLINE, WITHHELD):
        (await helplines.rings(*NO_REMINDERS, caller=caller)).hears("the mobile that you ring from")
    assert len(await helplines.reminders()) == 2
    (await helplines.rings(*NO_REMINDERS)).hears("We have stopped all reminders to your phone")
    assert await helplines.reminders() == []


async def test_a_cap_is_told_where_reminders_are_asked_for(url: str) -> None:
    async with helplines_on(url, IVR_TEXTS_PER_NUMBER="3") as helplines:  # two for the texts, and two more are too many
        phone = await helplines.rings(*REMINDERS)
        phone.hears("we will not remind you", "write the date down").hears_not("We will remind you by text")
        assert await helplines.reminders() == []


# What goes wrong on the way.


@pytest.mark.parametrize("keys", [A_TEXT, REMINDERS, NO_REMINDERS], ids=["text", "reminders", "no reminders"])
async def test_every_webhook_twice_performs_each_effect_once(helplines: Helplines, keys: tuple[str, ...]) -> None:
    if keys == NO_REMINDERS:
        await helplines.rings(*REMINDERS)
    app, other = helplines.helpline(), helplines.helpline()
    answers: list[tuple[str, str]] = []
    phone = await helplines.rings(*keys, app=app)
    before = await helplines.count_effects()
    for webhook, document in zip(phone.requests, phone.documents, strict=True):
        phone.app = other
        answers.append((await phone.webhooks.send(webhook), document))
    assert [again for again, first in answers if again != first] == []
    assert await helplines.count_effects() == before


async def test_a_process_for_each_key_makes_no_difference(url: str) -> None:
    async with helplines_on(url, IVR_TEXTS_PER_NUMBER="8") as helplines:  # the same caller twice

        async def another_each_time(scope: Scope, receive: Receive, send: Send) -> None:
            app: ASGIApp = helplines.helpline()
            await app(scope, receive, send)

        undisturbed = await helplines.rings(*REMINDERS)
        disturbed = await helplines.rings(*REMINDERS, app=another_each_time)
        assert str(disturbed.transcript) == str(undisturbed.transcript)
        assert len(await helplines.texts()) == 4
        assert len(await helplines.reminders()) == 2


async def test_a_caller_whose_place_was_lost_gets_the_text_to_the_number_they_keyed_then(helplines: Helplines) -> None:
    keys = (*FROM_NOBODY, "1", "1")
    phone = await helplines.rings(*keys, NUMBER, "1", caller=LANDLINE)
    phone.webhooks.tamper = TAMPERS["memory"]
    (await phone.presses("2", when_named=True)).hears("we lost our place in your call")
    (await goes_on(phone, *keys, "07700900457", "1")).hears(SENT)  # as many keys as before
    assert sorted(text.to for text in await helplines.texts()) == [MOBILE, "+447700900457"]


async def test_the_caller_goes_back_from_the_number_and_is_texted_once(helplines: Helplines) -> None:
    phone = await helplines.rings(*FROM_NOBODY, "1")
    await phone.presses("#", pause=1)
    await goes_on(phone, "1", "1")
    phone.hears(SENT)
    assert len(await helplines.texts()) == 1


async def test_nothing_is_kept_of_a_caller_who_asked_for_nothing(helplines: Helplines) -> None:
    await (await helplines.rings(*TO_THE_ADVISER, "1", "2")).hangs_up()
    async with helplines.store.begin() as db:
        assert (await sms_outbox.counts(db)) == dict.fromkeys(sms_states.SmsState, 0)
        assert (await db.execute(calls.select())).all() == []  # lines are written by a task that is not running here
