"""Managers and administrators who are told what is wrong, and a helpline with which something is."""

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from ivr.alerts.delivery import Delivery, Mailer
from ivr.alerts.lookout import Lookout
from ivr.alerts.teller import Teller
from ivr.helpline.alert_lines import AlertLine, text_of
from ivr.mail import MailFailed
from ivr.store import accounts, alert_messages, alerts
from ivr.store.accounts import Account, AccountState, Channel, Role
from ivr.store.alert_messages import Message, Ways
from ivr.store.alerts import Alert, Problem
from ivr.store.database import Store
from tests.store.conftest import store, url
from tests.store.fixtures import NOW

__all__ = ["store", "url"]

ADA, MAX = "+447700900801", "+447700900802"
NO_WORKER = Problem("worker", urgent=True, says="no worker is at work", mend="start `ivr worker`")
GAP = Problem("rota", urgent=False, says="nobody is on shift on Friday", mend="`ivr rota`", role=Role.manager)
BOTH, EMAIL, TEXT = Ways(text=True, email=True), Ways(text=False, email=True), Ways(text=True, email=False)


@dataclass
class Mailbox:
    """Takes e-mails, or refuses them."""

    sent: list[tuple[str, str, str]] = field(default_factory=list)
    refuses: bool = False

    async def send(self, to: str, subject: str, text: str, now: datetime) -> None:
        if self.refuses:
            raise MailFailed("the e-mail was not sent")
        self.sent.append((to, subject, text))


@dataclass
class Staff:
    """A helpline whose problems are set by hand, its clock likewise, and who of staff were sent what."""

    store: Store
    problems: list[Problem] = field(default_factory=list)
    ways: Ways = BOTH
    now: datetime = NOW
    mailbox: Mailbox = field(default_factory=Mailbox)

    def clock(self) -> datetime:
        return self.now

    async def add(
        self, name: str, role: Role = Role.administrator, mobile: str | None = None, by: Channel | None = None
    ) -> Account:
        """Add somebody who signs in."""
        async with self.store.begin() as db:
            cipher = self.store.cipher
            made = await accounts.add(db, cipher, name, f"{name.lower()}@helpline.example", role, self.now)
            await accounts.change(db, made.id, self.now, state=AccountState.active)
            await accounts.set_mobile(db, cipher, made.id, mobile, self.now)
            if by:
                await accounts.set_alerts_by(db, made.id, by, self.now)
        return made

    def teller(self) -> Teller:
        async def look(names: Collection[str]) -> Sequence[Problem]:
            return [one for one in self.problems if one.name in names]

        lookout = Lookout(look, {"worker", "rota", "provider"}, {"provider"}, monotonic=self.now.timestamp)
        return Teller(self.store, lookout, self.ways, self.clock)

    async def look(self, after: timedelta = timedelta()) -> list[tuple[str, list[str]]]:
        """Look after a while; return who is sent what then, by name."""
        self.now += after
        async with self.store.begin() as db:
            before = {one.id for one in await alert_messages.read(db, self.store.cipher, NOW - timedelta(days=99))}
        await self.teller().tell()
        return [(one.account.name, lines(one)) for one in await self.messages() if one.id not in before]

    async def looks(self, minutes: int) -> list[tuple[str, list[str]]]:
        """Look each minute for a while; return who was sent what."""
        return [one for _ in range(minutes) for one in await self.look(timedelta(minutes=1))]

    async def deliver(self, mailer: Mailer | None = None) -> None:
        """Have e-mails sent, and see what became of texts."""
        await Delivery(self.store, mailer or self.mailbox, self.ways, self.clock).deliver()

    async def messages(self) -> list[Message]:
        async with self.store.begin() as db:
            return await alert_messages.read(db, self.store.cipher, NOW - timedelta(days=99))

    async def alerts(self) -> list[Alert]:
        async with self.store.begin() as db:
            return await alerts.read(db)


def lines(message: Message) -> list[str]:
    return [str(one) for one in message.lines or ()]


def body(*lines: AlertLine) -> str:
    return text_of(lines)


@pytest.fixture
async def staff(store: Store) -> AsyncIterator[Staff]:
    yield Staff(store)
