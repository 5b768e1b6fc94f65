"""Recordings of simulated calls: a tone wherever somebody speaks, and silence everywhere else."""

from array import array
from collections.abc import Sequence
from io import BytesIO
from math import pi, sin
from sys import byteorder
from wave import open as open_wave

RATE, PITCH, LOUDNESS = 8000, 400, 6000
"""Samples a second, the frequency of the tone, and how loud it is, of 32767."""
Span = tuple[float, float]
"""From when to when, in seconds."""
WHOLE_SECOND = array("h", (round(LOUDNESS * sin(2 * pi * PITCH * n / RATE)) for n in range(RATE)))


def tone(channels: Sequence[Sequence[Span]], seconds: float) -> bytes:
    """Return a WAV file (16 bits) of so many seconds, each channel with a tone in its spans.

    >>> len(tone([[(0.0, 0.5)], []], 1.0)) - 44 == 2 * 2 * RATE
    True
    """
    sides = [_samples(spans, round(seconds * RATE)) for spans in channels]
    mixed = array("h", bytes(2 * len(sides) * len(sides[0])))
    for place, side in enumerate(sides):
        mixed[place :: len(sides)] = side
    if byteorder == "big":
        mixed.byteswap()
    file = BytesIO()
    with open_wave(file, "wb") as audio:
        audio.setnchannels(len(sides))
        audio.setsampwidth(2)
        audio.setframerate(RATE)
        audio.writeframes(mixed.tobytes())
    return file.getvalue()


def _samples(spans: Sequence[Span], length: int) -> "array[int]":
    samples = array("h", bytes(2 * length))
    for since, until in spans:
        first, last = (min(max(round(one * RATE), 0), length) for one in (since, until))
        whole = WHOLE_SECOND * ((last - first) // RATE + 1) if last > first else array("h")
        samples[first:last] = whole[: max(last - first, 0)]
    return samples
