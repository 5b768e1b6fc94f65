"""What is to be heard in a recording: whether there is sound, and where there is none."""

import wave
from array import array
from collections.abc import Iterable, Sequence
from io import BytesIO
from math import sqrt
from sys import byteorder

WINDOW = 0.02
"""Seconds over which the loudness of sound is measured."""
QUIETEST = 200.0
"""The loudness (root mean square, of 32767) below which a telephone line is silent: hiss stays below, a voice above."""
ENOUGH = 0.5
"""Seconds of sound that are more than a click."""
Interval = tuple[float, float]
"""From when to when, in seconds."""
SIXTEEN_BITS = 2


def samples(audio: bytes, channel: int) -> tuple[Sequence[int], int]:
    """Return one channel of a WAV file (PCM, 16 bits), the first being 0, and how many samples a second has.

    Raises ValueError for anything else, and where there is no such channel.
    """
    try:
        with wave.open(BytesIO(audio), "rb") as file:
            channels, width, rate = file.getnchannels(), file.getsampwidth(), file.getframerate()
            if width != SIXTEEN_BITS or channel >= channels or not rate:
                raise ValueError(f"the recording has {channels} channels of {8 * width} bits")
            found = array("h", file.readframes(file.getnframes()))
    except (wave.Error, EOFError) as error:
        raise ValueError("the recording is no WAV file") from error
    if byteorder == "big":
        found.byteswap()
    return found[channel::channels], rate


def seconds_of_sound(heard: Sequence[int], rate: int, interval: Interval | None = None) -> float:
    """Return for how many seconds something is to be heard, in all or between two moments.

    >>> seconds_of_sound([0] * 8000, 8000), seconds_of_sound([3000, -3000] * 4000, 8000)
    (0.0, 1.0)
    """
    first, last = (0, len(heard)) if interval is None else (max(round(one * rate), 0) for one in interval)
    size = max(round(WINDOW * rate), 1)
    windows = (heard[at : at + size] for at in range(first, min(last, len(heard)) - size + 1, size))
    return round(sum(_loudness(one) >= QUIETEST for one in windows) * size / rate, 2)


def silent(heard: Sequence[int], rate: int, intervals: Iterable[Interval]) -> list[Interval]:
    """Return the intervals in which nothing more than a click is to be heard."""
    return [one for one in intervals if seconds_of_sound(heard, rate, one) < ENOUGH]


def _loudness(window: Sequence[int]) -> float:
    """Return how loud it is, without the offset that some telephone lines have."""
    mean = sum(window) / len(window)
    return sqrt(sum((one - mean) ** 2 for one in window) / len(window))
