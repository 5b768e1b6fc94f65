"""Asks the application as the telephone company would, behind a proxy that takes the path prefix away."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlencode, urlsplit

import httpx2
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp
from twilio.request_validator import RequestValidator

from ivr.app import build
from ivr.config import Settings
from ivr.engine import verbs
from ivr.engine.call_flows import CallFlows
from ivr.engine.effects import Effect, EffectStatus, SendText
from ivr.engine.events import EffectResult, Event
from ivr.engine.question import Attempt, NoMatch, Question
from ivr.engine.step import Decision, Go, Perform, Step, StepContext, Target
from ivr.engine.verbs import Hangup, Turn
from ivr.store.database import Store
from ivr.store.quotas import Quotas
from ivr.telephony.signature import Signature
from ivr.telephony.twiml import Document, Renderer
from ivr.tokens import CallStateTokens
from ivr.web.call_log import CallLog
from ivr.web.effects import EffectHandler
from ivr.web.signature_check import SignatureCheck
from ivr.web.voice import Voice
from tests.made_up import DESK, LANGUAGE, PERSON

URL, TOKEN = "https://helpline.example/ivr", "token-of-the-account"
NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
CALLER, OURS, SHOWN = "+447700900123", "+448081570000", "+441632960000"
ADVISERS = ("+447700900001", "+447700900002")
SECRET = "q" * 42 + "0"

SETTINGS = Settings(
    public_url=URL, auth_token=TOKEN, secret_key=SECRET, caller_id=SHOWN, advisers=ADVISERS, number="0808 157 0000"
)


def helpline(now: datetime = NOW, settings: Settings = SETTINGS) -> Starlette:
    """The real application, its clock stopped."""
    return build(settings, lambda: now)


class Breaking(Step):
    """Breaks as soon as a call comes to it."""

    kind: str = "breaking"

    def enter(self, context: StepContext) -> Decision:
        raise RuntimeError("broken")


class Promising(Step):
    """Promises a text, and goes on whatever becomes of it."""

    kind: str = "promising"
    go: Target = PERSON

    def enter(self, context: StepContext) -> Decision:
        return Perform(SendText(CALLER, "Hello.", "town"), context.state)

    def resume(self, context: StepContext, event: Event) -> Decision:
        return Go(self.go, context.state)


class Timed(EffectHandler):
    """Keeps nothing but how long it was given each time."""

    def __init__(self) -> None:
        self.left: list[float] = []

    async def perform(self, call: str, at: str, turn: int, effect: Effect, left: float | None = None) -> EffectResult:
        self.left.append(left or 0.0)
        await asyncio.sleep(0.001)
        return EffectResult(EffectStatus.down)


class BreakingLater(Question):
    """Asks well and breaks at the answer, with a number in its words that must not be told."""

    kind: str = "breaking_later"
    otherwise: Target = PERSON

    def compose(self, context: StepContext, attempt: Attempt) -> tuple[verbs.Say, ...]:
        return (context.words.say(("All is well so far.",)),)

    def answer(self, context: StepContext, keys: str) -> Decision | NoMatch:
        raise RuntimeError(f"broken while ringing {ADVISERS[0]}")


@dataclass(frozen=True)
class Writing(Renderer):
    """A renderer that knows for which steps it has written documents."""

    written: list[str | None] = field(default_factory=list)

    def document(self, turn: Turn, at: str | None) -> Document:
        self.written.append(at)
        return super().document(turn, at)


RENDERER = Renderer(LANGUAGE, f"{URL}/voice", SHOWN)


def made_up(flows: CallFlows, effects: EffectHandler | None = None, renderer: Renderer = RENDERER) -> Starlette:
    """An application around a made-up helpline; its last resort says "Nothing works."."""
    last_resort = Turn((verbs.Say(("Nothing works.",), "en-GB"), Hangup()))
    store = Store("sqlite:///never-opened.db", [bytes(32)])
    effects, call_log = effects or EffectHandler(store, Quotas(5, 200), (), lambda: NOW), CallLog(store, lambda: NOW)
    voice = Voice(flows, renderer, CallStateTokens(bytes(32)), lambda form: DESK, last_resort, effects, call_log)
    signed = SignatureCheck(Signature(URL, TOKEN), voice.answer)
    return Starlette(routes=[Route("/voice", signed, methods=["POST"]), Route("/voice/{flow}/{step}", signed)])


def form_of(call: str = "CA1", **fields: str) -> dict[str, str]:
    """What is posted about a call that goes on."""
    usual = {"CallSid": call, "CallStatus": "in-progress", "From": CALLER, "Caller": CALLER, "To": OURS, "Called": OURS}
    return usual | fields


async def ask(
    app: ASGIApp,
    url: str,
    form: Mapping[str, str] | None = None,
    *,
    signature: str | None = None,
    headers: Mapping[str, str] | None = None,
    method: str = "POST",
) -> httpx2.Response:
    """One webhook to an address under URL, rightly signed unless another signature is given (empty for none)."""
    fields = form_of() if form is None else form
    given = RequestValidator(TOKEN).compute_signature(url, fields) if signature is None else signature
    sent = {"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": given, **(headers or {})}
    inside = url.removeprefix(urlsplit(URL).geturl())
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://10.0.0.7:8000") as client:
        return await client.request(
            method, inside, content=urlencode(fields), headers={name: text for name, text in sent.items() if text}
        )


def said(response: httpx2.Response) -> str:
    """The words of a document."""
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/xml")
    spoken = re.sub(r"<(Redirect|Number)\b.*?</\1>", " ", response.text)
    return " ".join(re.sub(r"<[^>]+>", " ", spoken).split())


def action(response: httpx2.Response) -> str:
    """Where a document sends the next webhook."""
    found = re.search(r'action="([^"]+)"', response.text)
    assert found, response.text
    return found[1]


def screen(response: httpx2.Response) -> str:
    """Where a document sends the line of the adviser it rings."""
    found = re.search(r'<Number[^>]* url="([^"]+)"', response.text)
    assert found, response.text
    return found[1]
