"""One browser session: its settings, its private database, and its in-process worker."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from starlette.applications import Starlette

from ivr.app import build
from ivr.commands.browser_hours import read_hours
from ivr.commands.call_trace import CallTraces
from ivr.commands.in_process_worker import JOBS, PATIENCE, InProcessWorker, JobFactory, Now, Round
from ivr.commands.session_worklist import worklist
from ivr.commands.spoken_prompts import SpokenPrompts
from ivr.commands.step_entry import known_entry
from ivr.commands.trial_folder import TrialFolder
from ivr.config import Settings
from ivr.content_source import ContentSource
from ivr.engine.call_state import CallState
from ivr.errors import InvalidInput
from ivr.helpline.call_entry import state_of
from ivr.helpline.rota import of_setting
from ivr.helpline.timezone import LONDON
from ivr.simulator.browser.helpline_hours import HelplineHours
from ivr.simulator.browser.helpline_source import CatchUp, Desk, SessionHelpline
from ivr.simulator.browser.session import WORKER
from ivr.simulator.scenarios.environment import AppProcess, Environment
from ivr.simulator.scenarios.player import PUBLIC_URL, TOKEN
from ivr.simulator.twilio_api.account import SENDER
from ivr.simulator.twilio_api.identifiers import ACCOUNT_SID
from ivr.store.database import Store
from ivr.store.schema_version import create_tables
from ivr.telephony.rest import Provider
from ivr.web.call_hooks import CallHooks
from ivr.wiring import build_sms_sender, build_store
from ivr.worker.clock_check import ClockCheck
from ivr.worker.maintenance import Maintenance
from ivr.worker.outbox import Outbox

ADVISERS = ("+447700900001", "+447700900002")
DEFAULTS: Mapping[str, Any] = {
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
    "IVR_TEXTS_PER_SECOND": 1000.0,  # no rate limit of a carrier applies
}
"""Settings with two fictional advisers, as for the scenarios in tests/calls/."""

REMINDER_INTERVAL = timedelta(minutes=1)
"""The interval of the job that releases reminders."""


def texts_job(settings: Settings, store: Store, provider: Provider, now: Now) -> Round:
    """Return the job that sends texts, and reminders on their day."""
    sender = build_sms_sender(settings)
    if sender is None:
        return _nothing
    check = ClockCheck(store, now, provider, asks_server=False)
    maintenance, outbox = Maintenance(store, provider, now, check), Outbox(store, provider, sender, now, check)

    released = datetime.min.replace(tzinfo=UTC)

    async def round() -> None:
        nonlocal released
        if now() - released >= REMINDER_INTERVAL:
            released = now()
            await maintenance.release_reminders()
        await outbox.send_due()

    return round


async def _nothing() -> None:
    """Do nothing: there is no account to text from."""


SESSION_JOBS: tuple[JobFactory, ...] = (*JOBS, texts_job)


def session_settings(content: Path, more: Mapping[str, Any]) -> Settings:
    """Return the settings of a session on a content folder, with overrides."""
    return Settings.model_validate({**DEFAULTS, "IVR_CONTENT": content, **more})


class BrowserSession:
    """The application of one session, restarted as needed, on a private temporary database."""

    def __init__(self, content: ContentSource, language: str, spoken: SpokenPrompts) -> None:
        """`language` is that of its calls, by its tag; "" for the one that calls begin with."""
        self._content, self._language, self._spoken = content, language, spoken
        self._traces = CallTraces()
        self._entries: dict[str, tuple[str, CallState]] = {}
        """Of calls that begin at another step than the first, by CallSid: the step, and what they know."""
        self._folder = TrialFolder()
        self._database = f"sqlite:///{self._folder.path}/trial.db"
        self._apps: list[Starlette] = []
        self._workers: list[InProcessWorker] = []
        self._store: Store | None = None
        create_tables(self._database)

    def opened(self) -> SessionHelpline:
        """Return the handle for the simulator."""
        return SessionHelpline(
            self.process, self.desk, self.close, self.worklist, self.hours, self.begin_at, self._traces.take
        )

    async def hours(self, now: datetime) -> HelplineHours:
        """Return whether somebody would answer at a moment (aware), and what falls due after it."""
        settings = self._settings(self._environment)
        if self._store is None:
            self._store = build_store(settings, PATIENCE)
        return await read_hours(self._store, self._content.current.hours, of_setting(settings.advisers), now)

    def process(self, environment: Environment) -> AppProcess:
        """Build an application, with a worker where the scenario has one."""
        self._environment = environment
        settings = self._settings(environment)
        app = build(
            settings,
            environment.clock,
            content=self._content,
            patience=PATIENCE,
            hooks=CallHooks(self._entry, self._spoken.note_document, self._traces.observe),
        )
        self._apps.append(app)
        if environment.rota != WORKER:
            return AppProcess(app, prompts_in=self._spoken.in_document)
        self._workers.append(InProcessWorker(settings, environment.twilio, environment.clock, SESSION_JOBS))
        worker = self._workers[-1]

        async def round() -> None:
            await worker.round()
            # The callbacks use the database: they come before anything else that does.
            await environment.twilio.callbacks_delivered()

        return AppProcess(app, round, self._spoken.in_document)

    def desk(self, catch_up: CatchUp) -> Desk:
        """Return the staff pages on the same database and clock, and at the same telephone company."""
        from ivr.commands.session_desk import SessionDesk  # the staff pages take half a second to import

        return SessionDesk(self._settings(self._environment), self._content, self._environment, catch_up)

    def _settings(self, environment: Environment) -> Settings:
        return session_settings(self._content.folder, {"DATABASE_URL": self._database, **environment.settings})

    async def worklist(self) -> Sequence[str]:
        """Return one sentence for each caller who waits for staff."""
        settings, now = self._settings(self._environment), self._environment.clock()
        return await worklist(settings, self._content.current.flows, now)

    def begin_at(self, call: str, at: str, given: Mapping[str, str], caller: str) -> None:
        """Have a call begin at a step. Raises InvalidInput where that cannot be."""
        today = self._environment.clock().astimezone(LONDON).date()
        entry = known_entry(self._content.current.flows, at, given, today, caller)
        if entry.refused:
            raise InvalidInput(entry.refused)
        self._entries[call] = at, state_of(entry, today, self._language)

    def _entry(self, form: Mapping[str, str]) -> tuple[str, CallState]:
        """Return the step at which a call begins, "" for the first, and its state then."""
        return self._entries.get(form.get("CallSid", ""), ("", CallState(language=self._language)))

    async def close(self) -> None:
        """Close everything and delete the database."""
        if self._store is not None:
            await self._store.close()
        for worker in self._workers:
            await worker.close()
        for app in self._apps:
            async with app.router.lifespan_context(app):  # the end of its lifespan closes the database
                pass
        self._folder.close()
