"""Faults between Twilio and the app: lost, late, resent and forged webhooks, restarts, an app that is down."""

import re

from ivr.simulator.network.line import RECORDING_LENGTHS
from ivr.simulator.network.status_callbacks import ARRIVALS
from ivr.simulator.scenarios.actions.registry import NONE, ONE, action, one_of
from ivr.simulator.scenarios.run import ScenarioRun
from ivr.simulator.scenarios.scenario import Step
from ivr.simulator.scenarios.tampering import TAMPERS


@action(NONE)
async def replays(run: ScenarioRun, step: Step) -> None:
    """Send the last webhook again, and expect the same answer."""
    before, again = run.phone.documents[-1], await run.phone.replays()
    if _without_state(before) != _without_state(again):
        raise AssertionError(f"The same webhook is answered with\n{again}\nnot with\n{before}")


@action(NONE)
async def restarts(run: ScenarioRun, step: Step) -> None:
    """Let another process of the app take over."""
    run.phone.app = run.start_app()


@action(ONE)
async def tampers(run: ScenarioRun, step: Step) -> None:
    """Tamper with the next webhook: its memory, its signature, no_signature, or the memory of another call."""
    kind = step.texts[0]
    if kind == "call":
        run.swaps_state = True
    elif kind in TAMPERS:
        run.phone.webhooks.tamper = TAMPERS[kind]
    else:
        raise AssertionError(f"Only {', '.join(TAMPERS)} or call can be tampered with.")


@action(ONE)
async def recording_arrives(run: ScenarioRun, step: Step) -> None:
    """Let recording callbacks arrive after the action, before it, late, twice or never, from now on."""
    run.phone.carrier.status_callbacks.recordings = one_of(step.texts[0], *ARRIVALS)


@action(ONE)
async def recording_length(run: ScenarioRun, step: Step) -> None:
    """Let the action of a recording be told its right length, zero, or none (missing), from now on."""
    run.phone.line.recording_length = one_of(step.texts[0], *RECORDING_LENGTHS)


@action(NONE)
async def breaks(run: ScenarioRun, step: Step) -> None:
    """Let the app answer nothing from now on."""
    run.phone.app = _broken


async def _broken(scope: object, receive: object, send: object) -> None:
    raise ConnectionError("The app is stopped.")


def _without_state(document: str) -> str:
    """Return a document without the queries of its URLs: call state sealed twice never looks the same."""
    address = r"""((?:action|url|waitUrl)=["']|<(?:Redirect|Play)[^>]*>)([^"'<]*)\?[^"'<]*"""
    return re.sub(address, r"\1\2", document)
