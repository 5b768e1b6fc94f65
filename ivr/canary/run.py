"""A whole test call: every probe, one after the other, and nothing of it left behind."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from ivr.canary.call import Caller, Placed, Sleep
from ivr.canary.probes import Probes
from ivr.canary.ways import ways
from ivr.engine.call_flows import CallFlows
from ivr.engine.environment import Environment
from ivr.errors import IvrError
from ivr.helpline.canary import Probe, ProbeResult, failed, skipped
from ivr.helpline.contacts import ADVISERS
from ivr.store import canary_runs, canary_traces
from ivr.store.canary_runs import CanaryRun
from ivr.store.database import Store
from ivr.telephony.rest import Provider

log = logging.getLogger(__name__)

Tell = Callable[[ProbeResult], None]
FIRST = frozenset({Probe.call, Probe.sound, Probe.deadline})
"""What is proved by the first call."""
RECORDED = Probe.deadline, Probe.text, Probe.message, Probe.adviser
"""The call that is recorded is the first of these that there is a way to."""
NOT_HERE = {
    Probe.deadline: "this content has no step that says a last day",
    Probe.text: "no text is offered to the number of the test call",
    Probe.message: "no message can be left now",
    Probe.adviser: "no adviser can be asked for",
}
NOT_TRIED = "not tried: the first call failed"
CLOSED = "closed now, so nobody is rung: it is tried in opening hours"


@dataclass(frozen=True)
class Numbers:
    """The number that callers ring, and the one that the test call rings from (E.164)."""

    called: str
    canary: str


class Canary:
    """Makes test calls. `situation` returns the flows in use, and the environment of a call at this moment."""

    def __init__(
        self,
        store: Store,
        provider: Provider,
        numbers: Numbers,
        situation: Callable[[], Awaitable[tuple[CallFlows, Environment]]],
        clock: Callable[[], datetime],
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._store, self._provider, self._numbers = store, provider, numbers
        self._situation, self._clock, self._sleep = situation, clock, sleep

    async def run(
        self,
        tell: Tell = lambda result: None,
        unless_since: datetime | None = None,
        wanted: Collection[Probe] = frozenset(Probe),
    ) -> Sequence[ProbeResult] | None:
        """Make the calls for the wanted probes and return what each found, `tell` being told at once.

        Of the others, what was found before still counts. None while another run goes on, or if one was begun since a
        moment. Raises DatabaseUnavailable.
        """
        async with self._store.begin() as db:
            before = await canary_runs.last_ended(db)
            id = await canary_runs.begin(db, self._clock(), unless_since)
        if id is None:
            return None
        await self._erase()
        results: list[ProbeResult] = []

        def found(result: ProbeResult) -> None:
            results.append(result)
            log.info("test call: probe=%s verdict=%s says=%r", result.probe, result.verdict, result.says)
            tell(result)

        try:
            await self._probe(found, wanted)
        finally:
            await self._erase()
        async with self._store.begin() as db:
            await canary_runs.end(db, id, _with_others(results, before), self._clock())
        return results

    async def _probe(self, found: Tell, wanted: Collection[Probe]) -> None:
        flows, environment = await self._situation()
        known = await asyncio.to_thread(ways, flows, environment)
        caller = Caller(self._store, self._provider, self._numbers.called, self._numbers.canary, self._sleep)
        probes = Probes(self._store, self._provider, caller, self._numbers.canary, known, self._clock, self._sleep)
        is_open = environment.opening(ADVISERS).is_open
        missing = NOT_HERE if is_open else NOT_HERE | {Probe.adviser: CLOSED}
        placed, goes_on = None, True
        if FIRST & set(wanted):
            placed = await self._call(probes, next((one for one in RECORDED if one in known), None), found)
            goes_on = placed is not None
            if not goes_on:
                found(skipped(Probe.sound, NOT_TRIED))
        rest = {Probe.text: probes.text, Probe.message: probes.message, Probe.adviser: probes.adviser}
        for probe in (one for one in (Probe.deadline, *rest) if one in wanted):
            if probe not in known:
                found(skipped(probe, missing[probe]))
            elif not goes_on:
                found(skipped(probe, NOT_TRIED))
            elif probe is Probe.deadline and placed:
                found(await probes.deadline(placed))
            else:
                found(await _tried(probe, rest[probe]))

    async def _call(self, probes: Probes, recorded: Probe | None, found: Tell) -> Placed | None:
        """Make the call that is recorded; return it if it was answered by this helpline."""
        if recorded is None:
            found(failed(Probe.call, "no way leads to a person, a date, a text or a message"))
            return None
        try:
            results, placed = await probes.call(recorded)
        except (IvrError, ValueError) as failure:
            found(failed(Probe.call, f"the call could not be made: {failure}"))
            return None
        for result in results:
            found(result)
        return placed

    async def _erase(self) -> None:
        async with self._store.begin() as db:
            await canary_traces.erase(db, self._store.cipher, self._numbers.canary, self._clock())


def _with_others(results: Sequence[ProbeResult], before: CanaryRun | None) -> list[ProbeResult]:
    """Return the results of a run, and of what was not tried in it those of the run before."""
    tried = {one.probe for one in results}
    kept = [one for one in (before.results if before else ()) if one.probe not in tried]
    return sorted([*results, *kept], key=lambda one: list(Probe).index(one.probe))


async def _tried(probe: Probe, attempt: Callable[[], Awaitable[ProbeResult]]) -> ProbeResult:
    try:
        return await attempt()
    except (IvrError, ValueError) as failure:
        return failed(probe, str(failure))
