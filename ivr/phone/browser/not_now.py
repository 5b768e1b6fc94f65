"""What is said to the person at the page when something cannot be done."""

from ivr.errors import IvrError


class NotNow(IvrError):
    """Something asked of a trial that cannot be done as it stands."""
