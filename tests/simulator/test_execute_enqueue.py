"""<Enqueue>, <Leave> and <Dial><Queue>: callers wait, and are talked to by whoever comes for them."""

import pytest
from starlette.responses import Response

from ivr.simulator.network.interpreter import APPLICATION_ERROR
from ivr.simulator.twilio_api.resources.recording import RecordingResource
from tests.simulator.hunt_app import ADVISER, ENQUEUE, SECOND, WAIT, HuntSetup
from tests.simulator.twiml_app import MakePhone

IDLE = "<Say>one two three four five</Say>"


async def test_a_caller_waits_and_talks_with_the_adviser_who_came_for_them() -> None:
    hunted = HuntSetup(ADVISER, callees={ADVISER: "accepts"})
    (await hunted.phone.dials()).hears("We ring", "You wait").hears_not("Never")
    assert hunted.phone.waiting
    (await hunted.phone.waits()).hears("It was bridged").hears_not("Never")
    assert not hunted.phone.waiting
    waited = 5 + 7 / 2.5
    assert hunted.phone.clock == pytest.approx(2 / 2.5 + waited + 60)
    (done,) = hunted.forms("done")
    assert (done["QueueResult"], done["QueueTime"], done["CallStatus"]) == (
        "bridged",
        str(round(waited)),
        "in-progress",
    )
    assert done["QueueSid"] == hunted.twilio.queues[0].sid


async def test_whoever_waits_is_told_of_the_queue_each_time_the_document_has_run_out() -> None:
    hunted = HuntSetup()
    await hunted.phone.dials()
    (await hunted.phone.waits()).hears("You wait")
    first, second = hunted.forms("wait")
    assert first["QueueSid"] == second["QueueSid"] == hunted.twilio.queues[0].sid
    assert (first["QueuePosition"], first["CurrentQueueSize"], first["MaxQueueSize"]) == ("1", "1", "1000")
    assert (first["QueueTime"], second["QueueTime"]) == ("0", str(round(6 / 2.5 + 8)))
    assert (first["CallStatus"], first["AvgQueueTime"]) == ("in-progress", "0")
    assert "QueueResult" not in first


async def test_the_queue_is_told_of_to_nothing_but_the_document_to_wait_with() -> None:
    hunted = HuntSetup(chosen=WAIT)
    await hunted.phone.dials()
    (await hunted.phone.presses("1", when_named=True)).hears("You wait")
    assert hunted.forms("chosen")[0]["Digits"] == "1"
    assert "QueuePosition" not in hunted.forms("chosen")[0]


async def test_leaving_asks_the_action_at_once() -> None:
    hunted = HuntSetup()
    await hunted.phone.dials()
    (await hunted.phone.presses("1", when_named=True)).hears("It was leave")
    (done,) = hunted.forms("done")
    assert (done["QueueResult"], done["CallStatus"], done["QueueTime"]) == ("leave", "in-progress", "2")
    assert not hunted.twilio.queues[0].members


async def test_without_an_action_the_next_verb_follows_and_addresses_are_as_before() -> None:
    voice = "<Enqueue waitUrl='deep/wait'>hunt</Enqueue><Say>Back</Say><Redirect>on</Redirect>"
    hunted = HuntSetup(voice=voice, on="<Say>There</Say>")
    hunted.documents.answers["deep/wait"] = "<Say>one</Say><Leave/>"
    (await hunted.phone.dials()).hears("Back", "There")
    assert hunted.documents.paths == ["voice", "deep/wait", "on"]


async def test_a_document_to_wait_with_may_lead_to_another() -> None:
    hunted = HuntSetup(wait="<Say>one</Say><Redirect>more</Redirect>", more="<Gather><Say>two</Say></Gather>")
    (await hunted.phone.dials()).hears("one two")
    await hunted.phone.waits()
    assert hunted.documents.paths == ["voice", "wait", "more", "wait", "more"]


@pytest.mark.parametrize(("told", "paths"), [(True, ["voice", "wait", "done"]), (False, ["voice", "wait"])])
async def test_a_caller_who_hangs_up_while_waiting_may_go_untold(told: bool, paths: list[str]) -> None:
    hunted = HuntSetup(done="<Say>Too late</Say>")
    await hunted.phone.dials()
    (await hunted.phone.hangs_up(when_said=True, told=told)).hears_not("too late")
    assert hunted.documents.paths == paths
    assert hunted.phone.ended
    assert not hunted.twilio.queues[0].members
    if told:
        form = hunted.documents.last_form
        assert (form["QueueResult"], form["CallStatus"], form["QueueTime"]) == ("hangup", "completed", "2")


async def test_a_document_to_wait_with_may_end_the_call() -> None:
    hunted = HuntSetup(wait="<Say>Goodbye</Say><Hangup/>")
    (await hunted.phone.dials()).hears("goodbye").hears_not("Never")
    assert hunted.phone.ended
    assert hunted.documents.paths == ["voice", "wait"]


@pytest.mark.parametrize(
    ("inside", "why"),
    [
        ("<Say>a</Say><Dial>+447700900001</Dial>", "<Dial> cannot stand in a document to wait with."),
        ("<Record/>", "<Record> cannot stand in a document to wait with."),
        (ENQUEUE, "<Enqueue> cannot stand in a document to wait with."),
        ("<Reject/>", "<Reject> cannot stand in a document to wait with."),
        ("", "A document to wait with that takes no time never ends."),
        ("<Foo/>", "<Foo> is not a TwiML verb."),
    ],
)
async def test_what_cannot_be_heard_while_waiting_ends_it(inside: str, why: str) -> None:
    hunted = HuntSetup(wait=inside)
    (await hunted.phone.dials()).hears("It was error")
    assert why in str(hunted.phone.failures[0])
    assert hunted.forms("done")[0]["QueueResult"] == "error"
    assert not hunted.twilio.queues[0].members


async def test_what_leads_to_what_cannot_be_heard_ends_it_too() -> None:
    hunted = HuntSetup(chosen="<Dial>+447700900001</Dial>")
    await hunted.phone.dials()
    (await hunted.phone.presses("1")).hears("It was error")


async def test_without_an_action_a_document_that_cannot_be_heard_fails_the_caller() -> None:
    hunted = HuntSetup(voice="<Enqueue waitUrl='wait'>hunt</Enqueue>", wait="<Record/>")
    (await hunted.phone.dials()).hears(APPLICATION_ERROR)
    assert hunted.phone.failed
    assert not hunted.phone.waiting
    assert not hunted.twilio.queues[0].members


async def test_only_who_waits_can_leave(make_phone: MakePhone) -> None:
    phone, _ = make_phone("<Say>Hello</Say><Leave/>")
    (await phone.dials()).hears("hello")
    assert phone.failed
    assert "<Leave> where nobody waits in a queue." in phone.failed


async def test_who_came_out_of_a_queue_waits_no_more() -> None:
    hunted = HuntSetup(wait="<Say>one</Say><Leave/>", done="<Leave/>")
    await hunted.phone.dials()
    assert "<Leave> where nobody waits" in str(hunted.phone.failures[0])


async def test_where_nothing_listens_the_caller_waits_for_as_long_as_they_like() -> None:
    hunted = HuntSetup(wait=IDLE)
    await hunted.phone.dials()
    assert hunted.documents.paths == ["voice", "wait"]
    await hunted.phone.waits()
    assert hunted.documents.paths == ["voice", "wait", "wait"]
    await hunted.phone.presses("1")
    assert "nothing listens for 1: lost" in str(hunted.phone.transcript)
    await hunted.phone.hangs_up()
    assert hunted.documents.last_form["QueueResult"] == "hangup"
    assert hunted.phone.clock == pytest.approx(2 / 2.5 + 2 + 2)


async def test_who_hears_nothing_that_listens_is_found_too() -> None:
    hunted = HuntSetup(ADVISER, callees={ADVISER: "accepts"}, wait=IDLE)
    await hunted.phone.dials()
    (await hunted.phone.waits(60)).hears("It was bridged")


async def test_a_caller_can_wait_for_so_many_seconds() -> None:
    hunted = HuntSetup()
    await hunted.phone.dials()
    await hunted.phone.waits(60)
    assert 60 < hunted.phone.now < 75
    assert len(hunted.forms("wait")) == 7


async def test_sounds_are_heard_while_waiting() -> None:
    tune = RecordingResource("AC", "CA", "la la", 3.0, HuntSetup().twilio.clock()).wav()
    wait = "<Play>tune.wav</Play><Gather><Play>tune.wav</Play></Gather>"
    hunted = HuntSetup(wait=wait)
    hunted.documents.answers["tune.wav"] = Response(tune, media_type="audio/x-wav")
    await hunted.phone.dials()
    await hunted.phone.waits()
    assert hunted.phone.clock == pytest.approx(2 / 2.5 + 3 + 3 + 5 + 3)


async def test_a_full_queue_takes_nobody() -> None:
    hunted = HuntSetup(voice="<Enqueue action='done' waitUrl='wait' maxQueueSize='1'>hunt</Enqueue>")
    await hunted.phone.dials()
    second = hunted.phone.another("+447700900124")
    (await second.dials()).hears("It was queue-full")
    assert "QueueSid" not in hunted.documents.last_form


async def test_the_average_counts_who_has_come_out() -> None:
    hunted = HuntSetup(done="<Hangup/>")
    for _ in range(2):
        phone = hunted.phone.another("+447700900124")
        await phone.dials()
        await phone.presses("1", pause=7.6)
    assert [form["AvgQueueTime"] for form in hunted.forms("wait")] == ["0", "10"]


# Talking.


async def test_a_caller_who_hangs_up_on_the_adviser_leaves_them_to_the_app() -> None:
    hunted = HuntSetup(ADVISER, callees={ADVISER: "talks"}, done="<Say>Too late</Say>")
    await hunted.phone.dials()
    await hunted.phone.waits()
    assert not hunted.phone.ended
    await hunted.phone.presses("5")
    (await hunted.phone.hangs_up()).hears_not("too late").callee_hears("Thank you")
    assert hunted.phone.ended
    (done,), (talked,) = hunted.forms("done"), hunted.forms("talked")
    assert (done["QueueResult"], done["CallStatus"]) == ("bridged", "completed")
    assert (talked["DialCallStatus"], talked["DialBridged"], talked["CallStatus"]) == (
        "completed",
        "true",
        "in-progress",
    )
    assert talked["DialCallSid"] == done["CallSid"]


async def test_a_caller_who_hangs_up_on_the_adviser_may_go_untold() -> None:
    hunted = HuntSetup(ADVISER, callees={ADVISER: "talks"})
    await hunted.phone.dials()
    await hunted.phone.waits()
    assert not hunted.phone.waiting
    await hunted.phone.hangs_up(told=False)
    assert not hunted.forms("done")
    assert hunted.forms("talked")


async def test_a_talk_that_lingers_ends_for_a_caller_who_lets_it() -> None:
    hunted = HuntSetup(ADVISER, callees={ADVISER: "talks"})
    await hunted.phone.dials()
    await hunted.phone.waits()
    (await hunted.phone.waits()).hears("It was bridged")
    assert hunted.forms("talked")[0]["DialCallDuration"] == "60"


async def test_an_adviser_who_hangs_up_leaves_the_caller_to_the_app() -> None:
    hunted = HuntSetup(ADVISER, callees={ADVISER: "accepts"})
    await hunted.phone.dials()
    (await hunted.phone.waits()).hears("It was bridged")
    assert (hunted.forms("talked")[0]["CallStatus"], hunted.told[-1]) == ("completed", (ADVISER, "completed"))


async def test_a_talk_lasts_no_longer_than_the_dial_allows() -> None:
    fetch = "<Dial action='talked' timeLimit='20'><Queue>hunt</Queue></Dial>"
    hunted = HuntSetup(ADVISER, callees={ADVISER: "accepts"}, pressed=fetch)
    await hunted.phone.dials()
    await hunted.phone.waits()
    assert hunted.forms("talked")[0]["DialCallDuration"] == "20"


async def test_a_key_that_comes_after_the_adviser_is_lost() -> None:
    hunted = HuntSetup(ADVISER, callees={ADVISER: "accepts"})
    await hunted.phone.dials()
    (await hunted.phone.presses("1", pause=7)).hears("It was bridged")
    assert not hunted.forms("chosen")


async def test_a_key_that_comes_before_the_adviser_is_not() -> None:
    hunted = HuntSetup(ADVISER, callees={ADVISER: "accepts"}, done="<Gather timeout='60'/>")
    await hunted.phone.dials()
    await hunted.phone.presses("1", pause=4)
    await hunted.phone.waits()
    assert hunted.forms("done")[0]["QueueResult"] == "leave"
    assert hunted.forms("talked")[0]["DialCallStatus"] == "no-answer"


async def test_two_callers_and_one_adviser_talk_one_after_the_other() -> None:
    hunted = HuntSetup(ADVISER, callees={ADVISER: "accepts"}, pressed=HuntSetup.pressed_by_all)
    first, second = hunted.phone, hunted.phone.another("+447700900124")
    await first.dials()
    await second.dials()
    assert [form["QueuePosition"] for form in hunted.forms("wait")] == ["1", "2"]
    (await first.waits()).hears("It was bridged")
    assert not second.ended
    assert second.waiting
    assert hunted.forms("wait")[-1]["QueuePosition"] == "1"
    hunted.ringing.append(ADVISER)
    (await second.waits(90)).hears("It was bridged")
    assert second.clock > 60 + 60
    assert "helpline to +447700900124: It was bridged" in str(second.transcript)


async def test_a_caller_who_gives_up_while_another_talks_changes_nothing_for_them() -> None:
    hunted = HuntSetup(ADVISER, callees={ADVISER: "talks"}, done="<Gather/>")
    first, second = hunted.phone, hunted.phone.another("+447700900124")
    await first.dials()
    await first.waits()
    await second.dials()
    await second.presses("1", pause=9)
    await first.waits()
    assert [form["QueueTime"] for form in hunted.forms("done")] == ["11", "8"]


async def test_who_is_asked_for_a_caller_waits_if_the_queue_is_empty_and_not_for_ever() -> None:
    hunted = HuntSetup(pressed="<Dial action='talked' timeout='30'><Queue>hunt</Queue></Dial>", done="<Hangup/>")
    hunted.twilio.get_or_create_queue("hunt")
    hunted.phone.carrier.directory.default_callee = "accepts"
    await hunted.places(ADVISER)
    await hunted.phone.idles(20)
    await hunted.phone.dials()
    assert (hunted.forms("done")[0]["QueueResult"], hunted.forms("done")[0]["QueueTime"]) == ("bridged", "0")
    await hunted.places(SECOND)
    await hunted.phone.idles(60)
    (_, late) = hunted.forms("talked")
    assert (late["DialCallStatus"], late["DialBridged"]) == ("no-answer", "false")
    assert "DialCallDuration" not in late


async def test_a_queue_that_does_not_exist_fails_at_once() -> None:
    hunted = HuntSetup()
    hunted.phone.carrier.directory.default_callee = "accepts"
    hunted.twilio.inject()
    await hunted.places(ADVISER)
    await hunted.phone.idles(10)
    assert hunted.forms("talked")[0]["DialCallStatus"] == "failed"
