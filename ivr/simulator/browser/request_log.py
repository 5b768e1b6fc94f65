"""The requests of a session, for those who look closer: what was sent, what was answered, how long it took."""

import json
import re
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from ivr.simulator.browser.helpline_source import CallTrace
from ivr.simulator.exchanges import Exchange, Observer

MAX_REQUESTS = 300
"""How many are kept; the oldest go first."""
PROVIDER, HELPLINE = "provider", "helpline"
"""Who sends a request: the telephone company a webhook, the helpline one to the REST API."""
SID = re.compile(r"\b(?:CA|SM|RE|QU)[0-9a-f]{32}\b")
MESSAGE_SID = "SM"


@dataclass(frozen=True)
class LoggedRequest:
    """One exchange: its number in the session, the second of the simulated clock at which it was answered and the time
    of day then, who sent it, what it belongs to (`about`, a SID), and what the helpline did for it.
    """

    number: int
    at: float
    clock: datetime
    sender: str
    about: str
    exchange: Exchange
    traces: Sequence[CallTrace]

    def as_json(self) -> dict[str, Any]:
        """Return it as the page shows it."""
        exchange = asdict(self.exchange) | {"milliseconds": round(self.exchange.milliseconds, 1)}
        clock = self.clock.replace(tzinfo=None).isoformat(timespec="seconds")
        head = {"number": self.number, "at": round(self.at, 3), "clock": clock, "from": self.sender}
        return head | {"about": self.about, "traces": [asdict(trace) for trace in self.traces]} | exchange


class RequestLog:
    """The last requests of a session. `on_trace` is told of what the helpline did, and when."""

    def __init__(
        self,
        clock: Callable[[], tuple[float, datetime]],
        take_traces: Callable[[str], Sequence[CallTrace]],
        on_trace: Callable[[float, CallTrace], None],
    ) -> None:
        self.count = 0
        self._clock, self._take_traces, self._on_trace = clock, take_traces, on_trace
        self._requests: deque[LoggedRequest] = deque(maxlen=MAX_REQUESTS)
        self._parties: dict[str, str] = {}

    def observer(self, sender: str) -> Observer:
        """Return an observer of the requests that one of the two sides sends."""

        def observe(exchange: Exchange) -> None:
            at, clock = self._clock()
            traces = self._take_traces(exchange.form.get("CallSid", "")) if sender == PROVIDER else ()
            for trace in traces:
                self._on_trace(at, trace)
            self.count += 1
            about = self._about(exchange)
            self._requests.append(LoggedRequest(self.count, at, clock, sender, about, exchange, traces))

        return observe

    def since(self, number: int) -> list[LoggedRequest]:
        """Return the requests after one of that number."""
        return [request for request in self._requests if request.number > number]

    @property
    def parties(self) -> Mapping[str, str]:
        """Who is called, who calls or who is texted, by the SID of the call or message."""
        kept = {request.about for request in self._requests}
        return {sid: party for sid, party in self._parties.items() if sid in kept}

    def _about(self, exchange: Exchange) -> str:
        """Return the SID of the call or message that an exchange is about, and remember whose it is."""
        form, answer = exchange.form, _json(exchange.answer)
        sid = form.get("MessageSid") or form.get("CallSid") or str(answer.get("sid") or "")
        if not sid and (found := SID.search(exchange.path)):
            sid = found[0]
        outbound = sid == answer.get("sid") or form.get("Direction", "").startswith("outbound")
        if (party := form.get("To" if outbound else "From")) and sid:
            self._parties.setdefault(sid, party)
        return sid


def _json(text: str) -> Mapping[str, Any]:
    if not text.startswith("{"):
        return {}
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
