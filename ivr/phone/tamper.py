"""Webhooks that are not as Twilio would send them."""

import re
from collections.abc import Callable
from dataclasses import replace

from ivr.phone.exchange import Webhook

Tamper = Callable[[Webhook], Webhook]

_MEMORY = r"(?<=[?&]m=)[^&]*"


def memory(webhook: Webhook) -> Webhook:
    """One character of the memory is another; properly signed nevertheless."""
    sealed = _memory_of(webhook)
    middle = len(sealed) // 2
    other = "A" if sealed[middle] != "A" else "B"
    return _with_memory(webhook, sealed[:middle] + other + sealed[middle + 1 :])


def signature(webhook: Webhook) -> Webhook:
    """Signed by somebody who does not know the secret."""
    return replace(webhook, signature="bm90IG91ciBzZWNyZXQ=")


def no_signature(webhook: Webhook) -> Webhook:
    """Not signed at all."""
    return replace(webhook, signature="")


def memory_of(other: Webhook) -> Tamper:
    """The memory of another call, at the same place."""
    return lambda webhook: _with_memory(webhook, _memory_of(other))


TAMPERS: dict[str, Tamper] = {"memory": memory, "signature": signature, "no_signature": no_signature}


def _memory_of(webhook: Webhook) -> str:
    found = re.search(_MEMORY, webhook.url)
    if not found or not found[0]:
        raise AssertionError(f"This webhook carries no memory: {webhook.url}")
    return found[0]


def _with_memory(webhook: Webhook, sealed: str) -> Webhook:
    return replace(webhook, url=re.sub(_MEMORY, lambda _: sealed, webhook.url))
