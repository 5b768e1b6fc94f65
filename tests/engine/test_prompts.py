"""Whole sentences, their blanks filled, with the short silences that ears need."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.engine.prompts import BEFORE_A_KEY, BETWEEN_SENTENCES, Key, Sentence, Words
from ivr.engine.verbs import Pause, Say, Speech
from ivr.errors import MissingPrompt
from tests.made_up import LANGUAGE

WORDS = Words(LANGUAGE, {"town.menu.soup": Sentence("For soup, press {key}."), "town.hello.prompt": Sentence("Hello.")})


def test_a_sentence_without_blanks_is_said_as_it_stands() -> None:
    assert Sentence("Good morning.").fill() == ("Good morning.",)


def test_an_empty_sentence_is_silent() -> None:
    assert Sentence("").fill() == ()


def test_a_sentence_knows_its_blanks() -> None:
    assert Sentence("From {letter} to {send_by}, {letter}.").blanks == {"letter", "send_by"}
    assert Sentence("No blank {Here}, {} or { there }.").blanks == frozenset()


def test_a_blank_is_filled_wherever_it_stands() -> None:
    assert Sentence("{a} and {b} and {a}").fill(a="one", b="two") == ("one and two and one",)


def test_a_blank_that_nothing_fills_is_not_passed_over() -> None:
    with pytest.raises(MissingPrompt, match=r"nothing fills \{name\} in “Good morning, \{name\}\.”"):
        Sentence("Good morning, {name}.").fill(day="Monday")


def test_a_value_that_the_sentence_leaves_out_is_not_said() -> None:
    assert Sentence("Good morning.").fill(name="Ada") == ("Good morning.",)


def test_the_words_before_a_key_are_set_off_by_a_short_silence() -> None:
    assert Sentence("For soup, press {key}.").fill(key=Key("1")) == ("For soup,", BEFORE_A_KEY, "press 1.")


def test_each_key_of_a_sentence_is_set_off_at_its_own_comma() -> None:
    assert Sentence("For soup, press {a}. For bread, or rolls, press {b}.").fill(a=Key("1"), b=Key("2")) == (
        "For soup,",
        BEFORE_A_KEY,
        "press 1. For bread, or rolls,",
        BEFORE_A_KEY,
        "press 2.",
    )


def test_a_key_without_a_comma_before_it_is_not_set_off() -> None:
    assert Sentence("Press {key}.").fill(key=Key("1")) == ("Press 1.",)
    assert Sentence("{key} is the key.").fill(key=Key("1")) == ("1 is the key.",)
    assert Sentence("{date}{key}").fill(date=(Pause(500),), key=Key("1")) == (Pause(500), "1")


def test_a_value_may_have_silences_of_its_own() -> None:
    number: Speech = ("0 1,", Pause(500), "2 3")
    assert Sentence("It is {number}.").fill(number=number) == ("It is 0 1,", Pause(500), "2 3.")


def test_braces_in_a_value_are_said_and_not_filled() -> None:
    assert Sentence("{a}").fill(a="{b}", b="no") == ("{b}",)


@given(st.text(), st.dictionaries(st.sampled_from("abc"), st.text(), min_size=3))
def test_any_sentence_is_filled_or_refused_as_unspeakable(text: str, values: dict[str, str]) -> None:
    sentence = Sentence(text)
    if sentence.blanks <= values.keys():
        assert all(part != "" for part in sentence.fill(**values))
    else:
        with pytest.raises(MissingPrompt):
            sentence.fill(**values)


def test_several_sentences_are_one_breath_with_silences_between() -> None:
    assert WORDS.say(("One.",), ("Two.", Pause(300), "three.")) == Say(
        ("One.", BETWEEN_SENTENCES, "Two.", Pause(300), "three."), "en-GB"
    )


def test_a_sentence_left_out_leaves_no_silence() -> None:
    assert WORDS.say((), ("One.",), (), ("Two.",), ()).speech == ("One.", BETWEEN_SENTENCES, "Two.")


def test_a_sentence_that_is_not_there_is_unspeakable() -> None:
    assert "town.hello.prompt" in WORDS
    assert "town.bye.prompt" not in WORDS
    with pytest.raises(MissingPrompt, match=r"there is no sentence town\.bye\.prompt"):
        WORDS.speech("town.bye.prompt")


def test_a_sentence_can_be_had_with_its_blanks_left_open() -> None:
    assert WORDS.text("town.menu.soup") == "For soup, press {key}."
