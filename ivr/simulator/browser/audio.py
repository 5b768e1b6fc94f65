"""Synthesised audio of a transcript entry, for browsers without a voice of their own."""

import asyncio
from functools import lru_cache

from ivr.errors import NoVoice
from ivr.simulator.twiml.timing import Sound
from ivr.speech.espeak import Espeak

CACHE_SIZE = 200
"""Entries kept, as a menu is played again and again."""


async def wav(language: str, sounds: tuple[Sound, ...]) -> bytes | None:
    """Return WAV audio, or None if no voice for the language is installed."""
    try:
        return await asyncio.to_thread(_synthesise, language, sounds)
    except NoVoice:
        return None


@lru_cache(CACHE_SIZE)
def _synthesise(language: str, sounds: tuple[Sound, ...]) -> bytes:
    return Espeak(language).wav(sound.text or sound.seconds for sound in sounds)
