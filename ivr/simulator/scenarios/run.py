"""The run of a scenario: the phone, the account, the clock and the app that its actions work on."""

from httpx2 import ASGITransport
from starlette.types import ASGIApp, Receive, Scope, Send

from ivr.simulator.network.clock import Clock
from ivr.simulator.phone import Phone
from ivr.simulator.scenarios.environment import AppFactory, Environment, PhoneNumber
from ivr.simulator.scenarios.scenario import Scenario
from ivr.simulator.twilio_api.account import TwilioAccount


class ScenarioRun:
    """One run of a scenario. The simulated clock starts at the scenario's time.

    If `swaps_state`, the next webhook carries the call state of another call. `marks` are moments of the call by name,
    as seconds of speech since pick-up.
    """

    def __init__(
        self, scenario: Scenario, factory: AppFactory, number: PhoneNumber, phone_class: type[Phone] = Phone
    ) -> None:
        self.scenario = scenario
        self.swaps_state = False
        self.marks: dict[str, float] = {}
        self._factory, self._number = factory, number
        self.clock = Clock(scenario.at)
        transport = ASGITransport(self._forward)
        self.twilio = TwilioAccount(token=number.token, transport=transport, clock=self.clock)
        self.phone = phone_class(
            self.start_app(),
            public_url=number.public_url,
            token=number.token,
            caller=scenario.caller,
            callees=scenario.callees,
            default_callee=scenario.default_callee,
            fallback=number.fallback,
            twilio=self.twilio,
            tick=self.tick,
            clock=self.clock,
            status_callback=number.status_callback,
            prompts_in=lambda text: self._process.prompts_in(text),
        )

    def start_app(self) -> ASGIApp:
        """Start a new process of the app, as this scenario wants it."""
        scenario = self.scenario
        environment = Environment(self.clock, scenario.settings, self.twilio, scenario.rota, scenario.closures)
        self._process = self._factory(environment)
        return self._process.app

    async def tick(self) -> None:
        """Run the worker once."""
        if self._process.tick:
            await self._process.tick()

    async def _forward(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.phone.app(scope, receive, send)
