"""The keys of a test call are found in whatever flows there are, and lead where they should."""

from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from ivr.canary.ways import LONGEST, Way, ways
from ivr.canary.whisper import accepting
from ivr.config import CONTENT, EXAMPLE
from ivr.helpline.canary import Probe
from ivr.helpline.contacts import ADVISERS
from ivr.helpline.environment import HelplineEnvironment
from ivr.helpline.legal_rules import good_rules
from ivr.helpline.rota import of_setting
from ivr.loader import load
from ivr.steps.screen import TAKE
from ivr.telephony.scripted_call import LONGEST as LONGEST_SCRIPT
from ivr.telephony.scripted_call import Listen, Press, Speak, document
from tests.canary.rig import ADVISER, CANARY_NUMBER, CLOSED, OPEN

in_each = pytest.mark.parametrize("folder", [CONTENT, EXAMPLE], ids=["ours", "another county"])


def environment(folder: Path, now: datetime = OPEN, caller: str = CANARY_NUMBER) -> HelplineEnvironment:
    helpline = load(folder)
    return HelplineEnvironment(
        now,
        helpline.contacts,
        of_setting((ADVISER,)),
        "0808 157 0000",
        helpline.hours,
        caller,
        good_rules=good_rules(helpline.rules, now.date()),
        language=helpline.flows.words.language.tag,
        canary=CANARY_NUMBER,
    )


def found(folder: Path, now: datetime = OPEN) -> dict[Probe, Way]:
    return ways(load(folder).flows, environment(folder, now))


@in_each
def test_the_shortest_way_to_an_adviser_is_0(folder: Path) -> None:
    acts = found(folder)[Probe.adviser].acts
    assert [act.keys for act in acts if isinstance(act, Press)] == ["0"]


@in_each
def test_a_day_is_typed_on_the_way_to_the_last_day_and_the_day_is_that_of_the_law(folder: Path) -> None:
    way = found(folder)[Probe.deadline]
    assert "17112026" in [act.keys for act in way.acts if isinstance(act, Press)]
    assert str(way.last_day) == "2027-01-17"


def test_a_message_is_spoken_and_ended_with_a_key() -> None:
    acts = found(CONTENT)[Probe.message].acts
    place = next(place for place, act in enumerate(acts) if isinstance(act, Speak))
    assert acts[place + 1] == Press("#")
    before = acts[place - 1]
    assert isinstance(before, Listen)
    assert before.seconds > 10  # the words before the tone, which no key interrupts


@in_each
def test_while_we_are_closed_there_is_no_way_to_an_adviser(folder: Path) -> None:
    assert Probe.adviser not in found(folder, CLOSED)


@in_each
def test_every_script_is_one_that_the_provider_takes(folder: Path) -> None:
    for way in found(folder).values():
        assert way.seconds < LONGEST + 60
        assert len(document(way.acts)) < LONGEST_SCRIPT
        assert all(act.seconds > 0 for act in way.acts if isinstance(act, Listen))


@in_each
def test_the_second_number_hears_out_the_whisper_and_presses_what_it_asks_for(folder: Path) -> None:
    pick_up, listen, press, talk = accepting(load(folder).flows, OPEN)
    assert press == Press(TAKE)
    assert isinstance(listen, Listen)
    assert isinstance(talk, Listen)
    assert listen.seconds > 5
    assert pick_up == Press("w")


@pytest.mark.parametrize("who", [ADVISERS, "mediation", "ombudsman"])
def test_a_test_call_rings_nobody_but_its_own_number(who: str) -> None:
    ours = environment(CONTENT)
    assert ours.numbers(who) == (CANARY_NUMBER,)
    assert CANARY_NUMBER not in environment(CONTENT, caller="+447700900123").numbers(who)


@given(st.text("0123456789+", max_size=14))
def test_every_other_caller_is_no_test_call(caller: str) -> None:
    theirs = structs.replace(environment(CONTENT), caller=caller)
    assert caller == CANARY_NUMBER or theirs.numbers(ADVISERS) == (ADVISER,)
