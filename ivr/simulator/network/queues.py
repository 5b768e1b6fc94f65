"""Call queues: callers join them, and whoever dials `<Queue>` is bridged with the first."""

from collections.abc import Callable

from ivr.simulator.network.answers import Dequeued
from ivr.simulator.network.bridge import Bridge
from ivr.simulator.network.callee import Callee
from ivr.simulator.network.clock import Clock
from ivr.simulator.network.line import Line
from ivr.simulator.network.waits import DequeueCaller, JoinQueue
from ivr.simulator.transcript import LINE
from ivr.simulator.twilio_api.account import TwilioAccount
from ivr.simulator.twilio_api.resources.queue import QueueMember


class Queues:
    """The queues of an account; `on_join` is called whenever a caller joins one."""

    def __init__(self, twilio: TwilioAccount, clock: Clock, on_join: Callable[[], None]) -> None:
        self._twilio, self._clock, self._on_join = twilio, clock, on_join

    def join(self, wait: JoinQueue, line: Line, interrupt: Callable[[Exception], None]) -> QueueMember | None:
        """Add a caller at the end of a queue; return None if it is full.

        `interrupt` throws an exception into the caller's execution when the call is taken.
        """
        queue = self._twilio.get_or_create_queue(wait.queue, wait.max_size)
        if len(queue.members) >= min(wait.max_size, queue.max_size):
            return None
        transcript = line.transcript
        transcript.note(LINE, f"{transcript.name} waits in a queue")
        member = QueueMember(queue, line.leg.sid, transcript.clock, lambda bridge: interrupt(Dequeued(bridge)))
        queue.members.append(member)
        self._on_join()
        return member

    def due(self, wait: DequeueCaller, since: float) -> float:
        """Return the second at which a caller can be taken, or it is known that none can."""
        queue = self._twilio.find_queue(wait.queue)
        return since if queue is None or queue.members else since + wait.timeout

    def dequeue(self, wait: DequeueCaller, line: Line, talk: Callee) -> Bridge | str:
        """Return a bridge to the first caller, or the DialCallStatus if there is none."""
        queue = self._twilio.find_queue(wait.queue)
        if queue is None:
            return "failed"
        if not queue.members:
            return "no-answer"
        member, now = queue.members[0], self._clock.seconds
        bridge = Bridge(line.ear, member.call_sid, now, min(talk.talks, wait.time_limit), talk.lingers)
        line.transcript.note_connected(line.ear, now)
        member.dequeue(bridge)
        return bridge
