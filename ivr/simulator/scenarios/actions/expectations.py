"""Expectations: what was heard, who was dialled and connected, and how the call stands."""

from ivr.simulator.scenarios.actions.registry import ANY, NONE, ONE, SOME, action, seconds
from ivr.simulator.scenarios.run import ScenarioRun
from ivr.simulator.scenarios.scenario import Step
from ivr.simulator.twiml.timing import contains_phrase


@action(SOME)
async def hears(run: ScenarioRun, step: Step) -> None:
    """Expect each phrase to have been said since the caller last acted."""
    run.phone.hears(*step.texts)


@action(SOME)
async def hears_not(run: ScenarioRun, step: Step) -> None:
    """Expect no phrase to have been said since the caller last acted."""
    run.phone.hears_not(*step.texts)


@action(SOME)
async def never_heard(run: ScenarioRun, step: Step) -> None:
    """Expect no phrase to have been said from pick-up until here."""
    run.phone.never_hears(*step.texts)


@action(ONE)
async def marks(run: ScenarioRun, step: Step) -> None:
    """Give the caller's last action a name, for `hears_within` to count from."""
    run.marks[step.texts[0]] = run.phone.heard_before_turn


@action(range(0), "seconds words", "since")
async def hears_within(run: ScenarioRun, step: Step) -> None:
    """Expect words to have been heard within so many seconds of speech since pick-up, or `since` a mark."""
    words = step.fields["words"]
    passed = run.phone.seconds_until(words) - _marked(run, step.fields.get("since"))
    if passed >= seconds(step.fields["seconds"]):
        raise AssertionError(f'"{words}" is heard after {passed:.1f} seconds of speech.')


def _marked(run: ScenarioRun, name: str | None) -> float:
    """Return the seconds of speech from pick-up to a mark, or to pick-up."""
    if name is not None and name not in run.marks:
        raise AssertionError(f'Nothing before this marks "{name}".')
    return run.marks[name] if name else 0.0


@action(SOME)
async def texted(run: ScenarioRun, step: Step) -> None:
    """Expect each phrase in a message that was created through the API."""
    bodies = [message.body for message in run.twilio.messages]
    for words in step.texts:
        if not any(contains_phrase(body, words) for body in bodies):
            raise AssertionError(f'No text says "{words}": {bodies}.')


@action(NONE)
async def waiting(run: ScenarioRun, step: Step) -> None:
    """Expect the caller to be in a queue."""
    if not run.phone.waiting:
        raise AssertionError(f"The caller waits in no queue.\n{run.phone.transcript}")


@action(NONE)
async def failed(run: ScenarioRun, step: Step) -> None:
    """Expect the caller to have been left with Twilio's error message."""
    if not run.phone.failed:
        raise AssertionError(f"The app did not fail the caller.\n{run.phone.transcript}")


@action(NONE)
async def ended(run: ScenarioRun, step: Step) -> None:
    """Expect the call to be over."""
    if not run.phone.ended:
        raise AssertionError(f"The call goes on.\n{run.phone.transcript}")


@action(ANY)
async def dialled(run: ScenarioRun, step: Step) -> None:
    """Expect exactly these numbers to have been rung, by a document or through the API, in this order."""
    rung = tuple(ring.number for ring in run.phone.dialled)
    if rung != step.texts:
        raise AssertionError(f"Rung were {list(rung)}, not {list(step.texts)}.\n{run.phone.transcript}")


@action(ONE)
async def shows(run: ScenarioRun, step: Step) -> None:
    """Expect the number rung last to have been shown this caller id."""
    shown = [ring.caller_id for ring in run.phone.dialled[-1:]]
    if shown != list(step.texts):
        raise AssertionError(f"The number shown is {shown}, not {list(step.texts)}.")


@action(SOME, "number words")
async def adviser_hears(run: ScenarioRun, step: Step) -> None:
    """Expect each phrase to have been said to the number rung last, or words to another number."""
    words = step.texts or (step.fields["words"],)
    run.phone.callee_hears(*words, number=step.fields.get("number"))


@action(ANY)
async def connected(run: ScenarioRun, step: Step) -> None:
    """Expect exactly these numbers to have been connected, in this order."""
    found = tuple(run.phone.connected)
    if found != step.texts:
        raise AssertionError(f"Connected were {list(found)}, not {list(step.texts)}.\n{run.phone.transcript}")
