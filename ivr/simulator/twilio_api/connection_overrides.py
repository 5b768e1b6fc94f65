"""Connection overrides: how often Twilio sends a webhook again, as the fragment of its address asks.

See https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides.
"""

from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from ivr.errors import IvrError

MAX_RETRIES = 5
MILLISECONDS = {"ct": range(100, 10_001), "rt": range(100, 15_001), "tt": range(100, 15_001)}
"""How long to connect, to wait for an answer, and for all attempts together."""
POLICIES = frozenset({"4xx", "5xx", "ct", "rt", "all"})
"""After what a webhook is sent again: an answer of 4xx or 5xx, no connection, no answer in time, any of these."""
NO_CONNECTION, NO_ANSWER = "ct", "rt"


class InvalidOverride(IvrError):
    """A fragment that Twilio would refuse (errors 11242 and 11243)."""


@dataclass(frozen=True)
class ConnectionOverrides:
    """How often a webhook is sent again, and after which failures."""

    retries: int = 1
    policies: frozenset[str] = frozenset({NO_CONNECTION})

    def allow_retry(self, failure: str, attempt: int) -> bool:
        """Return whether a webhook is sent again after an attempt, counted from 0, that ended in a failure."""
        return failure in POLICIES and attempt < self.retries and bool(self.policies & {failure, "all"})


def overrides_in(url: str) -> ConnectionOverrides:
    """Return the overrides of an address; raise InvalidOverride.

    >>> overrides_in("https://helpline.example/status#rc=2&rp=5xx").retries
    2
    """
    fields = parse_qs(urlsplit(url).fragment, keep_blank_values=True)
    retries = fields.get("rc", [str(ConnectionOverrides.retries)])[0]
    policies = frozenset(fields["rp"][0].split(",")) if "rp" in fields else ConnectionOverrides.policies
    times = all(_is_in(allowed, fields[name][0]) for name, allowed in MILLISECONDS.items() if name in fields)
    if not (times and retries.isdecimal() and int(retries) <= MAX_RETRIES and policies <= POLICIES):
        raise InvalidOverride(f"The overrides of {url} are not as Twilio wants them.")
    return ConnectionOverrides(int(retries), policies)


def _is_in(allowed: range, value: str) -> bool:
    return value.isdecimal() and int(value) in allowed
