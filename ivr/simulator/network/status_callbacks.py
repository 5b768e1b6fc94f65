"""Status callbacks of calls and recordings: webhooks that the app gets beside a call, whose answer has no content."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ivr.simulator.network.waits import SaveRecording
from ivr.simulator.network.webhooks import Webhook, WebhookClient
from ivr.simulator.twilio_api.resources.recording import RecordingResource
from ivr.simulator.twiml.errors import ApplicationFailure

LATE_SECONDS = 60.0
FIRST, LAST = 0, 3
"""The priority of a callback that arrives before the calls go on at the same second, and after."""
ARRIVALS: dict[str, tuple[tuple[float, int], ...]] = {
    "after": ((0.0, LAST),),
    "before": ((0.0, FIRST),),
    "late": ((LATE_SECONDS, LAST),),
    "twice": ((0.0, LAST), (1.0, LAST)),
    "never": (),
}
"""When recording callbacks can arrive: after the action of `<Record>`, before it, a minute late, twice, or never."""


@dataclass(eq=False)
class StatusCallback:
    """One callback on its way; `on_arrival` is called before it is posted."""

    callbacks: "StatusCallbacks"
    due: float
    priority: int
    webhook: Webhook
    on_arrival: Callable[[], None]

    async def proceed(self) -> None:
        """Post the callback."""
        self.callbacks.pending.remove(self)
        self.on_arrival()
        await self.callbacks.post(self.webhook)


class StatusCallbacks:
    """The callbacks that are `pending` and those `posted`; `recordings` is one of ARRIVALS."""

    def __init__(self, webhooks: WebhookClient, failures: list[ApplicationFailure]) -> None:
        self._webhooks, self._failures = webhooks, failures
        self.recordings = "after"
        self.pending: list[StatusCallback] = []
        self.posted: list[Webhook] = []

    def report_call(self, webhook: Webhook, at: float) -> None:
        """Schedule the status callback of a call, before anything else of that second."""
        self._schedule(webhook, ((at, FIRST),), lambda: None)

    def report_recording(self, recording: RecordingResource, saved: SaveRecording, at: float) -> None:
        """Schedule the callback of a recording, if the app asked for it; the recording is completed when it arrives.

        See https://www.twilio.com/docs/voice/twiml/record#recordingstatuscallback.
        """
        status = "completed" if saved.words else "absent"
        arrivals = [(at + later, priority) for later, priority in ARRIVALS[self.recordings]]

        def complete() -> None:
            recording.status = status

        if saved.callback is None or status not in saved.events or not arrivals:
            complete()
            return
        call = {name: saved.callback.form[name] for name in ("AccountSid", "CallSid")}
        form = call | {"RecordingStatus": status} | recording.status_callback_form()
        self._schedule(Webhook(saved.callback.method, saved.callback.url, form), arrivals, complete)

    async def post(self, webhook: Webhook) -> None:
        """Post a callback to the app, and record a failure of the app."""
        self.posted.append(webhook)
        try:
            await self._webhooks.notify(webhook)
        except ApplicationFailure as failure:
            self._failures.append(failure)

    def _schedule(
        self, webhook: Webhook, arrivals: Iterable[tuple[float, int]], on_arrival: Callable[[], None]
    ) -> None:
        self.pending += [StatusCallback(self, at, priority, webhook, on_arrival) for at, priority in arrivals]
