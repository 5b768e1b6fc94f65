"""What callers and staff rely on: the checks of a web process, in the order in which they are told."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from ivr.config import Settings
from ivr.content_source import ContentSource
from ivr.helpline import notices
from ivr.helpline.notices import Notice
from ivr.helpline.timezone import today_in_london
from ivr.store import state
from ivr.store.database import Store
from ivr.web.health import ReadinessCheck
from ivr.web.staff_cache import StaffCache

Find = Callable[[], Awaitable[Notice | None]]


def readiness_checks(
    settings: Settings, store: Store, content: ContentSource, staff_cache: StaffCache, clock: Callable[[], datetime]
) -> list[ReadinessCheck]:
    """Return the checks; those that only staff must see to come last, and leave the helpline ready."""

    async def worker() -> Notice | None:
        needed = settings.can_text or settings.can_ring
        return await state.missing_worker(store, clock(), texts=settings.can_text) if needed else None

    async def content_in_use() -> Notice | None:
        return notices.every_fact_expired(content.current.other_facts, today_in_london(clock()))

    async def facts() -> Notice | None:
        return notices.some_facts_expired(content.current.other_facts, today_in_london(clock()))

    async def hours() -> Notice | None:
        today = today_in_london(clock())
        return notices.unconfirmed_hours(content.current.ours_on(today, staff_cache.rota.staff_hours), today)

    async def rota() -> Notice | None:
        snapshot = staff_cache.rota
        return notices.nobody_on_shift(snapshot.hours(content.current.hours), snapshot.advisers, clock())

    needed: dict[str, Find] = {
        "database": lambda: state.missing_database(store),
        "worker": worker,
        "content": content_in_use,
    }
    told: dict[str, Find] = {"facts": facts, "hours": hours, "rota": rota}
    return [
        *(ReadinessCheck(name, _sentence(find)) for name, find in needed.items()),
        *(ReadinessCheck(name, _sentence(find), is_needed=False) for name, find in told.items()),
    ]


def _sentence(find: Find) -> Callable[[], Awaitable[str | None]]:
    async def found() -> str | None:
        notice = await find()
        return str(notice) if notice else None

    return found
