"""Words as a WAV file, synthesised in a thread and kept for when they are played again."""

import asyncio
from functools import lru_cache

from ivr.errors import NoVoice
from ivr.speech.espeak import Espeak

CACHE_SIZE = 200
"""Files kept, as a menu is played again and again."""


async def wav(language: str, parts: tuple[str | float, ...]) -> bytes | None:
    """Return words and pauses (in seconds) as a WAV file; None if no voice for the language is installed."""
    try:
        return await asyncio.to_thread(_synthesise, language, parts)
    except NoVoice:
        return None


@lru_cache(CACHE_SIZE)
def _synthesise(language: str, parts: tuple[str | float, ...]) -> bytes:
    return Espeak(language).wav(parts)
