"""What the provider's answers mean for us: accepted, certainly not accepted, or indeterminate."""

import re
from datetime import timedelta
from json import JSONDecodeError
from typing import Any

import httpx2

from ivr.errors import IvrError
from ivr.telephony.error_codes import CONFIGURATION_ERRORS, NOT_FOUND, ONE_NUMBER_ONLY, describe_error

LONGEST_RETRY_AFTER = timedelta(hours=1)
NOTHING_SENT = httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.ProxyError


class ProviderError(IvrError):
    """The provider did not do what we asked, or nobody knows whether it did."""

    def __init__(self, reason: str, code: int | None = None) -> None:
        self.reason, self.code = reason, code
        super().__init__(reason)


class Retryable(ProviderError):
    """The provider certainly did not do it, and may if asked later: after `retry_after`, if it said so."""

    def __init__(self, reason: str, code: int | None = None, retry_after: timedelta | None = None) -> None:
        self.retry_after = retry_after
        super().__init__(reason, code)

    @property
    def concerns_all(self) -> bool:
        """Whether any other request would have been refused as well, and not only one about this number."""
        return self.code not in ONE_NUMBER_ONLY


class Rejected(ProviderError):
    """The provider will not do it; asking again is no use."""


class Indeterminate(ProviderError):
    """The provider may have done it or not."""


def failure_of(error: Exception) -> ProviderError:
    """Return what a failed request means."""
    if isinstance(error, NOTHING_SENT):
        return Retryable(f"the provider cannot be reached ({type(error).__name__})")
    return Indeterminate(f"the provider did not answer ({type(error).__name__})")


def read(response: httpx2.Response, about: str = "") -> dict[str, Any]:
    """Return the JSON of a good answer; raise what a bad one means.

    `about` is the kind of the one thing that was asked for, such as "recording": then that is what was not found,
    and not the account.
    """
    answer = _json(response)
    if response.status_code == 204:
        return {}
    if response.is_success and answer:
        return answer
    raise _failure(response, _code(answer), about)


def _failure(response: httpx2.Response, code: int | None, about: str) -> ProviderError:
    """Return what a bad answer means."""
    status = response.status_code
    if about and status == 404 and (code == NOT_FOUND or (code is None and about == "recording")):
        return Retryable(f"the provider has no such {about}, or not yet", code)
    if status == 429:
        return Retryable("the provider wants us to be slower", code, _retry_after(response))
    # A 503 with an error code of Twilio's was answered before anything was done. A 503 of a gateway in front, which
    # has a page of its own, may hide that it was done.
    if status == 503 and code:
        return Retryable("the provider cannot serve us now", code, _retry_after(response))
    if status == 408 or not 400 <= status < 500:
        return Indeterminate(f"the provider answered {status}", code)
    if code is None or code in CONFIGURATION_ERRORS or status in (401, 403):
        return Retryable(
            CONFIGURATION_ERRORS.get(code or 0, f"somebody answered {status} who is not the provider"), code
        )
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
    value = response.headers.get("retry-after", "")
    return min(timedelta(seconds=int(value)), LONGEST_RETRY_AFTER) if re.fullmatch(r"\d{1,9}", value) else None
