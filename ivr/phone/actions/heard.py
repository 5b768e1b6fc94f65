"""What was heard, and by when; and how the call stands."""

from typing import TYPE_CHECKING

from ivr.phone.actions.action import NONE, SOME, Step, action, seconds
from ivr.phone.speech import contains

if TYPE_CHECKING:
    from ivr.phone.scene import Scene


@action(SOME)
async def hears(scene: "Scene", step: Step) -> None:
    """Each of these was said since the caller last acted."""
    scene.phone.hears(*step.texts)


@action(SOME)
async def hears_not(scene: "Scene", step: Step) -> None:
    """None of these was."""
    scene.phone.hears_not(*step.texts)


@action(range(0), "seconds words")
async def hears_within(scene: "Scene", step: Step) -> None:
    """The words were heard before so many seconds of speech since pick-up."""
    words = step.fields["words"]
    passed = scene.phone.seconds_until(words)
    if passed >= seconds(step.fields["seconds"]):
        raise AssertionError(f'"{words}" is heard after {passed:.1f} seconds of speech.')


@action(SOME)
async def texted(scene: "Scene", step: Step) -> None:
    """Each of these stands in a text that was handed in at the office."""
    bodies = [message.body for message in scene.office.messages]
    for words in step.texts:
        if not any(contains(body, words) for body in bodies):
            raise AssertionError(f'No text says "{words}": {bodies}.')


@action(NONE)
async def waiting(scene: "Scene", step: Step) -> None:
    """The caller waits in a queue."""
    if not scene.phone.waiting:
        raise AssertionError(f"The caller waits in no queue.\n{scene.phone.transcript}")


@action(NONE)
async def failed(scene: "Scene", step: Step) -> None:
    """The caller was left with the telephone company's error message."""
    if not scene.phone.failed:
        raise AssertionError(f"The app did not fail the caller.\n{scene.phone.transcript}")


@action(NONE)
async def ended(scene: "Scene", step: Step) -> None:
    """The call is over."""
    if not scene.phone.ended:
        raise AssertionError(f"The call goes on.\n{scene.phone.transcript}")
