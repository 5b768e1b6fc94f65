"""The caller's side of the helpline: every webhook of a call, answered."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from time import perf_counter

from starlette.types import Scope

from ivr.engine.call_flows import CallFlows
from ivr.engine.call_state import CallState
from ivr.engine.environment import Environment
from ivr.engine.events import Event, HungUp
from ivr.engine.run import PendingEffect, Reply, begin, resume_with, run
from ivr.engine.verbs import Dial, Enqueue, Hangup, Turn, Verb
from ivr.errors import InvalidToken
from ivr.helpline.call_variables import announced_last_day
from ivr.helpline.whisper import ANY_CALL, adviser_call_state
from ivr.store.call_records import CallOutcome
from ivr.telephony.twiml import Document, Renderer
from ivr.telephony.webhook import event_of, read_form
from ivr.tokens import CallStateTokens
from ivr.web import metrics
from ivr.web.call_log import CallLog
from ivr.web.call_outcome import outcome_of_effect, outcome_of_event
from ivr.web.effects import EffectHandler
from ivr.web.redacted_traceback import redacted_traceback
from ivr.web.signature_check import Form
from ivr.web.twiml_response import TwimlResponse

log = logging.getLogger(__name__)

NOTHING = Turn(())
KEPT = 500
"""Documents that were rendered for one caller and may do for the next."""
PATIENCE, LEAST = 1.5, 0.1
"""Seconds for all that one answer promises, usually, and for each promise after those are over."""


class Voice:
    """Answers `POST /voice` and `POST /voice/{flow}/{step}?m=…` with TwiML."""

    def __init__(
        self,
        flows: CallFlows,
        renderer: Renderer,
        tokens: CallStateTokens,
        environment: Callable[[Mapping[str, str]], Environment],
        last_resort: Turn,
        effects: EffectHandler,
        call_log: CallLog,
        patience: float = PATIENCE,
    ) -> None:
        """`desk` is made of each webhook's form; `last_resort` is said when nothing else of ours works.

        `patience`: seconds for all that one answer promises.
        """
        self._patience = patience
        self._flows, self._renderer, self._tokens, self._environment = flows, renderer, tokens, environment
        self._effects, self._call_log = effects, call_log
        self._for_adviser = {at for at, step in flows.steps.items() if step.for_adviser}
        self._ready: dict[Turn, Document | None] = dict.fromkeys(flows.turns.values())
        self._kept = lru_cache(maxsize=KEPT)(self._document_of)
        self._last_resort = renderer.document(last_resort, None).fill("")

    async def answer(self, scope: Scope, form: Form) -> TwimlResponse:
        """TwiML, whatever happens: a caller whose step is broken hears so and is put through to a person."""
        path = scope["path_params"]
        at = f"{path['flow']}/{path['step']}" if path else ""
        began = perf_counter()
        document = await self._document(at, scope["query_string"], form)
        metrics.step_seconds.observe(perf_counter() - began)
        return TwimlResponse(document)

    async def _document(self, at: str, query: bytes, form: Form) -> bytes:
        """The document, once it is noted what was done."""
        event, call = event_of(form), form.get("CallSid", "")
        try:
            if isinstance(event, HungUp):
                return self._render(Reply(NOTHING, at, CallState()), call)
            reply, came_to = await self._settled(self._reply(at, query, event, call, form), form)
            self._note(call, at, event, reply, came_to)
            return self._render(reply, call)
        except Exception as error:
            log.error("a step failed: at=%r error=%s", at, redacted_traceback(error))
        try:
            reply, _ = await self._settled(self._begun(self._flows.broken, at, form), form)
            self._note(call, at, event, reply, CallOutcome.failed)
            return self._render(reply, call)
        except Exception as error:
            log.error("the apology failed: at=%r error=%s", at, redacted_traceback(error))
        return self._last_resort

    def _note(self, call: str, at: str, event: Event, reply: Reply, came_to: CallOutcome | None) -> None:
        """An adviser's line is another call, of which nothing is kept."""
        if call and reply.at not in self._for_adviser:
            self._call_log.note(call, event if at else None, reply, came_to, self._by_event(at, event))

    def _by_event(self, at: str, event: Event) -> CallOutcome | None:
        step = self._flows.steps.get(at)
        return outcome_of_event(event, step.rings() if step else None)

    def _reply(self, at: str, query: bytes, event: Event, call: str, form: Form) -> Reply | PendingEffect:
        if not at:
            return self._begun(self._flows.answer, at, form)
        try:
            state = self._tokens.open(_token(query), self._bound_to(at, call), at)
            if at not in self._flows.steps:  # a flow was changed while the caller was in it
                raise InvalidToken(at)
        except InvalidToken:
            log.warning("memory refused: at=%r", at)
            return self._begun(self._flows.lost, at, form)
        return run(self._flows, at, state, event, self._environment(form))

    def _begun(self, step: str, at: str, form: Form) -> Reply | PendingEffect:
        """A call led to a step from outside of any. An adviser's line is ended instead, never led through the caller's
        menus; and ending it connects nobody.
        """
        if at in self._for_adviser:
            return Reply(Turn((Hangup(),)), at, CallState())
        return begin(self._flows, step, self._environment(form))

    async def _settled(self, reply: Reply | PendingEffect, form: Form) -> tuple[Reply, CallOutcome | None]:
        """Promises are committed before anything is said of them; a caller waits so long for all of them together."""
        came_to, call, until = None, form.get("CallSid", ""), perf_counter() + self._patience
        while isinstance(reply, PendingEffect):
            left = max(until - perf_counter(), LEAST)
            kept = await self._effects.perform(call, reply.at, reply.state.turn, reply.effect, left)
            came_to = outcome_of_effect(reply.effect, kept.status) or came_to
            reply = resume_with(self._flows, reply, kept, self._environment(form))
        return reply, came_to

    def _bound_to(self, at: str, call: str) -> str:
        return ANY_CALL if at in self._for_adviser else call

    def _render(self, reply: Reply, call: str) -> bytes:
        document = self._ready.get(reply.turn) or self._rendered(reply)
        state = self._tokens.close(reply.state, self._bound_to(reply.at, call), reply.at)
        return document.fill(state, self._other(document, reply, call))

    def _rendered(self, reply: Reply) -> Document:
        """What was written once for a turn that depends on nothing of the call is good for every caller after."""
        if reply.turn in self._ready:
            self._ready[reply.turn] = document = self._document_of(reply.turn.verbs, reply.at)
            return document
        step = self._flows.steps.get(reply.at)
        return (self._kept if step and step.for_anybody else self._document_of)(reply.turn.verbs, reply.at)

    def _document_of(self, verbs: tuple[Verb, ...], at: str) -> Document:
        return self._renderer.document(Turn(verbs), at)

    def _other(self, document: Document, reply: Reply, call: str) -> str:
        """The memory of another step besides: the one heard while waiting, or the one that an adviser gets through."""
        if not document.has_other:
            return ""
        waiting = next((verb.waiting for verb in reply.turn.verbs if isinstance(verb, Enqueue)), None)
        if waiting:
            return self._tokens.close(reply.state, call, waiting)
        step = next(_screens(reply.turn.verbs))
        return self._tokens.close(
            adviser_call_state(reply.state.topic, announced_last_day(reply.state.variables)), ANY_CALL, step
        )


def _screens(verbs: Iterable[object]) -> Iterator[str]:
    return (verb.screen for verb in verbs if isinstance(verb, Dial) and verb.screen)


def _token(query: bytes) -> str:
    return next((value for name, value in read_form(query) if name == "m" and value), "")
