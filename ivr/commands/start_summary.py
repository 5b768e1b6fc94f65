"""What `ivr serve` and `ivr worker` tell of themselves at start: what is on, what is off, and what is missing."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from ivr import __version__
from ivr.commands.database_source import database_source
from ivr.commands.options import source
from ivr.config import Settings
from ivr.errors import DatabaseUnavailable, SchemaTooNew
from ivr.helpline import notices
from ivr.helpline.staff_hours import StaffHours
from ivr.helpline.timezone import today_in_london
from ivr.loader import Helpline
from ivr.store import opening_hours, rota
from ivr.store.database import Store
from ivr.wiring import build_store

ACCOUNT = "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"


class FirstLook(NamedTuple):
    """What the database has of us: who is rung, in words, and the hours that staff set."""

    advisers: str
    staff_hours: tuple[StaffHours, ...] = ()


async def first_look(settings: Settings) -> FirstLook:
    """Return what the database has; raise SchemaTooNew if a newer release has migrated it."""
    async with build_store(settings) as store:
        await store.refuse(SchemaTooNew)
        return await _look(store, f"{len(settings.advisers)} of IVR_ADVISERS")


async def _look(store: Store, setting: str) -> FirstLook:
    try:
        async with store.read() as db:
            on_rota, staff_hours = await rota.size(db), await opening_hours.read(db)
    except DatabaseUnavailable:
        return FirstLook(f"{setting}, until the rota can be read")
    return FirstLook(f"{on_rota} on the rota" if on_rota else f"{setting}, as nobody is on the rota", staff_hours)


def start_summary(settings: Settings, folder: Path, content: Helpline, look: FirstLook, worker: str) -> str:
    """Return the summary, a line for each thing; `worker` is what is said of it."""
    return "\n  ".join((f"ivr {__version__} starts", *_lines(settings, folder, content, look, worker)))


def worker_line(settings: Settings, *, inside: bool) -> str:
    """Return what is said of the worker of `ivr serve`."""
    if not (settings.can_text or settings.can_ring):
        return f"has nothing to do ({_unset(settings, *ACCOUNT)})"
    return "in this process" if inside else "not in this process (start `ivr worker`)"


def _lines(settings: Settings, folder: Path, content: Helpline, look: FirstLook, worker: str) -> Iterator[str]:
    today = today_in_london(settings.clock())
    yield source(folder)
    expired = notices.every_fact_expired(content.facts, today) or notices.some_facts_expired(content.facts, today)
    yield f"content version {content.version}: {expired or f'{len(content.facts)} facts, none past its last valid day'}"
    if unconfirmed := notices.unconfirmed_hours(content.ours_on(today, look.staff_hours), today):
        yield str(unconfirmed)
    yield database_source(settings)
    yield f"advisers: {look.advisers}"
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
