"""Who was rung, what they saw and heard, and whom they were connected with."""

from typing import TYPE_CHECKING

from ivr.phone.actions.action import ANY, ONE, SOME, Step, action

if TYPE_CHECKING:
    from ivr.phone.scene import Scene


@action(ANY)
async def dialled(scene: "Scene", step: Step) -> None:
    """These numbers were rung, by a document or through the office, in this order, and no others."""
    rung = tuple(ring.number for ring in scene.phone.dialled)
    if rung != step.texts:
        raise AssertionError(f"Rung were {list(rung)}, not {list(step.texts)}.\n{scene.phone.transcript}")


@action(ONE)
async def shows(scene: "Scene", step: Step) -> None:
    """The number rung last saw this one calling."""
    shown = [ring.shown for ring in scene.phone.dialled[-1:]]
    if shown != list(step.texts):
        raise AssertionError(f"The number shown is {shown}, not {list(step.texts)}.")


@action(SOME, "number words")
async def adviser_hears(scene: "Scene", step: Step) -> None:
    """Each of these was said to the number rung last, or these words to another."""
    words = step.texts or (step.fields["words"],)
    scene.phone.far_end_hears(*words, number=step.fields.get("number"))


@action(ANY)
async def connected(scene: "Scene", step: Step) -> None:
    """These numbers were connected with somebody, in this order, and no others."""
    found = tuple(scene.phone.connected)
    if found != step.texts:
        raise AssertionError(f"Connected were {list(found)}, not {list(step.texts)}.\n{scene.phone.transcript}")
