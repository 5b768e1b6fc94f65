"""Every webhook of a call is answered with something a caller can go on with."""

from datetime import UTC, datetime

import pytest

from ivr.app import build, load
from ivr.engine.step import Target
from ivr.web.voice import LEAST, PATIENCE
from tests.made_up import LANGUAGE, Stop, flows
from tests.web.asking import (
    ADVISERS,
    NOW,
    SETTINGS,
    SHOWN,
    URL,
    Breaking,
    BreakingLater,
    Promising,
    Timed,
    Writing,
    action,
    ask,
    form_of,
    helpline,
    made_up,
    said,
    screen,
)

APP = helpline()
START = f"{URL}/voice"
GREETING = "Devon's special needs helpline"
LOST = "we lost our place in your call"


async def begun(call: str = "CA1") -> str:
    """Where a new call goes on: the main menu."""
    return action(await ask(APP, START, form_of(call)))


async def ringing() -> str:
    """Where the line of the adviser who is rung begins."""
    return screen(await ask(APP, await begun(), form_of(Digits="0")))


async def test_a_call_goes_on_from_key_to_key() -> None:
    first = await ask(APP, START)
    assert GREETING in said(first)
    second = await ask(APP, action(first), form_of(Digits="2"))
    assert action(second).startswith(f"{START}/school/menu?m=")


async def test_another_process_goes_on_with_the_call() -> None:
    response = await ask(helpline(), await begun(), form_of(Digits="2"))
    assert action(response).startswith(f"{START}/school/menu?m=")


async def test_the_day_is_that_of_london() -> None:
    just_past_midnight = helpline(datetime(2026, 7, 1, 23, 30, tzinfo=UTC))  # 2 July there
    began = action(await ask(just_past_midnight, START))
    decisions = action(await ask(just_past_midnight, began, form_of(Digits="1")))
    letter = action(await ask(just_past_midnight, decisions, form_of(Digits="1")))
    assert "confirm_letter" in action(await ask(just_past_midnight, letter, form_of(Digits="02072026")))
    assert "confirm_letter" not in action(await ask(just_past_midnight, letter, form_of(Digits="03072026")))


async def test_the_same_webhook_twice_gets_the_same_bytes() -> None:
    for url, form in [(START, form_of()), (await begun(), form_of(Digits="0")), (await begun(), form_of(Digits="7"))]:
        assert (await ask(APP, url, form)).content == (await ask(helpline(), url, form)).content


async def test_a_menus_document_is_written_for_the_first_caller_and_kept_for_all_after() -> None:
    renderer = Writing(LANGUAGE, f"{URL}/voice", SHOWN)
    app = made_up(flows({"town/stop": Stop()}), renderer=renderer)
    heard = [await ask(app, START, form_of(call)) for call in ("CA1", "CA2", "CA3")]
    assert {said(one) for one in heard} == {"This is town/stop."}
    assert len({action(one) for one in heard}) == 3
    assert renderer.written.count("town/stop") == 1


@pytest.mark.parametrize("token", ["", "m", "AAAA", "%00", "@@memory@@", "%C3%A9", "x&m=y", "A" * 5000])
async def test_a_caller_whose_memory_is_not_ours_begins_again(token: str) -> None:
    response = await ask(APP, f"{START}/welcome/main?m={token}", form_of(Digits="1"))
    assert LOST in said(response)
    assert action(response).startswith(f"{START}/welcome/main?m=")


async def test_a_caller_without_any_memory_begins_again() -> None:
    assert LOST in said(await ask(APP, f"{START}/welcome/main", form_of(Digits="1")))


async def test_tampered_memory_is_found() -> None:
    address = await begun()
    for changed in (address[:-1], address + "A", address[:-6] + ("A" if address[-6] != "A" else "B") + address[-5:]):
        assert LOST in said(await ask(APP, changed, form_of(Digits="1")))


async def test_the_memory_of_another_call_is_refused() -> None:
    assert LOST in said(await ask(APP, await begun("CA2"), form_of("CA1", Digits="1")))


async def test_the_memory_of_another_step_is_refused() -> None:
    elsewhere = (await begun()).replace("welcome/main", "school/menu")
    assert LOST in said(await ask(APP, elsewhere, form_of(Digits="1")))


@pytest.mark.parametrize("at", ["nowhere/at_all", "welcome/nothing", "caf%C3%A9/%FF", "%00/%00"])
async def test_a_step_that_we_do_not_have_begins_again(at: str) -> None:
    assert LOST in said(await ask(APP, f"{START}/{at}?m=AAAA", form_of(Digits="1")))


async def test_a_step_that_was_taken_out_of_the_flows_in_mid_call_begins_again() -> None:
    stop = flows({"town/hello": {"kind": "say", "go": "old"}}, {"town.hello.prompt": "Hi."})
    without = flows({"town/hello": {"kind": "say", "go": "new"}}, {"town.hello.prompt": "Hi."})
    response = await ask(made_up(stop), START)
    assert "This is town/old." in said(response)
    assert "This is person/lost." in said(await ask(made_up(without), action(response), form_of(Digits="1")))


async def test_nobody_is_answered_once_the_caller_has_gone() -> None:
    for url in (START, await begun(), f"{START}/nowhere/at_all?m=x"):
        response = await ask(APP, url, form_of(CallStatus="completed"))
        assert response.text == '<?xml version="1.0" encoding="UTF-8"?><Response />'


@pytest.mark.parametrize("who", ["+266696687", "anonymous", "restricted", "", "+86282452253"])
async def test_a_withheld_number_is_answered_like_any_other(who: str) -> None:
    assert GREETING in said(await ask(APP, START, form_of(From=who, Caller=who)))


# The adviser's line.


async def test_an_adviser_hears_what_it_is_about_and_takes_the_call_with_1() -> None:
    offer = await ask(APP, await ringing(), form_of("CA9", To=ADVISERS[0]))
    assert "To take the call, press 1." in said(offer)
    taken = await ask(APP, action(offer), form_of("CA9", Digits="1"))
    assert taken.text == '<?xml version="1.0" encoding="UTF-8"?><Response />'


async def test_the_topic_goes_with_the_call_to_the_adviser_and_nothing_else_of_the_caller() -> None:
    school = action(await ask(APP, await begun(), form_of(Digits="2")))
    offer = await ask(APP, screen(await ask(APP, school, form_of(Digits="0"))), form_of("CA9"))
    words = load().flows.words
    assert words.text("school.matter.prompt") in said(offer)
    assert words.text("screening.offer.no_topic") not in said(offer)


async def test_an_adviser_who_presses_another_key_is_not_connected() -> None:
    offer = await ask(APP, await ringing(), form_of("CA9"))
    assert (await ask(APP, action(offer), form_of("CA9", Digits="2"))).text.endswith("<Hangup /></Response>")


@pytest.mark.parametrize("token", ["", "AAAA", "A" * 60])
async def test_an_advisers_line_without_its_memory_ends_and_is_never_connected(token: str) -> None:
    for form in (form_of("CA9"), form_of("CA9", Digits="1")):
        response = await ask(APP, f"{START}/screening/offer?m={token}", form)
        assert response.text == '<?xml version="1.0" encoding="UTF-8"?><Response><Hangup /></Response>'


async def test_a_callers_memory_does_not_open_an_advisers_line() -> None:
    response = await ask(APP, (await begun()).replace("welcome/main", "screening/offer"), form_of(Digits="1"))
    assert response.text.endswith("<Response><Hangup /></Response>")


# What breaks on our side, or takes long.


async def test_all_that_one_answer_promises_has_no_more_time_together_than_one_promise() -> None:
    steps = {"town/one": Promising(go=Target("town/two")), "town/two": Promising(go=Target("town/three"))}
    effects = Timed()
    await ask(made_up(flows(steps | {"town/three": Promising()}), effects), START)
    first, second, third = effects.left
    assert PATIENCE >= first > second > third >= LEAST


async def test_a_caller_whose_step_breaks_hears_so_and_gets_a_person() -> None:
    app = made_up(flows({"town/well": BreakingLater()}))
    response = await ask(app, action(await ask(app, START)), form_of(Digits="1"))
    assert said(response) == "This is person/broken."


async def test_a_call_that_breaks_at_its_first_step_gets_a_person_too() -> None:
    assert said(await ask(made_up(flows({"town/breaks": Breaking()})), START)) == "This is person/broken."


async def test_when_the_apology_breaks_too_the_last_resort_is_said() -> None:
    app = made_up(flows({"town/breaks": Breaking(), "person/broken": Breaking()}))
    assert said(await ask(app, START)) == "Nothing works."


async def test_the_real_last_resort_rings_the_advisers_without_needing_us() -> None:
    moments = iter([NOW])  # the clock breaks after the start
    response = await ask(build(SETTINGS, lambda: next(moments)), START)
    assert all(number in response.text for number in ADVISERS)
    assert "action=" not in response.text
    assert response.text.endswith("<Hangup /></Response>")
