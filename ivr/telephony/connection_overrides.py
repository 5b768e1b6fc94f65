"""Connection overrides: what the fragment of a webhook's address asks of the provider.

https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
"""

RETRIES = "#rc=5&rp=ct,rt,5xx"
"""Up to five retries within fifteen seconds: after a failed connection, no answer, or an answer of 500 or more.

Without it the provider tries once more, and only when the connection failed: news that we could not store, and
answered with 503, would be lost.
"""


def with_retries(url: str) -> str:
    """Return the address of a webhook that only brings news, which is to be sent again until we have taken it.

    >>> with_retries("https://helpline.example/voice/status?leg=1")
    'https://helpline.example/voice/status?leg=1#rc=5&rp=ct,rt,5xx'
    """
    return url + RETRIES
