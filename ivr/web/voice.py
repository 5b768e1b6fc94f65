"""Answers every webhook of a call with TwiML."""

import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from time import perf_counter

from msgspec import Struct
from starlette.types import Receive, Scope, Send

from ivr.engine.call_flows import CallFlows
from ivr.engine.call_state import CallState
from ivr.engine.conversation import Answer, Conversation, Perform
from ivr.engine.effects import Effect
from ivr.engine.environment import Environment
from ivr.engine.events import EffectResult, Event, HungUp
from ivr.engine.run import Reply
from ivr.engine.verbs import Hangup, Leave, Turn
from ivr.errors import InvalidToken
from ivr.log import redacted_traceback
from ivr.store.call_events import CallOutcome
from ivr.telephony.webhook import event_of
from ivr.web import metrics
from ivr.web.call_hooks import NO_HOOKS, CallHooks
from ivr.web.call_log import CallLog
from ivr.web.call_outcome import outcome_of_effect, outcome_of_event
from ivr.web.canary import CanaryLog
from ivr.web.documents import Documents
from ivr.web.effects import EffectHandler
from ivr.web.signature_check import Form

log = logging.getLogger(__name__)

PATIENCE, LEAST = 1.5, 0.1
"""Seconds for all effects of one answer together, and for each effect once those are over."""
TOKEN = re.compile(rb"(?:^|&)m=([A-Za-z0-9_-]+)")
"""The state token in a query."""
CONTENT_TYPE = b"content-type", b"text/xml; charset=utf-8"


class TwimlResponse(Struct, frozen=True):
    """A response with TwiML.

    Starlette's own response works out its headers anew each time, which takes as long as reading the form.
    """

    document: bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        length = b"content-length", b"%d" % len(self.document)
        await send({"type": "http.response.start", "status": 200, "headers": [length, CONTENT_TYPE]})
        await send({"type": "http.response.body", "body": self.document})


@dataclass(frozen=True)
class VoiceContent:
    """What calls need of one `version` of the content.

    `environment` is made of each webhook's form; `fallback` is the document for when everything else fails.
    """

    version: str
    flows: CallFlows
    documents: Documents
    environment: Callable[[Form], Environment]
    fallback: bytes


class Voice:
    """Answers `POST /voice` and `POST /voice/{flow}/{step}?m=…` with TwiML."""

    def __init__(
        self,
        content: Callable[[], VoiceContent],
        effects: EffectHandler,
        call_log: CallLog,
        patience: float = PATIENCE,
        hooks: CallHooks = NO_HOOKS,
        canary: CanaryLog | None = None,
    ) -> None:
        """`content` is asked once for each webhook, so that one answer is all of one version.

        `patience`: seconds for all effects of one answer. `canary` is told of test calls in the place of the call log.
        """
        self._content, self._effects, self._call_log = content, effects, call_log
        self._patience, self._hooks, self._canary = patience, hooks, canary

    async def answer(self, scope: Scope, form: Form) -> TwimlResponse:
        """Return TwiML, whatever happens: a caller whose step fails hears so and is put through to a person."""
        path = scope["path_params"]
        at = f"{path['flow']}/{path['step']}" if path else ""
        return TwimlResponse(await self._document(at, scope["query_string"], form))

    async def _document(self, at: str, query: bytes, form: Form) -> bytes:
        content = self._content()
        try:
            return await self._document_of(content, at, query, form)
        except Exception as error:
            metrics.errors.labels(metrics.FALLBACK).inc()
            log.error("fallback turn failed: call=%s at=%r error=%s", self._id(form), at, redacted_traceback(error))
        return content.fallback

    async def _document_of(self, content: VoiceContent, at: str, query: bytes, form: Form) -> bytes:
        """Return the document, once the call event is logged."""
        event, call = event_of(form), form.get("CallSid", "")
        if isinstance(event, HungUp):
            return content.documents.render(Reply(Turn(()), at, CallState()), call)
        begins, state = self._hooks.entry(form)
        conversation = Conversation(content.flows, content.environment(form), self._perform(form), state)
        try:
            if at:
                here, answer = await self._resume(content, conversation, at, query, event, call)
            else:
                here, answer = at, await conversation.begin(begins)
            return self._logged(content, form, here, event, answer)
        except Exception as error:
            metrics.errors.labels(metrics.STEP).inc()
            log.error("step failed: call=%s at=%r error=%s", self._id(form), at, redacted_traceback(error))
        answer = await _elsewhere(content, at, conversation.recover)
        return self._logged(content, form, at, event, answer, CallOutcome.failed)

    async def _resume(
        self, content: VoiceContent, conversation: Conversation, at: str, query: bytes, event: Event, call: str
    ) -> tuple[str, Answer]:
        """Return the present name of the step that was asked, and what follows there."""
        try:
            here, state = content.flows.names.place_of(at, content.documents.state_in(_token(query), at, call))
            if here is None:  # the step was removed while the caller was in it
                raise InvalidToken(at)
        except InvalidToken:
            metrics.errors.labels(metrics.STATE_TOKEN).inc()
            log.warning("state token rejected: call=%s at=%r", self._effects.call_id(call), at)
            return at, await _elsewhere(content, at, conversation.lose)
        return here, await conversation.resume(here, state, event)

    def _id(self, form: Form) -> str:
        """Return the id by which the log names a call."""
        return self._effects.call_id(form.get("CallSid", ""))

    def _perform(self, form: Form) -> Perform:
        """Return what commits the effects of one answer; its patience is for all of them together."""
        until = perf_counter() + self._patience

        async def perform(at: str, turn: int, effect: Effect) -> EffectResult:
            call, left = form.get("CallSid", ""), max(until - perf_counter(), LEAST)
            parties = form.get("From", ""), form.get("To", "")
            return await self._effects.perform(call, at, turn, effect, left, *parties)

        return perform

    def _logged(
        self, content: VoiceContent, form: Form, at: str, event: Event, answer: Answer, *outcomes: CallOutcome
    ) -> bytes:
        """Log a call event, and return the document. An adviser's leg is another call, of which nothing is logged."""
        call = form.get("CallSid", "")
        self._hooks.answered(call, at, event, answer)
        if call and not content.documents.is_for_adviser(answer.reply.at):
            step = content.flows.steps.get(at)
            by_event = outcome_of_event(event, step.rings() if step else None)
            by_effects = (outcome_of_effect(effect, status) for effect, status in answer.effects)
            outcome = *outcomes, by_event, *by_effects
            if self._canary and self._canary.is_of(form):
                self._canary.append(answer.reply, *outcome)
            else:
                self._call_log.append(call, content.version, event if at else None, answer.reply, *outcome)
        return content.documents.render(answer.reply, call)


async def _elsewhere(content: VoiceContent, at: str, go_on: Callable[[], Awaitable[Answer]]) -> Answer:
    """Go on with a call that cannot at this step. An adviser's leg is ended instead, never led through the caller's
    menus; and ending it connects nobody. A caller in the queue leaves it first, and goes on behind it.
    """
    if content.documents.is_for_adviser(at):
        return Answer(Reply(Turn((Hangup(),)), at, CallState()))
    if content.documents.is_in_queue(at):
        return Answer(Reply(Turn((Leave(),)), at, CallState()))
    return await go_on()


def _token(query: bytes) -> str:
    found = TOKEN.search(query)
    return found[1].decode() if found else ""
