"""Kills a worker in the middle of its work, and counts at the provider what became of the texts.

`python -m tests.worker.kill --runs 20 --database postgresql` prints a line for each run, and ends with exit code 1 if
a text was lost, or came twice though somebody could have told.
"""

import asyncio
import os
import signal
import sys
from argparse import ArgumentParser
from asyncio.subprocess import Process
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import httpx2

from ivr.engine.effects import SendText
from ivr.simulator.twilio_api.account import SENDER, TwilioAccount
from ivr.simulator.twilio_api.faults import CONNECTION_LOST, LOST, NO_FAULT, NOT_JSON, SERVER_ERROR, Fault, rejection
from ivr.simulator.twilio_api.identifiers import ACCOUNT_SID
from ivr.simulator.twilio_api.server import served
from ivr.store import daily_counts, sms_outbox
from ivr.store.database import Store
from ivr.store.migrate import migrate
from ivr.store.quotas import Quotas
from ivr.store.sms_states import SmsState
from tests.store import postgres
from tests.worker.sms_status import SmsStatus

PUBLIC_URL = "https://helpline.example"
SECRETS = [bytes(32)]
ROOT = Path(__file__).parent.parent.parent
WORKER = "from ivr.cli import app; app(['worker'])"
TEXTS, TWINS = 200, 20
"""Twins are texts with the words and the number of another."""
MANY = Quotas(per_number_per_day=10_000, per_hour=10_000)
PER_SECOND, PATIENCE = 80, 1.0
MANNERS = {
    NO_FAULT: 80,
    Fault(delay=0.05, status_interval=0.1): 5,
    CONNECTION_LOST: 3,
    Fault(CONNECTION_LOST.reply, statuses=()): 3,
    Fault(SERVER_ERROR.reply, statuses=()): 2,
    Fault(NOT_JSON.reply, statuses=()): 2,
    LOST: 3,
    rejection(20503, 503): 1,
    rejection(20429, 429, retry_after=1): 1,
}
"""How the provider treats texts, and how many of a hundred."""


@dataclass(frozen=True)
class Result:
    """What was counted at the provider; `forgotten` are texts that it took without anybody being able to tell."""

    enqueued: int
    taken: int
    lost: int
    resent: int
    resent_needlessly: int
    forgotten: int
    sent_again: int
    killed_after: int

    @property
    def is_good(self) -> bool:
        """None lost, and none resent that could have been known of."""
        return not self.lost and not self.resent_needlessly


async def run(url: str, seed: int) -> Result:
    """Promise texts in a database with tables, send them with two workers, kill one, start another, and count."""
    random = Random(seed)  # noqa: S311  it decides what happens, and keeps no secret
    twilio = TwilioAccount(clock=now)
    async with Store(url, SECRETS, patience=30) as store, served(twilio) as api_url:
        line = SmsStatus(store, PUBLIC_URL, SECRETS, now).app
        twilio.transport = httpx2.ASGITransport(line, raise_app_exceptions=False)
        twilio.inject_from(faults(random))
        wanted = await promise_all(store, seed)
        killed_after = await work_and_kill(store, twilio, settings(url, api_url), random)
        await twilio.callbacks_delivered()
        return count(wanted, twilio, killed_after, await sent_again(store))


def now() -> datetime:
    return datetime.now(UTC)


def faults(random: Random) -> Iterator[Fault]:
    """How the provider treats one text after the other."""
    while True:
        yield random.choices([*MANNERS], [*MANNERS.values()])[0]


async def promise_all(store: Store, seed: int) -> Counter[tuple[str, str]]:
    """Which texts to whom, and how many of each."""
    different = [(f"+447700900{n:03}", f"Text {n} of run {seed}.") for n in range(TEXTS - TWINS)]
    wanted = different + different[:TWINS]
    async with store.begin() as db:
        for n, (to, body) in enumerate(wanted):
            await sms_outbox.enqueue(db, store.cipher, f"{seed}/{n}", SendText(to, body, "school"), now(), MANY)
    return Counter(wanted)


def settings(url: str, office_url: str) -> dict[str, str]:
    """What a worker is told."""
    return {
        "DATABASE_URL": url,
        "IVR_CALLER_ID": "+441632960000",
        "IVR_PUBLIC_URL": PUBLIC_URL,
        "IVR_SECRET_KEY": "A" * 43,
        "IVR_SMS_FROM": SENDER,
        "IVR_TEXTS_PER_SECOND": str(PER_SECOND),
        "IVR_UNKNOWN_SECONDS": str(PATIENCE),
        "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
        "TWILIO_API_URL": office_url,
        "TWILIO_AUTH_TOKEN": "token",
    }


async def work_and_kill(store: Store, twilio: TwilioAccount, settings: dict[str, str], random: Random) -> int:
    """Let two workers work, kill one at a random text, and let another take its place; at which text that was."""
    moment = random.randrange(5, TEXTS - 40)
    with TemporaryDirectory() as folder:
        async with worker(settings, folder) as doomed, worker(settings, folder) as other:
            while len(twilio.messages) < moment:
                await asyncio.sleep(random.random() / 50)
                alive(doomed, other)
            doomed.send_signal(signal.SIGKILL)
            await doomed.wait()
            async with worker(settings, folder) as successor:
                while await is_unsettled(store):
                    await asyncio.sleep(0.05)
                    alive(other, successor)
    return moment


@asynccontextmanager
async def worker(settings: dict[str, str], folder: str) -> AsyncIterator[Process]:
    """A process that works until it is no longer wanted, and then ends as it should."""
    known = {name: value for name, value in os.environ.items() if not name.startswith(("IVR_", "TWILIO_"))}
    environment = known | settings | {"PYTHONPATH": str(ROOT), "NO_PROXY": "*"}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", WORKER, cwd=folder, env=environment, stdout=asyncio.subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
            assert await process.wait() == 0, "a worker did not end as it should"


def alive(*workers: Process) -> None:
    """Nobody waits for the work of workers that ended by themselves."""
    assert all(worker.returncode is None for worker in workers), "a worker ended by itself"


async def is_unsettled(store: Store) -> bool:
    async with store.begin() as db:
        states = await sms_outbox.counts(db)
    return any(states[state] for state in (SmsState.waiting, SmsState.sending, SmsState.unknown))


async def sent_again(store: Store) -> int:
    """How many texts we say were sent again for want of news."""
    async with store.begin() as db:
        found = await daily_counts.read(db, date.min, date.max)
    return sum(n for (_, what), n in found.items() if what == "text resent")


def count(wanted: Counter[tuple[str, str]], twilio: TwilioAccount, killed_after: int, sent_again: int) -> Result:
    """Compare what was promised with what the provider took."""
    taken = Counter((message.to, message.body) for message in twilio.messages)
    forgotten = Counter((message.to, message.body) for message in twilio.messages if not message.listed)
    resent = taken - wanted
    return Result(
        enqueued=wanted.total(),
        taken=taken.total(),
        lost=(wanted - taken).total(),
        resent=resent.total(),
        resent_needlessly=(resent - forgotten).total(),
        forgotten=forgotten.total(),
        sent_again=sent_again,
        killed_after=killed_after,
    )


def new_database(kind: str, folder: str) -> str:
    """The address of a database with tables."""
    url = f"sqlite:///{folder}/kept.db" if kind == "sqlite" else postgres.start().new_database()
    migrate(url)
    return url


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--first", type=int, default=1, help="the seed of the first run")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    wish = parser.parse_args()
    tallies = []
    for seed in range(wish.first, wish.first + wish.runs):
        with TemporaryDirectory() as folder:
            tallies.append(asyncio.run(run(new_database(wish.database, folder), seed)))
        print(f"{wish.database} run {seed}: {tallies[-1]}", flush=True)
    names = ("lost", "resent", "resent_needlessly", "forgotten", "sent_again")
    print(f"{len(tallies)} runs:", *(f"{name} {sum(getattr(one, name) for one in tallies)}" for name in names))
    sys.exit(not all(tally.is_good for tally in tallies))


if __name__ == "__main__":
    main()
