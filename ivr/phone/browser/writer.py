"""Writes a call that was tried as a script: what was done, and what was heard upon it.

It does all of it once more on a telephone that plays scripts, and writes down what that one needs and hears. So what
is written plays.
"""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from ivr.phone.actions import Step
from ivr.phone.browser.deeds import Deed, Deeds
from ivr.phone.phone import Phone
from ivr.phone.scene import Scene
from ivr.phone.script import CALLERS, Script
from ivr.phone.stage import AppFactory, Number
from ivr.phone.transcript import HELPLINE

MOST_WAITS = 30
WORDS_KEPT = 10
"""Of what was heard: enough to tell one sentence from another, and no more to change with every word."""
_PLAIN = re.compile(r"[A-Za-z][A-Za-z ’'.-]*[A-Za-z.]|[0-9]+")


async def written(title: str, blank: Script, deeds: Deeds, factory: AppFactory, number: Number) -> str:
    """The script of a call in which these deeds were done, the first of them dialling."""
    rehearsal = Rehearsal(Scene(blank, factory, number))
    before = deeds[0].at
    for deed in deeds:
        await rehearsal.does(deed, deed.at - before)
        before = deed.at
    rehearsal.sums_up()
    return text_of(title, blank, rehearsal.steps)


class Rehearsal:
    """Does a call again; `steps` is what it took."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self.steps: list[Step] = []

    @property
    def _phone(self) -> Phone:
        return self._scene.phone

    async def does(self, deed: Deed, since: float) -> None:
        """One deed, so many seconds after the one before; one that cannot be done any more is left out."""
        if self._phone.ended and deed.does != "dials":
            return
        match deed.does:
            case "presses":
                await self._presses(deed, since)
            case "answers":
                await self._answers(deed)
            case "says":
                await self._takes(Step(0, "says", fields=deed.fields))
            case "ends":
                await self._takes(Step(0, "waits"))
            case other:
                await self._takes(Step(0, other))

    def sums_up(self) -> None:
        """Who was rung and talked to, and whether the call is over."""
        if self._phone.dialled:
            self.steps.append(Step(0, "dialled", tuple(ring.number for ring in self._phone.dialled)))
            self.steps.append(Step(0, "connected", tuple(self._phone.connected)))
        if self._phone.ended:
            self.steps.append(Step(0, "ended"))

    async def _presses(self, deed: Deed, since: float) -> None:
        if self._phone.waiting and since >= 1:
            await self._takes(Step(0, "waits", (str(round(since)),)))
        if self._phone.ended:
            return
        if len(deed.text) > 1:
            await self._takes(Step(0, "presses", fields={"keys": deed.text, "pause": "1"}))
        else:
            await self._takes(Step(0, "chooses", (deed.text,)))

    async def _answers(self, deed: Deed) -> None:
        await self._waits_while(lambda: self._phone.ringing != deed.number)
        if self._phone.ringing != deed.number:
            return
        await self._takes(Step(0, "answers", (deed.text,)))
        if deed.text == "talks":
            await self._waits_while(lambda: not self._phone.is_talking)

    async def _waits_while(self, it_is_so: Callable[[], bool]) -> None:
        for _ in range(MOST_WAITS):
            if self._phone.ended or not it_is_so():
                return
            await self._takes(Step(0, "waits"))

    async def _takes(self, step: Step) -> None:
        """A step, and what is heard after it."""
        await self._scene.does(step)
        self.steps.append(step)
        if heard := tuple(dict.fromkeys(map(_beginning, self._said()))):
            self.steps.append(Step(0, "hears", heard))

    def _said(self) -> list[str]:
        transcript = self._phone.transcript
        entries = transcript.since_the_caller_acted
        return [entry.text for entry in entries if entry.who == HELPLINE and entry.ear == transcript.ear]


def text_of(title: str, script: Script, steps: list[Step]) -> str:
    """The file."""
    callers = {number: name for name, number in CALLERS.items()}
    lines = [
        f"title: {_text(title)}",
        f"at: {_time(script.at)}",
        f"from: {_text(callers.get(script.caller, script.caller))}",
        *([f"rota: {_text(script.rota)}"] if script.rota else []),
        f"far_ends: {{otherwise: {script.otherwise}}}",
        "call:",
        *[f"  - {_step(step)}" for step in steps],
    ]
    return "\n".join(lines) + "\n"


def _step(step: Step) -> str:
    if step.fields:
        return f"{step.action}: {{{', '.join(f'{name}: {_text(value)}' for name, value in step.fields.items())}}}"
    if not step.texts and step.action in ("dialled", "connected"):
        return f"{step.action}: []"
    if not step.texts:
        return step.action
    one = len(step.texts) == 1 and step.action not in ("dialled", "connected")
    return f"{step.action}: {_text(step.texts[0]) if one else '[' + ', '.join(map(_text, step.texts)) + ']'}"


def _text(text: str) -> str:
    """Plain where YAML leaves it as it is, in quotes elsewhere."""
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def _time(at: datetime) -> str:
    return at.replace(tzinfo=None).isoformat(timespec="minutes" if not at.second else "seconds")


def _beginning(text: str) -> str:
    """The first words of what was said, up to where a sentence ends."""
    sentence = re.split(r"(?<=[.?!])\s", text, maxsplit=1)[0]
    return " ".join(sentence.split()[:WORDS_KEPT])


def blank_for(script: Script, at: datetime, caller: str) -> Script:
    """The same with nothing in it: who rings, and when."""
    return replace(script, at=at.replace(microsecond=0), caller=caller, steps=())
