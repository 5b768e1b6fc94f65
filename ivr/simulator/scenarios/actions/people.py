"""Actions of people: the caller, and whoever answers a call."""

from ivr.simulator.scenarios.actions.registry import AT_MOST_ONE, NONE, ONE, action, one_of, seconds
from ivr.simulator.scenarios.run import ScenarioRun
from ivr.simulator.scenarios.scenario import Step

UNTOLD = "untold"
"""A hang-up after which the action of the interrupted verb is not requested, as happens with Twilio."""


@action(NONE)
async def dials(run: ScenarioRun, step: Step) -> None:
    """Call the helpline."""
    await run.phone.dials()


@action(ONE, "keys", "after pause")
async def presses(run: ScenarioRun, step: Step) -> None:
    """Press keys at once, `after` some words, or after a `pause` in seconds from when all was said."""
    pause = step.fields.get("pause")
    await run.phone.presses(
        step.texts[0] if step.texts else step.fields["keys"],
        after=step.fields.get("after"),
        pause=None if pause is None else seconds(pause),
    )


@action(ONE)
async def chooses(run: ScenarioRun, step: Step) -> None:
    """Press keys when the first has been named, or when all has been said if it is not."""
    await run.phone.presses(step.texts[0], when_named=True)


@action(ONE, "words", "key hangs_up")
async def says(run: ScenarioRun, step: Step) -> None:
    """Speak into a recording, and end it with a `key`, or with `hangs_up`: told or untold."""
    words = step.texts[0] if step.texts else step.fields["words"]
    hangs_up = step.fields.get("hangs_up", "")
    told = one_of(hangs_up or "told", "told", UNTOLD) != UNTOLD
    await run.phone.says(words, key=step.fields.get("key", ""), hangs_up=bool(hangs_up), told=told)


@action(AT_MOST_ONE)
async def waits(run: ScenarioRun, step: Step) -> None:
    """Stay silent until the app has got a webhook, and for so many seconds."""
    await run.phone.waits(seconds(step.texts[0]) if step.texts else 0.0)


@action(AT_MOST_ONE)
async def hangs_up(run: ScenarioRun, step: Step) -> None:
    """Hang up; `untold` if the app is to find out for itself."""
    await run.phone.hangs_up(told=not step.texts or one_of(step.texts[0], UNTOLD) != UNTOLD)


@action(ONE)
async def idles(run: ScenarioRun, step: Step) -> None:
    """Let so many seconds pass for everybody else; the caller does nothing, or has hung up."""
    await run.phone.idles(seconds(step.texts[0]))


@action(ONE)
async def answers(run: ScenarioRun, step: Step) -> None:
    """Decide how a number that `rings` is answered."""
    await run.phone.answers(step.texts[0])
