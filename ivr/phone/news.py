"""What the app is told without being asked anything: how far a call has got, that a recording is there."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ivr.phone.exchange import Exchange, Webhook
from ivr.phone.failure import ApplicationFailure
from ivr.phone.office_recording import Recording
from ivr.phone.stops import Keep

if TYPE_CHECKING:
    pass

LATE = 60.0
"""Seconds by which news can be late."""
FIRST, LAST = 0, 3
"""The rank of news that arrives before the call goes on, and after."""
ARRIVALS: dict[str, tuple[tuple[float, int], ...]] = {
    "after": ((0.0, LAST),),
    "before": ((0.0, FIRST),),
    "late": ((LATE, LAST),),
    "twice": ((0.0, LAST), (1.0, LAST)),
    "never": (),
}
"""How news of recordings can arrive: after the action of <Record>, before it, a minute late, twice, or not at all."""


@dataclass(eq=False)
class Tidings:
    """One piece of news on its way; `happens` when it arrives."""

    news: "News"
    due: float
    rank: int
    webhook: Webhook
    happens: Callable[[], None]

    async def acts(self) -> None:
        """Arrive."""
        self.news.waiting.remove(self)
        self.happens()
        await self.news.posts(self.webhook)


class News:
    """`waiting` is on its way, `posted` has arrived; `recordings` says how news of recordings arrives."""

    def __init__(self, exchange: Exchange, failures: list[ApplicationFailure]) -> None:
        self._exchange, self._failures = exchange, failures
        self.recordings = "after"
        self.waiting: list[Tidings] = []
        self.posted: list[Webhook] = []

    def tells(self, webhook: Webhook, at: float) -> None:
        """News of a call: it arrives before anything else goes on."""
        self._sends(webhook, ((at, FIRST),), lambda: None)

    def recorded(self, recording: Recording, keep: Keep, at: float) -> None:
        """News of a recording, if it was asked for (twilio.com/docs/voice/twiml/record#recordingstatuscallback)."""
        status = "completed" if keep.words else "absent"
        arrivals = [(at + later, rank) for later, rank in ARRIVALS[self.recordings]]

        def is_there() -> None:
            recording.status = status

        if keep.news is None or status not in keep.events or not arrivals:
            is_there()
            return
        about = {name: keep.news.form[name] for name in ("AccountSid", "CallSid")}
        form = about | {"RecordingStatus": status} | recording.news()
        self._sends(Webhook(keep.news.method, keep.news.url, form), arrivals, is_there)

    async def posts(self, webhook: Webhook) -> None:
        """Tell the app; that it fails is written down."""
        self.posted.append(webhook)
        try:
            await self._exchange.tells(webhook)
        except ApplicationFailure as failure:
            self._failures.append(failure)

    def _sends(self, webhook: Webhook, arrivals: Iterable[tuple[float, int]], happens: Callable[[], None]) -> None:
        self.waiting += [Tidings(self, at, rank, webhook, happens) for at, rank in arrivals]
