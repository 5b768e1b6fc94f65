"""What somebody hears of a line, as a sound: for browsers that have no voice of their own."""

import asyncio
from functools import lru_cache

from ivr.errors import NoVoice
from ivr.phone.speech import Sound
from ivr.voice.espeak import Espeak

AS_MANY = 200
"""Sounds kept: a menu is heard again and again."""


async def wav(language: str, sounds: tuple[Sound, ...]) -> bytes | None:
    """The sound, if a voice is installed that speaks the language."""
    try:
        return await asyncio.to_thread(_spoken, language, sounds)
    except NoVoice:
        return None


@lru_cache(AS_MANY)
def _spoken(language: str, sounds: tuple[Sound, ...]) -> bytes:
    return Espeak(language).wav(sound.text or sound.seconds for sound in sounds)
