"""Plays a call script with a telephone, and says at which line it went otherwise."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path

from starlette.types import ASGIApp

from ivr.phone.actions import ACTIONS, Step
from ivr.phone.exchange import Webhook
from ivr.phone.phone import Phone
from ivr.phone.script import Script, read_script
from ivr.phone.tamper import memory_of

AppFactory = Callable[[datetime, Mapping[str, str]], ASGIApp]
"""Makes the app for a moment and with extra settings; called once more for every restart."""
PUBLIC_URL = "https://helpline.example"
TOKEN = "token"  # noqa: S105 - there is no account behind it

_MEANT = {"tampers", "breaks", "failed"}
_ASKING = {"presses", "chooses", "waits", "hangs_up"}


async def play(
    path: Path,
    factory: AppFactory,
    *,
    public_url: str = PUBLIC_URL,
    token: str = TOKEN,
    fallback: str | None = None,
) -> Phone:
    """Play one script file; the telephone afterwards.

    Raises ScriptError for a script that cannot be read, and AssertionError, with file, line, what was expected
    and the call so far, for one that goes otherwise. An app that fails without being made to goes otherwise.
    """
    scene = Scene(read_script(path), factory, public_url=public_url, token=token, fallback=fallback)
    return await scene.plays()


class Scene:
    """One script being played."""

    def __init__(
        self, script: Script, factory: AppFactory, *, public_url: str, token: str, fallback: str | None
    ) -> None:
        self.script = script
        self.other_memory = False
        self._again = partial(Scene, script, factory, public_url=public_url, token=token, fallback=fallback)
        self._factory = factory
        self._done: list[Step] = []
        self.phone = Phone(
            self.app(),
            public_url=public_url,
            token=token,
            caller=script.caller,
            far_ends=script.far_ends,
            otherwise=script.otherwise,
            fallback=fallback,
        )

    def app(self) -> ASGIApp:
        """The app as this script wants it, new."""
        return self._factory(self.script.at, self.script.settings)

    async def plays(self) -> Phone:
        """Play every step."""
        for step in self.script.steps:
            await self._plays(step)
        if self.phone.failures and not _MEANT & {step.action for step in self.script.steps}:
            first, transcript = self.phone.failures[0], self.phone.transcript
            raise AssertionError(f"{self.script.file}: The app failed: {first}\n{transcript}")
        return self.phone

    async def _plays(self, step: Step) -> None:
        if self.other_memory and step.action in _ASKING:
            self.other_memory = False
            self.phone.exchange.tamper = memory_of(await self._same_webhook_of_another_call(step))
        try:
            await ACTIONS[step.action].plays(self, step)
        except AssertionError as otherwise:
            raise AssertionError(f"{self.script.file}:{step.line}: {otherwise}") from None
        self._done.append(step)

    async def _same_webhook_of_another_call(self, step: Step) -> Webhook:
        """What another caller's telephone sends after doing all the same."""
        other = self._again()
        for done in (*self._done, step):
            if done.action != "tampers":
                await other._plays(done)
        return other.phone.requests[len(self.phone.requests)]
