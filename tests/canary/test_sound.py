"""Sound and silence are told apart in a recording, wherever in it they are."""

import wave
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.canary.probes import judge
from ivr.canary.sound import samples, seconds_of_sound, silent
from ivr.canary.ways import Way
from ivr.helpline.canary import Verdict
from ivr.simulator.network.tones import tone
from ivr.telephony.scripted_call import Listen, Press

RATE = 8000
SPANS = st.lists(st.floats(0.1, 3.0), min_size=1, max_size=8)
"""Seconds of silence and of sound, in turn."""
WAY = Way((Listen(5), Press("1"), Listen(5)), "town/hello")


def recording(spans: list[float]) -> tuple[bytes, list[tuple[float, float]], float]:
    """Return a recording that is silent and loud in turn, the spans in which it is loud, and how long it is."""
    heard, now = list[tuple[float, float]](), 0.0
    for place, seconds in enumerate(spans):
        if place % 2:
            heard.append((now, now + seconds))
        now += seconds
    return tone([heard, []], now), heard, now


@given(SPANS)
def test_sound_is_measured_to_a_few_hundredths_of_a_second(spans: list[float]) -> None:
    audio, heard, _ = recording(spans)
    theirs, rate = samples(audio, 0)
    loud = sum(until - since for since, until in heard)
    assert abs(seconds_of_sound(theirs, rate) - loud) <= 0.05 * (len(heard) + 1)


@given(SPANS)
def test_the_other_channel_counts_for_nothing(spans: list[float]) -> None:
    audio, _, _ = recording(spans)
    ours, rate = samples(audio, 1)
    assert seconds_of_sound(ours, rate) == 0


@given(SPANS, st.floats(0, 10), st.floats(0, 10))
def test_a_part_has_no_more_sound_than_the_whole_and_none_than_it_is_long(
    spans: list[float], since: float, until: float
) -> None:
    audio, _, _ = recording(spans)
    theirs, rate = samples(audio, 0)
    part = seconds_of_sound(theirs, rate, (since, until))
    assert 0 <= part <= min(seconds_of_sound(theirs, rate) + 0.05, max(until - since, 0) + 0.05)


@given(st.lists(st.integers(-150, 150), min_size=2 * 160, max_size=6 * 160), st.integers(-9000, 9000))
def test_hiss_and_a_line_that_is_off_its_zero_are_silence(hiss: list[int], offset: int) -> None:
    assert seconds_of_sound([one + offset for one in hiss], RATE) == 0


def test_a_click_at_the_beginning_is_no_speech() -> None:
    clicked = [20_000] * 80 + [0] * (5 * RATE)
    assert silent(clicked, RATE, [(0, 5)]) == [(0, 5)]


def test_a_recording_that_falls_silent_after_the_greeting_fails() -> None:
    result = judge(tone([[(0.5, 4.0)], []], 10.5), WAY)
    assert result.verdict is Verdict.failed
    assert "from second 6 to 10" in result.says


def test_a_recording_with_speech_at_each_question_passes_whatever_we_press() -> None:
    assert judge(tone([[(1.0, 2.0), (7.0, 8.0)], [(5.0, 5.5)]], 10.5), WAY).verdict is Verdict.passed


def test_keys_alone_are_not_our_side() -> None:
    assert judge(tone([[], [(0.0, 10.0)]], 10.5), WAY).says == "our side of the call is silence"


@pytest.mark.parametrize("audio", [b"", b"RIFF", b"ID3 and so on", tone([[]], 1.0)[:20]])
def test_what_is_no_recording_is_told_and_not_raised(audio: bytes) -> None:
    assert judge(audio, WAY).verdict is Verdict.failed


def test_a_recording_of_eight_bits_is_told() -> None:
    file = BytesIO()
    with wave.open(file, "wb") as made:
        made.setparams((2, 1, RATE, 0, "NONE", "not compressed"))
        made.writeframes(bytes(2 * RATE))
    with pytest.raises(ValueError, match="2 channels of 8 bits"):
        samples(file.getvalue(), 0)
