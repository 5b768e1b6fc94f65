"""Text to speech by eSpeak NG, through its shared library (from a Python package), without a subprocess."""

import ctypes
from collections.abc import Iterable
from functools import cache
from io import BytesIO
from threading import Lock
from typing import Any
from wave import open as open_wave

from ivr.errors import NoVoice

WORDS_A_MINUTE = 150
"""The speed of a telephone voice at 100 %."""
SAMPLE = 2
"""Bytes of one sample, mono."""

_SYNCHRONOUS, _NOT_EXIT = 2, 0x8000
_UTF8, _RATE, _CHARACTERS = 1, 1, 1
_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)
_LOCK = Lock()
"""The library has one voice for the whole process."""


class Espeak:
    """The voice of one language; raises NoVoice where the library or the language is not installed."""

    def __init__(self, language: str = "en-GB", words_a_minute: int = WORDS_A_MINUTE) -> None:
        self.words_a_minute = words_a_minute
        self._language = language
        self._library, self.rate = _library()
        with _LOCK:
            self._select_voice()

    def samples(self, parts: Iterable[str | float]) -> bytes:
        """Return words and pauses (in seconds) as 16-bit samples at `rate` per second."""
        return b"".join(self._words(part) if isinstance(part, str) else self._silence(part) for part in parts)

    def seconds(self, parts: Iterable[str | float]) -> float:
        """Return their duration, to within a hundredth: synthesis is not deterministic.

        >>> 0.5 < Espeak().seconds(["For school,", 0.3, "press 1."]) < 3
        True
        """
        return len(self.samples(parts)) / SAMPLE / self.rate

    def wav(self, parts: Iterable[str | float]) -> bytes:
        """Return them as a WAV file."""
        file = BytesIO()
        with open_wave(file, "wb") as wave:
            wave.setparams((1, SAMPLE, self.rate, 0, "NONE", "not compressed"))
            wave.writeframes(self.samples(parts))
        return file.getvalue()

    def _silence(self, seconds: float) -> bytes:
        return bytes(round(seconds * self.rate) * SAMPLE)

    def _words(self, text: str) -> bytes:
        said = bytearray()

        def hear(samples: Any, count: int, events: int | None) -> int:
            if samples and count > 0:
                said.extend(ctypes.string_at(samples, count * SAMPLE))
            return 0

        heard, written = _CALLBACK(hear), text.encode()
        with _LOCK:
            self._select_voice()
            self._library.espeak_SetSynthCallback(heard)
            self._library.espeak_Synth(written, len(written) + 1, 0, _CHARACTERS, 0, _UTF8, None, None)
        return bytes(said)

    def _select_voice(self) -> None:
        names = self._language, self._language.partition("-")[0]  # its `en` is what others call en-GB
        if all(self._library.espeak_SetVoiceByName(name.lower().encode()) for name in names):
            raise NoVoice(f"eSpeak NG has no voice for {self._language}")
        self._library.espeak_SetParameter(_RATE, self.words_a_minute, 0)


@cache
def _library() -> tuple[Any, int]:
    """Return the initialised library and its sample rate."""
    try:
        import espeakng_loader  # a wheel of 20 MB that a helpline does without
    except ImportError:
        raise NoVoice("no voice is installed; `pip install espeakng-loader` brings one") from None
    library = ctypes.CDLL(espeakng_loader.get_library_path())
    library.espeak_Synth.argtypes = [
        *(ctypes.c_char_p, ctypes.c_size_t, ctypes.c_uint, ctypes.c_int, ctypes.c_uint, ctypes.c_uint),
        *(ctypes.c_void_p, ctypes.c_void_p),
    ]
    rate = library.espeak_Initialize(_SYNCHRONOUS, 0, espeakng_loader.get_data_path().encode(), _NOT_EXIT)
    if rate <= 0:
        raise NoVoice("eSpeak NG is installed but does not start")
    return library, int(rate)
