"""The one place that asks: what the steps' own tables do not show."""

import pytest

from ivr.engine.call_state import CallState
from ivr.engine.events import DialEnded, DialStatus, Digits, Event, HungUp, NoInput
from ivr.engine.question import ATTEMPTS, Attempt, Question
from ivr.engine.step import StepContext
from ivr.engine.verbs import Gather, Redirect
from tests.made_up import DESK, Stop, begin, flows, gathered, run, said, step

TALE = {"kind": "reading", "pages": ["sea", "isle"], "then": "market", "otherwise": "person/ring"}
EAT = {"kind": "yes_no", "keep": "eat", "yes": "soup", "no": "bye", "otherwise": "person/ring"}
SURE = {"kind": "confirm_date", "of": "letter", "yes": "soup", "no": "bye", "otherwise": "person/ring"}
LETTER = {"kind": "ask_date", "keep": "letter", "got": "soup", "otherwise": "person/ring"}
SENTENCES = {
    "town.tale.sea": "Sea.",
    "town.tale.isle": "Isle.",
    "town.tale.then": "Press {key}.",
    "town.eat.prompt": "Hungry?",
    "town.eat.plainer": "Eat?",
    "town.sure.prompt": "{date}?",
    "town.sure.plainer": "{date}?",
    "town.letter.prompt": "When?",
    "town.letter.shorter": "Day?",
    "town.letter.plainer": "Keys?",
}
SERVICE = flows({"town/tale": TALE, "town/eat": EAT, "town/sure": SURE, "town/letter": LETTER}, SENTENCES)


def test_a_question_waits_ten_seconds_and_then_asks_to_be_called_again() -> None:
    gather, back = begin(SERVICE, "town/eat", DESK).turn.verbs
    assert isinstance(gather, Gather)
    assert (gather.num_digits, gather.timeout) == (1, 10)
    assert back == Redirect()


def test_every_word_of_a_question_can_be_interrupted_by_a_key() -> None:
    for event in (NoInput(), Digits("7")):
        verbs = run(SERVICE, "town/eat", CallState(), event, DESK).turn.verbs
        assert [type(verb) for verb in verbs] == [Gather, Redirect]


def test_a_question_has_an_attempt_for_every_page_and_every_try() -> None:
    tale, eat = SERVICE.steps["town/tale"], SERVICE.steps["town/eat"]
    assert isinstance(tale, Question)
    assert isinstance(eat, Question)
    assert list(eat.attempts_to_say()) == [
        Attempt(),
        Attempt("no_input", 1),
        Attempt("no_match", 1),
        Attempt("no_input", 2),
        Attempt("no_match", 2),
    ]
    assert [attempt.page for attempt in tale.attempts_to_say()] == [0] * 5 + [1] * 5


def test_what_depends_on_nothing_of_the_call_is_composed_once_for_all_calls() -> None:
    first, second = begin(SERVICE, "town/eat", DESK), begin(SERVICE, "town/eat", DESK, CallState(turn=7, topic="x"))
    assert first.turn is second.turn
    assert {at for at, _ in SERVICE.turns} == {"town/tale", "town/eat", "town/letter"} | {
        at for at, one in SERVICE.steps.items() if isinstance(one, Stop)
    }


def test_what_speaks_of_the_call_is_composed_for_each() -> None:
    letters = [CallState(variables={"letter": day}) for day in ("2026-10-14", "2026-10-15")]
    first, second = [said(begin(SERVICE, "town/sure", DESK, state).turn) for state in letters]
    assert "fourteenth" in first
    assert "fifteenth" in second


def test_a_key_that_is_explained_does_not_change_what_other_callers_hear() -> None:
    explained = run(SERVICE, "town/letter", CallState(), Digits("31022026"), DESK)
    plain = run(SERVICE, "town/letter", CallState(), Digits("0*"), DESK)
    assert said(explained.turn).startswith("You keyed 3, 1")
    assert said(plain.turn) == "When?"


@pytest.mark.parametrize("event", [NoInput(), Digits("7"), HungUp(), DialEnded(DialStatus.busy)])
@pytest.mark.parametrize("at", ["town/tale", "town/eat", "town/letter"])
def test_whatever_is_no_answer_leads_to_the_same_person_at_the_third_time(at: str, event: Event) -> None:
    state, places = CallState(), []
    for _ in range(ATTEMPTS):
        reply = run(SERVICE, at, state, event, DESK)
        state = reply.state
        places.append(reply.at)
    assert places == [at, at, "person/ring"]


def test_no_two_tries_say_the_same() -> None:
    for event in (NoInput(), Digits("7")):
        for at in ("town/tale", "town/letter"):
            heard = [said(begin(SERVICE, at, DESK).turn)]
            heard += [said(run(SERVICE, at, CallState(attempts=tries), event, DESK).turn) for tries in (0, 1)]
            assert len(set(heard)) == ATTEMPTS


def test_several_keys_are_waited_for_only_where_they_are_asked_for() -> None:
    asked = {at: gathered(begin(SERVICE, at, DESK).turn) for at in ("town/eat", "town/letter")}
    assert {at: gather.num_digits for at, gather in asked.items() if gather} == {"town/eat": 1, "town/letter": 8}


def test_a_kind_that_does_not_say_what_it_asks_cannot_be_used() -> None:
    bare = Question(kind="bare", otherwise=Stop().otherwise)
    context = StepContext("town/bare", CallState(), DESK, SERVICE.shared)
    with pytest.raises(NotImplementedError):
        bare.compose(context, Attempt())
    with pytest.raises(NotImplementedError):
        bare.answer(context, "1")


def test_a_step_whose_kind_does_nothing_with_events_is_entered_again() -> None:
    hello = step("town/hello", {"kind": "say", "go": "eat"})
    greeted = flows({"town/hello": hello, "town/eat": EAT}, SENTENCES | {"town.hello.prompt": "Good morning."})
    assert said(run(greeted, "town/hello", CallState(), Digits("1"), DESK).turn).startswith("Good morning. Hungry?")


def test_each_try_is_given_longer_than_the_one_before() -> None:
    """An operator of the text relay service types every word of ours before they press anything."""
    waits = []
    reply = begin(SERVICE, "town/eat", DESK)
    for _ in range(3):
        gather = gathered(reply.turn)
        assert gather
        waits.append(gather.timeout)
        reply = run(SERVICE, reply.at, reply.state, NoInput(), DESK)
    assert waits == [10, 20, 30]
