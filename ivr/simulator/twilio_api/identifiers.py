"""The identifiers that Twilio's resources and webhooks share."""

from datetime import UTC, datetime
from secrets import token_hex

ACCOUNT_SID = "AC" + "0" * 32
API_VERSION = "2010-04-01"


def new_sid(prefix: str) -> str:
    """Return a new SID: a prefix of two letters (`CA`, `SM`, `QU`, `RE`) and 32 hexadecimal digits.

    See https://www.twilio.com/docs/glossary/what-is-a-sid.
    """
    return prefix + token_hex(16)


def iso_date(moment: datetime) -> str:
    """Return a moment as the newer APIs write it.

    >>> iso_date(datetime(2026, 11, 23, 10, tzinfo=UTC))
    '2026-11-23T10:00:00Z'
    """
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
