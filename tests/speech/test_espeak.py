"""A voice of our own: what it says can be heard, and lasts as long as it seems."""

import wave
from io import BytesIO
from threading import Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.errors import NoVoice
from ivr.speech.espeak import SAMPLE, Espeak

WORDS = "Your last day to appeal is Monday the fourteenth of December."


def test_words_can_be_heard() -> None:
    with wave.open(BytesIO(Espeak().wav([WORDS]))) as sound:
        samples = sound.readframes(sound.getnframes())
        assert (sound.getnchannels(), sound.getsampwidth()) == (1, 2)
    assert max(samples[1::2]) > 0, "silence"


def test_words_last_about_as_long_as_a_person_takes_to_say_them() -> None:
    assert 2.5 < Espeak().seconds([WORDS]) < 6


def test_a_slower_voice_takes_longer() -> None:
    assert Espeak(words_a_minute=110).seconds([WORDS]) > 1.2 * Espeak(words_a_minute=150).seconds([WORDS])


@settings(max_examples=20)
@given(st.floats(0, 10))
def test_a_silence_lasts_as_long_as_it_says(seconds: float) -> None:
    assert Espeak().seconds([seconds]) == pytest.approx(seconds, abs=0.001)


def test_a_silence_between_words_is_heard_between_them() -> None:
    voice = Espeak()
    said = voice.samples(["One.", 1.0, "Two."])
    assert bytes(voice.rate * SAMPLE) in said
    assert said[:1000] != bytes(1000)


def test_the_same_words_last_as_long_whoever_else_speaks() -> None:
    alone, lasted = Espeak().seconds([WORDS]), list[float]()
    speakers = [Thread(target=lambda: lasted.append(Espeak().seconds([WORDS]))) for _ in range(8)]
    for speaker in speakers:
        speaker.start()
    for speaker in speakers:
        speaker.join()
    assert lasted == [pytest.approx(alone, rel=0.02)] * 8


def test_two_languages_do_not_speak_with_one_voice() -> None:
    english, polish = Espeak("en-GB"), Espeak("pl")
    first, other = english.seconds([WORDS]), polish.seconds([WORDS])
    assert other != pytest.approx(first, rel=0.05)
    assert english.seconds([WORDS]) == pytest.approx(first, rel=0.02)


def test_a_language_without_a_voice_is_an_error() -> None:
    with pytest.raises(NoVoice, match="xx-none"):
        Espeak("xx-none")
