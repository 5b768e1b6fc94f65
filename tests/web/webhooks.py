"""Sends webhooks to the application as the provider does, behind a proxy that strips the path prefix."""

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
from ivr.helpline.text_destinations import TextDestinations
from ivr.store.database import Store
from ivr.store.quotas import Quotas
from ivr.telephony.signature import Signature
from ivr.telephony.twiml import Document, Renderer
from ivr.tokens import CallStateTokens
from ivr.web.call_log import CallLog
from ivr.web.documents import Documents
from ivr.web.effects import EffectHandler
from ivr.web.signature_check import SignatureCheck
from ivr.web.voice import Voice, VoiceContent
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
    """Return the real application, its clock stopped."""
    return build(settings, lambda: now)


class FailsOnEnter(Step):
    """A step that fails on entry."""

    kind: str = "fails_on_enter"

    def enter(self, context: StepContext) -> Decision:
        raise RuntimeError("broken")


class PerformsText(Step):
    """A step that sends a text, and goes on whatever its status."""

    kind: str = "performs_text"
    go: Target = PERSON

    def enter(self, context: StepContext) -> Decision:
        return Perform(SendText(CALLER, "Hello.", "town"), context.state)

    def resume(self, context: StepContext, event: Event) -> Decision:
        return Go(self.go, context.state)


class TimedEffects(EffectHandler):
    """An effect handler that records only how long it was given each time."""

    def __init__(self) -> None:
        self.left: list[float] = []

    async def perform(
        self,
        call: str,
        at: str,
        turn: int,
        effect: Effect,
        left: float | None = None,
        caller: str = "",
        called: str = "",
    ) -> EffectResult:
        self.left.append(left or 0.0)
        await asyncio.sleep(0.001)
        return EffectResult(EffectStatus.down)


class FailsOnAnswer(Question):
    """A question that fails on its answer, with a number in the error that must not be logged."""

    kind: str = "fails_on_answer"
    otherwise: Target = PERSON

    def compose(self, context: StepContext, attempt: Attempt) -> tuple[verbs.Say, ...]:
        return (context.words.say(("All is well so far.",)),)

    def answer(self, context: StepContext, keys: str) -> Decision | NoMatch:
        raise RuntimeError(f"broken while ringing {ADVISERS[0]}")


@dataclass(frozen=True)
class CountingRenderer(Renderer):
    """A renderer that records the steps it has rendered."""

    rendered: list[str | None] = field(default_factory=list)

    def document(self, turn: Turn, at: str | None) -> Document:
        self.rendered.append(at)
        return super().document(turn, at)


RENDERER = Renderer({LANGUAGE.tag: LANGUAGE}, f"{URL}/voice", SHOWN)


def app_of(
    flows: CallFlows,
    effects: EffectHandler | None = None,
    renderer: Renderer = RENDERER,
    tokens: CallStateTokens = CallStateTokens(bytes(32)),  # noqa: B008 — it has no state
) -> Starlette:
    """An application with made-up flows; its fallback turn says "Nothing works."."""
    fallback = Turn((verbs.Say(("Nothing works.",), "en-GB"), Hangup()))
    store = Store("sqlite:///never-opened.db", [bytes(32)])
    effects, call_log = (
        effects or EffectHandler(store, Quotas(5, 200), TextDestinations(()), lambda: NOW),
        CallLog(store, lambda: NOW),
    )
    documents = Documents(flows, renderer, tokens)
    content = VoiceContent("v1", flows, documents, lambda form: DESK, renderer.document(fallback, None).fill(""))
    voice = Voice(lambda: content, effects, call_log)
    signed = SignatureCheck(Signature(URL, TOKEN), voice.answer)
    return Starlette(routes=[Route("/voice", signed, methods=["POST"]), Route("/voice/{flow}/{step}", signed)])


def form_of(call: str = "CA1", **fields: str) -> dict[str, str]:
    """Return the form of a webhook of a call in progress."""
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
    """Send one webhook to an address under URL, correctly signed unless another signature is given (empty for none)."""
    fields = form_of() if form is None else form
    signed = RequestValidator(TOKEN).compute_signature(url, fields) if signature is None else signature
    sent = {"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": signed, **(headers or {})}
    inside = url.removeprefix(urlsplit(URL).geturl())
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://10.0.0.7:8000") as client:
        return await client.request(
            method, inside, content=urlencode(fields), headers={name: text for name, text in sent.items() if text}
        )


def said(response: httpx2.Response) -> str:
    """Return the words of a document."""
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/xml")
    spoken = re.sub(r"<(Redirect|Number)\b.*?</\1>", " ", response.text)
    return " ".join(re.sub(r"<[^>]+>", " ", spoken).split())


def action(response: httpx2.Response) -> str:
    """Return the action of a document."""
    found = re.search(r'action="([^"]+)"', response.text)
    assert found, response.text
    return found[1]


def screen(response: httpx2.Response) -> str:
    """Return the url of the adviser's leg in a document."""
    found = re.search(r'<Number[^>]* url="([^"]+)"', response.text)
    assert found, response.text
    return found[1]
