"""Writes a call that was tried at the page as a scenario: what was done, and what was heard after it.

The actions are played once more on a phone in simulated time, and what that needs and hears is written down. So the
scenario plays.
"""

import json
import re
from collections.abc import Callable
from datetime import datetime

from ivr.simulator.browser.recorded_actions import RecordedAction, RecordedActions
from ivr.simulator.phone import Phone
from ivr.simulator.scenarios.environment import AppFactory, PhoneNumber
from ivr.simulator.scenarios.player import Player
from ivr.simulator.scenarios.scenario import CALLERS, Scenario, Step
from ivr.simulator.transcript import HELPLINE

MAX_WAITS = 30
PHRASE_WORDS = 10
"""Words kept of what was heard: enough to tell sentences apart, few enough to survive small changes of wording."""
_PLAIN = re.compile(r"[A-Za-z][A-Za-z ’'.-]*[A-Za-z.]|[0-9]+")


async def write_scenario(
    title: str, blank: Scenario, actions: RecordedActions, factory: AppFactory, number: PhoneNumber
) -> str:
    """Return the YAML of a call with these actions, of which the first is `dials`."""
    writer = ScenarioWriter(Player(blank, factory, number))
    before = actions[0].at
    for recorded in actions:
        await writer.play(recorded, recorded.at - before)
        before = recorded.at
    writer.summarise()
    return as_yaml(title, blank, writer.steps)


class ScenarioWriter:
    """Plays recorded actions again; `steps` is what that took."""

    def __init__(self, player: Player) -> None:
        self._player = player
        self.steps: list[Step] = []

    @property
    def _phone(self) -> Phone:
        return self._player.phone

    async def play(self, recorded: RecordedAction, since: float) -> None:
        """Play an action, so many seconds after the one before; skip one that cannot be done any more."""
        if self._phone.ended and recorded.action != "dials":
            return
        match recorded.action:
            case "presses":
                await self._press(recorded, since)
            case "answers":
                await self._answer(recorded)
            case "says":
                await self._add(Step(0, "says", fields=recorded.fields))
            case "ends":
                await self._add(Step(0, "waits"))
            case other:
                await self._add(Step(0, other))

    def summarise(self) -> None:
        """Add who was dialled and connected, and whether the call is over."""
        if self._phone.dialled:
            self.steps.append(Step(0, "dialled", tuple(ring.number for ring in self._phone.dialled)))
            self.steps.append(Step(0, "connected", tuple(self._phone.connected)))
        if self._phone.ended:
            self.steps.append(Step(0, "ended"))

    async def _press(self, recorded: RecordedAction, since: float) -> None:
        if self._phone.waiting and since >= 1:
            await self._add(Step(0, "waits", (str(round(since)),)))
        if self._phone.ended:
            return
        if len(recorded.text) > 1:
            await self._add(Step(0, "presses", fields={"keys": recorded.text, "pause": "1"}))
        else:
            await self._add(Step(0, "chooses", (recorded.text,)))

    async def _answer(self, recorded: RecordedAction) -> None:
        await self._wait_while(lambda: self._phone.ringing != recorded.number)
        if self._phone.ringing != recorded.number:
            return
        await self._add(Step(0, "answers", (recorded.text,)))
        if recorded.text == "talks":
            await self._wait_while(lambda: not self._phone.is_talking)

    async def _wait_while(self, condition: Callable[[], bool]) -> None:
        for _ in range(MAX_WAITS):
            if self._phone.ended or not condition():
                return
            await self._add(Step(0, "waits"))

    async def _add(self, step: Step) -> None:
        """Play a step, and add it with what is heard after it."""
        await self._player.play_step(step)
        self.steps.append(step)
        if heard := tuple(dict.fromkeys(map(_first_words, self._said()))):
            self.steps.append(Step(0, "hears", heard))

    def _said(self) -> list[str]:
        transcript = self._phone.transcript
        return [one.text for one in transcript.this_turn if one.who == HELPLINE and one.ear == transcript.ear]


def as_yaml(title: str, scenario: Scenario, steps: list[Step]) -> str:
    """Return the text of a scenario file."""
    callers = {number: name for name, number in CALLERS.items()}
    lines = [
        f"title: {_scalar(title)}",
        f"at: {_time(scenario.at)}",
        f"from: {_scalar(callers.get(scenario.caller, scenario.caller))}",
        *([f"rota: {_scalar(scenario.rota)}"] if scenario.rota else []),
        f"far_ends: {{otherwise: {scenario.default_callee}}}",
        "call:",
        *[f"  - {_step(step)}" for step in steps],
    ]
    return "\n".join(lines) + "\n"


def _step(step: Step) -> str:
    if step.fields:
        return f"{step.action}: {{{', '.join(f'{name}: {_scalar(value)}' for name, value in step.fields.items())}}}"
    if not step.texts and step.action in ("dialled", "connected"):
        return f"{step.action}: []"
    if not step.texts:
        return step.action
    single = len(step.texts) == 1 and step.action not in ("dialled", "connected")
    return f"{step.action}: {_scalar(step.texts[0]) if single else '[' + ', '.join(map(_scalar, step.texts)) + ']'}"


def _scalar(text: str) -> str:
    """Return a YAML scalar, in quotes where it needs them."""
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def _time(at: datetime) -> str:
    return at.replace(tzinfo=None).isoformat(timespec="minutes" if not at.second else "seconds")


def _first_words(text: str) -> str:
    """Return the first words of a text, up to the end of its first sentence."""
    sentence = re.split(r"(?<=[.?!])\s", text, maxsplit=1)[0]
    return " ".join(sentence.split()[:PHRASE_WORDS])
