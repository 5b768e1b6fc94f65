"""`ivr call`: a simulated call in the terminal."""

import asyncio
import logging
import re
import sys
from collections.abc import Callable, Coroutine
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from secrets import token_hex, token_urlsafe
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer
from rich.console import Console

from ivr.app import build
from ivr.commands import completion
from ivr.commands.in_process_worker import PATIENCE, InProcessWorker
from ivr.commands.options import AsJson, At, Folder, number_of
from ivr.commands.output import as_json_text, tell
from ivr.commands.words_only import WordsOnly
from ivr.config import Settings, read_settings
from ivr.fallback_document import fallback_document
from ivr.helpline.phone_numbers import NumberKind, kind_of
from ivr.log import quiet
from ivr.simulator.network.callee import CALLEES, UNDECIDED
from ivr.simulator.network.clock import Clock
from ivr.simulator.phone import Phone
from ivr.simulator.scenarios.scenario import CALLERS
from ivr.simulator.terminal import Terminal
from ivr.simulator.transcript import Entry
from ivr.simulator.twilio_api.account import TwilioAccount
from ivr.store.schema_version import create_tables
from ivr.store.sms_outbox import claim
from ivr.wiring import build_store

PUBLIC_URL = "https://helpline.example"
ADVISERS = ("+447700900001", "+447700900002")
"""Fictional numbers, for when no adviser is set."""
CALLER_ID = "+441632960000"
SMS_FROM = "+447700900999"
ACCOUNT = "AC" + "0" * 32
FAR_AHEAD = datetime(2100, 1, 1, tzinfo=UTC)


def call(
    at: At,
    folder: Folder,
    keys: Annotated[
        str | None,
        typer.Option(
            help="Keys to press, in turn: 1,14102026,w,h. w or nothing waits, w60 waits a minute, h hangs up."
        ),
    ] = None,
    caller: Annotated[
        str,
        typer.Option("--from", help=f"{', '.join(CALLERS)}, or a number.", autocompletion=completion.of(*CALLERS)),
    ] = "mobile",
    adviser: Annotated[
        str | None,
        typer.Option(
            help=f"How everybody who is rung behaves: {', '.join(CALLEES)}.", autocompletion=completion.of(*CALLEES)
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Call the helpline from this terminal: a simulation, in which nothing leaves this machine.

    Durations assume speech of 150 words a minute, and a caller who presses a key as soon as it is named.
    A caller with no key left stays while advisers are rung and until the talk is over, then hangs up.
    Exits with 1 if the helpline failed the caller.

    Examples:

        ivr call

        ivr call --keys 1,1,14102026,1 --at 2026-11-23T10:00

        ivr call --keys 0,w60 --adviser mailbox --from withheld --json
    """
    console = WordsOnly(file=StringIO() if as_json else None)
    keyboard = sys.stdin if keys is None else StringIO(_key_lines(keys))
    callee, number = _callee(adviser, keys is None and not as_json), _caller(caller)
    # Log lines are not printed between those of the call.
    with TemporaryDirectory() as temporary, quiet(logging.ERROR):
        settings = _settings(console, folder, f"sqlite:///{temporary}/call.db")
        create_tables(settings.database_url)
        phone, close = _simulate(settings, at, number, callee)
        Terminal(phone, console, keyboard, close).run()
        texts = asyncio.run(_outbox(settings))
    if as_json:
        tell(as_json_text(_as_json(phone) | {"texts": texts}))
    else:
        _print_summary(phone, texts, console)
    if phone.failed:
        raise typer.Exit(1)


def _key_lines(keys: str) -> str:
    """Return one line for each key press."""
    presses = ["" if press.strip() == "w" else press.strip() for press in keys.split(",")]
    for press in presses:
        if not re.fullmatch(r"[0-9*#]*|w[0-9]+|h", press):
            raise typer.BadParameter(f"“{press}” is not keys: 0 to 9, * and #, w or w60 to wait, h to hang up.")
    return "".join(f"{press}\n" for press in presses)


def _callee(adviser: str | None, interactive: bool) -> str:
    """Return how everybody who is rung behaves, or that it is asked for interactively."""
    if adviser is not None and adviser not in CALLEES:
        raise typer.BadParameter(f"Nobody behaves like “{adviser}”: only {', '.join(CALLEES)}.")
    return adviser or (UNDECIDED if interactive else "accepts")


def _caller(caller: str) -> str:
    """Return the number that the helpline is told, or the word for one that is withheld."""
    is_word = caller in CALLERS or kind_of(caller) is NumberKind.withheld
    return CALLERS.get(caller, caller) if is_word else number_of([caller])


def _settings(console: Console, folder: Path, database_url: str) -> Settings:
    """Return the settings, with defaults for what is not set, and a database for this one call."""
    settings = read_settings(dev=True, public_url="http://localhost", content=folder)
    if not settings.advisers:
        console.print(f"No adviser is set (IVR_ADVISERS): {' and '.join(ADVISERS)} stand in for them.", style="dim")
    # Development would do without signatures; the simulator signs, so that they are checked.
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


def _simulate(
    settings: Settings, at: datetime, caller: str, default_callee: str
) -> tuple[Phone, Callable[[], Coroutine[Any, Any, None]]]:
    """Return a simulated phone, and what closes the application and the worker that it calls."""
    clock = Clock(at)
    twilio = TwilioAccount(ACCOUNT, settings.auth_token, clock=clock, caller_ids=(settings.caller_id or CALLER_ID,))
    worker = InProcessWorker(settings, twilio, clock)
    app = build(settings, clock, patience=PATIENCE)
    phone = Phone(
        app,
        public_url=PUBLIC_URL,
        token=settings.auth_token,
        caller=caller,
        default_callee=default_callee,
        fallback=fallback_document(settings, clock()),
        twilio=twilio,
        tick=worker.round,
        clock=clock,
        status_callback=f"{PUBLIC_URL}/voice/status",
    )

    async def close() -> None:
        await worker.close()
        async with app.router.lifespan_context(app):  # the end of its lifespan closes the database
            pass

    return phone, close


async def _outbox(settings: Settings) -> list[dict[str, str]]:
    """Return the texts in the outbox; no worker sends them."""
    async with build_store(settings) as store, store.begin() as db:
        waiting = await claim(db, store.cipher, FAR_AHEAD, timedelta(0), 100)
    return [{"to": text.to, "body": text.body} for text in waiting]


def _print_summary(phone: Phone, texts: list[dict[str, str]], console: Console) -> None:
    console.print(f"\n{phone.heard_seconds:.0f} s of speech heard in a call of {phone.clock:.0f} s.")
    for ring in phone.dialled:
        console.print(f"Rung: {ring.number}, which saw {ring.caller_id}.")
    for text in texts:
        console.print(f"Text to {text['to']}: {text['body']}")
    if phone.failed:
        console.print(f"The helpline failed the caller: {phone.failed}", style="red")


def _as_json(phone: Phone) -> dict[str, Any]:
    return {
        "heard_seconds": round(phone.heard_seconds, 1),
        "seconds": round(phone.clock, 1),
        "dialled": [{"number": ring.number, "shown": ring.caller_id} for ring in phone.dialled],
        "connected": phone.connected,
        "failures": [str(failure) for failure in phone.failures],
        "failed": phone.failed,
        "transcript": [_entry(entry) for entry in phone.transcript],
    }


def _entry(entry: Entry) -> dict[str, Any]:
    line = asdict(entry) | {"at": round(entry.at, 1), "seconds": round(entry.seconds, 1)}
    del line["sounds"], line["origin"]
    return line
