"""Every webhook of a call is answered with something a caller can go on with."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import Response
from starlette.types import ASGIApp, Message

from ivr.app import build
from ivr.engine.step import Target
from ivr.loader import load
from ivr.telephony.number_configuration import CALLED_BACK
from ivr.web.voice import LEAST, PATIENCE, TwimlResponse
from tests.made_up import LANGUAGE, Stop, flows
from tests.web.webhooks import (
    ADVISERS,
    NOW,
    SETTINGS,
    SHOWN,
    URL,
    CountingRenderer,
    FailsOnAnswer,
    FailsOnEnter,
    PerformsText,
    TimedEffects,
    action,
    app_of,
    ask,
    form_of,
    helpline,
    said,
    screen,
)

APP = helpline()
START = f"{URL}/voice"
GREETING = "Devon's special needs helpline"
LOST = "we lost our place in your call"


async def begun(call: str = "CA1") -> str:
    """Begin a call; return the action of the main menu."""
    return action(await ask(APP, START, form_of(call)))


async def ringing() -> str:
    """Return the url of the leg of the adviser who is rung."""
    return screen(await ask(APP, await begun(), form_of(Digits="0")))


async def test_a_call_goes_on_from_key_to_key() -> None:
    first = await ask(APP, START)
    assert GREETING in said(first)
    second = await ask(APP, action(first), form_of(Digits="4"))
    assert action(second).startswith(f"{START}/school/menu?m=")


async def test_another_process_goes_on_with_the_call() -> None:
    response = await ask(helpline(), await begun(), form_of(Digits="4"))
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


async def test_a_menus_document_is_rendered_for_the_first_caller_and_cached_for_all_after() -> None:
    renderer = CountingRenderer({LANGUAGE.tag: LANGUAGE}, f"{URL}/voice", SHOWN)
    app = app_of(flows({"town/stop": Stop()}), renderer=renderer)
    heard = [await ask(app, START, form_of(call)) for call in ("CA1", "CA2", "CA3")]
    assert {said(one) for one in heard} == {"This is town/stop."}
    assert len({action(one) for one in heard}) == 3
    assert renderer.rendered.count("town/stop") == 1


@pytest.mark.parametrize("token", ["", "m", "AAAA", "%00", "@@state@@", "%C3%A9", "x&m=y", "A" * 5000])
async def test_a_caller_with_an_invalid_state_token_begins_again(token: str) -> None:
    response = await ask(APP, f"{START}/welcome/main?m={token}", form_of(Digits="1"))
    assert LOST in said(response)
    assert action(response).startswith(f"{START}/welcome/main?m=")


async def test_a_caller_without_a_state_token_begins_again() -> None:
    assert LOST in said(await ask(APP, f"{START}/welcome/main", form_of(Digits="1")))


async def test_a_tampered_state_token_is_rejected() -> None:
    address = await begun()
    for changed in (address[:-1], address + "A", address[:-6] + ("A" if address[-6] != "A" else "B") + address[-5:]):
        assert LOST in said(await ask(APP, changed, form_of(Digits="1")))


async def test_the_state_token_of_another_call_is_rejected() -> None:
    assert LOST in said(await ask(APP, await begun("CA2"), form_of("CA1", Digits="1")))


async def test_the_state_token_of_another_step_is_rejected() -> None:
    elsewhere = (await begun()).replace("welcome/main", "school/menu")
    assert LOST in said(await ask(APP, elsewhere, form_of(Digits="1")))


@pytest.mark.parametrize("at", ["nowhere/at_all", "welcome/nothing", "caf%C3%A9/%FF", "%00/%00"])
async def test_a_step_that_we_do_not_have_begins_again(at: str) -> None:
    assert LOST in said(await ask(APP, f"{START}/{at}?m=AAAA", form_of(Digits="1")))


async def test_a_step_that_was_taken_out_of_the_flows_in_mid_call_begins_again() -> None:
    stop = flows({"town/hello": {"kind": "say", "go": "old"}}, {"town.hello.prompt": "Hi."})
    without = flows({"town/hello": {"kind": "say", "go": "new"}}, {"town.hello.prompt": "Hi."})
    response = await ask(app_of(stop), START)
    assert "This is town/old." in said(response)
    assert "This is person/lost." in said(await ask(app_of(without), action(response), form_of(Digits="1")))


async def test_nobody_is_answered_once_the_caller_has_gone() -> None:
    for url in (START, await begun(), f"{START}/nowhere/at_all?m=x"):
        response = await ask(APP, url, form_of(CallStatus="completed"))
        assert response.text == '<?xml version="1.0" encoding="UTF-8"?><Response />'


@pytest.mark.parametrize("who", ["+266696687", "anonymous", "restricted", "", "+86282452253"])
async def test_a_withheld_number_is_answered_like_any_other(who: str) -> None:
    assert GREETING in said(await ask(APP, START, form_of(From=who, Caller=who)))


# The adviser's leg.


async def test_an_adviser_hears_what_it_is_about_and_takes_the_call_with_1() -> None:
    offer = await ask(APP, await ringing(), form_of("CA9", To=ADVISERS[0]))
    assert "To take the call, press 1." in said(offer)
    taken = await ask(APP, action(offer), form_of("CA9", Digits="1"))
    assert taken.text == '<?xml version="1.0" encoding="UTF-8"?><Response />'


async def test_the_topic_goes_with_the_call_to_the_adviser_and_nothing_else_of_the_caller() -> None:
    school = action(await ask(APP, await begun(), form_of(Digits="4")))
    offer = await ask(APP, screen(await ask(APP, school, form_of(Digits="0"))), form_of("CA9"))
    words = load().flows.words
    assert words.text("school.matter.prompt") in said(offer)
    assert words.text("screening.offer.no_topic") not in said(offer)


async def test_an_adviser_who_presses_another_key_is_not_connected() -> None:
    offer = await ask(APP, await ringing(), form_of("CA9"))
    assert (await ask(APP, action(offer), form_of("CA9", Digits="2"))).text.endswith("<Hangup /></Response>")


@pytest.mark.parametrize("token", ["", "AAAA", "A" * 60])
async def test_an_advisers_leg_without_its_state_token_ends_and_is_never_connected(token: str) -> None:
    for form in (form_of("CA9"), form_of("CA9", Digits="1")):
        response = await ask(APP, f"{START}/screening/offer?m={token}", form)
        assert response.text == '<?xml version="1.0" encoding="UTF-8"?><Response><Hangup /></Response>'


async def test_a_callers_state_token_does_not_open_an_advisers_leg() -> None:
    response = await ask(APP, (await begun()).replace("welcome/main", "screening/offer"), form_of(Digits="1"))
    assert response.text.endswith("<Response><Hangup /></Response>")


# Failures and slowness of ours.


async def test_all_effects_of_one_answer_share_its_patience() -> None:
    steps = {"town/one": PerformsText(go=Target("town/two")), "town/two": PerformsText(go=Target("town/three"))}
    effects = TimedEffects()
    await ask(app_of(flows(steps | {"town/three": PerformsText()}), effects), START)
    first, second, third = effects.left
    assert PATIENCE >= first > second > third >= LEAST


async def test_a_number_that_is_rung_back_answers_as_the_one_that_is_rung() -> None:
    app = build(SETTINGS, lambda: NOW)
    assert said(await ask(app, START + CALLED_BACK)) == said(await ask(app, START))


async def test_a_caller_whose_step_fails_hears_so_and_gets_a_person() -> None:
    app = app_of(flows({"town/well": FailsOnAnswer()}))
    response = await ask(app, action(await ask(app, START)), form_of(Digits="1"))
    assert said(response) == "This is person/broken."


async def test_a_call_that_fails_at_its_first_step_gets_a_person_too() -> None:
    assert said(await ask(app_of(flows({"town/breaks": FailsOnEnter()})), START)) == "This is person/broken."


async def test_when_the_broken_step_fails_too_the_fallback_turn_is_said() -> None:
    app = app_of(flows({"town/breaks": FailsOnEnter(), "person/broken": FailsOnEnter()}))
    assert said(await ask(app, START)) == "Nothing works."


async def test_the_real_fallback_turn_rings_the_advisers_without_needing_us() -> None:
    moments = iter([NOW])  # the clock breaks after the start
    response = await ask(build(SETTINGS, lambda: next(moments)), START)
    assert all(number in response.text for number in ADVISERS)
    assert "action=" not in response.text
    assert response.text.endswith("<Hangup /></Response>")


# The response.


async def sent(app: ASGIApp) -> list[Message]:
    """Return what an application sends for a key press."""
    messages: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        messages.append(message)

    await app({"type": "http", "method": "POST"}, receive, send)
    return messages


@given(st.binary(max_size=20_000))
async def test_a_document_is_sent_as_starlette_sends_it(document: bytes) -> None:
    assert await sent(TwimlResponse(document)) == await sent(Response(document, media_type="text/xml"))
