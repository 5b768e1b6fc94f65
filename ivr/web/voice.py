"""The caller's side of the helpline: every webhook of a call, answered."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from time import perf_counter

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
from ivr.store.records import Ended
from ivr.telephony.twiml import Document, Renderer
from ivr.telephony.webhook import event_of, read_form
from ivr.web import metrics
from ivr.web.came_to import by_event, by_promise
from ivr.web.failure import whereabouts
from ivr.web.keeper import Keeper
from ivr.web.recorder import Recorder
from ivr.web.signed import Form
from ivr.web.twiml import Twiml

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
        self._for_adviser = {at for at, step in service.steps.items() if step.for_adviser}
        self._ready: dict[Turn, Document | None] = dict.fromkeys(service.turns.values())
        self._kept = lru_cache(maxsize=KEPT)(self._document_of)
        self._last_resort = renderer.document(last_resort, None).fill("")

    async def answer(self, scope: Scope, form: Form) -> Twiml:
        """TwiML, whatever happens: a caller whose step is broken hears so and is put through to a person."""
        path = scope["path_params"]
        at = f"{path['flow']}/{path['step']}" if path else ""
        began = perf_counter()
        document = await self._document(at, scope["query_string"], form)
        metrics.step_seconds.observe(perf_counter() - began)
        return Twiml(document)

    async def _document(self, at: str, query: bytes, form: Form) -> bytes:
        """The document, once it is noted what was done."""
        event, call = event_of(form), form.get("CallSid", "")
        try:
            if isinstance(event, HungUp):
                return self._render(Reply(NOTHING, at, Memory()), call)
            reply, came_to = await self._settled(self._reply(at, query, event, call, form), form)
            self._note(call, at, event, reply, came_to)
            return self._render(reply, call)
        except Exception as error:
            log.error("a step failed: at=%r error=%s", at, whereabouts(error))
        try:
            reply, _ = await self._settled(self._begun(self._service.broken, at, form), form)
            self._note(call, at, event, reply, Ended.failed)
            return self._render(reply, call)
        except Exception as error:
            log.error("the apology failed: at=%r error=%s", at, whereabouts(error))
        return self._last_resort

    def _note(self, call: str, at: str, event: Event, reply: Reply, came_to: Ended | None) -> None:
        """An adviser's line is another call, of which nothing is kept."""
        if call and reply.at not in self._for_adviser:
            self._recorder.note(call, event if at else None, reply, came_to, self._by_event(at, event))

    def _by_event(self, at: str, event: Event) -> Ended | None:
        step = self._service.steps.get(at)
        return by_event(event, step.rings() if step else None)

    def _reply(self, at: str, query: bytes, event: Event, call: str, form: Form) -> Reply | Owed:
        if not at:
            return self._begun(self._service.answer, at, form)
        try:
            memory = self._seal.open(_token(query), self._bound_to(at, call), at)
            if at not in self._service.steps:  # a flow was changed while the caller was in it
                raise BrokenSeal(at)
        except BrokenSeal:
            log.warning("memory refused: at=%r", at)
            return self._begun(self._service.lost, at, form)
        return run(self._service, at, memory, event, self._desk(form))

    def _begun(self, step: str, at: str, form: Form) -> Reply | Owed:
        """A call led to a step from outside of any. An adviser's line is ended instead, never led through the caller's
        menus; and ending it connects nobody.
        """
        if at in self._for_adviser:
            return Reply(Turn((Hangup(),)), at, Memory())
        return begin(self._service, step, self._desk(form))

    async def _settled(self, reply: Reply | Owed, form: Form) -> tuple[Reply, Ended | None]:
        """Promises are committed before anything is said of them; a caller waits so long for all of them together."""
        came_to, call, until = None, form.get("CallSid", ""), perf_counter() + self._patience
        while isinstance(reply, Owed):
            left = max(until - perf_counter(), LEAST)
            kept = await self._keeper.keep(call, reply.at, reply.memory.turn, reply.promise, left)
            came_to = by_promise(reply.promise, kept.how) or came_to
            reply = settle(self._service, reply, kept, self._desk(form))
        return reply, came_to

    def _bound_to(self, at: str, call: str) -> str:
        return EVERY_CALL if at in self._for_adviser else call

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
