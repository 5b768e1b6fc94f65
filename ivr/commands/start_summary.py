"""What `ivr serve` and `ivr worker` tell of themselves at start: what is on, what is off, and what is missing."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from ivr import __version__
from ivr.commands.database_source import database_source
from ivr.commands.options import source
from ivr.config import Settings
from ivr.errors import DatabaseUnavailable, SchemaTooNew
from ivr.helpline import notices
from ivr.helpline.timezone import today_in_london
from ivr.loader import Helpline
from ivr.store import rota
from ivr.store.database import Store
from ivr.wiring import build_store

ACCOUNT = "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"


async def first_look(settings: Settings) -> str:
    """Return who is rung, in words; raise SchemaTooNew if a newer release has migrated the database."""
    async with build_store(settings) as store:
        await store.refuse(SchemaTooNew)
        return await _who_is_rung(store, len(settings.advisers))


async def _who_is_rung(store: Store, of_setting: int) -> str:
    setting = f"{of_setting} of IVR_ADVISERS"
    try:
        async with store.read() as db:
            on_rota = await rota.size(db)
    except DatabaseUnavailable:
        return f"{setting}, until the rota can be read"
    return f"{on_rota} on the rota" if on_rota else f"{setting}, as nobody is on the rota"


def start_summary(settings: Settings, folder: Path, content: Helpline, advisers: str, worker: str) -> str:
    """Return the summary, a line for each thing; `advisers` and `worker` are what is said of them."""
    return "\n  ".join((f"ivr {__version__} starts", *_lines(settings, folder, content, advisers, worker)))


def worker_line(settings: Settings, *, inside: bool) -> str:
    """Return what is said of the worker of `ivr serve`."""
    if not (settings.can_text or settings.can_ring):
        return f"has nothing to do ({_unset(settings, *ACCOUNT)})"
    return "in this process" if inside else "not in this process (start `ivr worker`)"


def _lines(settings: Settings, folder: Path, content: Helpline, advisers: str, worker: str) -> Iterator[str]:
    today = today_in_london(settings.clock())
    yield source(folder)
    expired = notices.every_fact_expired(content.facts, today) or notices.some_facts_expired(content.facts, today)
    yield f"content version {content.version}: {expired or f'{len(content.facts)} facts, none past its last valid day'}"
    if guess := notices.guessed_hours(content.ours):
        yield str(guess)
    yield database_source(settings)
    yield f"advisers: {advisers}"
    yield f"worker: {worker}"
    for name, says in _features(settings).items():
        yield f"{name}: {says}"


def _features(settings: Settings) -> Mapping[str, str]:
    account = _unset(settings, *ACCOUNT)
    alone = f"from the caller's own call, one after another ({account}: without it nobody waits in a queue)"
    return {
        "signatures": "off (IVR_DEV)" if settings.dev else "checked",
        "texts": "on" if settings.can_text else f"off ({_unset(settings, *ACCOUNT, 'IVR_SMS_FROM')})",
        "calls to advisers": "from the queue" if settings.can_ring else alone,
        "recordings": "on" if settings.can_fetch else f"off ({account})",
        "calls back": "on" if settings.can_ring else f"listed, and rung by hand ({account})",
    }


def _unset(settings: Settings, *names: str) -> str:
    """Return which of these settings are not set, in words."""
    fields = {str(field.alias): name for name, field in Settings.model_fields.items()}
    unset = [name for name in names if not getattr(settings, fields[name])] or ["IVR_CALLER_ID"]
    return f"{', '.join(unset)} not set"
