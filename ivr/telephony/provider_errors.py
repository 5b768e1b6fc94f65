"""What the provider's answers mean for us: it did what we asked, it certainly did not, or nobody knows."""

import re
from datetime import timedelta
from json import JSONDecodeError
from typing import Any

import httpx2

from ivr.errors import IvrError
from ivr.telephony.error_codes import OURS_TO_MEND, describe_error

LONGEST_HOLD = timedelta(hours=1)
NOTHING_WAS_SENT = httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.ProxyError


class ProviderError(IvrError):
    """What was asked of the provider did not come about, or nobody knows whether it did."""

    def __init__(self, reason: str, code: int | None = None) -> None:
        self.reason, self.code = reason, code
        super().__init__(reason)


class Retryable(ProviderError):
    """The provider certainly did not do it, and may if it is asked later: after `retry_after`, if it said so."""

    def __init__(self, reason: str, code: int | None = None, retry_after: timedelta | None = None) -> None:
        self.retry_after = retry_after
        super().__init__(reason, code)


class Rejected(ProviderError):
    """The provider will not do it; asking again is no use."""


class Indeterminate(ProviderError):
    """The provider may have done it or not."""


def failure_of(error: Exception) -> ProviderError:
    """What a line that failed means."""
    if isinstance(error, NOTHING_WAS_SENT):
        return Retryable(f"the provider cannot be reached ({type(error).__name__})")
    return Indeterminate(f"the provider did not answer ({type(error).__name__})")


def read(response: httpx2.Response) -> dict[str, Any]:
    """What a good answer says; raises what a bad one means."""
    answer = _json(response)
    if response.status_code == 204:
        return {}
    if response.is_success and answer:
        return answer
    raise _failure(response, _code(answer))


def _failure(response: httpx2.Response, code: int | None) -> ProviderError:
    """What an answer means for us that is not a good one."""
    status = response.status_code
    if status == 429:
        return Retryable("the provider wants us to be slower", code, _retry_after(response))
    # Whoever says with a number of Twilio's that it cannot serve us has read no further. A gateway in front, which
    # has a page of its own for that, may have lost the answer to what was done.
    if status == 503 and code:
        return Retryable("the provider cannot serve us now", code, _retry_after(response))
    if status == 408 or not 400 <= status < 500:
        return Indeterminate(f"the provider answered {status}", code)
    if code is None or code in OURS_TO_MEND or status in (401, 403):
        return Retryable(OURS_TO_MEND.get(code or 0, f"somebody answered {status} who is not the provider"), code)
    return Rejected(describe_error(code), code)


def _json(response: httpx2.Response) -> dict[str, Any]:
    try:
        answer = response.json()
    except (JSONDecodeError, UnicodeDecodeError):
        return {}
    return answer if isinstance(answer, dict) else {}


def _code(answer: dict[str, Any]) -> int | None:
    code = answer.get("code")
    return code if isinstance(code, int) else None


def _retry_after(response: httpx2.Response) -> timedelta | None:
    said = response.headers.get("retry-after", "")
    return min(timedelta(seconds=int(said)), LONGEST_HOLD) if re.fullmatch(r"\d{1,9}", said) else None
