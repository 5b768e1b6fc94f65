"""Webhooks that are not as Twilio would send them."""

import re
from collections.abc import Callable
from dataclasses import replace

from ivr.simulator.network.webhooks import Webhook

Tamper = Callable[[Webhook], Webhook]

_STATE = r"(?<=[?&]m=)[^&]*"


def altered_state(webhook: Webhook) -> Webhook:
    """Return a webhook, properly signed, with one character of its sealed call state replaced."""
    sealed = _sealed_state(webhook)
    middle = len(sealed) // 2
    other = "A" if sealed[middle] != "A" else "B"
    return _with_state(webhook, sealed[:middle] + other + sealed[middle + 1 :])


def wrong_signature(webhook: Webhook) -> Webhook:
    """Return a webhook signed by somebody who does not know the auth token."""
    return replace(webhook, signature="bm90IG91ciBzZWNyZXQ=")


def no_signature(webhook: Webhook) -> Webhook:
    """Return a webhook without a signature."""
    return replace(webhook, signature="")


def state_of(other: Webhook) -> Tamper:
    """Return a tamper that puts in the sealed call state of another call at the same place."""
    return lambda webhook: _with_state(webhook, _sealed_state(other))


TAMPERS: dict[str, Tamper] = {
    "memory": altered_state,
    "signature": wrong_signature,
    "no_signature": no_signature,
}


def _sealed_state(webhook: Webhook) -> str:
    found = re.search(_STATE, webhook.url)
    if not found or not found[0]:
        raise AssertionError(f"This webhook carries no memory: {webhook.url}")
    return found[0]


def _with_state(webhook: Webhook, sealed: str) -> Webhook:
    return replace(webhook, url=re.sub(_STATE, lambda _: sealed, webhook.url))
