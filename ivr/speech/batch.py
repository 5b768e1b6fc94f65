"""Many utterances at once, as small WAV files, the same each time.

eSpeak NG carries something over from one utterance to the next, so that the same list of them sounds the same to the
byte only from its start: each list is synthesised in a process of its own.
"""

from array import array
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from io import BytesIO
from multiprocessing import get_context
from sys import byteorder
from wave import open as open_wave

from ivr.speech.espeak import Espeak

Parts = tuple[str | float, ...]
HALF = 2
"""The sample rate is halved: a telephone carries less than what is left."""
LOUDEST = 120
"""Of the 127 that 8 bits have above silence."""


def small_wavs(language: str, utterances: Sequence[Parts]) -> list[bytes]:
    """Return each utterance, of words and pauses in seconds, as a WAV file: 8 bits, about 11 kHz, 11 kB a second.

    Every browser plays it, and nothing but the standard library is needed to write it. Raises NoVoice.
    """
    if not utterances:
        return []
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(_synthesise, language, list(utterances)).result()


def _synthesise(language: str, utterances: Sequence[Parts]) -> list[bytes]:
    voice = Espeak(language)
    return [_wav(voice.samples(parts), voice.rate) for parts in utterances]


def _wav(samples: bytes, rate: int) -> bytes:
    """Return 16-bit samples as a WAV file of half the rate, with 8 bits, as loud as these hold."""
    wide = array("h", samples)
    if byteorder == "big":
        wide.byteswap()
    halved = [
        before + 2 * here + after for before, here, after in zip(wide[0::2], wide[1::2], wide[2::2], strict=False)
    ]
    peak = max(map(abs, halved), default=0) or 1
    narrow = bytes(128 + round(one * LOUDEST / peak) for one in halved)
    file = BytesIO()
    with open_wave(file, "wb") as wave:
        wave.setparams((1, 1, rate // HALF, 0, "NONE", "not compressed"))
        wave.writeframes(narrow)
    return file.getvalue()
