"""Answers every webhook of a call with TwiML."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from time import perf_counter

from msgspec import Struct
from starlette.types import Receive, Scope, Send

from ivr.engine.call_flows import CallFlows
from ivr.engine.call_state import CallState
from ivr.engine.environment import Environment
from ivr.engine.events import Event, HungUp
from ivr.engine.run import PendingEffect, Reply, begin, resume_with, run
from ivr.engine.verbs import Dial, Enqueue, Hangup, Turn, Verb
from ivr.errors import InvalidToken
from ivr.helpline.call_variables import announced_last_day
from ivr.helpline.whisper import ANY_CALL, adviser_call_state
from ivr.log import redacted_traceback
from ivr.store.call_records import CallOutcome
from ivr.telephony.twiml import Document, Renderer
from ivr.telephony.webhook import event_of, read_form
from ivr.tokens import CallStateTokens
from ivr.web import metrics
from ivr.web.call_log import CallLog
from ivr.web.call_outcome import outcome_of_effect, outcome_of_event
from ivr.web.effects import EffectHandler
from ivr.web.signature_check import Form

log = logging.getLogger(__name__)

NOTHING = Turn(())
CACHED_DOCUMENTS = 500
"""How many documents are kept that were rendered for one caller and may do for the next."""
PATIENCE, LEAST = 1.5, 0.1
"""Seconds for all effects of one answer together, and for each effect once those are over."""
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


class Voice:
    """Answers `POST /voice` and `POST /voice/{flow}/{step}?m=…` with TwiML."""

    def __init__(
        self,
        flows: CallFlows,
        renderer: Renderer,
        tokens: CallStateTokens,
        environment: Callable[[Mapping[str, str]], Environment],
        fallback: Turn,
        effects: EffectHandler,
        call_log: CallLog,
        patience: float = PATIENCE,
    ) -> None:
        """`environment` is made of each webhook's form; `fallback` is the turn for when everything else fails.

        `patience`: seconds for all effects of one answer.
        """
        self._patience = patience
        self._flows, self._renderer, self._tokens, self._environment = flows, renderer, tokens, environment
        self._effects, self._call_log = effects, call_log
        self._for_adviser = {
            name for at, step in flows.steps.items() if step.for_adviser for name in (at, *step.formerly)
        }
        self._documents: dict[Turn, Document | None] = dict.fromkeys(flows.turns.values())
        self._cached = lru_cache(maxsize=CACHED_DOCUMENTS)(self._document_of)
        self._fallback = renderer.document(fallback, None).fill("")

    async def answer(self, scope: Scope, form: Form) -> TwimlResponse:
        """Return TwiML, whatever happens: a caller whose step fails hears so and is put through to a person."""
        path = scope["path_params"]
        at = f"{path['flow']}/{path['step']}" if path else ""
        began = perf_counter()
        document = await self._document(at, scope["query_string"], form)
        metrics.step_seconds.observe(perf_counter() - began)
        return TwimlResponse(document)

    async def _document(self, at: str, query: bytes, form: Form) -> bytes:
        """Return the document, once the call event is logged."""
        event, call = event_of(form), form.get("CallSid", "")
        try:
            if isinstance(event, HungUp):
                return self._render(Reply(NOTHING, at, CallState()), call)
            here, reply_or_effect = self._reply(at, query, event, call, form)
            reply, outcome = await self._with_effects(reply_or_effect, form)
            self._log_event(call, here, event, reply, outcome)
            return self._render(reply, call)
        except Exception as error:
            log.error("step failed: at=%r error=%s", at, redacted_traceback(error))
        try:
            reply, _ = await self._with_effects(self._begin(self._flows.broken, at, form), form)
            self._log_event(call, at, event, reply, CallOutcome.failed)
            return self._render(reply, call)
        except Exception as error:
            log.error("fallback turn failed: at=%r error=%s", at, redacted_traceback(error))
        return self._fallback

    def _log_event(self, call: str, at: str, event: Event, reply: Reply, outcome: CallOutcome | None) -> None:
        """Log a call event. An adviser's leg is another call, of which nothing is logged."""
        if call and reply.at not in self._for_adviser:
            self._call_log.append(call, event if at else None, reply, outcome, self._outcome_of_event(at, event))

    def _outcome_of_event(self, at: str, event: Event) -> CallOutcome | None:
        step = self._flows.steps.get(at)
        return outcome_of_event(event, step.rings() if step else None)

    def _reply(self, at: str, query: bytes, event: Event, call: str, form: Form) -> tuple[str, Reply | PendingEffect]:
        """Return the present name of the step that was asked, and what follows there."""
        if not at:
            return at, self._begin(self._flows.answer, at, form)
        try:
            here, state = self._flows.names.place_of(at, self._opened(_token(query), at, call))
            if here is None:  # the step was removed while the caller was in it
                raise InvalidToken(at)
        except InvalidToken:
            log.warning("state token rejected: at=%r", at)
            return at, self._begin(self._flows.lost, at, form)
        return here, run(self._flows, here, state, event, self._environment(form))

    def _opened(self, token: str, at: str, call: str) -> CallState:
        """Return the state in a token; a step of another release may be an adviser's."""
        try:
            return self._tokens.open(token, self._bound_to(at, call), at)
        except InvalidToken:
            if at in self._flows.steps:
                raise
            return self._tokens.open(token, ANY_CALL, at)

    def _begin(self, step: str, at: str, form: Form) -> Reply | PendingEffect:
        """Begin a call at a step, without call state. An adviser's leg is ended instead, never led through the
        caller's menus; and ending it connects nobody.
        """
        if at in self._for_adviser:
            return Reply(Turn((Hangup(),)), at, CallState())
        return begin(self._flows, step, self._environment(form))

    async def _with_effects(self, reply: Reply | PendingEffect, form: Form) -> tuple[Reply, CallOutcome | None]:
        """Perform the effects of a reply before anything is said of them; `patience` is for all of them together."""
        outcome, call, until = None, form.get("CallSid", ""), perf_counter() + self._patience
        while isinstance(reply, PendingEffect):
            left = max(until - perf_counter(), LEAST)
            result = await self._effects.perform(
                call, self._flows.names.oldest(reply.at), reply.state.turn, reply.effect, left
            )
            outcome = outcome_of_effect(reply.effect, result.status) or outcome
            reply = resume_with(self._flows, reply, result, self._environment(form))
        return reply, outcome

    def _bound_to(self, at: str, call: str) -> str:
        return ANY_CALL if at in self._for_adviser else call

    def _render(self, reply: Reply, call: str) -> bytes:
        document = self._documents.get(reply.turn) or self._rendered(reply)
        token = self._sealed(reply.state, call, reply.at)
        return document.fill(token, self._other_token(document, reply, call))

    def _rendered(self, reply: Reply) -> Document:
        """Return the document of a turn, from the cache where the turn depends on nothing of the call."""
        if reply.turn in self._documents:
            self._documents[reply.turn] = document = self._document_of(reply.turn.verbs, reply.at)
            return document
        step = self._flows.steps.get(reply.at)
        return (self._cached if step and step.for_anybody else self._document_of)(reply.turn.verbs, reply.at)

    def _document_of(self, verbs: tuple[Verb, ...], at: str) -> Document:
        return self._renderer.document(Turn(verbs), at)

    def _other_token(self, document: Document, reply: Reply, call: str) -> str:
        """Return the token of a second step in the document: the waiting step, or the screening of an adviser's leg."""
        if not document.has_other:
            return ""
        waiting = next((verb.waiting for verb in reply.turn.verbs if isinstance(verb, Enqueue)), None)
        if waiting:
            return self._sealed(reply.state, call, waiting)
        step = next(_screens(reply.turn.verbs))
        state = adviser_call_state(reply.state.topic, announced_last_day(reply.state.variables))
        return self._sealed(state, call, step)

    def _sealed(self, state: CallState, call: str, at: str) -> str:
        return self._tokens.close(self._flows.names.to_seal(at, state), self._bound_to(at, call), at)


def _screens(verbs: Iterable[object]) -> Iterator[str]:
    return (verb.screen for verb in verbs if isinstance(verb, Dial) and verb.screen)


def _token(query: bytes) -> str:
    return next((value for name, value in read_form(query) if name == "m" and value), "")
