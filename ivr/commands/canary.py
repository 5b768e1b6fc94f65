"""`ivr canary`: rings the helpline through the provider, and tells whether a caller would be served."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import asdict
from typing import Annotated

import typer

from ivr.canary_wiring import NEEDS, build_canary
from ivr.commands.options import AsJson, Folder
from ivr.commands.output import show, tell
from ivr.config import Settings, read_settings
from ivr.errors import IvrError, SettingsError
from ivr.helpline.canary import MENDS, Probe, ProbeResult, Verdict
from ivr.loader import load
from ivr.wiring import build_provider, build_store

BUSY = "another test call is going on: it takes about five minutes"


def canary(
    folder: Folder,
    probes: Annotated[
        list[Probe] | None,
        typer.Argument(metavar="[PROBE]...", show_default=False, help=f"Only these: {', '.join(Probe)}."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Ring the helpline from its second number (IVR_CANARY_NUMBER), as a caller would, and print what was proved.

    It listens, types the date of a letter, asks for a text, leaves a message and asks for an adviser, whose part the
    second number takes. It takes about five minutes, and costs what its calls and its text cost; nobody of staff is
    rung, and nothing of it is kept. The worker does the same once a day. Exits with 1 if something failed.

    Examples: `ivr canary`, `ivr canary text`, `ivr canary --json`.
    """
    settings = read_settings(content=folder)
    if not settings.can_test_call:
        raise SettingsError(NEEDS)
    results = asyncio.run(_run(settings, frozenset(probes or Probe), as_json=as_json))
    if as_json:
        show({"results": list(map(asdict, results))}, [], as_json=True)
    raise typer.Exit(1 if any(one.verdict is Verdict.failed for one in results) else 0)


async def _run(settings: Settings, wanted: Collection[Probe], *, as_json: bool) -> Sequence[ProbeResult]:
    async with build_store(settings) as store, build_provider(settings) as provider:
        made = build_canary(settings, store, provider, lambda: load(settings.content))
        results = await made.run(lambda result: None if as_json else _tell(result), wanted=wanted)
    if results is None:
        raise IvrError(BUSY)
    return results


def _tell(result: ProbeResult) -> None:
    tell(f"{result.verdict:<8} {result.probe}: {result.says}")
    if result.verdict is Verdict.failed:
        tell(f"{'':<8} mend: {MENDS[result.probe]}")
