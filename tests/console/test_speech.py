"""What callers would hear is played on a page, and only what we wrote ourselves."""

from dataclasses import replace
from io import BytesIO
from wave import open as open_wave

from ivr.console.app import build
from ivr.console.speech import PATH
from ivr.speech.wav import wav
from ivr.tokens import SpeechTokens
from tests.console.staff_pages import StaffPages
from tests.web.webhooks import SETTINGS

ADDRESS = PATH.replace("{token}", SpeechTokens(SETTINGS.secrets).close("en-GB", "We are closed."))


async def speak(language: str, words: str) -> bytes | None:
    return await wav(language, (words,))


async def test_sealed_words_are_spoken(pages: StaffPages) -> None:
    pages.app = build(replace(pages.services, speak=speak))
    answer = await pages.get(ADDRESS)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "audio/wav")
    with open_wave(BytesIO(answer.content)) as sound:
        assert 0.5 < sound.getnframes() / sound.getframerate() < 3


async def test_words_of_somebody_else_are_not_spoken(pages: StaffPages) -> None:
    pages.app = build(replace(pages.services, speak=speak))
    assert (await pages.get(ADDRESS[:-2])).status_code == 404


async def test_where_there_is_no_voice_the_page_says_which_package_brings_one(pages: StaffPages) -> None:
    answer = await pages.get(ADDRESS)
    assert answer.status_code == 404
    assert "espeakng-loader" in answer.text
