"""`ivr doctor`: what is wrong with how the helpline is set up and run, each with its mend."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from functools import cache, partial
from pathlib import Path
from typing import Annotated

import httpx2
import typer

from ivr.commands import completion
from ivr.commands.lint_context import context_for
from ivr.commands.options import AsJson, Folder
from ivr.commands.output import show
from ivr.config import Settings, settings_to_run_with, wrong_settings
from ivr.doctor.checks import CHECKS, NAMES
from ivr.doctor.checks.settings import MEND
from ivr.doctor.registry import Check, Finding, Subject
from ivr.doctor.run import examine
from ivr.engine.content_reader import read_content
from ivr.errors import ContentError, SettingsError
from ivr.helpline.timezone import today_in_london
from ivr.lint.run import Finding as LintFinding
from ivr.lint.run import findings
from ivr.loader import Helpline, read
from ivr.steps import KINDS
from ivr.wiring import build_provider, build_store

SHOWN = "severity", "says", "mend", "check", "amount"
PATIENCE = 5.0
"""Seconds for the database, for the provider, and for our own address."""


def doctor(
    folder: Folder,
    checks: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[CHECK]...",
            help=f"Only these: {', '.join(NAMES)}.",
            autocompletion=completion.of(*NAMES),
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Look over settings, database, worker, content, rota, shift reminders, provider and public address; print what is
    wrong and what mends it. Nothing is changed, and nobody is rung or texted. Exits with 1 if callers are harmed.

    `ivr doctor settings` before a release stops it at a setting that is missing, misspelt or cannot be used.

    Examples: `ivr doctor`, `ivr doctor settings`, `ivr doctor database worker --json`.
    """
    wanted = [_check(name) for name in checks or NAMES]
    found = asyncio.run(_examined(folder, wanted))
    data = {
        "content": str(folder.resolve()),
        "checks": [one.name for one in wanted],
        "findings": [{name: getattr(one, name) for name in SHOWN} for one in found],
    }
    show(data, _lines(wanted, found), as_json=as_json)
    raise typer.Exit(1 if any(one.severity == "error" for one in found) else 0)


def _check(name: str) -> Check:
    if name not in CHECKS:
        raise typer.BadParameter(f"“{name}” is not a check: write {', '.join(NAMES)}.", param_hint="'CHECK'")
    return CHECKS[name]


async def _examined(folder: Path, checks: Sequence[Check]) -> list[Finding]:
    """Make the checks; with settings that cannot be used at all there is nothing else to look at."""
    try:
        settings, _ = settings_to_run_with(content=folder)
    except SettingsError:
        rest = [one.name for one in checks if one.name != "settings"]
        wrong = [Finding("error", line, MEND, "settings") for line in wrong_settings()]
        return [
            *wrong,
            *(Finding("skipped", "the settings come first", "`ivr doctor settings`", name) for name in rest),
        ]
    async with AsyncExitStack() as stack:
        looked_at = await subject(settings, folder, stack)
        return [found async for found in examine(looked_at, checks)]


async def subject(settings: Settings, folder: Path, stack: AsyncExitStack) -> Subject:
    """Return what is looked over; what it opens is closed with the stack."""
    provider = build_provider(settings, PATIENCE) if settings.can_fetch else None
    return Subject(
        settings=settings,
        folder=folder,
        content=cache(partial(_content, folder)),
        lint=lambda: _linted(folder, settings),
        store=await stack.enter_async_context(build_store(settings, PATIENCE)),
        provider=await stack.enter_async_context(provider) if provider else None,
        http=await stack.enter_async_context(httpx2.AsyncClient(timeout=PATIENCE)),
        now=settings.clock(),
    )


def _content(folder: Path) -> Helpline | None:
    try:
        return read(folder)
    except ContentError:  # the check of the content tells of it
        return None


def _linted(folder: Path, settings: Settings) -> Sequence[LintFinding]:
    content = read_content(folder, KINDS)
    return findings(content, context_for(content, today_in_london(settings.clock()), with_voice=False))


def _lines(checks: Sequence[Check], found: Sequence[Finding]) -> Iterator[str]:
    for one in checks:
        theirs = [finding for finding in found if finding.check == one.name]
        if not theirs:
            yield f"ok       {one.name}"
        for finding in theirs:
            yield f"{finding.severity:<8} {one.name}: {finding.says}"
            yield f"{'':<8} mend: {finding.mend}"
