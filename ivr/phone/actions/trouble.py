"""What goes wrong between the telephone company and the app, or comes late, or twice."""

import re
from typing import TYPE_CHECKING

from ivr.phone.actions.action import NONE, ONE, Step, action, one_of
from ivr.phone.news import ARRIVALS
from ivr.phone.tamper import TAMPERS

if TYPE_CHECKING:
    from ivr.phone.scene import Scene


@action(NONE)
async def replays(scene: "Scene", step: Step) -> None:
    """The last webhook comes again, and is answered with the same."""
    before, again = scene.phone.documents[-1], await scene.phone.replays()
    if _without_memory(before) != _without_memory(again):
        raise AssertionError(f"The same webhook is answered with\n{again}\nnot with\n{before}")


@action(NONE)
async def restarts(scene: "Scene", step: Step) -> None:
    """Another process takes over."""
    scene.phone.app = scene.app()


@action(ONE)
async def tampers(scene: "Scene", step: Step) -> None:
    """The next webhook is not as it should be: memory, signature, no_signature, or of another call."""
    kind = step.texts[0]
    if kind == "call":
        scene.other_memory = True
    elif kind in TAMPERS:
        scene.phone.exchange.tamper = TAMPERS[kind]
    else:
        raise AssertionError(f"Only {', '.join(TAMPERS)} or call can be tampered with.")


@action(ONE)
async def recording_arrives(scene: "Scene", step: Step) -> None:
    """From now on the app hears of recordings after the action, before it, a minute late, twice or never."""
    scene.phone.company.news.recordings = one_of(step.texts[0], *ARRIVALS)


@action(NONE)
async def breaks(scene: "Scene", step: Step) -> None:
    """From now on the app answers nothing."""
    scene.phone.app = _broken


async def _broken(scope: object, receive: object, send: object) -> None:
    raise ConnectionError("The app is stopped.")


def _without_memory(document: str) -> str:
    """The document less the queries of its addresses: memory sealed twice never looks the same."""
    address = r"""((?:action|url|waitUrl)=["']|<(?:Redirect|Play)[^>]*>)([^"'<?]*)\?[^"'<]*"""
    return re.sub(address, r"\1\2", document)
