"""What the telephone company's office asks of a text, and what it says to one that is not so.

https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource and
https://www.twilio.com/docs/api/errors.
"""

import re
from collections.abc import Collection, Mapping
from urllib.parse import urlsplit

E164 = re.compile(r"\+[1-9]\d{6,14}")
LONGEST = 1600


def mistake_in(form: Mapping[str, str], senders: Collection[str], stopped: Collection[str]) -> int | None:
    """Twilio's number for what is wrong with a text that is to be sent from one of these numbers of ours.

    >>> mistake_in({"To": "07700 900123", "From": "+447700900999", "Body": "Hello."}, ["+447700900999"], [])
    21211
    """
    to, sender, body = form.get("To", ""), form.get("From", ""), form.get("Body", "")
    mistakes = {
        21604: not to,
        21211: not E164.fullmatch(to),
        21603: not sender,
        21212: not E164.fullmatch(sender),
        21606: sender not in senders,
        21266: sender == to,
        21602: not body,
        21617: len(body) > LONGEST,
        21609: not is_address(form.get("StatusCallback")),
        21610: to in stopped,
    }
    return next((code for code, wrong in mistakes.items() if wrong), None)


def is_address(url: str | None) -> bool:
    """Nowhere is a fine place to tell no news to."""
    if url is None:
        return True
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and bool(parts.hostname)
