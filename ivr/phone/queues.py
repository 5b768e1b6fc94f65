"""Puts callers into the office's queues, and connects whoever comes for them."""

from typing import TYPE_CHECKING

from ivr.phone.bridge import Bridge
from ivr.phone.office_queue import Place
from ivr.phone.stops import Join, Take, Taken
from ivr.phone.transcript import LINE

if TYPE_CHECKING:
    from ivr.phone.company import Company
    from ivr.phone.party import Party


class Queues:
    """The way into a queue, and out of it over a bridge."""

    def __init__(self, company: "Company") -> None:
        self._company = company

    def joins(self, join: Join, party: "Party") -> Place | None:
        """A place at the end; none in a queue that is full."""
        queue = self._company.office.queue(join.queue, join.most)
        if len(queue.places) >= min(join.most, queue.most):
            return None
        tape = party.line.tape
        tape.notes(LINE, f"{tape.name} waits in a queue")
        place = Place(queue, party.line.leg.sid, tape.clock, lambda bridge: party.interrupts(Taken(bridge)))
        queue.places.append(place)
        self._company.rounds.is_wanted = True
        return place

    def due(self, take: Take, since: float) -> float:
        """The second at which somebody can be taken out of a queue, or it is known that nobody can."""
        queue = self._company.office.queue_named(take.queue)
        if queue is None:
            return since
        return since if queue.places else since + take.timeout

    def takes(self, take: Take, party: "Party") -> Bridge | str:
        """A bridge to whoever is first, or how it failed."""
        queue = self._company.office.queue_named(take.queue)
        if queue is None:
            return "failed"
        if not queue.places:
            return "no-answer"
        place, line, talker = queue.places[0], party.line, party.talker
        bridge = Bridge(line.ear, place.call, self._company.now, min(talker.talks, take.longest), talker.lingers)
        line.tape.connects(line.ear, self._company.now)
        place.taken(bridge)
        return bridge
