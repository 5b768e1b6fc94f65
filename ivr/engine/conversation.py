"""A conversation: what follows each event of a call, with its effects committed before anything is said of them.

It knows no channel: the voice webhook drives it, and so can a page or a conversation by text.
"""

from collections.abc import Awaitable, Callable

from msgspec import Struct

from ivr.engine.call_flows import CallFlows
from ivr.engine.call_state import CallState
from ivr.engine.effects import Effect, EffectStatus
from ivr.engine.environment import Environment
from ivr.engine.events import EffectResult, Event
from ivr.engine.run import PendingEffect, Reply, begin, resume_with, run

Perform = Callable[[str, int, Effect], Awaitable[EffectResult]]
"""Commits an effect of a step, by its oldest name, and of a turn of the call; the same again has the same result."""


class Answer(Struct, frozen=True):
    """The reply, and the effects that came before it, each with how it ended."""

    reply: Reply
    effects: tuple[tuple[Effect, EffectStatus], ...] = ()


class Conversation:
    """Answers one event of a call after another.

    It begins, and begins again where it lost its place, in the words of the state `anew`.
    """

    def __init__(self, flows: CallFlows, environment: Environment, perform: Perform, anew: CallState) -> None:
        self._flows, self._environment, self._perform, self._anew = flows, environment, perform, anew

    async def begin(self, at: str = "") -> Answer:
        """Return what a new call hears first; it may begin `at` another step than the first."""
        return await self._with_effects(begin(self._flows, at or self._flows.answer, self._environment, self._anew))

    async def resume(self, at: str, state: CallState, event: Event) -> Answer:
        """Return what follows an event at a step, by its present name."""
        self._anew = state
        return await self._with_effects(run(self._flows, at, state, event, self._environment))

    async def lose(self) -> Answer:
        """Return what a caller hears whose place in the call is lost."""
        return await self._at(self._flows.lost)

    async def recover(self) -> Answer:
        """Return what a caller hears whose step failed."""
        return await self._at(self._flows.broken)

    async def _at(self, step: str) -> Answer:
        return await self._with_effects(begin(self._flows, step, self._environment, self._anew.anew()))

    async def _with_effects(self, reply: Reply | PendingEffect) -> Answer:
        effects: tuple[tuple[Effect, EffectStatus], ...] = ()
        while isinstance(reply, PendingEffect):
            result = await self._perform(self._flows.names.oldest(reply.at), reply.state.turn, reply.effect)
            effects += ((reply.effect, result.status),)
            reply = resume_with(self._flows, reply, result, self._environment)
        return Answer(reply, effects)
