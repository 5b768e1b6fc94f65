"""The documents of a call: TwiML, with the call's own state token in it."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from ivr.engine.call_flows import CallFlows
from ivr.engine.call_state import CallState
from ivr.engine.run import Reply
from ivr.engine.verbs import Dial, Enqueue, Turn, Verb
from ivr.errors import InvalidToken
from ivr.helpline.call_variables import announced_last_day
from ivr.helpline.whisper import ANY_CALL, adviser_call_state
from ivr.telephony.twiml import Document, Renderer
from ivr.tokens import CallStateTokens
from ivr.web.call_hooks import NO_HOOKS, CallHooks

CACHED_DOCUMENTS = 500
"""How many documents are kept that were rendered for one caller and may do for the next."""


class Documents:
    """Renders replies, seals and opens state tokens. What depends on nothing of the call is rendered once."""

    def __init__(
        self,
        flows: CallFlows,
        renderer: Renderer,
        tokens: CallStateTokens,
        hooks: CallHooks = NO_HOOKS,
    ) -> None:
        self._flows, self._renderer, self._tokens, self._hooks = flows, renderer, tokens, hooks
        named = [(name, step) for at, step in flows.steps.items() for name in (at, *step.formerly)]
        self._for_adviser = {name for name, step in named if step.for_adviser}
        self._in_queue = {name for name, step in named if step.in_queue}
        self._prepared: dict[Turn, Document | None] = dict.fromkeys(flows.prepared_turns())
        self._cached = lru_cache(maxsize=CACHED_DOCUMENTS)(self._document_of)

    def is_for_adviser(self, at: str) -> bool:
        """Return whether a step is heard on an adviser's leg, which is another call than the caller's."""
        return at in self._for_adviser

    def is_in_queue(self, at: str) -> bool:
        """Return whether a step is heard in the queue, where the provider plays hardly anything."""
        return at in self._in_queue

    def state_in(self, token: str, at: str, call: str) -> CallState:
        """Return the state in a token; a step of another release may be an adviser's. Raises InvalidToken."""
        try:
            return self._tokens.open(token, self._bound_to(at, call), at)
        except InvalidToken:
            if at in self._flows.steps:
                raise
            return self._tokens.open(token, ANY_CALL, at)

    def render(self, reply: Reply, call: str) -> bytes:
        """Return the document of a reply."""
        document = self._prepared.get(reply.turn) or self._rendered(reply)
        token = self._sealed(reply.state, call, reply.at)
        filled = document.fill(token, self._other_token(document, reply, call))
        self._hooks.rendered(reply.turn, filled)
        return filled

    def _rendered(self, reply: Reply) -> Document:
        """Return the document of a turn, from the cache where the turn depends on nothing of the call."""
        if reply.turn in self._prepared:
            self._prepared[reply.turn] = document = self._document_of(reply.turn.verbs, reply.at)
            return document
        return (self._cached if reply.for_anybody else self._document_of)(reply.turn.verbs, reply.at)

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
        last_day = announced_last_day(reply.state.variables)
        return self._sealed(adviser_call_state(reply.state.topic, last_day, reply.state.audience), call, step)

    def _sealed(self, state: CallState, call: str, at: str) -> str:
        return self._tokens.close(self._flows.names.to_seal(at, state), self._bound_to(at, call), at)

    def _bound_to(self, at: str, call: str) -> str:
        return ANY_CALL if at in self._for_adviser else call


def _screens(verbs: Iterable[object]) -> Iterator[str]:
    return (verb.screen for verb in verbs if isinstance(verb, Dial) and verb.screen)
