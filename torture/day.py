"""One day of the helpline, from the first process to the last text, with a fault in the middle of it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random
from time import monotonic

import httpx2

from ivr.app import fallback_document
from ivr.config import Settings
from ivr.phone.office import ACCOUNT, SENDER, Office
from ivr.phone.office_server import served
from ivr.store.database import Store
from ivr.store.migrate import migrate
from torture import disk
from torture.adviser import answer_calls
from torture.caller import Caller, Outcome
from torture.database import Database
from torture.fault import Fault
from torture.gate import Gate
from torture.processes import Running, copy_program
from torture.town import ADVISERS, PUBLIC_URL, TOKEN, Town
from torture.wire import Wire
from torture.wishes import WISHES

CALLERS = 50
FIRST_NUMBER, NUMBERS = 447_700_900_000, 990
WARM_UP, AFTERWARDS = 2.0, 2.0
"""Seconds until the fault, and from its end until nobody rings any more."""
LONGEST_CALL = 60.0
"""Seconds, by our clock, after which a call that does not end has been left hanging."""
SECRETS = [bytes(32)]


@dataclass
class Day:
    """All that runs, and what has been seen of it so far."""

    fault: Fault
    folder: Path
    random: Random
    gate: Gate
    office: Office
    town: Town
    store: Store
    settings: dict[str, str]
    callers: int
    database: Database | None = None
    wire: Wire | None = None
    disk: Path | None = None
    webs: list[Running] = field(default_factory=list)
    workers: list[Running] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    hanging: list[str] = field(default_factory=list)
    office_is_open: bool = True
    in_progress: int = 0
    in_progress_at_fault: int = 0
    _numbers: "count[int]" = field(default_factory=count)

    @property
    def clock(self) -> Path:
        """The file that says how far the clock of our processes is moved."""
        return self.folder / "clock"

    def now(self) -> datetime:
        """The time by the clock of our processes."""
        moved = float(self.clock.read_text()) if self.clock.exists() else 0.0
        return datetime.now(UTC) + timedelta(seconds=moved)

    async def starts_web(self, place: int) -> None:
        """A web process, at its place before the gate as soon as it answers."""
        web = self.webs[place]
        await web.start()
        self.gate.addresses.append(await web.address())

    async def loses_web(self, place: int) -> None:
        """A web process is killed; nobody has told the gate yet."""
        await self.webs[place].kill()

    def forget(self, address: str) -> None:
        """The gate sends nothing there any more."""
        if address in self.gate.addresses:
            self.gate.addresses.remove(address)

    async def is_rung(self, until: float) -> None:
        """All callers ring, each again as soon as a call is over, until then."""
        await asyncio.gather(*(self._rings(n, until) for n in range(self.callers)))

    async def _rings(self, place: int, until: float) -> None:
        await asyncio.sleep(place / self.callers)
        while monotonic() < until:
            n = next(self._numbers)
            caller = Caller(self.town, f"+{FIRST_NUMBER + n % NUMBERS}", WISHES[n % len(WISHES)])
            self.in_progress += 1
            try:
                async with asyncio.timeout(LONGEST_CALL):
                    self.outcomes.append(await caller.calls())
            except TimeoutError:
                self.hanging.append(str(caller.line.tape))
            finally:
                self.in_progress -= 1


@asynccontextmanager
async def day(fault: Fault, folder: Path, seed: int, callers: int = CALLERS) -> AsyncIterator[Day]:
    """Everything set up for a fault, in an empty folder; nothing of it is left."""
    program = folder / "program"
    copy_program(program)
    fault.change(program)
    async with AsyncExitStack() as stack:
        gate = Gate()
        stack.push_async_callback(gate.close)
        office = Office(clock=lambda: datetime.now(UTC), line=httpx2.ASGITransport(gate, raise_app_exceptions=False))
        office_url = await stack.enter_async_context(served(office))
        database, wire, mounted = None, None, None
        if fault.disk:
            mounted = stack.enter_context(disk.mounted(folder / "disk", fault.disk))
            url = near_url = f"sqlite:///{mounted}/helpline.db"
            await asyncio.to_thread(migrate, url)
        else:
            database = await asyncio.to_thread(Database)
            stack.callback(database.drop)
            url = near_url = database.url
            if fault.wired:
                wire = stack.enter_context(Wire(database.socket).laid())
                url = f"postgresql://postgres@127.0.0.1:{wire.port}/{database.name}"
        settings = _settings(url, office_url)
        if fault.has_clock or fault.clock:
            settings["TORTURE_CLOCK"] = str(folder / "clock")
            (folder / "clock").write_text(str(moved(fault.clock)))
        store = await stack.enter_async_context(Store(near_url, SECRETS, patience=5))
        random = Random(seed)
        town = Town(gate, office, _fallback(settings), random)
        made = Day(fault, folder, random, gate, office, town, store, settings, callers, database, wire, mounted)
        inside = () if fault.disk else ("--no-worker",)
        made.webs = [
            Running(program, settings, ("serve", "--port", "0", *inside), folder / f"web{n}.log")
            for n in range(fault.webs)
        ]
        made.workers = [] if fault.disk else [Running(program, settings, ("worker",), folder / "worker.log")]
        stack.enter_context(ended_at_once(made))
        early = [] if fault.begins_with_backup else made.workers
        await asyncio.gather(*(made.starts_web(n) for n in range(fault.webs)), *(worker.start() for worker in early))
        advisers = asyncio.create_task(answer_calls(town))
        stack.callback(advisers.cancel)
        yield made
        await asyncio.gather(*(process.stop() for process in (*made.webs, *made.workers)))


@contextmanager
def ended_at_once(day: Day) -> Iterator[None]:
    """However it ends, no process is left."""
    try:
        yield
    finally:
        for process in (*day.webs, *day.workers):
            process.end_at_once()


def _settings(url: str, office_url: str) -> dict[str, str]:
    return {
        "DATABASE_URL": url,
        "IVR_ADVISERS": ",".join(ADVISERS),
        "IVR_CALLER_ID": "+441632960000",
        "IVR_CALLBACKS_PER_HOUR": "10000",
        "IVR_MESSAGES_PER_HOUR": "10000",
        "IVR_NUMBER": "0808 157 0000",
        "IVR_PUBLIC_URL": PUBLIC_URL,
        "IVR_SECRET_KEY": "A" * 43,
        "IVR_SMS_FROM": SENDER,
        "IVR_TEXTS_PER_HOUR": "10000",
        "IVR_TEXTS_PER_SECOND": "40",
        "IVR_UNKNOWN_SECONDS": "1",
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_API_URL": office_url,
        "TWILIO_AUTH_TOKEN": TOKEN,
    }


def _fallback(settings: dict[str, str]) -> str:
    """What `ivr fallback` prints."""
    return fallback_document(Settings(**settings), datetime.now(UTC))


def moved(clock: str) -> float:
    """Seconds from now to a moment."""
    return (datetime.fromisoformat(clock) - datetime.now(UTC)).total_seconds() if clock else 0.0
