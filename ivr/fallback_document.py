"""The fallback document: what callers hear while nothing else of ours works. It needs no application."""

from collections.abc import Callable
from datetime import datetime

from ivr.config import Settings
from ivr.engine.verbs import Turn
from ivr.helpline.fallback import fallback_turn
from ivr.helpline.timezone import today_in_london
from ivr.loader import Helpline, load
from ivr.telephony.twiml import Renderer


def renderer_of(helpline: Helpline, settings: Settings) -> Renderer:
    """Return what renders turns in the voices of this content."""
    return Renderer(helpline.flows.languages, f"{settings.public_url}/voice", settings.caller_id)


def render(
    helpline: Helpline,
    settings: Settings,
    now: datetime,
    rendered: Callable[[Turn, bytes], None] = lambda turn, document: None,
) -> bytes:
    """Return the document of this content, with the contacts that are good today; `rendered` is told it."""
    today = today_in_london(now)
    named = (one for one in helpline.contacts.values() if one.when_down and one.number_to_say(today))
    turn = fallback_turn(helpline.flows.words, settings.advisers, next(named, None))
    document = renderer_of(helpline, settings).document(turn, None).fill("")
    rendered(turn, document)
    return document


def fallback_document(
    settings: Settings,
    now: datetime,
    helpline: Helpline | None = None,
    rendered: Callable[[Turn, bytes], None] = lambda turn, document: None,
) -> str:
    """Return the document of a content, or of that of the settings; `rendered` is told it with its turn."""
    return render(helpline or load(settings.content), settings, now, rendered).decode()
