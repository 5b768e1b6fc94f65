"""Liveness, for a load balancer, and readiness, for whoever watches over the helpline.

Calls go on whatever readiness says: a load balancer that took a process off the line for it would take calls down.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Scope

from ivr.helpline.timezone import today_in_london
from ivr.stop import stopped_within
from ivr.tokens import CHALLENGE_FIELD, SecretProof
from ivr.web import metrics
from ivr.web.briefly_cached import BrieflyCached
from ivr.web.signature_check import Form

log = logging.getLogger(__name__)

WATCH_SECONDS = 10.0
"""Seconds between two rounds of the log and the metric."""


@dataclass(frozen=True)
class ReadinessCheck:
    """Something that callers rely on.

    `find` returns what is missing and the command that mends it, in a sentence without numbers or addresses, or None.
    What is not `is_needed` is told to staff, in the log and by a metric, and leaves the helpline ready.
    """

    name: str
    find: Callable[[], Awaitable[str | None]]
    is_needed: bool = True


Missing = dict[ReadinessCheck, str]


class Readiness:
    """Answers `GET /health/ready`, and tells staff what is missing."""

    def __init__(self, checks: Sequence[ReadinessCheck], clock: Callable[[], datetime]) -> None:
        self._checks, self._clock = checks, clock
        self._missing = BrieflyCached(self._find, clock)
        self._told: dict[ReadinessCheck, date] = {}

    async def answer(self, request: Request) -> PlainTextResponse:
        """Return 200, or 503 with a line for each thing that is missing and what mends it."""
        missing = [f"{check.name}: {says}" for check, says in (await self._missing.get()).items() if check.is_needed]
        return PlainTextResponse("\n".join(missing) or "ready", 503 if missing else 200)

    async def tell(self) -> None:
        """Log what is missing when that begins, daily while it lasts, and when it ends; set the metric."""
        missing, today = await self._missing.get(), today_in_london(self._clock())
        for check in self._checks:
            metrics.missing.labels(check.name).set(check in missing)
            if check in missing and self._told.get(check) != today:
                self._told[check] = today
                level = logging.ERROR if check.is_needed else logging.WARNING
                log.log(level, "missing: check=%s says=%r", check.name, missing[check])
            elif check not in missing and check in self._told:
                del self._told[check]
                log.info("mended: check=%s", check.name)

    async def watch(self, stop: asyncio.Event) -> None:
        """Tell every few seconds until `stop` is set."""
        while not await stopped_within(stop, WATCH_SECONDS):
            await self.tell()

    async def _find(self) -> Missing:
        says = await asyncio.gather(*map(_found, self._checks))
        return {check: one for check, one in zip(self._checks, says, strict=True) if one}


async def _found(check: ReadinessCheck) -> str | None:
    try:
        return await check.find()
    except Exception as error:  # whatever it is, the others are told
        return f"nobody can tell ({type(error).__name__})"


async def live(request: Request) -> PlainTextResponse:
    """Answer that the process runs."""
    return PlainTextResponse("alive")


LONGEST_CHALLENGE = 100


def signed(proof: SecretProof) -> Callable[[Scope, Form], Awaitable[PlainTextResponse]]:
    """Return the answer to a signed request that changes nothing: `ivr doctor` tries our address with it.

    It says "signed", and with a challenge what only our secret makes of that: then it was a process of ours.
    """

    async def answer(scope: Scope, form: Form) -> PlainTextResponse:
        challenge = form.get(CHALLENGE_FIELD, "")[:LONGEST_CHALLENGE]
        return PlainTextResponse(f"signed {proof.answer(challenge)}" if challenge else "signed")

    return answer
