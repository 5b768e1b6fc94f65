"""Faults of the provider's REST API, which sends texts and places calls."""

from contextlib import asynccontextmanager
from itertools import cycle

from ivr.simulator.twilio_api.faults import (
    CONNECTION_LOST,
    GATEWAY_ERROR,
    LOST,
    NO_FAULT,
    NOT_JSON,
    SERVER_ERROR,
    Reply,
)
from ivr.simulator.twilio_api.faults import Fault as ApiFault
from tests.chaos.run import Run
from tests.chaos.scenario import Fault, Injected, Scenario

ERRORS = (
    ApiFault(GATEWAY_ERROR.reply, accepted=False),
    ApiFault(SERVER_ERROR.reply, accepted=False),
    ApiFault(Reply.REJECTION, accepted=False, status=503, code=20503),
)
SLOW = ApiFault(delay=3.0)


def api_fault(*responses: ApiFault) -> Fault:
    """Return a fault that answers requests to the API in these ways, in turn."""

    @asynccontextmanager
    async def inject(run: Run) -> Injected:
        run.environment.provider_api.inject_from(cycle(responses))
        try:
            yield
        finally:
            run.environment.provider_api.inject_from(cycle((NO_FAULT,)))

    return inject


SCENARIOS = (
    Scenario(
        "provider API errors",
        "The API answers 500, 503 and a gateway's error page, and accepts nothing.",
        api_fault(*ERRORS),
    ),
    Scenario("provider API slow", f"Each response of the API takes {SLOW.delay:.0f} seconds.", api_fault(SLOW)),
    Scenario(
        "provider API drops connections",
        "The API accepts each request and closes the connection without a response; every third text is then neither listed nor reported.",
        api_fault(CONNECTION_LOST, ApiFault(CONNECTION_LOST.reply, statuses=()), LOST),
    ),
    Scenario(
        "provider API answers with HTML",
        "The API accepts each request and answers with a web page.",
        api_fault(NOT_JSON, ApiFault(NOT_JSON.reply, statuses=())),
    ),
)
