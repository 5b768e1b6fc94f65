"""One trial of the helpline in the browser: its settings, its private database, and who works beside it."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import create_engine
from starlette.applications import Starlette

from ivr.app import Helpline, build
from ivr.commands.in_process_worker import CREW, PATIENCE, Beside, Joins, Now, Round
from ivr.commands.worker import sender_of
from ivr.config import Settings
from ivr.simulator.browser.helpline_source import SessionHelpline
from ivr.simulator.browser.session import WORKER
from ivr.simulator.scenarios.environment import AppProcess, Environment
from ivr.simulator.scenarios.player import PUBLIC_URL, TOKEN
from ivr.simulator.twilio_api.account import SENDER
from ivr.simulator.twilio_api.identifiers import ACCOUNT_SID
from ivr.store.database import Store
from ivr.store.tables import metadata
from ivr.telephony.rest import Provider
from ivr.worker.maintenance import Maintenance
from ivr.worker.outbox import Outbox

ADVISERS = ("+447700900001", "+447700900002")
USUAL: Mapping[str, Any] = {
    "IVR_DEV": False,
    "IVR_NOW": None,
    "IVR_NUMBER": None,
    "IVR_PUBLIC_URL": PUBLIC_URL,
    "TWILIO_AUTH_TOKEN": TOKEN,
    "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
    "IVR_SECRET_KEY": "B" * 43,
    "IVR_CALLER_ID": "+441632960000",
    "IVR_SMS_FROM": SENDER,
    "IVR_ADVISERS": ",".join(ADVISERS),
    "IVR_TEXTS_PER_SECOND": 1000.0,  # nobody waits for the pace of a number that reaches nobody
}
"""A helpline with two advisers that reach nobody: what is tried goes as the calls in tests/calls/ go."""

EVERY_SO_OFTEN = timedelta(minutes=1)
"""As the worker does: a call goes by in less."""


def sends_texts(settings: Settings, store: Store, provider: Provider, now: Now) -> Round:
    """The one who sends texts, and reminders when their day has come."""
    sender = sender_of(settings)
    if sender is None:
        return _nothing
    chores, outbox = Maintenance(store, provider, now), Outbox(store, provider, sender, now)

    released = datetime.min.replace(tzinfo=UTC)

    async def round() -> None:
        nonlocal released
        if now() - released >= EVERY_SO_OFTEN:
            released = now()
            await chores.release_reminders()
        await outbox.send_due()

    return round


async def _nothing() -> None:
    """There is nothing to text with."""


CREW_OF_A_TRIAL: tuple[Joins, ...] = (*CREW, sends_texts)


def trial_settings(content: Path, more: Mapping[str, Any]) -> Settings:
    """The usual settings of a trial of the helpline in a folder, and others besides."""
    return Settings.model_validate({**USUAL, "IVR_CONTENT": content, **more})


class Trial:
    """The helplines of one trial, one after another, on a private database that goes with it."""

    def __init__(self, content: Path, helpline: Callable[[], Helpline]) -> None:
        self._content, self._helpline = content, helpline
        self._folder = TemporaryDirectory(prefix="ivr-trial-")
        self._database = f"sqlite:///{self._folder.name}/trial.db"
        self._apps: list[Starlette] = []
        self._besides: list[Beside] = []
        engine = create_engine(self._database)
        metadata.create_all(engine)
        engine.dispose()

    def opened(self) -> SessionHelpline:
        """What the telephone needs of it."""
        return SessionHelpline(self.process, self.close)

    def process(self, environment: Environment) -> AppProcess:
        """An app of the helpline as it is now, and the worker's rounds beside it where the script has one."""
        settings = trial_settings(self._content, {"DATABASE_URL": self._database, **environment.settings})
        self._apps.append(build(settings, environment.clock, helpline=self._helpline(), patience=PATIENCE))
        if environment.rota != WORKER:
            return AppProcess(self._apps[-1])
        self._besides.append(Beside(settings, environment.twilio, environment.clock, CREW_OF_A_TRIAL))
        beside = self._besides[-1]

        async def round() -> None:
            await beside.round()
            # The callbacks use the database: they come before anything else that does.
            await environment.twilio.callbacks_delivered()

        return AppProcess(self._apps[-1], round)

    async def close(self) -> None:
        """Close everything and forget what was kept."""
        for beside in self._besides:
            await beside.close()
        for app in self._apps:
            async with app.router.lifespan_context(app):  # its end closes the database
                pass
        self._folder.cleanup()
