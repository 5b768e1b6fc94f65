"""What the staff pages stand on, opened from the settings."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from urllib.parse import urlsplit

from ivr.commands.doctor import subject
from ivr.commands.emergency_check import check_message
from ivr.config import Settings
from ivr.console.faults import Fault, Faults
from ivr.console.post import Post
from ivr.console.ringing import Ringing
from ivr.console.services import Services, SingleSignOn
from ivr.console.single_sign_on import RETURN
from ivr.content_source import ContentSource
from ivr.doctor.checks import CHECKS
from ivr.doctor.run import examine
from ivr.helpline.rota import of_setting
from ivr.mail import SmtpMailer
from ivr.speech.wav import wav
from ivr.wiring import build_store, build_texting, open_adviser_line

ON_TODAY = {"hours", "complaints"}
"""What Today looks at itself, at every look."""
PATIENCE = 5.0
"""Seconds for the database: somebody waits for a page."""


def console_services(settings: Settings, folder: Path) -> Services:
    """Return the services; the store is open until the process ends."""
    content, url = ContentSource(folder), urlsplit(settings.public_url)
    origin = f"{url.scheme}://{url.netloc}"

    async def look_over() -> Sequence[Fault]:
        """Look in a thread with a loop of its own: the content is checked for seconds, and pages go on meanwhile."""
        return await asyncio.to_thread(asyncio.run, _faults(settings, folder))

    def offer(kind: str) -> str:
        """Return the step of a kind in the content of now."""
        return content.current.flows.step_of_kind(kind)

    store = build_store(settings, PATIENCE)
    return Services(
        store=store,
        content=lambda: content.current,
        clock=settings.clock,
        secrets=settings.secrets,
        advisers=of_setting(settings.advisers),
        unanswered=settings.unanswered_per_hour,
        faults=Faults(look_over, settings.clock),
        number=settings.number,
        own_numbers=settings.own_numbers,
        speak=speak,
        check_message=lambda text: asyncio.to_thread(check_message, text, folder, settings.clock()),
        texting=build_texting(settings),
        ringing=Ringing(lambda: open_adviser_line(settings, store), offer) if settings.can_ring else None,
        dev=settings.dev,
        origin=origin,
        post=Post(SmtpMailer(settings.smtp) if settings.smtp else None),
        sso=_single_sign_on(settings, origin),
    )


def _single_sign_on(settings: Settings, origin: str) -> SingleSignOn | None:
    """Return the identity provider of the settings; what asks it is loaded only where there is one."""
    if settings.identity_provider is None:
        return None
    from ivr.openid.client import OpenIdClient

    return OpenIdClient(settings.identity_provider, f"{origin}{RETURN}", settings.clock)


async def speak(language: str, words: str) -> bytes | None:
    """Return words as a WAV file; None if there is no voice for the language (a tag)."""
    return await wav(language, (words,))


async def _faults(settings: Settings, folder: Path) -> Sequence[Fault]:
    async with AsyncExitStack() as stack:
        looked_at = await subject(settings, folder, stack)
        found = [one async for one in examine(looked_at, CHECKS.values())]
    wrong = [one for one in found if one.severity != "skipped" and one.check not in ON_TODAY]
    return [Fault(one.severity == "error", f"{one.check}: {one.says}", one.mend, one.check) for one in wrong]
