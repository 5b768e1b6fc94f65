"""Whatever is pressed, on whatever day: the reply can be spoken, and the call waits or ends."""

from datetime import date

from hypothesis import example, given, settings
from hypothesis import strategies as st

from ivr.engine.call_state import decode_call_state
from ivr.engine.events import DialEnded, DialStatus, Digits, Event, NoInput, Recorded
from ivr.engine.run import Reply
from ivr.engine.verbs import Dial, Gather, Hangup, Record, Redirect
from ivr.helpline.environment import HelplineEnvironment
from ivr.helpline.legal_rules import good_rules
from ivr.helpline.rota import of_setting
from ivr.loader import load
from ivr.simulator.twiml.parse import parse
from ivr.telephony.twiml import Renderer
from tests.made_up import begin, noon, run, said

HELPLINE = load()
SERVICE = HELPLINE.flows
RENDERER = Renderer(SERVICE.languages, "https://helpline.example/voice", "+441632960000")

KEYS = st.sampled_from([*"0123456789*#", "", "14102026", "20112026", "31022026", "1410*", "00", "D"])
WHAT_IS_PRESSED = st.lists(KEYS | st.text("0123456789*#", min_size=1, max_size=8), max_size=40)
ADVISERS = st.sampled_from([(), ("+447700900001",), ("+447700900001", "+447700900002")])


@settings(max_examples=200)
@given(WHAT_IS_PRESSED, st.sampled_from(DialStatus), st.dates(date(2024, 1, 1), date(2030, 1, 1)), ADVISERS)
@example(["0", "2", "1", "#", "1"], DialStatus.answered, date(2026, 11, 23), ())  # leaves a message
@example(["0", "2", "1", "1", "2"], DialStatus.answered, date(2026, 11, 23), ())  # and hears it
def test_whatever_is_pressed(keys: list[str], outcome: DialStatus, today: date, advisers: tuple[str, ...]) -> None:
    good = good_rules(HELPLINE.rules, today)
    environment = HelplineEnvironment(
        noon(today), HELPLINE.contacts, of_setting(advisers), "01632 960000", good_rules=good
    )
    reply = begin(SERVICE, SERVICE.answer, environment)
    check(reply)
    for pressed in keys:
        at, state, event = reply.at, reply.state, what_happens(reply, pressed, outcome)
        if event is None:
            return
        reply = run(SERVICE, at, state, event, environment)
        again = run(SERVICE, at, state, event, environment)
        assert (reply.at, reply.state, reply.turn.verbs) == (again.at, again.state, again.turn.verbs)
        check(reply)


def what_happens(reply: Reply, pressed: str, outcome: DialStatus) -> Event | None:
    """The next event of a call, or None if it is over."""
    last = reply.turn.verbs[-1]
    if isinstance(last, Hangup):
        return None
    if isinstance(last, Dial):
        return DialEnded(outcome)
    if any(isinstance(verb, Record) for verb in reply.turn.verbs):
        return Recorded("RE1", 7, key=pressed[:1]) if pressed else NoInput()
    return Digits(pressed) if pressed else NoInput()


def check(reply: Reply) -> None:
    """The last verb never leaves the caller in silence, and Twilio would take the document."""
    assert isinstance(reply.turn.verbs[-1], Redirect | Dial | Hangup)
    assert isinstance(reply.turn.verbs[-1], Redirect) == any(
        isinstance(verb, Gather | Record) for verb in reply.turn.verbs
    )
    heard = said(reply.turn)
    assert heard
    assert not set("{}") & set(heard)
    assert decode_call_state(reply.state.to_json()) == reply.state
    parse(RENDERER.document(reply.turn, reply.at).fill("memory", "screen").decode())
