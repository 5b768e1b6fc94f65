"""A whole run without a fault and with few callers: real processes, a real database, and every caller helped."""

from dataclasses import replace

from tests.chaos.faults.database import no_fault
from tests.chaos.runner import run_scenario
from tests.chaos.scenario import Scenario


async def test_a_run_without_a_fault_passes() -> None:
    results = await run_scenario(Scenario("no fault", "Nothing is injected.", no_fault, seconds=0.2), seed=3, callers=4)
    assert results.calls >= 4
    assert results.responses > 20
    assert results.details == ()
    assert replace(results, slow=0).passed  # response times depend on the load of the machine
