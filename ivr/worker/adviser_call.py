"""Who rings our advisers, and what they are to hear."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from urllib.parse import urlencode

from ivr.helpline.rota import Adviser
from ivr.helpline.whisper import ANY_CALL, HUNT, LEG, adviser_call_state
from ivr.tokens import CallStateTokens


@dataclass(frozen=True)
class AdviserCaller:
    """The number that advisers see when we ring, and where the provider reaches us for their lines.

    `offer` is the step that is heard on such a line. `secrets` seal what it is to know, for the day that it is by the
    `clock`. `advisers` are those of the setting, who count while there is no rota.
    """

    number: str
    public_url: str
    secrets: Sequence[bytes] = field(repr=False)
    offer: str
    advisers: tuple[Adviser, ...] = ()
    clock: Callable[[], datetime] | None = None

    def offer_url(self, topic: str, deadline: date | None, hunt: str, leg: str) -> str:
        """Where the provider asks what an adviser is to hear."""
        state = adviser_call_state(topic, deadline, **{HUNT: hunt, LEG: leg})
        sealed = self._tokens.close(state, ANY_CALL, self.offer)
        return f"{self.public_url}/voice/{self.offer}?{urlencode({'m': sealed})}"

    def status_url(self, leg: str) -> str:
        """Where the provider is to tell us how far a leg has got."""
        return f"{self.public_url}/voice/status?{urlencode({'leg': leg})}"

    @cached_property
    def _tokens(self) -> CallStateTokens:
        return CallStateTokens(*self.secrets, clock=self.clock)
