"""The telephones of callees, operated by the person at the page."""

from collections.abc import Callable
from dataclasses import replace

from ivr.simulator.browser.live_phone import LivePhone
from ivr.simulator.browser.manual_callee import ManualCallee
from ivr.simulator.browser.recorded_actions import RecordedAction
from ivr.simulator.browser.request_fields import ActionRefused
from ivr.simulator.network.answers import Key
from ivr.simulator.network.callee import CALLEES
from ivr.simulator.network.outbound_call import OutboundCall
from ivr.simulator.network.waits import AwaitDigits, Bridged, PlaySounds, Ring, Talk

PICKED_UP = "picked_up"
BEHAVIOURS = {PICKED_UP: "mailbox", "busy": "busy", "no_answer": "no_answer", "mailbox": "mailbox"}
"""The ways to answer a telephone that rings, and the callee that is recorded until more is known."""
DECISIONS = {"1": "talks", "2": "declines"}
"""The callee that a key stands for, of somebody who is asked to take a call."""


class CalleePhones:
    """Answers them, presses keys on them, hangs them up. The caller's phone changes with every call."""

    def __init__(self, caller_phone: Callable[[], LivePhone]) -> None:
        self._caller_phone = caller_phone
        self._recorded_calls: set[OutboundCall] = set()
        """The calls that were placed for a caller who waited: what is done in others is no part of a scenario."""

    def state(self, number: str) -> tuple[str, str]:
        """Return the state of a telephone (quiet, rings, hears, dials, talks), and the caller id that it shows.

        One that `dials` is being connected with somebody who is rung for it.
        """
        phone, call = self._caller_phone(), self._outbound_call(number)
        if isinstance(phone.pending, Ring) and phone.pending.number == number:
            return "rings", phone.pending.caller_id
        if isinstance(phone.pending, Talk) and phone.pending.number == number:
            return "talks", phone.dialled[-1].caller_id
        if call is None or call.pending is None:
            return "quiet", ""
        if call.dialled:
            return ("dials" if isinstance(call.dialled, Ring) else "talks"), call.resource.sender
        if call.undecided_ring:
            return "rings", call.resource.sender
        if isinstance(call.pending, Bridged):
            return "talks", call.resource.sender
        return ("hears" if isinstance(call.callee, ManualCallee) else "quiet"), call.resource.sender

    async def answer(self, number: str, behaviour: str) -> None:
        """Pick up, refuse, do not answer, or let a mailbox answer."""
        if self.state(number)[0] != "rings" or behaviour not in BEHAVIOURS:
            raise ActionRefused("That telephone does not ring.")
        phone, call = self._caller_phone(), self._outbound_call(number)
        if call is None or phone.waiting:
            phone.recorded.append(RecordedAction(phone.now, "answers", BEHAVIOURS[behaviour], number=number))
        if call and phone.waiting:
            self._recorded_calls.add(call)
        if call and call.undecided_ring:
            at_once = replace(CALLEES[BEHAVIOURS[behaviour]], rings=0.0)
            call.decide({PICKED_UP: ManualCallee(), "no_answer": CALLEES["no_answer"]}.get(behaviour, at_once))
            await phone.listen(phone.now)
            return
        callee = "talks" if behaviour == PICKED_UP else behaviour
        phone.recorded.set_behaviour(number, callee)
        rings = CALLEES[callee].rings if callee == "no_answer" else 0.0
        await phone.act(replace(CALLEES[callee], rings=rings))

    async def press(self, number: str, key: str) -> None:
        """Press a key on a telephone that was picked up; before a `<Gather>` it is lost."""
        phone, call = self._caller_phone(), self._outbound_call(number)
        if call is None or not isinstance(call.callee, ManualCallee):
            raise ActionRefused("Nobody has picked that telephone up.")
        call.callee.done.append(Key(key, phone.now))
        if key in DECISIONS and isinstance(call.pending, AwaitDigits):
            self._record_behaviour(call, DECISIONS[key])
        await phone.listen(phone.now)

    async def hang_up(self, number: str) -> None:
        """Hang up a telephone that was picked up."""
        phone, call, state = self._caller_phone(), self._outbound_call(number), self.state(number)[0]
        if call and call.dialled:
            call.hang_up()
            await phone.listen(phone.now)
        elif state == "talks":
            phone.recorded.append(RecordedAction(phone.now, "ends"))
            if call and isinstance(call.pending, Bridged):
                call.pending.bridge.end(phone.now, number)
                await phone.listen(phone.now)
            else:
                await phone.remote_hang_up()
        elif state == "hears" and call and isinstance(call.pending, PlaySounds | AwaitDigits):
            self._record_behaviour(call, "hangs_up_on_screen")
            call.hang_up()
            await phone.listen(phone.now)

    def _record_behaviour(self, call: OutboundCall, behaviour: str) -> None:
        if call in self._recorded_calls:
            self._caller_phone().recorded.set_behaviour(call.resource.to, behaviour)

    def _outbound_call(self, number: str) -> OutboundCall | None:
        calls = self._caller_phone().carrier.outbound_calls
        return next((call for call in calls if call.resource.to == number), None)
