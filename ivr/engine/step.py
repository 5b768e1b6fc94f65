"""The base of every kind of step."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, ClassVar, Self

from msgspec import Struct
from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationInfo
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from ivr.engine.call_state import CallState
from ivr.engine.effects import Effect
from ivr.engine.environment import Environment, Shared
from ivr.engine.events import EffectResult, Event
from ivr.engine.prompts import Words
from ivr.engine.verbs import Say, Turn


class Target(str):
    """Where an exit leads, written `step` or `flow/step`, kept as `flow/step`."""

    __slots__ = ()

    @classmethod
    def __get_pydantic_core_schema__(cls, source: type[Any], handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_after_validator_function(cls._resolve, core_schema.str_schema())

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Return the JSON schema, for editors."""
        return {"type": "string", "pattern": "^([^/ ]+/)?[^/ ]+$", "description": "A step of this file, or flow/step."}

    @classmethod
    def _resolve(cls, written: str, info: ValidationInfo) -> Self:
        flow = (info.context or {}).get("flow", "")
        return cls(written if "/" in written else f"{flow}/{written}")


class StepContext(Struct, frozen=True):
    """All that a step may use to decide."""

    at: str
    state: CallState
    environment: Environment
    shared: Shared

    @property
    def words(self) -> Words:
        """The sentences of the caller's language."""
        return self.shared.words


class Go(Struct, frozen=True):
    """Leave this step for another, perhaps with something said on the way; `is_brief` where much was."""

    to: str
    state: CallState
    says: tuple[Say, ...] = ()
    is_brief: bool = False


class Stay(Struct, frozen=True):
    """Do this turn, then wait here for what happens (or end the call).

    `personal`: this turn has something of one caller's own in it, though those of the step have not.
    """

    turn: Turn
    state: CallState
    personal: bool = False


class Perform(Struct, frozen=True):
    """Commit an effect before anything is said; the step then resumes with its `EffectResult`."""

    effect: Effect
    state: CallState


Decision = Go | Stay | Perform


class Step(BaseModel):
    """One entry of a flow. A kind is a subclass in a file of its own under `ivr/steps/`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str
    states: tuple[str, ...] = ()
    """The rules of law, of `flows/rules.yaml`, that its sentences state."""
    formerly: tuple[Target, ...] = ()
    """Its names in earlier releases, oldest first: a call that stands there goes on here (decision 021)."""
    stale: Target | None = None
    """Where a caller goes instead while one of those may not be stated: past its date, or not sure."""
    informs: bool = False
    """Whether somebody who has heard it to the end got what they rang for, or a part of it."""
    says: ClassVar[dict[str, frozenset[str]]] = {}
    """The sentences this kind says under the step's own name, each with the blanks it fills."""
    shares: ClassVar[dict[str, frozenset[str]]] = {}
    """The sentences of `prompts/…/helpline.yaml` that this kind says besides, with their blanks."""
    ends_call: ClassVar[bool] = False
    waits: ClassVar[bool] = True
    """Whether a call may stand at it; one that only leads on may bear the former name of a step that calls stood at."""
    for_adviser: ClassVar[bool] = False
    """Whether it is heard on an adviser's own line, not on the caller's."""
    in_queue: ClassVar[bool] = False
    """Whether it is heard by a caller in the queue, who must leave that before anything else can follow."""
    comes_by: ClassVar[str | None] = None
    """The only exit by which a call may come here, "" for none; None for a step that any exit may lead to."""
    levels: ClassVar[int] = 0
    """How many levels of menus it adds to the way through it."""
    chosen: ClassVar[frozenset[str]] = frozenset()
    """The exits that are taken only when the caller presses a key."""

    @property
    def for_anybody(self) -> bool:
        """Whether what it says holds no number and nothing else of one caller's own, so that documents may be kept."""
        return False

    def sentences(self) -> dict[str, frozenset[str]]:
        """Return the sentences said under the step's own name, each with the blanks that are filled."""
        return self.says

    def optional_sentences(self) -> frozenset[str]:
        """Return the names of those that may be left out."""
        return frozenset()

    def optional_blanks(self) -> frozenset[str]:
        """Return the blanks that a sentence may leave out."""
        return frozenset()

    def exits(self) -> tuple[tuple[tuple[str, ...], Target], ...]:
        """Return every exit of this step, with the path of fields that names it."""
        return self._exits

    @cached_property
    def _exits(self) -> tuple[tuple[tuple[str, ...], Target], ...]:
        return tuple(_targets((), {name: getattr(self, name) for name in type(self).model_fields}))

    def ways(self) -> Mapping[str, Target]:
        """Return the target of each key; the key is "" where several are keyed."""
        return {}

    def silent_exits(self) -> Iterator[Target]:
        """Yield every exit that can be taken without a key."""
        yield from (target for path, target in self.exits() if path[0] not in self.chosen)

    def keeps(self) -> Mapping[str, tuple[str, ...]]:
        """Return the variables it sets: for each some values, from the shortest to the longest to say."""
        return {}

    def wants(self) -> frozenset[str]:
        """Return the variables that must be set before a call comes here."""
        return frozenset()

    def lacks(self, variables: Mapping[str, str]) -> frozenset[str]:
        """Return those that a call with these variables must have set besides."""
        return self.wants() - variables.keys()

    def goes_by(self, variables: Mapping[str, str]) -> frozenset[str]:
        """Return the variables that decide what follows here and that a call need not have, as far as it has not."""
        return frozenset()

    def ahead(self, variables: Mapping[str, str]) -> Iterator[Target]:
        """Yield where a call with these variables may go on."""
        yield from (target for _, target in self.exits())

    def stated(self) -> frozenset[str]:
        """Return the rules of law that any of its sentences states."""
        return frozenset(self.states)

    def stated_by(self, name: str) -> frozenset[str]:
        """Return the rules of law that one of its sentences states, or may state."""
        return frozenset(self.states)

    def is_stale(self, environment: Environment) -> bool:
        """Return whether it states a rule of law that may not be stated today."""
        return not environment.are_good(self.states)

    def speaks_of(self) -> str | None:
        """Return the contact whose number this step reads out, if it does."""
        return None

    def rings(self) -> str | None:
        """Return the contact, or `advisers`, whom this step rings, if it does."""
        return None

    def way_to_a_person(self) -> Target | None:
        """Return the exit that is taken, without a word, while somebody may be rung, of a step that asks whether so."""
        return None

    def texted(self) -> frozenset[str]:
        """Return the names of its sentences that are sent to callers as a text."""
        return frozenset()

    def alerts(self) -> frozenset[str]:
        """Return the names of its sentences that are sent to advisers as a text."""
        return frozenset()

    def answers(self) -> frozenset[str]:
        """Return the names of its sentences that staff send a caller as a text, about what they have left."""
        return frozenset()

    def writes_of(self) -> tuple[str, ...]:
        """Return the contacts whose numbers and addresses those texts may hold."""
        return ()

    def enter(self, context: StepContext) -> Decision:
        """Return the decision when a call comes to this step."""
        raise NotImplementedError

    def enter_briefly(self, context: StepContext) -> Decision:
        """Return the same in fewer words, for a caller who has listened to more than usual on the way."""
        return self.enter(context)

    def resume(self, context: StepContext, event: Event) -> Decision:
        """Return the decision on an event of a call that waits here."""
        return self.enter(context)


class EffectStep(Step):
    """The base of every kind that only performs an effect, and says nothing.

    A kind says which effect (`enter`); its exits are named by how it ended, `down` is for the rest.
    """

    def resume(self, context: StepContext, event: Event) -> Decision:
        if not isinstance(event, EffectResult):
            return self.enter(context)
        exits = {path[0]: target for path, target in self.exits()}
        return Go(exits.get(event.status, exits["down"]), context.state)


def _targets(path: tuple[str, ...], value: object) -> Iterator[tuple[tuple[str, ...], Target]]:
    if isinstance(value, Target):
        yield path, value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _targets((*path, str(name)), inner)
    elif isinstance(value, BaseModel):
        yield from _targets(path, {name: getattr(value, name) for name in type(value).model_fields})


def own(at: str, name: str) -> str:
    """Return the full name of a step's own sentence.

    >>> own("school/menu", "letter")
    'school.menu.letter'
    """
    return f"{at.replace('/', '.')}.{name}"
