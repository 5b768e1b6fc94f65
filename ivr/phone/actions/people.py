"""What the caller does, and whoever is rung."""

from typing import TYPE_CHECKING

from ivr.phone.actions.action import AT_MOST_ONE, NONE, ONE, Step, action, one_of, seconds

if TYPE_CHECKING:
    from ivr.phone.scene import Scene

UNTOLD = "untold"
"""For a hang-up: the app is not told of it by the verb that it ended, as may happen."""


@action(NONE)
async def dials(scene: "Scene", step: Step) -> None:
    """The caller rings us."""
    await scene.phone.dials()


@action(ONE, "keys", "after pause")
async def presses(scene: "Scene", step: Step) -> None:
    """Keys: at once, `after` some words, or after a `pause` in seconds from when all was said."""
    pause = step.fields.get("pause")
    await scene.phone.presses(
        step.texts[0] if step.texts else step.fields["keys"],
        after=step.fields.get("after"),
        pause=None if pause is None else seconds(pause),
    )


@action(ONE)
async def chooses(scene: "Scene", step: Step) -> None:
    """Keys, when the first has been named; when all has been said if it is not."""
    await scene.phone.presses(step.texts[0], when_named=True)


@action(ONE, "words", "key hangs_up")
async def says(scene: "Scene", step: Step) -> None:
    """The caller speaks into a recording, and ends it with a `key`, or `hangs_up`: told or untold."""
    words = step.texts[0] if step.texts else step.fields["words"]
    hangs_up = step.fields.get("hangs_up", "")
    told = one_of(hangs_up or "told", "told", UNTOLD) != UNTOLD
    await scene.phone.says(words, key=step.fields.get("key", ""), hangs_up=bool(hangs_up), told=told)


@action(AT_MOST_ONE)
async def waits(scene: "Scene", step: Step) -> None:
    """Silence: until the app has been asked again, or for so many seconds and until then."""
    await scene.phone.waits(seconds(step.texts[0]) if step.texts else 0.0)


@action(AT_MOST_ONE)
async def hangs_up(scene: "Scene", step: Step) -> None:
    """The caller puts the receiver down; `untold` if the app is to find out for itself."""
    await scene.phone.hangs_up(told=not step.texts or one_of(step.texts[0], UNTOLD) != UNTOLD)


@action(ONE)
async def idles(scene: "Scene", step: Step) -> None:
    """So many seconds pass for whoever else is on the line; the caller is not, or does nothing."""
    await scene.phone.idles(seconds(step.texts[0]))


@action(ONE)
async def answers(scene: "Scene", step: Step) -> None:
    """The number that `rings` behaves like this after all."""
    await scene.phone.answers(step.texts[0])
