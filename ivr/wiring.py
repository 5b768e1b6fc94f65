"""Builds the store, the provider's client and the worker from Settings.

What only a worker needs is imported when it is built: a web process does without.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ivr.config import Settings
from ivr.database_file import file_of
from ivr.errors import SchemaTooNew, SecretDoesNotFit, SettingsError
from ivr.helpline.phone_numbers import parse_number
from ivr.helpline.rota import of_setting
from ivr.helpline.shift_words import ShiftWords
from ivr.helpline.text_destinations import TextDestinations
from ivr.helpline.whisper import OFFER
from ivr.store import private_files
from ivr.store.database import COMMAND_PATIENCE, Store
from ivr.store.quota_usage import RequesterLimits
from ivr.store.quotas import Quotas
from ivr.store.sms_inbox import InboxLimits
from ivr.store.staff_alerts import StaffAlerts

if TYPE_CHECKING:
    from httpx2 import AsyncBaseTransport

    from ivr.content_source import ContentSource
    from ivr.staff.adviser_line import AdviserLine
    from ivr.staff.outgoing_texts import Texting
    from ivr.telephony.rest import Provider
    from ivr.worker.call_distributor import CallDistributor
    from ivr.worker.clock_check import ClockCheck
    from ivr.worker.outbox import SmsSender
    from ivr.worker.shift_reminders import ShiftReminders

WORKER_PATIENCE = 10.0
"""Seconds for the database: nobody is on the telephone, and each transaction is small."""
PROVIDER_TIMEOUT = 10.0
PROVIDER_TIMEOUT_WHILE_WAITING = 5.0
"""Seconds for the provider while a caller waits for an adviser to be rung."""

Clock = Callable[[], datetime]


def create_default_folder(settings: Settings) -> None:
    """Create the folder of the database while DATABASE_URL is not set; raise SettingsError if that is not possible."""
    file = file_of(settings.database_url)
    if file is None or "database_url" in settings.model_fields_set or not file.is_absolute():
        return
    try:
        private_files.create_folder(file.parent)
    except OSError as error:
        raise SettingsError(f"DATABASE_URL must be set: {file.parent} cannot be made ({error.strerror})") from None


def build_store(settings: Settings, patience: float = COMMAND_PATIENCE) -> Store:
    """Return the store; `patience` is in seconds, for a whole transaction."""
    create_default_folder(settings)
    return Store(settings.database_url, settings.secrets, patience)


def build_provider(
    settings: Settings, timeout: float = PROVIDER_TIMEOUT, transport: "AsyncBaseTransport | None" = None
) -> "Provider":
    """Return a client of the provider's API; `timeout` is in seconds, for a whole request."""
    from ivr.telephony.rest import Provider

    return Provider(settings.account_sid, settings.auth_token, settings.api_url, timeout, transport)


def build_quotas(settings: Settings) -> Quotas:
    """Return how much is stored for one number in a day, for all in an hour, and for one caller."""
    texts = settings.texts_per_number, settings.texts_per_hour
    messages = settings.messages_per_number, settings.messages_per_hour
    requester = RequesterLimits(
        settings.caller_share,
        settings.other_numbers_per_call,
        settings.other_numbers_per_caller,
        settings.other_numbers_withheld,
    )
    return Quotas(*texts, *messages, settings.callbacks_per_number, settings.callbacks_per_hour, requester)


def build_texting(settings: Settings) -> "Texting":
    """Return what staff may text to callers: nobody, if no number is set to send texts from."""
    from ivr.staff.outgoing_texts import Texting

    prefixes = settings.text_prefixes if settings.can_text else ()
    return Texting(TextDestinations(prefixes, settings.text_islands), build_quotas(settings))


def build_inbox_limits(settings: Settings) -> InboxLimits:
    """Return how many incoming texts are kept and answered."""
    return InboxLimits(settings.inbox_per_number, settings.inbox_per_hour, settings.texts_per_hour)


def build_staff_alerts(content: "ContentSource", settings: Settings) -> StaffAlerts | None:
    """Return the alerts to advisers, if texts can be sent at all."""
    words = content.prepared(lambda helpline: helpline.flows.words.phrase("helpline.alert_message"))
    return StaffAlerts(of_setting(settings.advisers), words) if settings.can_text else None


def build_sms_sender(settings: Settings) -> "SmsSender | None":
    """Return the number that texts are sent from, if there is one."""
    from ivr.worker.outbox import SmsSender

    if not settings.can_text or settings.sms_from is None:
        return None
    return SmsSender(
        number=settings.sms_from,
        public_url=settings.public_url,
        secrets=settings.secrets,
        per_second=settings.texts_per_second,
        patience=timedelta(seconds=settings.patience_unknown),
    )


def build_shift_reminders(
    settings: Settings, store: Store, content: "ContentSource", check: "ClockCheck"
) -> "ShiftReminders | None":
    """Return what reminds advisers of their shifts, unless texts cannot be sent or the setting says never."""
    from ivr.store.shift_reminders import ReminderRules
    from ivr.worker.shift_reminders import ShiftReminders

    before = timedelta(hours=settings.remind_of_shifts)
    if not (settings.can_text and before):
        return None
    rules = content.prepared(lambda helpline: ReminderRules(before, helpline.hours, ShiftWords(helpline.flows.words)))
    return ShiftReminders(store, rules, settings.clock, check)


def build_call_distributor(
    settings: Settings, store: Store, provider: "Provider", content: "ContentSource", clock: Clock | None = None
) -> "CallDistributor":
    """Return what rings advisers for callers who wait."""
    from ivr.store.hunt_assignment import RingingRules
    from ivr.worker.call_distributor import AdviserCaller, CallDistributor

    now = clock or settings.clock
    offer = content.prepared(lambda helpline: helpline.flows.step_of_kind(OFFER))
    caller = AdviserCaller(settings.caller_id or "", settings.public_url, settings.secrets, offer, now)
    advisers = of_setting(settings.advisers)
    limits = settings.calls_per_second, settings.unanswered_per_hour, settings.canary_number
    rules = content.prepared(lambda helpline: RingingRules(advisers, helpline.hours, *limits))
    return CallDistributor(store, provider, caller, rules, now)


def build_clock_check(settings: Settings, store: Store, provider: "Provider | None") -> "ClockCheck":
    """Return the check of the clock; one that development has frozen is compared with the rows alone."""
    from ivr.worker.clock_check import ClockCheck

    is_frozen = settings.now is not None
    return ClockCheck(store, settings.clock, None if is_frozen else provider, asks_server=not is_frozen)


@asynccontextmanager
async def open_clock_check(settings: Settings, store: Store) -> "AsyncIterator[ClockCheck]":
    """Open the check of the clock for a command, which asks the provider too if there is an account."""
    async with AsyncExitStack() as stack:
        has_account = settings.can_fetch
        provider = await stack.enter_async_context(build_provider(settings)) if has_account else None
        yield build_clock_check(settings, store, provider)


@asynccontextmanager
async def open_adviser_line(
    settings: Settings, store: Store, clock: Clock | None = None, transport: "AsyncBaseTransport | None" = None
) -> "AsyncIterator[AdviserLine]":
    """Open what rings somebody of staff; raise SettingsError without provider account or caller id."""
    from ivr.staff.adviser_line import AdviserLine
    from ivr.tokens import CallStateTokens

    if not settings.can_ring or settings.caller_id is None:
        raise SettingsError("TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and IVR_CALLER_ID must be set to ring somebody")
    now = clock or settings.clock
    tokens = CallStateTokens(*settings.secrets, clock=now)
    async with build_provider(settings, transport=transport) as provider:
        address, shown, pace = settings.public_url, settings.caller_id, settings.calls_per_second
        yield AdviserLine(store, provider, tokens, address, shown, now, pace, asyncio.sleep)


async def run_worker(settings: Settings, content: "ContentSource", stop: asyncio.Event) -> None:
    """Work until `stop` is set; raise SettingsError if the settings allow neither texts nor calls.

    Raises SecretDoesNotFit rather than give up what others have promised.
    """
    from ivr.alert_wiring import open_alert_tasks
    from ivr.canary_wiring import build_daily_canary
    from ivr.worker.scheduler import work

    if not (settings.can_text or settings.can_ring):
        raise SettingsError(
            "TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN must be set, and IVR_SMS_FROM to send texts,"
            " or IVR_CALLER_ID to ring advisers"
        )
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(build_store(settings, WORKER_PATIENCE))
        await store.refuse(SchemaTooNew, SecretDoesNotFit)
        # No answer is waited for longer than its status callback would be.
        texting = build_provider(settings, min(PROVIDER_TIMEOUT, settings.patience_unknown))
        calling = build_provider(settings, PROVIDER_TIMEOUT_WHILE_WAITING)
        for provider in (texting, calling):
            await stack.enter_async_context(provider)
        distributor = build_call_distributor(settings, store, calling, content) if settings.can_ring else None
        alerts = build_staff_alerts(content, settings)
        check = build_clock_check(settings, store, texting)
        numbers = [parse_number(settings.number) or ""] if settings.number else []
        sender, shifts = build_sms_sender(settings), build_shift_reminders(settings, store, content, check)
        watching = await stack.enter_async_context(open_alert_tasks(settings, store, content, texting))
        watching += build_daily_canary(settings, store, texting, lambda: content.current)
        work_on = store, texting, sender, settings.clock, stop, distributor, alerts, check
        await work(*work_on, numbers=numbers, shifts=shifts, besides=watching)
