"""The caller's voice: the words typed at the page, spoken as the recording of them."""

from io import BytesIO
from math import ceil
from wave import open as open_wave

from ivr.speech.wav import wav

VARIANT = "+f4"
"""A variant of our voice (https://github.com/espeak-ng/espeak-ng/blob/master/docs/voices.md), unlike the helpline's."""
STEP = 0.5
"""Seconds. Synthesis is exact to a hundredth of one; a recording in whole steps lasts as long each time."""


async def speak_as_caller(language: str, words: str) -> bytes:
    """Return a WAV file of the words, with silence up to the next half second; b"" if no voice is installed."""
    audio = await wav(language.partition("-")[0] + VARIANT, (words,))
    return padded(audio) if audio else b""


def padded(audio: bytes) -> bytes:
    """Return a WAV file with silence up to the next half second."""
    file = BytesIO()
    with open_wave(BytesIO(audio), "rb") as short, open_wave(file, "wb") as whole:
        count, step = short.getnframes(), short.getframerate() * STEP
        whole.setparams(short.getparams())
        whole.writeframes(short.readframes(count))
        whole.writeframes(bytes((ceil(ceil(count / step) * step) - count) * short.getsampwidth()))
    return file.getvalue()
