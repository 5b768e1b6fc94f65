"""<Dial>, and who answers."""

import pytest

from ivr.simulator.network.callee import CALLEES
from tests.simulator.twiml_app import MakePhone

ADVISER = "+447700900001"
SECOND = "+447700900002"
DIAL = f"<Dial action='done'>{ADVISER}</Dial><Say>Never reached</Say>"
SCREENED = f"<Dial action='done' callerId='+441632960000'><Number url='screen'>{ADVISER}</Number></Dial>"
SCREEN = "<Gather numDigits='1' action='screened'><Say>A caller. To take the call, press 1.</Say></Gather><Hangup/>"


def accepted(form: dict[str, str]) -> str:
    return "" if form["Digits"] == "1" else "<Hangup/>"


async def test_an_answered_call_that_ends_goes_to_the_action(make_phone: MakePhone) -> None:
    """Dial with action, answered then ends: action requested, DialCallStatus=completed; verbs after Dial never run."""
    phone, app = make_phone(DIAL, callees={ADVISER: "accepts"}, done="<Say>Back again</Say>")
    (await phone.dials()).hears("back again").hears_not("never reached")
    form = app.last_form
    assert (form["DialCallStatus"], form["DialBridged"], form["DialCallDuration"]) == ("completed", "true", "60")
    assert form["DialCallSid"] != form["CallSid"]
    assert "Digits" not in form


@pytest.mark.parametrize(
    ("callee", "status"),
    [
        ("no_answer", "no-answer"),  # Dial with action, no answer: DialCallStatus=no-answer
        ("busy", "busy"),  # Dial busy: busy
        ("failed", "failed"),  # Dial bad number: failed
    ],
)
async def test_a_call_nobody_takes_goes_to_the_action(make_phone: MakePhone, callee: str, status: str) -> None:
    phone, app = make_phone(DIAL, callees={ADVISER: callee}, done="<Hangup/>")
    await phone.dials()
    assert app.last_form["DialCallStatus"] == status
    assert app.last_form["DialBridged"] == "false"
    assert "DialCallDuration" not in app.last_form


async def test_a_number_that_is_none_fails(make_phone: MakePhone) -> None:
    """Dial bad number: failed."""
    phone, app = make_phone("<Dial action='done'>0800 064</Dial>", callees={"0800 064": "accepts"}, done="<Hangup/>")
    await phone.dials()
    assert app.last_form["DialCallStatus"] == "failed"


async def test_a_caller_who_gives_up_while_it_rings_cancels(make_phone: MakePhone) -> None:
    """Dial caller cancels: canceled."""
    phone, app = make_phone(DIAL, callees={ADVISER: "rings"}, done="<Say>Too late</Say>")
    await phone.dials()
    assert phone.ringing == ADVISER
    (await phone.hangs_up()).hears_not("too late")
    assert phone.ended
    assert (app.last_form["DialCallStatus"], app.last_form["CallStatus"]) == ("canceled", "completed")


async def test_a_caller_who_hangs_up_on_the_adviser_is_told_to_the_action(make_phone: MakePhone) -> None:
    phone, app = make_phone(DIAL, callees={ADVISER: "talks"}, done="<Say>Too late</Say>")
    await phone.dials()
    await phone.presses("5")
    await phone.hangs_up()
    assert (app.last_form["DialCallStatus"], app.last_form["CallStatus"]) == ("completed", "completed")


async def test_nothing_is_asked_for_a_caller_who_gives_up_without_an_action(make_phone: MakePhone) -> None:
    phone, app = make_phone(f"<Dial>{ADVISER}</Dial>", callees={ADVISER: "rings"})
    await phone.dials()
    await phone.hangs_up()
    assert app.paths == ["voice"]


async def test_without_an_action_the_next_verb_runs(make_phone: MakePhone) -> None:
    """Dial no action: next verb runs."""
    phone, app = make_phone(f"<Dial>{ADVISER}</Dial><Say>What next</Say>")
    (await phone.dials()).hears("what next")
    assert app.paths == ["voice"]


async def test_it_rings_for_thirty_seconds_unless_told_otherwise(make_phone: MakePhone) -> None:
    """Dial timeout default: 30 s."""
    phone, _ = make_phone(f"<Dial>{ADVISER}</Dial><Dial timeout='12'>{ADVISER}</Dial>")
    await phone.dials()
    assert phone.clock == 30 + 12


async def test_star_ends_the_talk_where_it_may(make_phone: MakePhone) -> None:
    phone, app = make_phone(
        f"<Dial action='done' hangupOnStar='true'>{ADVISER}</Dial>",
        callees={ADVISER: "talks"},
        done="<Say>Back again</Say><Gather/>",
    )
    await phone.dials()
    (await phone.presses("*")).hears("back again")
    assert app.last_form["CallStatus"] == "in-progress"


async def test_star_is_for_the_adviser_where_it_ends_nothing(make_phone: MakePhone) -> None:
    phone, app = make_phone(DIAL, callees={ADVISER: "talks"}, done="<Hangup/>")
    await phone.dials()
    await phone.presses("*")
    assert app.paths == ["voice"]
    await phone.waits()
    assert app.paths == ["voice", "done"]


@pytest.mark.parametrize(
    ("callee", "bridged"),
    [
        ("accepts", "true"),
        ("declines", "false"),
        # Dial Number url (screening) ends in Hangup, or a mailbox answers and no key comes:
        # not bridged: DialCallStatus may be completed, DialBridged=false
        ("mailbox", "false"),
        ("hangs_up_on_screen", "false"),
    ],
)
async def test_only_an_adviser_who_accepts_is_connected(make_phone: MakePhone, callee: str, bridged: str) -> None:
    phone, app = make_phone(SCREENED, callees={ADVISER: callee}, screen=SCREEN, screened=accepted, done="<Hangup/>")
    await phone.dials()
    assert (app.last_form["DialCallStatus"], app.last_form["DialBridged"]) == ("completed", bridged)


async def test_screening_is_for_the_adviser_alone(make_phone: MakePhone) -> None:
    phone, app = make_phone(SCREENED, callees={ADVISER: "accepts"}, screen=SCREEN, screened=accepted, done="<Hangup/>")
    (await phone.dials()).hears_not("to take the call").callee_hears("a caller", "to take the call, press 1")
    assert phone.heard_seconds == 0
    form = dict(app.asked)["screen"]
    assert form["ParentCallSid"] == app.last_form["CallSid"]
    assert form["CallSid"] == app.last_form["DialCallSid"]
    assert (form["To"], form["From"]) == (ADVISER, "+441632960000")
    assert (form["Direction"], form["CallStatus"]) == ("outbound-dial", "in-progress")


async def test_a_screening_that_does_not_hang_up_connects_a_mailbox(make_phone: MakePhone) -> None:
    phone, app = make_phone(SCREENED, callees={ADVISER: "mailbox"}, screen="<Say>A caller.</Say>", done="<Hangup/>")
    await phone.dials()
    assert app.last_form["DialBridged"] == "true"


async def test_a_mailbox_that_is_not_screened_has_the_caller(make_phone: MakePhone) -> None:
    phone, app = make_phone(DIAL, callees={ADVISER: "mailbox"}, done="<Hangup/>")
    await phone.dials()
    assert app.last_form["DialBridged"] == "true"
    assert "I cannot take your call" in str(phone.transcript)


async def test_nobody_can_be_dialled_from_a_screening(make_phone: MakePhone) -> None:
    phone, app = make_phone(SCREENED, callees={ADVISER: "accepts"}, screen=f"<Dial>{SECOND}</Dial>", done="<Hangup/>")
    await phone.dials()
    assert app.last_form["DialBridged"] == "false"
    assert "<Dial> cannot be played" in str(phone.failures[0])
    assert not phone.failed


async def test_nobody_waits_in_a_queue_from_a_screening(make_phone: MakePhone) -> None:
    enqueue = "<Enqueue waitUrl='wait'>hunt</Enqueue>"
    phone, app = make_phone(SCREENED, callees={ADVISER: "accepts"}, screen=enqueue, done="<Hangup/>")
    await phone.dials()
    assert app.last_form["DialBridged"] == "false"
    assert "<Enqueue> cannot be played" in str(phone.failures[0])


async def test_numbers_in_one_dial_ring_together_and_the_first_to_answer_has_it(make_phone: MakePhone) -> None:
    both = f"<Dial action='done'><Number>{ADVISER}</Number><Number>{SECOND}</Number></Dial>"
    phone, app = make_phone(both, callees={SECOND: "accepts"}, done="<Hangup/>")
    await phone.dials()
    assert [ring.number for ring in phone.dialled] == [ADVISER, SECOND]
    assert app.last_form["DialCallStatus"] == "completed"
    assert phone.clock == 5 + 60


async def test_numbers_dialled_in_sequence_ring_one_after_the_other(make_phone: MakePhone) -> None:
    both = f"<Dial sequential='true'><Number>{ADVISER}</Number><Number>{SECOND}</Number></Dial>"
    phone, _ = make_phone(both, callees={SECOND: "accepts"})
    await phone.dials()
    assert phone.clock == 30 + 5 + 60


async def test_a_dialled_number_sees_the_caller_unless_told_otherwise(make_phone: MakePhone) -> None:
    phone, _ = make_phone(f"<Dial>{ADVISER}</Dial><Dial callerId='+441632960000'>{SECOND}</Dial>")
    await phone.dials()
    assert [(ring.number, ring.caller_id) for ring in phone.dialled] == [
        (ADVISER, "+447700900123"),
        (SECOND, "+441632960000"),
    ]


async def test_somebody_decides_what_a_ringing_number_does(make_phone: MakePhone) -> None:
    phone, app = make_phone(DIAL, callees={ADVISER: "rings"}, done="<Hangup/>")
    await phone.dials()
    await phone.answers("busy")
    assert app.last_form["DialCallStatus"] == "busy"
    with pytest.raises(AssertionError, match="Expected a number that rings"):
        await phone.answers("busy")


async def test_a_number_left_ringing_is_not_answered(make_phone: MakePhone) -> None:
    phone, app = make_phone(DIAL, callees={ADVISER: "rings"}, done="<Hangup/>")
    await phone.dials()
    await phone.presses("1")
    await phone.waits()
    assert app.last_form["DialCallStatus"] == "no-answer"


@pytest.mark.parametrize("callee", CALLEES)
async def test_every_far_end_lets_the_call_come_to_its_end(make_phone: MakePhone, callee: str) -> None:
    phone, _ = make_phone(SCREENED, callees={ADVISER: callee}, screen=SCREEN, screened=accepted, done="<Hangup/>")
    await phone.dials()
    if not phone.ended:
        await phone.waits()
    assert phone.ended
    assert not phone.failures


async def test_a_screening_that_fails_connects_nobody_and_leaves_the_caller_alone(make_phone: MakePhone) -> None:
    phone, app = make_phone(SCREENED, callees={ADVISER: "accepts"}, done="<Say>Back again</Say>")
    (await phone.dials()).hears("back again").hears_not("application error").callee_hears("application error")
    assert app.last_form["DialBridged"] == "false"
    assert len(phone.failures) == 1
    assert not phone.failed


async def test_an_app_that_fails_after_the_caller_is_gone_disturbs_nobody(make_phone: MakePhone) -> None:
    phone, _ = make_phone(DIAL, callees={ADVISER: "rings"})
    await phone.dials()
    await phone.hangs_up()
    assert phone.ended
    assert len(phone.failures) == 1
    assert not phone.failed
