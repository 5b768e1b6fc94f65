"""Numbers that reach nobody (Ofcom keeps them for drama), words, and caps, for the tests of the store."""

from datetime import UTC, date, datetime, timedelta

from ivr.engine.events import PromiseKept
from ivr.engine.promises import CallBack, Kept, Promise, ReminderPromise, TextPromise
from ivr.helpline.rota import Adviser, of_setting
from ivr.store import promises, texts, worklist
from ivr.store.alerts import Alerts
from ivr.store.asker import Asker
from ivr.store.caps import Caps
from ivr.store.database import Store
from ivr.store.texts import Text
from ivr.store.worklist import Item

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
PARENT = "+447700900123"
OTHER = "+447700900456"
ADVISER = "+447700900001"
BODY = "From the helpline: ask the school for a meeting."
NO_CAPS = Caps(1000, 1000, 1000, 1000, 1000, 1000)
LEASE = timedelta(seconds=30)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


async def text_promised(
    store: Store, key: str = "CA1 school/text 3", to: str = PARENT, at: datetime = NOW, caps: Caps = NO_CAPS
) -> Kept:
    """Promise one text, in a transaction of its own."""
    async with store.begin() as db:
        kept = await promises.keep(db, store.cipher, Asker("CA1", key, at, caps), TextPromise(to, BODY, "school"))
    return kept.how


async def reminders_promised(
    store: Store,
    *due: datetime,
    key: str = "CA1 deadline/remind 5",
    to: str = PARENT,
    topic: str = "deadline",
    at: datetime = NOW,
    caps: Caps = NO_CAPS,
) -> Kept:
    """Promise reminders, in a transaction of their own."""
    promise = ReminderPromise(to, topic, tuple((day, f"{BODY} {place}") for place, day in enumerate(due)))
    async with store.begin() as db:
        return (await promises.keep(db, store.cipher, Asker("CA1", key, at, caps), promise)).how


async def kept(
    store: Store,
    promise: Promise,
    key: str,
    at: datetime = NOW,
    caps: Caps = NO_CAPS,
    advisers: tuple[Adviser, ...] = of_setting([ADVISER]),
) -> PromiseKept:
    """What becomes of any promise, in a transaction of its own."""
    async with store.begin() as db:
        return await promises.keep(
            db, store.cipher, Asker("CA1", key, at, caps, advisers, Alerts(advisers, "")), promise
        )


async def call_back_asked(
    store: Store,
    key: str = "CA1 callbacks/promise 6",
    number: str = PARENT,
    topic: str = "school",
    deadline: date | None = None,
    part: str = "morning",
    alert: str = "",
    at: datetime = NOW,
    caps: Caps = NO_CAPS,
) -> PromiseKept:
    """Ask to be rung back."""
    return await kept(store, CallBack(number, topic, deadline, part, alert), key, at, caps)


async def listed(store: Store, at: datetime = NOW) -> list[Item]:
    """Who is to be rung back."""
    async with store.begin() as db:
        return await worklist.read(db, store.cipher, at)


async def claimed(store: Store, at: datetime = NOW, limit: int = 10, lease: timedelta = LEASE) -> list[Text]:
    """What a worker is given now."""
    async with store.begin() as db:
        return await texts.claim(db, store.cipher, at, lease, limit)


async def sending(store: Store) -> Text:
    """A text that a worker has just been given."""
    await text_promised(store)
    [text] = await claimed(store)
    return text


async def states(store: Store) -> dict[str, int]:
    """How many texts are in each state, those without any left out."""
    async with store.begin() as db:
        return {state.value: n for state, n in (await texts.counts(db)).items() if n}
