"""Turns rendered as TwiML."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element, fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.engine.prompts import Language
from ivr.engine.verbs import Dial, Gather, Hangup, Pause, Play, Record, Redirect, Say, Speech, Turn, Verb
from ivr.simulator.twiml.parse import parse
from ivr.telephony.connection_overrides import RETRIES
from ivr.telephony.twiml import Renderer

URL = "https://helpline.example/ivr/speech"
RENDERER = Renderer({"en-GB": Language("en-GB", "English", "Polly.Amy-Neural", "90%")}, URL, "+441632960000")
HELLO = Say(("Good morning.",), "en-GB")
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1)


def text_of(*verbs: Verb, at: str | None = "town/menu") -> str:
    """Return a finished document, which the simulator's parser must accept."""
    text = RENDERER.document(Turn(verbs), at).fill("mmm", "sss").decode()
    parse(text)
    return text


def elements(*verbs: Verb, at: str | None = "town/menu") -> list[Element]:
    return list(fromstring(text_of(*verbs, at=at)))  # noqa: S314 - our own document


def spoken(*speech: str | Pause) -> list[Element]:
    return elements(Say(speech, "en-GB"))


def test_nothing_to_do_is_an_empty_document() -> None:
    assert text_of() == '<?xml version="1.0" encoding="UTF-8"?><Response />'


def test_words_are_spoken_in_the_helplines_voice_and_speed() -> None:
    (say,) = spoken("Good morning.")
    assert (say.tag, say.attrib) == ("Say", {"voice": "Polly.Amy-Neural", "language": "en-GB"})
    assert (say[0].tag, say[0].attrib, say[0].text) == ("prosody", {"rate": "90%"}, "Good morning.")


def test_a_short_silence_is_a_break_in_the_voices_breath() -> None:
    (say,) = spoken("For soup,", Pause(300), "press 1.", Pause(999), "More.")
    breaks = list(say[0])
    assert [(one.tag, one.attrib["time"], one.tail) for one in breaks] == [
        ("break", "300ms", "press 1."),
        ("break", "999ms", "More."),
    ]


def test_a_long_silence_is_a_verb_between_two_breaths() -> None:
    before, pause, after = spoken("Have a pen ready.", Pause(3000), "It is 0 1.")
    assert (before.tag, pause.tag, pause.attrib, after.tag) == ("Say", "Pause", {"length": "3"}, "Say")


def test_a_long_silence_may_be_the_last_or_the_first_of_a_speech() -> None:
    assert [one.tag for one in spoken("Wait.", Pause(1000))] == ["Say", "Pause"]
    assert [one.tag for one in spoken(Pause(2000), "Now.")] == ["Pause", "Say"]


@pytest.mark.parametrize("words", ["Bread & butter", "less < than", 'say "hello"', "it's > that", "]]>", "&amp;", "£5"])
def test_words_are_said_as_they_are_written(words: str) -> None:
    (say,) = spoken(words)
    assert "".join(say.itertext()) == words


@given(WORDS.filter(str.strip), WORDS)
def test_any_words_come_out_as_they_went_in(first: str, second: str) -> None:
    (say,) = list(fromstring(RENDERER.document(Turn((Say((first, Pause(300), second), "en-GB"),)), None).fill("")))  # noqa: S314
    assert "".join(say.itertext()) == first + second


def test_one_key_is_waited_for_with_a_single_gather() -> None:
    gather, redirect = elements(Gather((HELLO,)), Redirect())
    assert gather.attrib == {
        "action": f"{URL}/town/menu?m=mmm",
        "method": "POST",
        "input": "dtmf",
        "timeout": "10",
        "numDigits": "1",
        "finishOnKey": "",
    }
    assert [one.tag for one in gather] == ["Say"]
    assert (redirect.tag, redirect.attrib, redirect.text) == ("Redirect", {"method": "POST"}, f"{URL}/town/menu?m=mmm")


def test_for_several_keys_there_are_ten_seconds_to_begin_and_five_between_two() -> None:
    first, second, redirect = elements(Gather((HELLO,), num_digits=8), Redirect())
    assert [one.attrib["timeout"] for one in (first, second)] == ["5", "5"]
    assert first.attrib == second.attrib
    assert first.attrib["numDigits"] == "8"
    assert (len(first), len(second)) == (1, 0)
    assert redirect.tag == "Redirect"


def test_several_says_stand_in_the_first_gather_so_that_a_key_interrupts_them_all() -> None:
    first, second = elements(Gather((HELLO, Say(("Wait.", Pause(2000)), "en-GB"), HELLO), num_digits=8))
    assert [one.tag for one in first] == ["Say", "Say", "Pause", "Say"]
    assert list(second) == []


def test_ringing_comes_back_to_the_step_and_shows_our_own_number() -> None:
    (dial,) = elements(Dial("+447700900001", 25), at="person/ring")
    assert dial.attrib == {
        "action": f"{URL}/person/ring?m=mmm",
        "method": "POST",
        "timeout": "25",
        "callerId": "+441632960000",
    }
    (number,) = dial
    assert (number.text, number.attrib) == ("+447700900001", {})


def test_a_screened_leg_has_a_document_with_a_state_token_of_its_own() -> None:
    (dial,) = elements(Dial("+447700900001", 25, "screening/offer"), at="person/ring")
    assert dial[0].attrib == {"url": f"{URL}/screening/offer?m=sss", "method": "POST"}
    assert dial.attrib["action"].endswith("m=mmm")


def test_where_no_number_is_set_to_be_shown_none_is_named() -> None:
    plain = Renderer(RENDERER.languages, URL)
    assert "callerId" not in plain.document(Turn((Dial("+447700900001", 25),)), "a/b").fill("m").decode()


def test_a_recording_is_told_of_by_its_name_and_silence_goes_on_with_what_follows() -> None:
    _, record, redirect = elements(HELLO, Record("m1", 180, 8), Redirect(), at="messages/record")
    assert record.attrib == {
        "action": f"{URL}/messages/record?m=mmm",
        "method": "POST",
        "timeout": "8",
        "maxLength": "180",
        "playBeep": "true",
        "recordingStatusCallback": f"{URL}/recording?id=m1{RETRIES}",
        "recordingStatusCallbackMethod": "POST",
        "recordingStatusCallbackEvent": "completed absent",
    }
    assert redirect.tag == "Redirect"


def test_a_sound_is_played_while_keys_are_awaited() -> None:
    gather, _ = elements(Gather((HELLO, Play("https://helpline.example/a&b"))), Redirect())
    assert [one.tag for one in gather] == ["Say", "Play"]
    assert gather[1].text == "https://helpline.example/a&b"


def test_hanging_up_is_a_verb_of_its_own() -> None:
    assert [one.tag for one in elements(HELLO, Hangup())] == ["Say", "Hangup"]


def test_a_document_that_nobody_answers_for_names_no_address() -> None:
    first, second = Dial("+447700900001", 15, "screening/offer"), Dial("+447700900002", 15)
    text = text_of(HELLO, first, HELLO, second, Hangup(), at=None)
    assert "http" not in text
    assert [one.tag for one in fromstring(text)] == ["Say", "Dial", "Say", "Dial", "Hangup"]  # noqa: S314 - our own


def test_every_hole_is_filled_and_the_document_can_be_filled_again() -> None:
    document = RENDERER.document(Turn((Gather((HELLO,), 8), Redirect())), "town/menu")
    first, second = document.fill("one").decode(), document.fill("two").decode()
    assert (first.count("m=one"), second.count("m=two")) == (3, 3)
    assert "one" not in second
    assert "@@" not in first


def test_a_document_knows_whether_it_has_a_screen() -> None:
    screened = RENDERER.document(Turn((Dial("+447700900001", 25, "screening/offer"),)), "person/ring")
    assert screened.has_other
    assert not RENDERER.document(Turn((Gather((HELLO,)),)), "town/menu").has_other


def test_an_address_is_escaped_like_any_text() -> None:
    odd = Renderer(RENDERER.languages, "https://helpline.example/a&b")
    text = odd.document(Turn((Gather((HELLO,)), Redirect())), "town/menu").fill("m").decode()
    assert [*addresses(text)] == ["https://helpline.example/a&b/town/menu?m=m"] * 2


def addresses(text: str) -> Iterator[str]:
    for element in fromstring(text).iter():  # noqa: S314 - our own document
        if "action" in element.attrib:
            yield element.attrib["action"]
        if element.tag == "Redirect":
            yield element.text or ""


def test_what_is_no_verb_is_refused_loudly() -> None:
    with pytest.raises(TypeError):
        RENDERER.document(Turn(("sing",)), "town/menu")  # type: ignore[arg-type]


SPEECH: Speech = ("a", Pause(300), "b")


def test_the_same_turn_gives_the_same_bytes() -> None:
    turns = [Turn((Gather((Say(SPEECH, "en-GB"),)), Redirect())) for _ in "12"]
    first, second = (RENDERER.document(turn, "town/menu").fill("m") for turn in turns)
    assert first == second
