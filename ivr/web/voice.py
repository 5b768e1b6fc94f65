"""The caller's side of the helpline: every webhook of a call, answered."""

from collections.abc import Callable, Iterable, Iterator
from urllib.parse import parse_qs

import structlog
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from ivr.engine.desk import Desk
from ivr.engine.events import Event, HungUp
from ivr.engine.memory import Memory
from ivr.engine.run import Reply, begin, run
from ivr.engine.seal import Seal
from ivr.engine.service import Service
from ivr.engine.verbs import Dial, Hangup, Turn
from ivr.errors import BrokenSeal
from ivr.telephony.signature import HEADER, Signature
from ivr.telephony.twiml import Document, Renderer
from ivr.telephony.webhook import event_of, read_form
from ivr.web.body import read_body
from ivr.web.failure import whereabouts

log = structlog.get_logger()

EVERY_CALL = ""
"""What an adviser's memory is bound to: the number of their leg is not known when it is sealed."""
NOTHING = Turn(())


class Voice:
    """Answers `POST /voice` and `POST /voice/{flow}/{step}?m=…` with TwiML."""

    def __init__(
        self,
        service: Service,
        renderer: Renderer,
        seal: Seal,
        desk: Callable[[], Desk],
        signature: Signature | None,
        last_resort: Turn,
    ) -> None:
        """`signature` is None in development only; `last_resort` is said when nothing else of ours works."""
        self._service, self._renderer, self._seal, self._desk = service, renderer, seal, desk
        self._signature = signature
        self._ready = {turn: renderer.document(turn, at) for (at, _), turn in service.turns.items()}
        self._last_resort = renderer.document(last_resort, None).fill("")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = self._response(scope, await read_body(receive))
        await response(scope, receive, send)

    def _response(self, scope: Scope, body: bytes | None) -> Response:
        if body is None:
            return PlainTextResponse("too long", 413)
        form = read_form(body)
        if not self._is_signed(scope, form):
            return PlainTextResponse("not signed by the provider", 403)
        return Response(self._answer(scope, dict(form)), media_type="text/xml")

    def _is_signed(self, scope: Scope, form: list[tuple[str, str]]) -> bool:
        if self._signature is None:
            return True
        query = scope["query_string"]
        path = scope["raw_path"] + (b"?" + query if query else b"")
        given = next((value for name, value in scope["headers"] if name == HEADER), b"")
        return self._signature.matches(path.decode("latin-1"), form, given.decode("latin-1"))

    def _answer(self, scope: Scope, form: dict[str, str]) -> bytes:
        """TwiML, whatever happens: a caller whose step is broken hears so and is put through to a person."""
        path, call = scope["path_params"], form.get("CallSid", "")
        at = f"{path['flow']}/{path['step']}" if path else None
        try:
            return self._render(self._reply(at, scope["query_string"], event_of(form), call), call)
        except Exception as error:
            log.error("a step failed", at=at, error=whereabouts(error))
        try:
            return self._render(self._apology(at), call)
        except Exception as error:
            log.error("the apology failed", at=at, error=whereabouts(error))
        return self._last_resort

    def _reply(self, at: str | None, query: bytes, event: Event, call: str) -> Reply:
        if isinstance(event, HungUp):
            return Reply(NOTHING, at or "", Memory())
        if at is None:
            return begin(self._service, self._service.answer, self._desk())
        try:
            memory = self._seal.open(_token(query), self._bound_to(at, call), at)
            if at not in self._service.steps:  # a flow was changed while the caller was in it
                raise BrokenSeal(at)
        except BrokenSeal:
            log.warning("memory refused", at=at)
            return self._hung_up(at) or begin(self._service, self._service.lost, self._desk())
        return run(self._service, at, memory, event, self._desk())

    def _apology(self, at: str | None) -> Reply:
        return self._hung_up(at or "") or begin(self._service, self._service.broken, self._desk())

    def _hung_up(self, at: str) -> Reply | None:
        """An adviser's line is ended, never led through the caller's menus; and ending it connects nobody."""
        return Reply(Turn((Hangup(),)), at, Memory()) if self._is_for_adviser(at) else None

    def _is_for_adviser(self, at: str) -> bool:
        return at in self._service.steps and self._service.steps[at].for_adviser

    def _bound_to(self, at: str, call: str) -> str:
        return EVERY_CALL if self._is_for_adviser(at) else call

    def _render(self, reply: Reply, call: str) -> bytes:
        document = self._ready.get(reply.turn) or self._renderer.document(reply.turn, reply.at)
        memory = self._seal.close(reply.memory, self._bound_to(reply.at, call), reply.at)
        return document.fill(memory, self._screen(document, reply))

    def _screen(self, document: Document, reply: Reply) -> str:
        """What the adviser's line may know: the topic, and nothing of the caller."""
        step = next(_screens(reply.turn.verbs), None) if document.has_screen else None
        return self._seal.close(Memory(topic=reply.memory.topic), EVERY_CALL, step) if step else ""


def _screens(verbs: Iterable[object]) -> Iterator[str]:
    return (verb.screen for verb in verbs if isinstance(verb, Dial) and verb.screen)


def _token(query: bytes) -> str:
    return parse_qs(query.decode("latin-1")).get("m", [""])[0]
