"""What the telephone company's office asks of a call that it is to place, and what it says to one that is not so.

https://www.twilio.com/docs/voice/api/call-resource#create-a-call-resource and https://www.twilio.com/docs/api/errors.
"""

import re
from collections.abc import Collection, Mapping, Sequence

from ivr.phone.office_fields import E164, is_address

EVENTS = frozenset({"initiated", "ringing", "answered", "completed"})
LONGEST_RING = 600
KNOWN = frozenset({"To", "From", "Url", "Method", "Timeout", "StatusCallback", "StatusCallbackMethod"})
EVENT = "StatusCallbackEvent"


def mistake_in(form: Mapping[str, str], events: Sequence[str], callers: Collection[str]) -> int | None:
    """Twilio's number for what is wrong with a call that is to be placed from one of these numbers of ours.

    >>> mistake_in({"To": "07700 900123", "From": "+441632960000", "Url": "https://a.example/"}, [], ["+441632960000"])
    21211
    """
    to, sender, methods = (
        form.get("To", ""),
        form.get("From", ""),
        (form.get("Method"), form.get("StatusCallbackMethod")),
    )
    mistakes = {
        21201: not to,
        21211: not E164.fullmatch(to),
        21213: not sender,
        21212: not E164.fullmatch(sender),
        21210: sender not in callers,
        21205: not form.get("Url") or not is_address(form["Url"]),
        21609: not is_address(form.get("StatusCallback")),
        21626: not EVENTS.issuperset(events),
        # What Twilio would take and this office would leave out quietly is refused too.
        20001: not is_seconds(form.get("Timeout", "1"))
        or not {None, "GET", "POST"}.issuperset(methods)
        or not (KNOWN | {EVENT}).issuperset(form),
    }
    return next((code for code, wrong in mistakes.items() if wrong), None)


def is_seconds(timeout: str) -> bool:
    """Whether a telephone can be let ring for so long."""
    return bool(re.fullmatch(r"[1-9]\d{0,2}", timeout)) and int(timeout) <= LONGEST_RING
