"""Speaks through eSpeak NG, whose library comes as a Python package: nothing is fetched, and no process is started."""

import ctypes
from collections.abc import Iterable
from functools import cache
from io import BytesIO
from threading import Lock
from typing import Any
from wave import open as open_wave

from ivr.errors import NoVoice

WORDS_A_MINUTE = 150
"""How fast a telephone voice speaks at 100 %."""
SAMPLE = 2
"""Bytes of one sample; there is one channel."""

_SYNCHRONOUS, _NOT_EXIT = 2, 0x8000
_UTF8, _RATE, _CHARACTERS = 1, 1, 1
_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)
_ALONE = Lock()
"""The library has one voice for the whole process."""


class Espeak:
    """One language's voice; raises NoVoice where the library is not installed or does not speak the language."""

    def __init__(self, language: str = "en-GB", words_a_minute: int = WORDS_A_MINUTE) -> None:
        self.words_a_minute = words_a_minute
        self._language = language
        self._library, self.rate = _library()
        with _ALONE:
            self._chosen()

    def samples(self, parts: Iterable[str | float]) -> bytes:
        """Words, and seconds of silence between them, as 16-bit samples, `rate` of them a second."""
        return b"".join(self._words(part) if isinstance(part, str) else self._silence(part) for part in parts)

    def seconds(self, parts: Iterable[str | float]) -> float:
        """How long they last, to within a hundredth: the voice never says a thing twice in quite the same way.

        >>> 0.5 < Espeak().seconds(["For school,", 0.3, "press 1."]) < 3
        True
        """
        return len(self.samples(parts)) / SAMPLE / self.rate

    def wav(self, parts: Iterable[str | float]) -> bytes:
        """The same as a file that any browser plays."""
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
        with _ALONE:
            self._chosen()
            self._library.espeak_SetSynthCallback(heard)
            self._library.espeak_Synth(written, len(written) + 1, 0, _CHARACTERS, 0, _UTF8, None, None)
        return bytes(said)

    def _chosen(self) -> None:
        names = self._language, self._language.partition("-")[0]  # its `en` is what others call en-GB
        if all(self._library.espeak_SetVoiceByName(name.lower().encode()) for name in names):
            raise NoVoice(f"eSpeak NG has no voice for {self._language}")
        self._library.espeak_SetParameter(_RATE, self.words_a_minute, 0)


@cache
def _library() -> tuple[Any, int]:
    """The library, ready to speak, and its samples a second."""
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
