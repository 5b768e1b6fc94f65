"""What can stand under `call` in a call script: one function each, named as it is written."""

import re
from collections.abc import Awaitable, Callable, Container, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ivr.phone.tamper import TAMPERS

if TYPE_CHECKING:
    from ivr.phone.scene import Scene


@dataclass(frozen=True)
class Step:
    """One line of a call: an action with its texts or its fields."""

    line: int
    action: str
    texts: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)


Plays = Callable[["Scene", Step], Awaitable[None]]


@dataclass(frozen=True)
class Action:
    """What an action does, how many texts follow its name and which fields may instead."""

    plays: Plays
    texts: Container[int]
    wanted: frozenset[str]
    optional: frozenset[str]

    def fits(self, step: Step) -> bool:
        """Whether the step is written as this action wants it."""
        if not step.fields:
            return len(step.texts) in self.texts
        return self.wanted <= step.fields.keys() <= self.wanted | self.optional and bool(self.wanted)


ACTIONS: dict[str, Action] = {}

NONE, ONE, SOME, ANY = range(1), range(1, 2), range(1, 100), range(100)


def _action(texts: range, wanted: str = "", optional: str = "") -> Callable[[Plays], Plays]:
    """Register an action followed by so many texts, or by these fields instead."""

    def register(plays: Plays) -> Plays:
        name = getattr(plays, "__name__", "")
        ACTIONS[name] = Action(plays, texts, frozenset(wanted.split()), frozenset(optional.split()))
        return plays

    return register


@_action(NONE)
async def dials(scene: "Scene", step: Step) -> None:
    """The caller rings us."""
    await scene.phone.dials()


@_action(SOME)
async def hears(scene: "Scene", step: Step) -> None:
    """Each of these was said since the caller last acted."""
    scene.phone.hears(*step.texts)


@_action(SOME)
async def hears_not(scene: "Scene", step: Step) -> None:
    """None of these was."""
    scene.phone.hears_not(*step.texts)


@_action(range(0), "seconds words")
async def hears_within(scene: "Scene", step: Step) -> None:
    """The words were heard before so many seconds of speech since pick-up."""
    words = step.fields["words"]
    seconds = scene.phone.seconds_until(words)
    if seconds >= float(step.fields["seconds"]):
        raise AssertionError(f'"{words}" is heard after {seconds:.1f} seconds of speech.')


@_action(ONE, "keys", "after pause")
async def presses(scene: "Scene", step: Step) -> None:
    """Keys: at once, `after` some words, or after a `pause` in seconds from when all was said."""
    pause = step.fields.get("pause")
    await scene.phone.presses(
        step.texts[0] if step.texts else step.fields["keys"],
        after=step.fields.get("after"),
        pause=None if pause is None else float(pause),
    )


@_action(ONE)
async def chooses(scene: "Scene", step: Step) -> None:
    """Keys, when the first has been named; when all has been said if it is not."""
    await scene.phone.presses(step.texts[0], when_named=True)


@_action(ONE, "words", "key")
async def says(scene: "Scene", step: Step) -> None:
    """The caller speaks into a recording."""
    words = step.texts[0] if step.texts else step.fields["words"]
    await scene.phone.says(words, key=step.fields.get("key", ""))


@_action(NONE)
async def waits(scene: "Scene", step: Step) -> None:
    """One silence: until the app has been asked again."""
    await scene.phone.waits()


@_action(NONE)
async def hangs_up(scene: "Scene", step: Step) -> None:
    """The caller puts the receiver down."""
    await scene.phone.hangs_up()


@_action(ONE)
async def answers(scene: "Scene", step: Step) -> None:
    """The number that `rings` behaves like this after all."""
    await scene.phone.answers(step.texts[0])


@_action(ANY)
async def dialled(scene: "Scene", step: Step) -> None:
    """These numbers were rung, in this order, and no others."""
    rung = tuple(ring.number for ring in scene.phone.dialled)
    if rung != step.texts:
        raise AssertionError(f"Rung were {list(rung)}, not {list(step.texts)}.\n{scene.phone.transcript}")


@_action(ONE)
async def shows(scene: "Scene", step: Step) -> None:
    """The number rung last saw this one calling."""
    shown = [ring.shown for ring in scene.phone.dialled[-1:]]
    if shown != list(step.texts):
        raise AssertionError(f"The number shown is {shown}, not {list(step.texts)}.")


@_action(SOME)
async def adviser_hears(scene: "Scene", step: Step) -> None:
    """Each of these was said to the number rung last."""
    scene.phone.far_end_hears(*step.texts)


@_action(NONE)
async def replays(scene: "Scene", step: Step) -> None:
    """The last webhook comes again, and is answered with the same."""
    before, again = scene.phone.documents[-1], await scene.phone.replays()
    if _without_memory(before) != _without_memory(again):
        raise AssertionError(f"The same webhook is answered with\n{again}\nnot with\n{before}")


@_action(NONE)
async def restarts(scene: "Scene", step: Step) -> None:
    """Another process takes over."""
    scene.phone.app = scene.app()


@_action(ONE)
async def tampers(scene: "Scene", step: Step) -> None:
    """The next webhook is not as it should be: memory, signature, no_signature, or of another call."""
    kind = step.texts[0]
    if kind == "call":
        scene.other_memory = True
    elif kind in TAMPERS:
        scene.phone.exchange.tamper = TAMPERS[kind]
    else:
        raise AssertionError(f"Only {', '.join(TAMPERS)} or call can be tampered with.")


@_action(NONE)
async def breaks(scene: "Scene", step: Step) -> None:
    """From now on the app answers nothing."""
    scene.phone.app = _broken


@_action(NONE)
async def failed(scene: "Scene", step: Step) -> None:
    """The caller was left with the telephone company's error message."""
    if not scene.phone.failed:
        raise AssertionError(f"The app did not fail the caller.\n{scene.phone.transcript}")


@_action(NONE)
async def ended(scene: "Scene", step: Step) -> None:
    """The call is over."""
    if not scene.phone.ended:
        raise AssertionError(f"The call goes on.\n{scene.phone.transcript}")


async def _broken(scope: object, receive: object, send: object) -> None:
    raise ConnectionError("The app is stopped.")


def _without_memory(document: str) -> str:
    """The document less the queries of its addresses: memory sealed twice never looks the same."""
    return re.sub(r"""((?:action|url)=["']|<Redirect[^>]*>)([^"'<?]*)\?[^"'<]*""", r"\1\2", document)
