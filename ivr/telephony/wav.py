"""Audio in WAV: how long a recording is, by the audio itself, and silence."""

import wave
from io import BytesIO

RATE = 8000
"""Samples a second, of a telephone line."""


def wav_seconds(audio: bytes) -> int | None:
    """Return the length in whole seconds of audio in WAV (PCM); None if it cannot be told.

    >>> wav_seconds(b"RIFF")
    """
    try:
        with wave.open(BytesIO(audio), "rb") as sound:
            frames = min(sound.getnframes(), len(audio) // (sound.getsampwidth() * sound.getnchannels()))
            return round(frames / sound.getframerate())
    except (wave.Error, EOFError, ZeroDivisionError):
        return None


def silence(seconds: float) -> bytes:
    """Return silence, as WAV (PCM, 16 bits, one channel).

    >>> wav_seconds(silence(2))
    2
    """
    file = BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setparams((1, 2, RATE, 0, "NONE", "not compressed"))
        sound.writeframes(bytes(2 * round(RATE * seconds)))
    return file.getvalue()
