"""The provider's alerts: each tells that one of its requests to us went wrong, or one of our documents.

https://www.twilio.com/docs/usage/monitor-alert. What it sent and got is not read: it holds callers' numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ivr.telephony.webhook import digits_in

ERROR = "error"


@dataclass(frozen=True, slots=True)
class Alert:
    """`code` is one of Twilio's error codes, `url` what was asked for; an alert that is not an error is a warning."""

    code: int
    url: str = field(repr=False)
    at: datetime
    is_error: bool


def read_alert(resource: Mapping[str, Any]) -> Alert:
    """Return an alert as the list shows it; raises KeyError where a field is missing, ValueError for no date."""
    at = datetime.fromisoformat(resource["date_generated"] or resource["date_created"])
    return Alert(
        code=digits_in(str(resource["error_code"])) or 0,
        url=str(resource["request_url"] or ""),
        at=at,
        is_error=resource["log_level"] == ERROR,
    )
