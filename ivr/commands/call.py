"""`ivr call`: a telephone in the terminal, to hear the helpline before anybody else does."""

import asyncio
import json
import logging
import re
import sys
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from io import StringIO
from secrets import token_hex, token_urlsafe
from tempfile import TemporaryDirectory
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from sqlalchemy import create_engine

from ivr.app import build, fallback_document
from ivr.commands.in_process_worker import PATIENCE, Beside
from ivr.config import Settings, read_settings
from ivr.log import quiet
from ivr.simulator.network.callee import CALLEES, UNDECIDED
from ivr.simulator.network.clock import Clock
from ivr.simulator.phone import Phone
from ivr.simulator.scenarios.scenario import CALLERS
from ivr.simulator.terminal import Terminal
from ivr.simulator.transcript import Entry
from ivr.simulator.twilio_api.account import TwilioAccount
from ivr.store.database import Store
from ivr.store.sms_outbox import claim
from ivr.store.tables import metadata

PUBLIC_URL = "https://helpline.example"
ADVISERS = ("+447700900001", "+447700900002")
"""Numbers that reach nobody, for when no adviser is set."""
CALLER_ID = "+441632960000"
SMS_FROM = "+447700900999"
ACCOUNT = "AC" + "0" * 32
FAR_AHEAD = datetime(2100, 1, 1, tzinfo=UTC)


def call(
    keys: Annotated[
        str | None,
        typer.Option(
            help="What to press, in turn: 1,14102026,w,h. w or nothing is a silence, w60 a minute of it, h hangs up."
        ),
    ] = None,
    at: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%dT%H:%M"], help="When, in London.")] = None,
    caller: Annotated[str, typer.Option("--from", help="mobile, landline, withheld, or a number.")] = "mobile",
    adviser: Annotated[str | None, typer.Option(help=f"What everybody who is rung does: {', '.join(CALLEES)}.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the call for a machine to read.")] = False,
) -> None:
    """Ring the helpline from this terminal: nobody is really called, and nothing leaves this machine.

    The seconds are those of a caller who listens at 150 words a minute and presses a key as soon as it is named.
    Ends with exit code 1 if the helpline failed the caller.

    Examples:

        ivr call

        ivr call --keys 1,1,14102026,1 --at 2026-11-23T10:00

        ivr call --keys 0,w60 --adviser mailbox --from withheld --json
    """
    console = Console(file=StringIO() if as_json else None, highlight=False)
    keyboard = sys.stdin if keys is None else StringIO(_typed(keys))
    callee = _callee(adviser, keys is None and not as_json)
    # What goes on behind the call is not to stand between its lines.
    with TemporaryDirectory() as folder, quiet(logging.ERROR):
        settings = _settings(console, f"sqlite:///{folder}/call.db")
        metadata.create_all(create_engine(settings.database_url))
        phone, beside = _telephone(settings, at, CALLERS.get(caller, caller), callee)
        Terminal(phone, console, keyboard, beside.close).run()
        texts = asyncio.run(_promised(settings))
    if as_json:
        typer.echo(json.dumps(_record(phone) | {"texts": texts}, indent=2))
    else:
        _sums_up(phone, texts, console)
    if phone.failed:
        raise typer.Exit(1)


def _typed(keys: str) -> str:
    """One line for each thing to press."""
    presses = ["" if press.strip() == "w" else press.strip() for press in keys.split(",")]
    for press in presses:
        if not re.fullmatch(r"[0-9*#]*|w[0-9]+|h", press):
            raise typer.BadParameter(f"“{press}” is not keys: 0 to 9, * and #, w or w60 to wait, h to hang up.")
    return "".join(f"{press}\n" for press in presses)


def _callee(adviser: str | None, asked: bool) -> str:
    """How everybody who is rung behaves; asked for as it happens when somebody is there to ask."""
    if adviser is not None and adviser not in CALLEES:
        raise typer.BadParameter(f"Nobody behaves like “{adviser}”: only {', '.join(CALLEES)}.")
    return adviser or (UNDECIDED if asked else "accepts")


def _settings(console: Console, database_url: str) -> Settings:
    """This folder's settings, with stand-ins for what is not set, and a database for this one call."""
    settings = read_settings(dev=True, public_url="http://localhost")
    if not settings.advisers:
        console.print(f"No adviser is set (IVR_ADVISERS): {' and '.join(ADVISERS)} stand in for them.", style="dim")
    # Development would do without signatures; the simulator signs, so let them be checked.
    return settings.model_copy(
        update={
            "dev": False,
            "public_url": PUBLIC_URL,
            "auth_token": token_hex(16),
            "secret_key": token_urlsafe(32),
            "advisers": settings.advisers or ADVISERS,
            "caller_id": settings.caller_id or CALLER_ID,
            "account_sid": ACCOUNT,
            "sms_from": settings.sms_from or SMS_FROM,
            "database_url": database_url,
        }
    )


def _telephone(settings: Settings, at: datetime | None, caller: str, default_callee: str) -> tuple[Phone, Beside]:
    """A telephone with the helpline at the other end, and who works beside it. Their clock goes with the call."""
    clock = Clock(at.replace(tzinfo=ZoneInfo("Europe/London")) if at else settings.clock())
    twilio = TwilioAccount(ACCOUNT, settings.auth_token, clock=clock, caller_ids=(settings.caller_id or CALLER_ID,))
    beside = Beside(settings, twilio, clock)
    phone = Phone(
        build(settings, clock, patience=PATIENCE),
        public_url=PUBLIC_URL,
        token=settings.auth_token,
        caller=caller,
        default_callee=default_callee,
        fallback=fallback_document(settings, clock()),
        twilio=twilio,
        tick=beside.round,
        clock=clock,
        status_callback=f"{PUBLIC_URL}/voice/status",
    )
    return phone, beside


async def _promised(settings: Settings) -> list[dict[str, str]]:
    """The texts that would be sent now; no worker runs, so they go nowhere."""
    async with Store(settings.database_url, settings.secrets) as store, store.begin() as db:
        waiting = await claim(db, store.cipher, FAR_AHEAD, timedelta(0), 100)
    return [{"to": text.to, "body": text.body} for text in waiting]


def _sums_up(phone: Phone, texts: list[dict[str, str]], console: Console) -> None:
    console.print(f"\n{phone.heard_seconds:.0f} s of speech heard in a call of {phone.clock:.0f} s.")
    for ring in phone.dialled:
        console.print(f"Rung: {ring.number}, which saw {ring.caller_id}.")
    for text in texts:
        console.print(f"Text to {text['to']}: {text['body']}")
    if phone.failed:
        console.print(f"The helpline failed the caller: {phone.failed}", style="red")


def _record(phone: Phone) -> dict[str, Any]:
    return {
        "heard_seconds": round(phone.heard_seconds, 1),
        "seconds": round(phone.clock, 1),
        "dialled": [{"number": ring.number, "shown": ring.caller_id} for ring in phone.dialled],
        "connected": phone.connected,
        "failures": [str(failure) for failure in phone.failures],
        "failed": phone.failed,
        "transcript": [_line(entry) for entry in phone.transcript],
    }


def _line(entry: Entry) -> dict[str, Any]:
    line = asdict(entry) | {"at": round(entry.at, 1), "seconds": round(entry.seconds, 1)}
    del line["sounds"]
    return line
