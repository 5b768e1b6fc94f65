"""The caller's side of the helpline: every webhook of a call, answered."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from time import perf_counter

import structlog
from starlette.responses import Response
from starlette.types import Scope

from ivr.engine.desk import Desk
from ivr.engine.events import Event, HungUp
from ivr.engine.memory import Memory
from ivr.engine.run import Owed, Reply, begin, run, settle
from ivr.engine.seal import Seal
from ivr.engine.service import Service
from ivr.engine.verbs import Dial, Enqueue, Hangup, Turn, Verb
from ivr.errors import BrokenSeal
from ivr.helpline.notes import deadline_told
from ivr.helpline.screening import EVERY_CALL, for_adviser
from ivr.store.records import Ended, most
from ivr.telephony.twiml import Document, Renderer
from ivr.telephony.webhook import event_of, read_form
from ivr.web import metrics
from ivr.web.came_to import by_event, by_promise
from ivr.web.failure import whereabouts
from ivr.web.keeper import Keeper
from ivr.web.recorder import Recorder
from ivr.web.signed import Form

log = structlog.get_logger()

NOTHING = Turn(())
KEPT = 500
"""Documents that were rendered for one caller and may do for the next."""
PATIENCE, LEAST = 1.5, 0.1
"""Seconds for all that one answer promises, usually, and for each promise after those are over."""
Settled = tuple[Reply, Ended | None]
"""What to do, and what the call came to by it, if it came to anything."""


class Voice:
    """Answers `POST /voice` and `POST /voice/{flow}/{step}?m=…` with TwiML."""

    def __init__(
        self,
        service: Service,
        renderer: Renderer,
        seal: Seal,
        desk: Callable[[Mapping[str, str]], Desk],
        last_resort: Turn,
        keeper: Keeper,
        recorder: Recorder,
        patience: float = PATIENCE,
    ) -> None:
        """`desk` is made of each webhook's form; `last_resort` is said when nothing else of ours works.

        `patience`: seconds for all that one answer promises.
        """
        self._patience = patience
        self._service, self._renderer, self._seal, self._desk = service, renderer, seal, desk
        self._keeper, self._recorder = keeper, recorder
        self._ready: dict[Turn, Document | None] = dict.fromkeys(service.turns.values())
        self._kept = lru_cache(maxsize=KEPT)(self._document_of)
        self._last_resort = renderer.document(last_resort, None).fill("")

    async def answer(self, scope: Scope, form: Form) -> Response:
        """TwiML, whatever happens: a caller whose step is broken hears so and is put through to a person."""
        path = scope["path_params"]
        at = f"{path['flow']}/{path['step']}" if path else None
        began = perf_counter()
        document = await self._document(at, scope["query_string"], form)
        metrics.step_seconds.observe(perf_counter() - began)
        return Response(document, media_type="text/xml")

    async def _document(self, at: str | None, query: bytes, form: Form) -> bytes:
        event = event_of(form)
        try:
            return self._answered(at, event, *await self._reply(at, query, event, form), form)
        except Exception as error:
            log.error("a step failed", at=at, error=whereabouts(error))
        try:
            reply, _ = await self._apology(at, form)
            return self._answered(at, event, reply, Ended.failed, form)
        except Exception as error:
            log.error("the apology failed", at=at, error=whereabouts(error))
        return self._last_resort

    def _answered(self, at: str | None, event: Event, reply: Reply, came_to: Ended | None, form: Form) -> bytes:
        """The document, once it is noted what was done. An adviser's line is another call, of which nothing is kept."""
        call = form.get("CallSid", "")
        if call and not self._is_for_adviser(reply.at) and not isinstance(event, HungUp):
            rung = self._service.steps[at].rings() if at and at in self._service.steps else None
            self._recorder.note(call, event if at else None, reply, most(came_to, by_event(event, rung)))
        return self._render(reply, call)

    async def _reply(self, at: str | None, query: bytes, event: Event, form: Form) -> Settled:
        if isinstance(event, HungUp):
            return Reply(NOTHING, at or "", Memory()), None
        desk = self._desk(form)
        if at is None:
            return await self._settled(begin(self._service, self._service.answer, desk), form)
        try:
            memory = self._seal.open(_token(query), self._bound_to(at, form.get("CallSid", "")), at)
            if at not in self._service.steps:  # a flow was changed while the caller was in it
                raise BrokenSeal(at)
        except BrokenSeal:
            log.warning("memory refused", at=at)
            lost = begin(self._service, self._service.lost, desk)
            return self._hung_up(at) or await self._settled(lost, form)
        return await self._settled(run(self._service, at, memory, event, desk), form)

    async def _settled(self, reply: Reply | Owed, form: Form) -> Settled:
        """Promises are committed before anything is said of them; a caller waits so long for all of them together."""
        came_to, call, until = None, form.get("CallSid", ""), perf_counter() + self._patience
        while isinstance(reply, Owed):
            left = max(until - perf_counter(), LEAST)
            kept = await self._keeper.keep(call, reply.at, reply.memory.turn, reply.promise, left)
            came_to = by_promise(reply.promise, kept.how) or came_to
            reply = settle(self._service, reply, kept, self._desk(form))
        return reply, came_to

    async def _apology(self, at: str | None, form: Form) -> Settled:
        begun = begin(self._service, self._service.broken, self._desk(form))
        return self._hung_up(at or "") or await self._settled(begun, form)

    def _hung_up(self, at: str) -> Settled | None:
        """An adviser's line is ended, never led through the caller's menus; and ending it connects nobody."""
        return (Reply(Turn((Hangup(),)), at, Memory()), None) if self._is_for_adviser(at) else None

    def _is_for_adviser(self, at: str) -> bool:
        return at in self._service.steps and self._service.steps[at].for_adviser

    def _bound_to(self, at: str, call: str) -> str:
        return EVERY_CALL if self._is_for_adviser(at) else call

    def _render(self, reply: Reply, call: str) -> bytes:
        document = self._ready.get(reply.turn) or self._rendered(reply)
        memory = self._seal.close(reply.memory, self._bound_to(reply.at, call), reply.at)
        return document.fill(memory, self._other(document, reply, call))

    def _rendered(self, reply: Reply) -> Document:
        """What was written once for a turn that depends on nothing of the call is good for every caller after."""
        if reply.turn in self._ready:
            self._ready[reply.turn] = document = self._document_of(reply.turn.verbs, reply.at)
            return document
        step = self._service.steps.get(reply.at)
        return (self._kept if step and step.for_anybody else self._document_of)(reply.turn.verbs, reply.at)

    def _document_of(self, verbs: tuple[Verb, ...], at: str) -> Document:
        return self._renderer.document(Turn(verbs), at)

    def _other(self, document: Document, reply: Reply, call: str) -> str:
        """The memory of another step besides: the one heard while waiting, or the one that an adviser gets through."""
        if not document.has_other:
            return ""
        waiting = next((verb.waiting for verb in reply.turn.verbs if isinstance(verb, Enqueue)), None)
        if waiting:
            return self._seal.close(reply.memory, call, waiting)
        step = next(_screens(reply.turn.verbs))
        return self._seal.close(for_adviser(reply.memory.topic, deadline_told(reply.memory.notes)), EVERY_CALL, step)


def _screens(verbs: Iterable[object]) -> Iterator[str]:
    return (verb.screen for verb in verbs if isinstance(verb, Dial) and verb.screen)


def _token(query: bytes) -> str:
    return next((value for name, value in read_form(query) if name == "m" and value), "")
