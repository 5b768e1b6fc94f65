"""Who of staff is told what by which way, once the helpline is looked over after a test call; and the dead-man ping."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import httpx2

from ivr.alerts.lookout import Lookout
from ivr.alerts.ping import Ping
from ivr.alerts.teller import Teller
from ivr.doctor.checks import CHECKS
from ivr.doctor.problems import problems_of
from ivr.doctor.registry import Subject
from ivr.doctor.run import examine
from ivr.loader import load
from ivr.store import accounts, alert_messages
from ivr.store.accounts import AccountState, Channel, Role
from ivr.store.alert_messages import Ways
from ivr.store.alerts import Problem
from tests.canary.rig import Rig

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@dataclass
class Alarm:
    """An administrator who is told by text, or by e-mail where that is not possible."""

    made: Rig
    ways: Ways = field(default_factory=lambda: Ways(text=True, email=True))
    pinged: list[str] = field(default_factory=list)

    async def is_staffed(self) -> None:
        store, now = self.made.store, self.made.clock()
        async with store.begin() as db:
            ada = await accounts.add(db, store.cipher, "Ada", "ada@helpline.example", Role.administrator, now)
            await accounts.change(db, ada.id, now, state=AccountState.active)
            await accounts.set_mobile(db, store.cipher, ada.id, "+447700900801", now)

    async def told(self) -> list[tuple[Channel, list[str]]]:
        """Look the helpline over for some minutes; return what was told of it since the beginning."""
        for _ in range(8):
            self.made.clock.seconds += MINUTE.total_seconds()
            await Teller(self.made.store, self._lookout(), self.ways, self.made.clock).tell()
        async with self.made.store.read() as db:
            messages = await alert_messages.read(db, self.made.store.cipher, self.made.clock() - DAY)
        return [(one.channel, [str(line) for line in one.lines or ()]) for one in reversed(messages)]

    async def pings(self) -> str:
        """Return the address that the dead-man service is asked at."""

        async def get(url: str) -> int:
            self.pinged.append(url)
            return 200

        await Ping("https://ping.example/secret", get, self._lookout()).ping()
        return self.pinged[-1]

    def _lookout(self) -> Lookout:
        return Lookout(self._look, {"canary"}, ())

    async def _look(self, names: Collection[str]) -> Sequence[Problem]:
        made = self.made
        async with httpx2.AsyncClient() as http:
            subject = Subject(
                settings=made.settings,
                folder=made.settings.content,
                content=lambda: load(made.settings.content),
                lint=list,
                store=made.store,
                provider=None,
                http=http,
                now=made.clock(),
            )
            return problems_of([one async for one in examine(subject, [CHECKS[name] for name in names])])
