"""Ringing without the queue: whoever is on shift is rung once, however shifts begin and end meanwhile."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from ivr.engine.events import DialEnded, DialStatus
from ivr.helpline.environment import HelplineEnvironment
from ivr.helpline.rota import of_setting
from tests.made_up import DESK, begin, dialled, flows, run

EXITS = dict.fromkeys(("answered", "busy", "unanswered", "failed", "unset"), "town/end")
SERVICE = flows(
    {"town/ring": {"kind": "transfer", "who": "advisers", **EXITS}},
    {"town.ring.prompt": "Ringing.", "town.ring.next": "Ringing on."},
)
NUMBERS = tuple(f"+44770090000{place}" for place in range(6))
ROTAS = st.lists(st.lists(st.sampled_from(NUMBERS), min_size=1, unique=True), min_size=8, max_size=8)
"""Who is on shift at the beginning, and at the end of each ringing."""
NOBODY = st.sampled_from([DialStatus.busy, DialStatus.unanswered, DialStatus.failed])


def on_shift(numbers: list[str]) -> HelplineEnvironment:
    return structs.replace(DESK, advisers=of_setting(numbers))


@given(ROTAS, NOBODY)
def test_nobody_is_rung_twice_and_nobody_who_is_there_at_the_end_is_left_out(
    rotas: list[list[str]], outcome: DialStatus
) -> None:
    reply, rung = begin(SERVICE, "town/ring", on_shift(rotas[0])), list[str]()
    for rota in rotas[1:]:
        dial = dialled(reply.turn)
        assert dial
        rung.append(dial.number)
        reply = run(SERVICE, "town/ring", reply.state, DialEnded(outcome), on_shift(rota))
        if reply.at != "town/ring":
            assert set(rota) <= set(rung)
            break
    assert reply.at == "town/end"
    assert len(rung) == len(set(rung))


@given(ROTAS)
def test_the_state_of_the_call_holds_no_number(rotas: list[list[str]]) -> None:
    assert b"7700" not in begin(SERVICE, "town/ring", on_shift(rotas[0])).state.to_json()
