"""The test call of every day (a canary): what tells it apart from a caller, and what it proves.

It rings from a number of its own, IVR_CANARY_NUMBER. All that it asks for has the topic CANARY, which no figure, quota,
list or alert counts; and whoever the call would ring, that same number is rung instead.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

CANARY = "canary"
"""The topic of what a test call asked for: a text, a message, a call to an adviser."""


def is_canary(caller: str, canary_number: str | None) -> bool:
    """Return whether a call or a text comes from the number of the test call (both E.164).

    >>> is_canary("+447700900555", "+447700900555"), is_canary("", None)
    (True, False)
    """
    return canary_number is not None and caller == canary_number


class Probe(StrEnum):
    """What a test call proves, in the order in which it is told."""

    call = "call"
    sound = "sound"
    deadline = "deadline"
    text = "text"
    message = "message"
    adviser = "adviser"


PROVES: Mapping[Probe, str] = {
    Probe.call: "the number is rung, answered, and the call ends as it should",
    Probe.sound: "the caller hears something, between key presses too",
    Probe.deadline: "a date is typed, and the last day is said",
    Probe.text: "a text comes, in our words",
    Probe.message: "a message is recorded, fetched, decrypted, and deleted",
    Probe.adviser: "an adviser's telephone rings, and takes the call",
}
MENDS: Mapping[Probe, str] = {
    Probe.call: "ring the number yourself; `ivr doctor provider public_url` says where its calls go",
    Probe.sound: "ring the number and listen; see the voices in flows, and https://status.twilio.com",
    Probe.deadline: "`ivr call` goes the same way here; see the log of `ivr serve` for a step that failed",
    Probe.text: "`ivr doctor texts provider balance`, and the log of `ivr worker`",
    Probe.message: "`ivr doctor worker provider`, and the log of `ivr worker`",
    Probe.adviser: "`ivr doctor worker provider`; `ivr twilio connect` has the second number answer as an adviser",
}
"""Where to begin when one has failed."""


NEEDS_TEXTS_OR_CALLS = frozenset({Probe.call, Probe.text, Probe.adviser})
"""Where one of these failed, staff are told otherwise than by a text of ours."""


class Verdict(StrEnum):
    """How a probe ended; `skipped` is what could not be tried now, or is not in this content."""

    passed = "passed"
    failed = "failed"
    skipped = "skipped"


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """What one probe found; `says` has no number in it."""

    probe: Probe
    verdict: Verdict
    says: str


def passed(probe: Probe, says: str) -> ProbeResult:
    """Return that something works."""
    return ProbeResult(probe, Verdict.passed, says)


def failed(probe: Probe, says: str) -> ProbeResult:
    """Return that something does not work, and how that was seen."""
    return ProbeResult(probe, Verdict.failed, says)


def skipped(probe: Probe, says: str) -> ProbeResult:
    """Return that something was not tried, and why."""
    return ProbeResult(probe, Verdict.skipped, says)
