"""Outbound calls: who is rung, what they hear, and the status callbacks."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
from starlette.types import Receive, Scope, Send

from ivr.simulator.network.carrier import Carrier
from ivr.simulator.phone import Phone
from tests.simulator.hunt_app import ADVISER, PUBLIC, SECOND, HuntSetup
from tests.simulator.twiml_app import TOKEN

ALL = ("initiated", "ringing", "in-progress", "completed")


async def test_an_adviser_is_announced_as_twilio_does() -> None:
    hunted = HuntSetup(ADVISER, callees={ADVISER: "accepts"})
    await hunted.phone.dials()
    (await hunted.phone.waits()).callee_hears("A caller", "to take it, press 1")
    form = hunted.forms("offer")[0]
    assert form["CallSid"] == hunted.twilio.calls[0].sid
    assert (form["To"], form["From"], form["Direction"]) == (ADVISER, "+441632960000", "outbound-api")
    assert form["CallStatus"] == "in-progress"
    assert "ParentCallSid" not in form
    assert [(ring.number, ring.caller_id) for ring in hunted.phone.dialled] == [(ADVISER, "+441632960000")]


async def test_the_status_callbacks_that_were_asked_for_are_posted() -> None:
    hunted = HuntSetup(ADVISER, callees={ADVISER: "accepts"})
    await hunted.phone.dials()
    await hunted.phone.waits()
    callbacks = hunted.forms("status")
    assert [form["CallStatus"] for form in callbacks] == list(ALL)
    assert [form["SequenceNumber"] for form in callbacks] == ["0", "1", "2", "3"]
    assert [form.get("CallDuration") for form in callbacks] == [None, None, None, "63"]
    assert {form["CallSid"] for form in callbacks} == {hunted.twilio.calls[0].sid}
    assert {form["CallbackSource"] for form in callbacks} == {"call-progress-events"}


@pytest.mark.parametrize(
    ("callee", "statuses", "seconds"),
    [
        ("no_answer", ("initiated", "ringing", "no-answer"), 20),
        ("ignores", ("initiated", "ringing", "no-answer"), 20),
        ("busy", ("initiated", "ringing", "busy"), 2),
        ("failed", ("initiated", "ringing", "failed"), 1),
        ("declines", ALL, 5 + 2.8 + 1.6),
        ("mailbox", ALL, 5 + 2.8 + 5),
        ("hangs_up_on_screen", ALL, 5),
    ],
)
async def test_an_adviser_who_does_not_take_it_leaves_the_caller_waiting(
    callee: str, statuses: tuple[str, ...], seconds: float
) -> None:
    hunted = HuntSetup(ADVISER, callees={ADVISER: callee})
    await hunted.phone.dials()
    await hunted.phone.waits(40)
    assert hunted.told == [(ADVISER, status) for status in statuses]
    assert hunted.phone.waiting
    assert not hunted.phone.failures
    last = [entry for entry in hunted.phone.transcript if ADVISER in f"{entry.who} {entry.ear} {entry.text}"][-1]
    assert last.at <= 0.8 + seconds


async def test_a_mailbox_is_heard_and_never_connected() -> None:
    hunted = HuntSetup(ADVISER, callees={ADVISER: "mailbox"})
    await hunted.phone.dials()
    await hunted.phone.waits(40)
    assert "I cannot take your call" in str(hunted.phone.transcript)
    assert not hunted.forms("pressed")


async def test_a_telephone_rings_no_longer_than_it_was_asked_to() -> None:
    hunted = HuntSetup(ADVISER, callees={ADVISER: "accepts"})
    hunted.timeout = "4"
    await hunted.phone.dials()
    await hunted.phone.waits(30)
    assert hunted.told[-1] == (ADVISER, "no-answer")
    assert not hunted.forms("offer")


async def test_the_first_of_two_who_press_at_the_same_moment_has_the_caller() -> None:
    hunted = HuntSetup(ADVISER, SECOND, callees={ADVISER: "accepts", SECOND: "accepts"})
    await hunted.phone.dials()
    assert [ring.number for ring in hunted.phone.dialled] == [ADVISER, SECOND]
    (await hunted.phone.waits()).hears("It was bridged")
    assert len(hunted.taken) == 2
    hunted.phone.callee_hears("Somebody else has taken it", number=SECOND)
    assert len(hunted.forms("talked")) == 1


async def test_webhooks_of_the_same_moment_can_go_out_together() -> None:
    """None of them has been answered when the others come: each waits here for the other."""
    hunted = HuntSetup(ADVISER, SECOND, callees={ADVISER: "accepts", SECOND: "accepts"})
    together = hunted.waits_for_both("pressed")
    phone = hunted.phone
    phone.app = together
    phone.carrier.concurrent = True
    await phone.dials()
    (await phone.waits()).hears("It was bridged")
    assert len(hunted.taken) == 2
    assert len(hunted.forms("talked")) == 1


async def test_a_document_that_comes_when_somebody_has_come_is_not_heard() -> None:
    """The caller's document is asked for at the moment at which the adviser fetches them."""
    wait = "<Gather timeout='5'><Say>one two three four five six seven</Say></Gather><Redirect>more</Redirect>"
    more = "<Redirect>wait</Redirect>"
    hunted = HuntSetup(ADVISER, callees={ADVISER: "talks"}, wait=wait, more=more, done="<Hangup/>")

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(0.01)
        await hunted.documents.app(scope, receive, send)

    hunted.phone.app = slow
    hunted.phone.carrier.concurrent = True
    await hunted.phone.dials()
    await hunted.phone.waits(20)
    assert hunted.phone.is_talking
    assert not hunted.forms("done")
    assert len(hunted.forms("wait")) == 2


async def test_the_one_who_is_quicker_has_the_caller() -> None:
    hunted = HuntSetup(ADVISER, SECOND, callees={ADVISER: "no_answer", SECOND: "accepts"})
    await hunted.phone.dials()
    (await hunted.phone.waits()).hears("It was bridged")
    assert hunted.forms("talked")[0]["To"] == SECOND


@pytest.mark.parametrize("wish", ["canceled", "completed"])
async def test_a_telephone_that_rings_can_be_let_be(wish: str) -> None:
    hunted = HuntSetup(ADVISER, callees={ADVISER: "no_answer"})
    await hunted.phone.dials()
    assert await hunted.ends(ADVISER, wish) == 200
    await hunted.phone.waits()
    assert hunted.told == [(ADVISER, "initiated"), (ADVISER, "ringing"), (ADVISER, "canceled")]
    assert f"0:00 line: {ADVISER} is rung no more" in str(hunted.phone.transcript)
    assert await hunted.ends(ADVISER, wish) == 400


async def test_a_call_that_is_canceled_before_it_rings_never_does() -> None:
    hunted = HuntSetup()
    await hunted.places(ADVISER)
    await hunted.ends(ADVISER, "canceled")
    await hunted.phone.dials()
    assert not hunted.phone.dialled
    assert hunted.told == [(ADVISER, "canceled")]


async def test_whoever_talks_is_not_canceled_but_can_be_cut_off() -> None:
    hunted = HuntSetup(ADVISER, callees={ADVISER: "talks"})
    await hunted.phone.dials()
    await hunted.phone.waits()
    assert await hunted.ends(ADVISER, "canceled") == 200
    await hunted.phone.presses("5")
    assert not hunted.phone.ended
    assert await hunted.ends(ADVISER, "completed") == 200
    (await hunted.phone.waits()).hears("It was bridged")
    assert hunted.told[-1] == (ADVISER, "completed")
    assert hunted.phone.clock == pytest.approx(0.8 + 5 + 2.8)


async def test_what_an_adviser_hears_can_be_cut_off() -> None:
    hunted = HuntSetup(ADVISER, callees={ADVISER: "mailbox"}, wait="<Gather timeout='6'/>")
    await hunted.phone.dials()
    await hunted.phone.waits()
    await hunted.ends(ADVISER, "completed")
    await hunted.phone.waits()
    assert hunted.told[-1] == (ADVISER, "completed")
    assert hunted.forms("status")[-1]["CallDuration"] == "1"
    assert f"{ADVISER} is cut off" in str(hunted.phone.transcript)


async def test_telephones_left_ringing_by_a_caller_who_went_come_to_their_end() -> None:
    hunted = HuntSetup(
        ADVISER, SECOND, callees={ADVISER: "accepts", SECOND: "no_answer"}, pressed="<Say>They have gone</Say>"
    )
    await hunted.phone.dials()
    await hunted.phone.hangs_up(when_said=True)
    hunted.phone.callee_hears("They have gone", number=ADVISER)
    assert hunted.told[-1] == (SECOND, "no-answer")
    assert hunted.phone.now > 20


async def test_a_caller_who_went_leaves_the_time_to_the_others() -> None:
    hunted = HuntSetup()
    second = hunted.phone.another("+447700900124")
    await hunted.phone.dials()
    await second.dials()
    await hunted.phone.hangs_up(when_said=True)
    assert second.now == pytest.approx(0.8 + 6 / 2.5)
    assert second.waiting


async def test_a_caller_may_be_silent_for_very_long_while_others_are_not() -> None:
    hunted = HuntSetup(wait="<Gather timeout='3'/>")
    await hunted.phone.dials()
    await hunted.phone.idles(3 * 250)
    assert not hunted.phone.failures
    assert hunted.phone.waiting


async def test_telephones_left_ringing_by_a_caller_who_went_can_be_let_be() -> None:
    class Tidy(HuntSetup):
        async def round(self) -> None:
            await super().round()
            if self.forms("done"):
                self.twilio.calls[0].update("canceled")

    hunted = Tidy(ADVISER, callees={ADVISER: "accepts"})
    await hunted.phone.dials()
    await hunted.phone.hangs_up(when_said=True)
    assert hunted.told[-1] == (ADVISER, "canceled")
    assert not hunted.forms("offer")


async def test_somebody_decides_what_a_ringing_adviser_does() -> None:
    hunted = HuntSetup(ADVISER, callees={ADVISER: "rings", SECOND: "rings"})
    await hunted.phone.dials()
    assert hunted.phone.ringing == ADVISER
    await hunted.phone.waits()
    assert hunted.phone.now == pytest.approx(0.8 + 6 / 2.5 + 8)
    hunted.ringing.append(SECOND)
    await hunted.phone.answers("busy")
    await hunted.phone.waits()
    assert hunted.told[-1] == (SECOND, "ringing")
    assert hunted.phone.ringing == SECOND
    (await hunted.phone.answers("accepts")).hears("It was bridged")


async def test_an_adviser_answers_some_seconds_after_that_is_decided() -> None:
    hunted = HuntSetup(ADVISER, callees={ADVISER: "rings"})
    await hunted.phone.dials()
    await hunted.phone.waits()
    await hunted.phone.answers("accepts")
    await hunted.phone.waits()
    (answered,) = [entry.at for entry in hunted.phone.transcript if entry.text == f"{ADVISER} answers"]
    assert answered == pytest.approx(0.8 + 6 / 2.5 + 8 + 5)


async def test_it_rings_no_longer_than_it_was_asked_to_though_it_is_decided_late() -> None:
    hunted = HuntSetup(ADVISER, callees={ADVISER: "rings"})
    await hunted.phone.dials()
    await hunted.phone.waits()
    await hunted.phone.answers("no_answer")
    await hunted.phone.waits(30)
    (ended,) = [entry.at for entry in hunted.phone.transcript if entry.text == f"{ADVISER} no-answer"]
    assert ended == pytest.approx(0.8 + 20)


async def test_a_key_is_pressed_when_it_is_and_not_when_it_could_have_been() -> None:
    callees = {ADVISER: "busy", SECOND: "rings"}
    wait = "<Gather numDigits='1' action='chosen'><Say>Press 1 to leave</Say></Gather>"
    hunted = HuntSetup(ADVISER, SECOND, callees=callees, wait=wait, one_by_one=True, done="<Gather/>")
    await hunted.phone.dials()
    await hunted.phone.waits()
    assert hunted.phone.now == 0.8 + 2
    await hunted.phone.presses("1", when_named=True)
    assert hunted.phone.clock == 0.8 + 2
    assert hunted.forms("done")[0]["QueueTime"] == "2"


@pytest.mark.parametrize(("how", "clock"), [({"when_named": True}, 2.8), ({"after": "Press 1"}, 1.6)])
async def test_no_key_turns_the_clock_back(how: dict[str, Any], clock: float) -> None:
    hunted = HuntSetup(wait="<Gather numDigits='1' action='chosen'><Say>Press 1 to leave</Say></Gather>")
    await hunted.phone.dials()
    await hunted.phone.idles(2)
    await hunted.phone.presses("1", **how)
    assert hunted.phone.clock == pytest.approx(clock)
    assert hunted.phone.now == pytest.approx(2.8)


async def test_what_is_written_down_stands_in_the_order_in_which_it_happened() -> None:
    hunted = HuntSetup(ADVISER, callees={ADVISER: "talks"}, wait=f"<Gather><Say>{'word ' * 50}</Say></Gather>")
    await hunted.phone.dials()
    await hunted.phone.waits()
    times = [entry.at for entry in hunted.phone.transcript]
    assert times == sorted(times)
    assert str(hunted.phone.transcript).splitlines()[-1] == "0:20 caller: stays silent"


async def test_whoever_hangs_up_after_a_while_may_have_been_connected_before() -> None:
    long = f"<Gather><Say>{'word ' * 50}</Say></Gather>"
    hunted = HuntSetup(ADVISER, callees={ADVISER: "talks"}, wait=long)
    await hunted.phone.dials()
    await hunted.phone.hangs_up(when_said=True)
    assert hunted.forms("done")[0]["QueueResult"] == "bridged"
    assert hunted.phone.clock == pytest.approx(0.8 + 20)


async def test_a_telephone_has_rung_all_the_while_that_another_caller_did_something() -> None:
    voice = "<Dial action='done'>+441632960001</Dial>"
    hunted = HuntSetup(voice=voice, callees={"+441632960001": "rings"}, done="<Hangup/>")
    await hunted.phone.dials()
    hunted.documents.answers["voice"] = "<Gather timeout='60'/>"
    second = hunted.phone.another("+447700900124")
    await second.dials()
    await second.waits()
    await hunted.phone.answers("busy")
    assert hunted.phone.clock == 60 + 2
    assert hunted.phone.now == 62


async def test_an_adviser_nobody_decides_about_does_not_answer() -> None:
    hunted = HuntSetup(ADVISER, callees={ADVISER: "rings"})
    await hunted.phone.dials()
    await hunted.phone.waits(40)
    assert hunted.told[-1] == (ADVISER, "no-answer")
    assert hunted.phone.ringing is None


BOTH_ENDS = "<Say>We ring them</Say><Dial action='talked' callerId='+441632960000'>+447700900123</Dial>"


@pytest.mark.parametrize(("parent", "status", "bridged"), [("accepts", "completed", "true"), ("busy", "busy", "false")])
async def test_an_adviser_who_was_rung_is_connected_with_whom_they_ring_back(
    parent: str, status: str, bridged: str
) -> None:
    hunted = HuntSetup(pressed=BOTH_ENDS, callees={ADVISER: "accepts", "+447700900123": parent})
    await hunted.places(ADVISER)
    await hunted.phone.idles(120)
    assert [(ring.number, ring.caller_id) for ring in hunted.phone.dialled] == [
        (ADVISER, "+441632960000"),
        ("+447700900123", "+441632960000"),
    ]
    (talked,) = hunted.forms("talked")
    assert (talked["DialCallStatus"], talked["DialBridged"], talked["CallStatus"]) == (status, bridged, "in-progress")
    hunted.phone.callee_hears("We ring them", "Thank you", number=ADVISER)


async def test_somebody_decides_what_the_one_who_is_rung_back_does() -> None:
    hunted = HuntSetup(ADVISER, pressed=BOTH_ENDS, callees={ADVISER: "accepts", "+447700900123": "rings"})
    await hunted.phone.dials()
    await hunted.phone.waits()
    assert hunted.phone.ringing == "+447700900123"
    await hunted.phone.answers("busy")
    await hunted.phone.waits()
    assert hunted.forms("talked")[0]["DialCallStatus"] == "busy"


async def test_only_the_status_callbacks_that_were_asked_for_are_posted() -> None:
    hunted = HuntSetup()
    form = {"To": ADVISER, "From": "+441632960000", "Url": f"{PUBLIC}/offer", "StatusCallback": f"{PUBLIC}/status"}
    await hunted.asks("POST", ".json", form)
    await hunted.asks("POST", ".json", {name: form[name] for name in ("To", "From", "Url")} | {"Timeout": "5"})
    await hunted.phone.idles(120)
    assert hunted.told == [(ADVISER, "no-answer")]
    assert hunted.phone.now == 120


async def test_a_status_callback_that_the_app_does_not_take_is_a_failure() -> None:
    hunted = HuntSetup(ADVISER, callees={ADVISER: "accepts"})
    del hunted.documents.answers["status"]
    await hunted.phone.dials()
    (await hunted.phone.waits()).hears("It was bridged")
    assert len(hunted.phone.failures) == 4
    assert "HTTP status 500" in str(hunted.phone.failures[0])
    assert not hunted.phone.failed


async def test_an_offer_that_fails_is_a_failure_in_the_advisers_ear() -> None:
    hunted = HuntSetup(ADVISER, callees={ADVISER: "accepts"}, offer="<Foo/>")
    await hunted.phone.dials()
    await hunted.phone.waits(20)
    hunted.phone.callee_hears("application error", number=ADVISER)
    assert hunted.phone.waiting
    assert not hunted.phone.failed


async def test_an_offer_that_goes_round_in_circles_is_a_failure() -> None:
    hunted = HuntSetup(ADVISER, callees={ADVISER: "accepts"}, offer="<Redirect>offer</Redirect>")
    await hunted.phone.dials()
    await hunted.phone.waits(20)
    assert "round in circles" in str(hunted.phone.failures[0])


async def test_the_apps_other_half_works_each_second_that_somebody_waits_and_when_it_is_over() -> None:
    hunted = HuntSetup(done="<Gather timeout='30'/>")
    await hunted.phone.dials()
    await hunted.phone.presses("1", pause=1)
    assert hunted.rounds == [0, *(pytest.approx(0.8 + second) for second in range(4))]
    await hunted.phone.waits()
    assert hunted.phone.ended
    assert hunted.rounds[5:] == [hunted.phone.clock]


async def test_the_apps_other_half_rests_while_two_talk() -> None:
    hunted = HuntSetup(ADVISER, callees={ADVISER: "accepts"}, done="<Hangup/>")
    await hunted.phone.dials()
    await hunted.phone.waits()
    assert not [second for second in hunted.rounds if 9 < second < 68]
    assert hunted.rounds[-1] == hunted.phone.clock


async def test_the_apps_other_half_has_worked_before_the_app_is_asked_anything() -> None:
    hunted = HuntSetup(voice="<Gather numDigits='1'/>")
    await hunted.phone.dials()
    await hunted.phone.presses("1", pause=0.5)
    await hunted.phone.presses("1", pause=1)
    assert hunted.rounds == [0, 1.5]


async def test_time_never_runs_backwards_for_the_app() -> None:
    hunted = HuntSetup(ADVISER, SECOND, callees={ADVISER: "declines", SECOND: "talks"})
    times: list[float] = []

    async def app(scope: object, receive: object, send: object) -> None:
        times.append(hunted.phone.now)
        await hunted.documents.app(scope, receive, send)  # type: ignore[arg-type]

    hunted.phone.app = app
    await hunted.phone.dials()
    await hunted.phone.waits()
    await hunted.phone.hangs_up()
    assert times == sorted(times)
    assert len(times) > 12


async def test_the_numbers_own_status_callback_tells_the_end_of_a_call() -> None:
    hunted = HuntSetup()
    phone = Phone(hunted.documents.app, token=TOKEN, status_callback=f"{PUBLIC}/status")
    await phone.dials()
    await phone.hangs_up(when_said=True, told=False)
    form = hunted.documents.last_form
    assert (form["CallStatus"], form["Direction"], form["CallDuration"]) == ("completed", "inbound", "3")
    assert form["From"] == "+447700900123"
    assert f"Calls/{form['CallSid']}" in phone.carrier.twilio.deletable


def test_a_carrier_is_busy_with_nobody_at_first() -> None:
    carrier: Carrier = HuntSetup().phone.carrier
    settings: Mapping[str, bool] = {"busy": carrier.is_busy(), "due": carrier.worker_ticks.is_due}
    assert not any(settings.values())
