"""The simulated outside world of a run: the provider's API, the load balancer, and a clock that runs faster."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from time import monotonic

from ivr.simulator.network.webhooks import WebhookClient
from ivr.simulator.twilio_api.account import TwilioAccount
from ivr.simulator.twilio_api.resources.call import CallResource
from ivr.simulator.twilio_api.resources.recording import RecordingResource
from tests.processes.load_balancer import LoadBalancer

TIME_SCALE = 60.0
"""Simulated seconds per real second: speech, ringing and talks are that much shorter, responses are not."""
PUBLIC_URL = "https://helpline.example"
AUTH_TOKEN = "token"
ADVISERS = tuple(f"+447700900{n}" for n in range(990, 996))


@dataclass
class Environment:
    """What callers and advisers share. `fallback_twiml` is played when no usable response arrives.

    `gone` is when callers hung up, by CallSid; `rings` are the calls to advisers, and `messages` the recordings in
    which something was said: the provider may have deleted them since.
    """

    load_balancer: LoadBalancer
    provider_api: TwilioAccount
    fallback_twiml: str
    random: Random
    began: float = field(default_factory=monotonic)
    gone: dict[str, datetime] = field(default_factory=dict)
    rings: list[CallResource] = field(default_factory=list)
    messages: list[RecordingResource] = field(default_factory=list)

    @property
    def now(self) -> float:
        """Return the simulated seconds since the start."""
        return (monotonic() - self.began) * TIME_SCALE

    async def sleep_until(self, second: float) -> None:
        """Sleep until a simulated second."""
        await asyncio.sleep(max(0.0, second - self.now) / TIME_SCALE)

    def webhook_client(self) -> WebhookClient:
        """Return the client that sends the webhooks of one call."""
        return WebhookClient(self.load_balancer, PUBLIC_URL, AUTH_TOKEN)
