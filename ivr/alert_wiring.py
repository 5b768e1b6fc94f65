"""Builds what tells staff what is wrong: the tasks of a worker, and what stands in for one in a web process."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING
from uuid import uuid4

from ivr.config import Settings
from ivr.helpline.alert_lines import AlertLine, email_of, subject_of, text_of
from ivr.store.accounts import Account, Channel
from ivr.store.alert_messages import Ways
from ivr.store.database import Store

if TYPE_CHECKING:
    from httpx2 import AsyncBaseTransport, AsyncClient

    from ivr.alerts.stand_in import Send, StandIn
    from ivr.content_source import ContentSource
    from ivr.store.alerts import Problem
    from ivr.telephony.rest import Provider
    from ivr.worker.scheduler import Task

PATIENCE = 10.0
"""Seconds for our own address, and for the dead-man service."""
DELIVER_EVERY = 10.0
OFTEN = frozenset(
    {
        *("database", "worker", "clock", "content", "hours", "rota", "unanswered_rings", "shift_reminders"),
        *("waiting", "texts", "complaints", "alerts", "canary"),
    }
)
"""The checks that ask the database alone; the others ask the provider, or our own address, or change slowly."""


def build_ways(settings: Settings) -> Ways:
    """Return whether texts and e-mails can be sent to staff."""
    return Ways(text=settings.can_text, email=settings.smtp is not None)


@asynccontextmanager
async def open_alert_tasks(
    settings: Settings, store: Store, content: "ContentSource", provider: "Provider"
) -> "AsyncIterator[list[Task]]":
    """Open the tasks of a worker that look over the helpline, tell staff, and ping a dead-man service."""
    from httpx2 import AsyncClient

    from ivr.alerts.delivery import Delivery
    from ivr.alerts.lookout import EVERY, Lookout
    from ivr.alerts.ping import EVERY as PING_EVERY
    from ivr.alerts.ping import Ping
    from ivr.alerts.teller import Teller
    from ivr.doctor.checks import NAMES
    from ivr.mail import SmtpMailer
    from ivr.worker.scheduler import Task

    ways, mailer = build_ways(settings), SmtpMailer(settings.smtp) if settings.smtp else None
    async with AsyncClient(timeout=PATIENCE) as http:
        lookout = Lookout(partial(_look, settings, store, content, provider, http), NAMES, frozenset(NAMES) - OFTEN)
        tasks = [
            Task("look over the helpline", Teller(store, lookout, ways, settings.clock).tell, EVERY, first=EVERY / 4),
            Task("deliver alerts", Delivery(store, mailer, ways, settings.clock).deliver, DELIVER_EVERY),
        ]
        if settings.ping_url:
            ping = Ping(settings.ping_url, partial(_get, http), lookout)
            tasks.append(Task("ping", ping.ping, PING_EVERY, first=EVERY / 2))
        yield tasks


async def _look(
    settings: Settings,
    store: Store,
    content: "ContentSource",
    provider: "Provider",
    http: "AsyncClient",
    names: Collection[str],
) -> "Sequence[Problem]":
    """Make checks; the content is that in use, which was checked when it was loaded."""
    from ivr.doctor.checks import CHECKS
    from ivr.doctor.problems import problems_of
    from ivr.doctor.registry import Subject
    from ivr.doctor.run import examine

    subject = Subject(
        settings=settings,
        folder=settings.content,
        content=lambda: content.current,
        lint=list,
        store=store,
        provider=provider if settings.can_fetch else None,
        http=http,
        now=settings.clock(),
    )
    checks = [check for name, check in CHECKS.items() if name in names]
    return problems_of([one async for one in examine(subject, checks)])


async def _get(http: "AsyncClient", url: str) -> int:
    """Request an address that is a secret; raise OSError without it."""
    from httpx2 import HTTPError

    try:
        return (await http.get(url)).status_code
    except HTTPError as error:
        raise ConnectionError(type(error).__name__) from None


def build_stand_in(settings: Settings, store: Store, transport: "AsyncBaseTransport | None" = None) -> "StandIn | None":
    """Return what tells staff that no worker is at work, if one is needed and they can be told."""
    from ivr.alerts.stand_in import StandIn

    if not (settings.can_text or settings.can_ring):
        return None
    send: Mapping[Channel, Send] = {
        **({Channel.text: partial(_text, settings, transport)} if settings.can_text else {}),
        **({Channel.email: partial(_email, settings)} if settings.smtp else {}),
    }
    return StandIn(store, send, settings.clock)


async def _text(
    settings: Settings, transport: "AsyncBaseTransport | None", account: Account, lines: tuple[AlertLine, ...]
) -> None:
    """Send a text at once; what asks the provider is loaded only then. Raises ProviderError."""
    from ivr.telephony.rest import Provider
    from ivr.tokens import SmsIdTokens

    status_url = f"{settings.public_url}/sms/status?t={SmsIdTokens(settings.secrets).close(str(uuid4()))}"
    who = settings.account_sid, settings.auth_token, settings.api_url
    async with Provider(*who, PATIENCE, transport) as provider:
        await provider.send(account.mobile or "", text_of(lines), settings.sms_from or "", status_url)


async def _email(settings: Settings, account: Account, lines: tuple[AlertLine, ...]) -> None:
    from ivr.mail import SmtpMailer

    if settings.smtp and account.email:
        await SmtpMailer(settings.smtp).send(account.email, subject_of(lines), email_of(lines), settings.clock())
