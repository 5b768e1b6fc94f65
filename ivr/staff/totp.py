"""The second factor: codes of six digits that an app on a telephone shows, for thirty seconds each (RFC 6238)."""

from datetime import datetime
from hmac import compare_digest

from pyotp import TOTP

PERIOD = 30
DRIFT = 1
"""Periods that the clock of the telephone may be off."""
ISSUER = "Helpline"


def period_of(secret: str, code: str, at: datetime) -> int | None:
    """Return the period whose code this is, about a moment; None if it is that of none.

    >>> from datetime import UTC
    >>> secret, at = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", datetime(2026, 12, 1, 9, 0, 5, tzinfo=UTC)
    >>> period_of(secret, TOTP(secret).at(at), at) == int(at.timestamp()) // PERIOD
    True
    >>> period_of(secret, "no code", at)
    """
    digits, now, totp = "".join(code.split()), int(at.timestamp()) // PERIOD, TOTP(secret)
    if not (digits.isascii() and digits.isdigit()):
        return None
    periods = range(now - DRIFT, now + DRIFT + 1)
    return next((one for one in periods if compare_digest(totp.at(one * PERIOD), digits)), None)


def setup_address(secret: str, email: str) -> str:
    """Return the address that an app reads from a QR code."""
    return TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)
