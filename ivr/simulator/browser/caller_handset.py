"""The caller's own telephone, when the helpline rings it: an adviser rings a caller back."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from ivr.simulator.browser.manual_callee import ManualCallee
from ivr.simulator.browser.request_fields import ActionRefused
from ivr.simulator.network.callee import CALLEES
from ivr.simulator.network.carrier import Carrier
from ivr.simulator.network.outbound_call import OutboundCall
from ivr.simulator.network.waits import Ring

NOT_RINGING = "Your telephone does not ring."
DECLINED = replace(CALLEES["busy"], rings=0.0)
"""What a telephone does whose owner declines the call: the network says that it is busy."""


@dataclass(frozen=True)
class IncomingCall:
    """A call to the caller's `number`, which `rings` or `talks` since a second, shows a caller id, and is `by` whom."""

    state: str
    number: str
    shown: str
    since: float
    by: str


class CallerHandset:
    """Answers or declines a call from the helpline, and hangs up."""

    def __init__(self, carrier: Callable[[], Carrier]) -> None:
        self._carrier = carrier

    @property
    def incoming(self) -> IncomingCall | None:
        """The call that rings, or in which they talk; None while the telephone is quiet."""
        call = self._call
        if call is None or call.dialled is None:
            return None
        number, rings = call.dialled.number, reversed(self._carrier().directory.dialled)
        shown = next(ring.caller_id for ring in rings if ring.number == number)
        state = "rings" if isinstance(call.dialled, Ring) else "talks"
        return IncomingCall(state, number, shown, call.line.transcript.clock, call.resource.to)

    def answer(self) -> None:
        """Pick up. Raises ActionRefused if it does not ring."""
        self._ringing().decide(ManualCallee())

    def decline(self) -> None:
        """Decline the call. Raises ActionRefused if it does not ring."""
        self._ringing().decide(DECLINED)

    def hang_up(self) -> None:
        """Hang up. Raises ActionRefused if they do not talk."""
        if self._call is None or isinstance(self._call.dialled, Ring):
            raise ActionRefused("There is no call: dial first.")
        self._call.remote_hang_up()

    @property
    def _call(self) -> OutboundCall | None:
        return next((call for call in self._carrier().outbound_calls if call.dialled), None)

    def _ringing(self) -> OutboundCall:
        if self._call is None or not isinstance(self._call.dialled, Ring):
            raise ActionRefused(NOT_RINGING)
        return self._call
