"""What can happen at the provider's API, where texts are handed in and calls are placed."""

from collections.abc import Iterator
from contextlib import asynccontextmanager
from itertools import cycle

from ivr.phone.office_manner import BABBLES, BREAKS, CUTS_OFF, FORGETS, GATEWAY_DOWN, PROPERLY, Answer, Manner
from torture.day import Day
from torture.fault import Fault, Injected, Injection

REFUSES_ALL = (
    Manner(GATEWAY_DOWN.answer, takes=False),
    Manner(BREAKS.answer, takes=False),
    Manner(Answer.refusal, takes=False, status=503, code=20503),
)
SLOW = Manner(wait=3.0)


def behaves(*manners: Manner) -> Injection:
    """The office treats whatever it is asked in these ways, in turn."""

    @asynccontextmanager
    async def inject(day: Day) -> Injected:
        day.office.behaves_as(cycle(manners))
        try:
            yield
        finally:
            day.office.behaves_as(_properly())

    return inject


def _properly() -> Iterator[Manner]:
    return cycle((PROPERLY,))


FAULTS = (
    Fault(
        "provider's API failing", "It answers 500, 503 and a gateway's page, and takes nothing.", behaves(*REFUSES_ALL)
    ),
    Fault("provider's API slow", f"Each answer takes {SLOW.wait:.0f} seconds.", behaves(SLOW)),
    Fault(
        "provider's API cuts the line",
        "It takes what it is given and cuts the line instead of answering; of every third text neither its list nor its news tells.",
        behaves(CUTS_OFF, Manner(CUTS_OFF.answer, news=()), FORGETS),
    ),
    Fault(
        "provider's API answers nonsense",
        "It takes what it is given, and answers with a web page.",
        behaves(BABBLES, Manner(BABBLES.answer, news=())),
    ),
)
