"""One turn of a call, and how turns follow one another."""

from collections.abc import Iterable, Mapping
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.engine.call_state import LONGEST_HISTORY
from ivr.engine.events import Digits, NoInput
from ivr.engine.run import MOST_STEPS, Reply
from ivr.engine.verbs import Gather, Redirect
from ivr.errors import FlowLoop
from tests.made_up import DESK, begin, flows, run, said

MENU = {"kind": "menu", "choices": {"1": {"say": "soup", "go": "soup"}}, "otherwise": "person/ring"}
MENU_SENTENCES = {"town.menu.soup": "Soup is {key}.", "town.menu.shorter": "{soup}"}


def say(go: str) -> dict[str, str]:
    return {"kind": "say", "go": go}


def yes_no(yes: str, no: str) -> dict[str, str]:
    return {"kind": "yes_no", "keep": "x", "yes": yes, "no": no, "otherwise": "person/ring"}


def asking(names: Iterable[str]) -> dict[str, str]:
    return {f"town.{name}.{part}": f"{name}?" for name in names for part in ("prompt", "plainer")}


def test_words_on_the_way_open_the_next_wait_so_that_a_key_interrupts_them() -> None:
    helpline = flows({"town/hello": say("menu"), "town/menu": MENU}, MENU_SENTENCES | {"town.hello.prompt": "Hi."})
    reply = begin(helpline, "town/hello", DESK)
    assert reply.at == "town/menu"
    assert [type(verb) for verb in reply.turn.verbs] == [Gather, Redirect]
    assert said(reply.turn) == "Hi. Soup is 1."


def test_steps_that_never_stop_are_an_error_and_not_a_hung_program() -> None:
    steps = {"town/one": say("two"), "town/two": say("one")}
    helpline = flows(steps, {"town.one.prompt": "One.", "town.two.prompt": "Two."})
    with pytest.raises(FlowLoop):
        begin(helpline, "town/one", DESK)


def test_a_long_way_that_does_stop_is_no_error() -> None:
    names = [f"s{number}" for number in range(MOST_STEPS - 1)]
    steps = {f"town/{name}": say(after) for name, after in pairwise(names)}
    sentences = {f"town.{name}.prompt": "On." for name in names}
    assert begin(flows(steps, sentences), "town/s0", DESK).at == f"town/{names[-1]}"


def test_the_topic_is_that_of_the_last_flow_that_has_one() -> None:
    steps = {"school/menu": yes_no("town/a", "person/ring"), "town/a": yes_no("b", "b")}
    sentences = {"school.menu.prompt": "?", "school.menu.plainer": "?", "school.matter.prompt": "school"} | asking("a")
    helpline = flows(steps, sentences, topics={"school": "school.matter.prompt"})
    begun = begin(helpline, "school/menu", DESK)
    assert begun.state.topic == "school"
    assert run(helpline, "school/menu", begun.state, Digits("1"), DESK).state.topic == "school"


def test_the_same_moment_always_has_the_same_answer() -> None:
    first, second = (run(TOWN, "town/a", begin(TOWN, "town/a", DESK).state, Digits("1"), DESK) for _ in "12")
    assert (first.at, first.state, first.turn.verbs) == (second.at, second.state, second.turn.verbs)


def back(reply: Reply) -> Reply:
    return run(TOWN, reply.at, reply.state, Digits("#"), DESK)


def on(reply: Reply, key: str = "1") -> Reply:
    return run(TOWN, reply.at, reply.state, Digits(key), DESK)


NAMES = "abcdefghijklmnopq"
TOWN = flows(
    {f"town/{name}": yes_no(after, "a") for name, after in pairwise(NAMES)},
    asking(NAMES),
)


def test_hash_goes_back_through_the_questions_in_the_order_they_came() -> None:
    reply = on(on(on(begin(TOWN, "town/a", DESK))))
    places = [reply.at, *((reply := back(reply)).at for _ in range(4))]
    assert places == ["town/d", "town/c", "town/b", "town/a", "town/a"]


def test_after_going_back_another_way_can_be_taken_and_gone_back_on() -> None:
    reply = on(back(on(on(begin(TOWN, "town/a", DESK)))))
    assert (reply.at, reply.state.history) == ("town/c", ("town/a", "town/b"))


def test_coming_round_to_a_question_again_begins_its_history_anew() -> None:
    reply = on(on(on(begin(TOWN, "town/a", DESK))), key="2")
    assert (reply.at, reply.state.history) == ("town/a", ())


def test_the_oldest_questions_are_forgotten_on_a_long_way() -> None:
    reply = begin(TOWN, "town/a", DESK)
    for _ in range(LONGEST_HISTORY + 3):
        reply = on(reply)
    assert len(reply.state.history) == LONGEST_HISTORY
    places = [(reply := back(reply)).at for _ in range(LONGEST_HISTORY + 1)]
    assert places[-1] == places[-2] == "town/d"


@given(st.lists(st.sampled_from(["1", "2", "#", "7", ""]), max_size=60))
def test_hash_pressed_again_and_again_always_comes_to_rest(keys: list[str]) -> None:
    reply = begin(TOWN, "town/a", DESK)
    for key in keys:
        reply = run(TOWN, reply.at, reply.state, Digits(key) if key else NoInput(), DESK)
    places = [(reply := back(reply)).at for _ in range(LONGEST_HISTORY + 1)]
    assert places[-1] == places[-2]
    assert all(places.count(place) == 1 for place in places if place != places[-1])


def test_every_turn_is_counted_so_that_an_effect_can_be_keyed_by_it() -> None:
    first = begin(TOWN, "town/a", DESK)
    assert [first.state.turn, on(first).state.turn, back(on(first)).state.turn] == [1, 2, 3]


CHOICE: dict[str, Mapping[str, object]] = {
    "town/menu": MENU | {"otherwise": "goodbye"},
    "town/soup": say("goodbye"),
    "town/goodbye": {"kind": "hangup"},
    "person/ring": say("town/goodbye"),
}
GOODBYES = MENU_SENTENCES | {"town.soup.prompt": "Soup.", "town.goodbye.prompt": "Bye.", "person.ring.prompt": "No."}


@pytest.mark.parametrize(("keys", "informs"), [("1", True), ("0", False), ("9", False), ("", False)])
def test_what_a_caller_chose_informs_them_though_a_goodbye_follows(keys: str, informs: bool) -> None:
    helpline = flows(CHOICE, GOODBYES)
    reply = begin(helpline, "town/menu", DESK)
    while reply.at == "town/menu":
        reply = run(helpline, reply.at, reply.state, Digits(keys) if keys else NoInput(), DESK)
    assert (reply.at, reply.informs) == ("town/goodbye", informs)
    assert said(reply.turn.before_goodbye()) == {"1": "Soup.", "0": "No."}.get(keys, "")


def test_a_choice_that_leads_to_another_question_informs_of_nothing_yet() -> None:
    helpline = flows(CHOICE | {"town/soup": yes_no("goodbye", "goodbye")}, GOODBYES | asking(("soup",)))
    reply = run(helpline, "town/menu", begin(helpline, "town/menu", DESK).state, Digits("1"), DESK)
    assert not reply.informs


def test_a_reply_knows_the_steps_that_led_to_it() -> None:
    steps: Mapping[str, Mapping[str, object]] = {
        "town/hello": say("menu"),
        "town/menu": MENU,
        "town/soup": say("menu"),
    }
    helpline = flows(steps, MENU_SENTENCES | {"town.hello.prompt": "Hi.", "town.soup.prompt": "Hot."})
    first = begin(helpline, "town/hello", DESK)
    assert first.path == ("town/hello", "town/menu")
    assert run(helpline, first.at, first.state, Digits("1"), DESK).path == ("town/soup", "town/menu")
    assert run(helpline, first.at, first.state, NoInput(), DESK).path == ()
