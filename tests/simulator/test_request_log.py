"""Every request of a browser session is seen, with its answer and what the helpline did for it."""

from collections.abc import AsyncIterator

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from ivr.commands.browser_helpline import Helplines
from ivr.errors import InvalidInput
from ivr.simulator.browser.callee_phones import PICKED_UP
from ivr.simulator.browser.request_fields import ActionRefused
from ivr.simulator.browser.request_log import HELPLINE, MAX_REQUESTS, PROVIDER, LoggedRequest
from ivr.simulator.browser.session import Session, blank_scenario
from ivr.simulator.browser.view import view
from ivr.simulator.exchanges import MAX_BODY, Exchange, Observed
from tests.simulator.browsing import AT, ROOT

ADVISER = "+447700900001"


@pytest.fixture(scope="module")
def source() -> Helplines:
    return Helplines(ROOT, lambda: AT)


@pytest.fixture
async def session(source: Helplines) -> AsyncIterator[Session]:
    session = Session(source, blank_scenario(AT, "mobile"))
    yield session
    await session.close()


async def presses(session: Session, keys: str) -> None:
    for key in keys:
        await session.press(key)


async def advance(session: Session, seconds: int) -> None:
    for _ in range(seconds):
        await session.listen(session.phone.now + 1)


def sent(session: Session, sender: str, path: str) -> list[LoggedRequest]:
    return [one for one in session.requests.since(0) if one.sender == sender and path in one.exchange.path]


def steps(session: Session) -> list[str]:
    return [visit["step"] for visit in view(session)["path"]]


async def test_a_webhook_is_seen_with_what_was_sent_what_was_answered_and_how_long_it_took(session: Session) -> None:
    await session.dial("mobile")
    await session.listen(2)
    await session.press("1")
    [dialled, pressed] = sent(session, PROVIDER, "/voice")
    assert (dialled.exchange.path, dialled.exchange.form["From"], dialled.at) == ("/voice", "+447700900123", 0)
    assert (pressed.exchange.path, pressed.exchange.form["Digits"], pressed.at) == ("/voice/welcome/main", "1", 2)
    assert (pressed.exchange.method, pressed.exchange.status, pressed.exchange.query[:2]) == ("POST", 200, "m=")
    assert pressed.exchange.answer.startswith("<?xml") and "<Gather" in pressed.exchange.answer
    assert pressed.exchange.milliseconds > 0


async def test_what_the_helpline_did_is_known_step_by_step_with_the_call_state(session: Session) -> None:
    await session.dial("mobile")
    await presses(session, "11" + "14102026" + "12")
    [trace] = session.requests.since(0)[-1].traces
    assert (trace.asked_at, trace.happened) == ("deadline/has_certificate", "pressed 2")
    assert (trace.path, trace.at) == (("deadline/work_out",), "deadline/work_out")
    variables = trace.state["variables"]
    assert isinstance(variables, dict)
    assert {"letter": "2026-10-14", "told": "2026-12-14"}.items() <= variables.items()


async def test_the_path_of_a_call_has_the_steps_that_led_on_by_themselves_too(session: Session) -> None:
    await session.dial("mobile")
    assert steps(session) == ["welcome/hello", "welcome/main"]
    await presses(session, "11")
    await advance(session, 40)
    await session.press("#")
    await advance(session, 10)
    path = view(session)["path"]
    assert [(visit["step"], visit["happened"]) for visit in path][2:] == [
        ("decisions/menu", "pressed 1"),
        ("deadline/letter", "pressed 1"),
        ("deadline/letter", "pressed nothing"),
        ("decisions/menu", "pressed #"),
    ]
    assert [visit["stays"] for visit in path] == [False, False, False, False, True, False]


async def test_an_adviser_who_is_rung_and_a_text_that_is_sent_are_among_the_requests(session: Session) -> None:
    await session.dial("mobile")
    await session.press("0")
    await advance(session, 4)
    await session.callee_phones.answer(ADVISER, PICKED_UP)
    await advance(session, 3)
    [call] = [one for one in sent(session, HELPLINE, "/Calls.json") if one.exchange.method == "POST"]
    assert (call.exchange.form["To"], call.exchange.status) == (ADVISER, 201)
    statuses = [one.exchange.form.get("CallStatus", "") for one in session.requests.since(0) if one.about == call.about]
    assert session.requests.parties[call.about] == ADVISER
    assert sent(session, PROVIDER, "/voice/screening/offer")[0].about == call.about
    assert {"ringing", "in-progress"} <= set(statuses)
    assert "person/waiting" in steps(session)
    assert not [step for step in steps(session) if step.startswith("screening/")]


async def test_promises_are_shown_as_they_were_kept(session: Session) -> None:
    await session.start_at("sms/text", {}, "mobile")
    [trace] = session.requests.since(0)[-1].traces
    assert [(effect.name, effect.status) for effect in trace.effects] == [("SendText", "kept")] * len(trace.effects)
    assert trace.effects[0].fields["to"] == "+447700900123"
    await session.hang_up()
    await session.advance_to(session.clock().replace(minute=30))
    [message, *_] = sent(session, HELPLINE, "/Messages.json")
    assert message.about in session.requests.parties
    assert sent(session, PROVIDER, "/sms/status")[0].about == message.about


async def test_only_the_last_requests_are_kept(session: Session) -> None:
    observe = session.requests.observer(PROVIDER)
    for number in range(MAX_REQUESTS + 5):
        observe(Exchange("POST", f"/{number}", "", {}, 200, 1.0, ""))
    kept = session.requests.since(0)
    assert (len(kept), kept[0].exchange.path, kept[-1].number) == (MAX_REQUESTS, "/5", MAX_REQUESTS + 5)
    assert [one.number for one in session.requests.since(kept[-2].number)] == [kept[-1].number]


async def test_long_answers_sounds_and_failures_are_told_as_what_they_are() -> None:
    async def answers(request: Request) -> Response:
        match request.path_params["what"]:
            case "long":
                return PlainTextResponse("x" * (MAX_BODY + 7))
            case "sound":
                return Response(b"RIFF", media_type="audio/wav")
        raise RuntimeError

    seen: list[Exchange] = []
    app = Starlette(routes=[Route("/{what}", answers)])
    transport = httpx2.ASGITransport(Observed(app, seen.append), raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://here") as client:
        for what in ("long", "sound", "fails"):
            await client.get(f"/{what}")
    assert [exchange.status for exchange in seen] == [200, 200, 500]
    assert seen[0].answer.endswith("x\n(7 bytes more)")
    assert seen[1].answer == "(audio/wav, 4 bytes)"


async def test_a_call_begins_at_every_step_that_a_caller_can_begin_at(source: Helplines, session: Session) -> None:
    """No one ends in an error or in silence."""
    for at in source._content.current.flows.steps:
        if source.entry(at, {}, AT.date(), "+447700900123").refused:
            with pytest.raises(InvalidInput):
                await session.start_at(at, {}, "mobile")
            continue
        await session.start_at(at, {}, "mobile")
        now = view(session)
        begins = [line for line in now["lines"] if line["who"] == "helpline" or "rings" in line["text"]]
        waits = now["call"]["is"] in ("waits", "records")
        assert begins or waits, at
        assert now["path"][0]["step"] == at
        assert not [one for one in now["path"][1:] if one["step"] in ("person/broken", "welcome/lost")], at
        assert session.phone.failures == [], at


async def test_a_call_that_begins_at_a_step_takes_the_place_of_the_one_before(session: Session) -> None:
    await session.dial("mobile")
    await session.start_at("deadline/work_out", {"letter": "2026-10-14"}, "landline")
    now = view(session)
    assert (now["call"]["caller"], steps(session)) == ("+441632960123", ["deadline/work_out"])
    assert "Monday the fourteenth of December" in " ".join(line["text"] for line in now["lines"])
    await session.press("1")
    assert steps(session)[1] == "deadline/whose"
    await session.hang_up()
    await session.dial("mobile")
    assert steps(session) == ["welcome/hello", "welcome/main"]


@pytest.mark.parametrize(
    ("at", "given", "caller"),
    [("no/step", {}, "mobile"), ("deadline/work_out", {"letter": "2031-01-01"}, "mobile"), ("welcome/main", {}, "me")],
)
async def test_a_start_that_cannot_be_leaves_the_call_as_it_is(
    session: Session, at: str, given: dict[str, str], caller: str
) -> None:
    await session.dial("mobile")
    with pytest.raises((InvalidInput, ActionRefused)):
        await session.start_at(at, given, caller)
    assert (session.is_calling, steps(session)) == (True, ["welcome/hello", "welcome/main"])


async def test_the_pictures_are_those_of_the_flows(source: Helplines) -> None:
    names = source.pictures()
    assert names[:2] == ("whole", "welcome")
    assert 'data-box="school"' in await source.picture("whole")
    assert all([f'data-box="{name}"' in await source.picture("whole") for name in names[1:]])
    assert 'data-from="hello" data-to="main"' in await source.picture("welcome")
    with pytest.raises(InvalidInput, match="no flow “elsewhere”"):
        await source.picture("elsewhere")
