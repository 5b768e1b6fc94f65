"""What callers would hear, as sound; the voice of this machine stands in for the one on the telephone."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.responses import Response

from ivr.console import sound
from ivr.console.page import Page, shown
from ivr.console.visit import Visit
from ivr.engine.verbs import Say
from ivr.errors import InvalidToken
from ivr.staff.accounts import Role
from ivr.staff.call_preview import CallPreview
from ivr.staff.lookup import NoSuchItem
from ivr.tokens import SpeechTokens

PATH = "/console/speech/{token}"


@dataclass(frozen=True)
class Heard:
    """Words that callers would hear, and the address of their sound; "" where this machine has no voice."""

    words: str
    address: str


@dataclass(frozen=True)
class PreviewShown:
    """A preview as a page shows it: `call_preview` of macros.html."""

    preview: CallPreview
    first: Heard
    for_a_person: Heard


def preview_shown(visit: Visit, preview: CallPreview) -> PreviewShown:
    """Return a preview with its sound."""
    return PreviewShown(preview, heard(visit, preview.first), heard(visit, preview.for_a_person))


def heard(visit: Visit, said: Sequence[Say]) -> Heard:
    """Return what is said as text, with the address of its sound."""
    words = " ".join(part for say in said for part in say.speech if isinstance(part, str))
    if not words or visit.services.speak is None:
        return Heard(words, "")
    token = SpeechTokens(visit.services.secrets).close(said[0].language, words)
    return Heard(words, PATH.replace("{token}", token))


async def play(visit: Visit) -> Response:
    """Play words that we sealed into the address."""
    try:
        language, words = SpeechTokens(visit.services.secrets).open(visit.request.path_params["token"])
    except InvalidToken:
        raise NoSuchItem("There is no such sound.") from None
    speak = visit.services.speak
    spoken = await speak(language, words) if speak else None
    if spoken is None:
        raise NoSuchItem(f"This machine has no voice for {language}: `pip install espeakng-loader` brings one.")
    return sound.answer(spoken, visit.request.headers)


PAGES: tuple[Page, ...] = (shown(PATH, Role.adviser, play),)
