"""Connection overrides: what the fragment of a webhook's address asks of the provider.

https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
"""

RETRIES = "#rc=5&rp=ct,rt,5xx"
"""Up to five retries within fifteen seconds: after a failed connection, no answer, or an answer of 500 or more.

Without it the provider tries once more, and only when the connection failed: news that we could not store, and
answered with 503, would be lost.
"""

IN_A_CALL = "#ct=2000&rt=5000&tt=10000&rc=2&rp=ct,rt,5xx"
"""Of the address at which a call begins, where somebody hears it ring: two seconds to connect, five for the answer, up
to two retries, ten seconds for all of it, and then the fallback. Without it the fallback may come after fifteen.

What a retry does twice is done once: every webhook is idempotent.
"""


def with_retries(url: str) -> str:
    """Return the address of a webhook that only brings news, which is to be sent again until we have taken it.

    >>> with_retries("https://helpline.example/voice/status?leg=1")
    'https://helpline.example/voice/status?leg=1#rc=5&rp=ct,rt,5xx'
    """
    return url + RETRIES


def in_a_call(url: str) -> str:
    """Return the address at which a call begins, with a fallback that does not keep the caller waiting.

    >>> in_a_call("https://helpline.example/voice")
    'https://helpline.example/voice#ct=2000&rt=5000&tt=10000&rc=2&rp=ct,rt,5xx'
    """
    return url + IN_A_CALL
