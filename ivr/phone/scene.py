"""Plays a call script with a telephone, and says at which line it went otherwise."""

from pathlib import Path

from httpx2 import ASGITransport
from starlette.types import ASGIApp, Receive, Scope, Send

from ivr.phone.actions import ACTIONS, Step
from ivr.phone.clock import Clock
from ivr.phone.exchange import Webhook
from ivr.phone.office import Office
from ivr.phone.phone import Phone
from ivr.phone.script import Script, read_script
from ivr.phone.stage import AppFactory, Number, Stage
from ivr.phone.tamper import memory_of

PUBLIC_URL = "https://helpline.example"
TOKEN = "token"  # noqa: S105 - there is no account behind it

_MEANT = {"tampers", "breaks", "failed"}
_ASKING = {"presses", "chooses", "waits", "says", "hangs_up"}


async def play(
    path: Path,
    factory: AppFactory,
    *,
    public_url: str = PUBLIC_URL,
    token: str = TOKEN,
    fallback: str | None = None,
    status_callback: str | None = None,
) -> Phone:
    """Play one script file; the telephone afterwards.

    Raises ScriptError for a script that cannot be read, and AssertionError, with file, line, what was expected
    and the call so far, for one that goes otherwise. An app that fails without being made to goes otherwise.
    """
    return await Scene(read_script(path), factory, Number(public_url, token, fallback, status_callback)).plays()


class Scene:
    """One script being played; the app's clock begins at the script's time and goes with the call."""

    def __init__(self, script: Script, factory: AppFactory, number: Number, telephone: type[Phone] = Phone) -> None:
        self.script = script
        self.other_memory = False
        self._factory, self._number = factory, number
        self._done: list[Step] = []
        self.clock = Clock(script.at)
        self.office = Office(token=number.token, line=ASGITransport(self._present_app), clock=self.clock)
        self.phone = telephone(
            self.app(),
            public_url=number.public_url,
            token=number.token,
            caller=script.caller,
            far_ends=script.far_ends,
            otherwise=script.otherwise,
            fallback=number.fallback,
            office=self.office,
            meanwhile=self.works,
            clock=self.clock,
            status_callback=number.status_callback,
        )

    def app(self) -> ASGIApp:
        """The app as this script wants it, new."""
        script = self.script
        self._process = self._factory(Stage(self.clock, script.settings, self.office, script.rota, script.closures))
        return self._process.app

    async def plays(self) -> Phone:
        """Play every step."""
        for step in self.script.steps:
            await self.does(step)
        if self.phone.failures and not _MEANT & {step.action for step in self.script.steps}:
            first, transcript = self.phone.failures[0], self.phone.transcript
            raise AssertionError(f"{self.script.file}: The app failed: {first}\n{transcript}")
        return self.phone

    async def does(self, step: Step) -> None:
        """One step; raises AssertionError, with file and line, if it goes otherwise."""
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
        other = Scene(self.script, self._factory, self._number)
        for done in (*self._done, step):
            if done.action != "tampers":
                await other.does(done)
        return other.phone.requests[len(self.phone.requests)]

    async def works(self) -> None:
        """A round of whoever works beside the calls."""
        if self._process.meanwhile:
            await self._process.meanwhile()

    async def _present_app(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.phone.app(scope, receive, send)
