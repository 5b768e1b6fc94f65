"""How long a recording is, by the audio itself."""

import wave
from io import BytesIO


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
