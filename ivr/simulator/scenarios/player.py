"""Plays scenarios, and reports the line at which a call goes otherwise."""

from pathlib import Path

from ivr.simulator.network.webhooks import Webhook
from ivr.simulator.phone import Phone
from ivr.simulator.scenarios.actions import ACTIONS
from ivr.simulator.scenarios.environment import AppFactory, PhoneNumber
from ivr.simulator.scenarios.reader import read_scenario
from ivr.simulator.scenarios.run import ScenarioRun
from ivr.simulator.scenarios.scenario import Scenario, Step
from ivr.simulator.scenarios.tampering import state_of

PUBLIC_URL = "https://helpline.example"
TOKEN = "token"  # noqa: S105 - there is no account behind it

_FAILURE_EXPECTED = {"tampers", "breaks", "failed"}
_SENDS_WEBHOOK = {"presses", "chooses", "waits", "says", "hangs_up"}


async def play(
    path: Path,
    factory: AppFactory,
    *,
    public_url: str = PUBLIC_URL,
    token: str = TOKEN,
    fallback: str | None = None,
    status_callback: str | None = None,
) -> Phone:
    """Play a scenario file, and return the phone.

    Raises ScenarioError for a file that cannot be read, and AssertionError, with file, line, expectation and
    transcript, for a call that goes otherwise. That the app fails without being made to is such a call.
    """
    return await Player(read_scenario(path), factory, PhoneNumber(public_url, token, fallback, status_callback)).play()


class StepFailed(AssertionError):
    """A step of a scenario that went otherwise: its file and line, what was expected, and what was heard till then."""

    def __init__(self, scenario: Scenario, step: Step, otherwise: str, heard: str) -> None:
        super().__init__(f"{scenario.file}:{step.line}: {otherwise}")
        self.file, self.line, self.heard = scenario.file, step.line, heard
        first = otherwise.partition("\n")[0].removesuffix(" The call so far:")
        self.expected = first.removeprefix("Expected ").rstrip(".")


class Player(ScenarioRun):
    """Plays the steps of one scenario."""

    def __init__(
        self, scenario: Scenario, factory: AppFactory, number: PhoneNumber, phone_class: type[Phone] = Phone
    ) -> None:
        super().__init__(scenario, factory, number, phone_class)
        self._played: list[Step] = []

    async def play(self) -> Phone:
        """Play every step."""
        for step in self.scenario.steps:
            await self.play_step(step)
        if self.phone.failures and not _FAILURE_EXPECTED & {step.action for step in self.scenario.steps}:
            first, transcript = self.phone.failures[0], self.phone.transcript
            raise AssertionError(f"{self.scenario.file}: The app failed: {first}\n{transcript}")
        return self.phone

    async def play_step(self, step: Step) -> None:
        """Play one step. Raises StepFailed if it goes otherwise."""
        if self.swaps_state and step.action in _SENDS_WEBHOOK:
            self.swaps_state = False
            self.phone.webhooks.tamper = state_of(await self._webhook_of_another_call(step))
        try:
            await ACTIONS[step.action].run(self, step)
        except AssertionError as otherwise:
            raise StepFailed(self.scenario, step, str(otherwise), self.phone.heard) from None
        self._played.append(step)

    async def _webhook_of_another_call(self, step: Step) -> Webhook:
        """Return what another caller's phone sends at this step, after the same steps."""
        other = Player(self.scenario, self._factory, self._number)
        for played in (*self._played, step):
            if played.action != "tampers":
                await other.play_step(played)
        return other.phone.requests[len(self.phone.requests)]
