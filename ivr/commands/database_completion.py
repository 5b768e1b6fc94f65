"""Names and ids of the database that the shell completes, where it can be read at once."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import typer
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.commands.completion import Completion, completion
from ivr.commands.transaction import in_transaction
from ivr.config import current_time, read_settings
from ivr.staff.lookup import SHOWN
from ivr.store import (
    accounts,
    callback_list,
    closures,
    data_complaints,
    one_off_holidays,
    opening_hours,
    rota,
    sms_inbox,
    sms_list,
    voicemail_list,
)
from ivr.store.cipher import Cipher
from ivr.store.sms_states import SmsState

PATIENCE = 0.5
"""Seconds for the database."""


def _stored(read: Callable[[AsyncConnection, Cipher], Awaitable[list[str]]]) -> Completion:
    """Return what completes a value of the database; a SQLite file that is not there is not made."""

    def values(_: typer.Context) -> list[str]:
        file = make_url(read_settings().database_url)
        if file.get_backend_name() == "sqlite" and not Path(file.database or "").exists():
            return []
        return in_transaction(read, PATIENCE)

    return completion(values)


async def _advisers(db: AsyncConnection, cipher: Cipher) -> list[str]:
    return [adviser.name for adviser in await rota.read(db, cipher)]


async def _callbacks(db: AsyncConnection, cipher: Cipher) -> list[str]:
    return [item.id[:SHOWN] for item in await callback_list.read(db, cipher, current_time())]


async def _messages(db: AsyncConnection, cipher: Cipher) -> list[str]:
    return [message.id[:SHOWN] for message in await voicemail_list.read(db, cipher)]


async def _incoming_texts(db: AsyncConnection, cipher: Cipher) -> list[str]:
    return [text.id[:SHOWN] for text in await sms_inbox.read(db, cipher, 100)]


async def _failed_texts(db: AsyncConnection, cipher: Cipher) -> list[str]:
    return [text.id[:SHOWN] for text in await sms_list.read(db, cipher, [SmsState.failed], 100)]


async def _complaints(db: AsyncConnection, cipher: Cipher) -> list[str]:
    return [one.id[:SHOWN] for one in await data_complaints.read(db, cipher, everything=True)]


async def _accounts(db: AsyncConnection, cipher: Cipher) -> list[str]:
    return [account.name for account in await accounts.read(db, cipher)]


async def _closures(db: AsyncConnection, _: Cipher) -> list[str]:
    return [stored.id for stored in await closures.read(db, current_time())]


async def _holidays(db: AsyncConnection, _: Cipher) -> list[str]:
    return [str(holiday.day) for holiday in await one_off_holidays.read(db)]


async def _hours(db: AsyncConnection, _: Cipher) -> list[str]:
    return [str(hours.starts) for hours in await opening_hours.read(db)]


advisers, callback_ids, message_ids, closure_ids = map(_stored, (_advisers, _callbacks, _messages, _closures))
failed_text_ids, incoming_text_ids, holiday_days = map(_stored, (_failed_texts, _incoming_texts, _holidays))
account_names, hours_days, complaint_ids = map(_stored, (_accounts, _hours, _complaints))
