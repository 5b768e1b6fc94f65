"""`ivr rota test-ring`: whether calls reach the telephone of an adviser."""

import asyncio
from typing import Annotated

import typer

from ivr.commands import database_completion
from ivr.commands.confirm import Yes, confirm
from ivr.commands.options import AsJson, Folder
from ivr.commands.output import show, tell
from ivr.commands.transaction import Who, with_store
from ivr.config import Settings, read_settings
from ivr.errors import IvrError
from ivr.helpline.quiet_hours import is_texting_hour
from ivr.helpline.timezone import LONDON
from ivr.helpline.whisper import TRIAL_RING
from ivr.staff import trial_ring as staff
from ivr.staff.trial_ring import EngagedNow, TrialRing, TrialState
from ivr.store.audit import By
from ivr.store.database import Store
from ivr.wiring import open_adviser_line

LOOK, LOOKS = 1.0, 150
"""Seconds between looks how it goes, and how many there are: it rings for half a minute, and is listened to for one."""


def test_ring(
    name: Annotated[str, typer.Argument(help="As on the rota.", autocompletion=database_completion.advisers)],
    who: Who,
    folder: Folder,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Ring the telephone of an adviser for no caller, and say whether they pressed 1 there, or a mailbox took it.

    They see our own number, and hear that it is a test ring. Nobody is rung who is on a call with us. Exits with 1 if
    it did not work.

    Example: `ivr rota test-ring "Jo Marsh"`.
    """
    settings = read_settings(content=folder)
    if not is_texting_hour(who.at):
        now = who.at.astimezone(LONDON)
        confirm(f"It is {now.hour}:{now:%M}. Shall the telephone of {name} ring at this hour?", yes=yes)
    found = with_store(lambda store: _ring(settings, store, name, who))
    show({"name": name, "works": found.works, "says": found.says}, [found.says], as_json=as_json)
    if not found.works:
        raise typer.Exit(1)


async def _ring(settings: Settings, store: Store, name: str, who: By) -> TrialState:
    from ivr.loader import load

    async with open_adviser_line(settings, store) as line:
        trial = TrialRing(line, load(settings.content).flows.step_of_kind(TRIAL_RING))
        begun = await trial.begin(name, who, at_night=True)
        if not await trial.place(begun):
            raise EngagedNow(f"{begun.who} is on a call with us by now: try it when that is over.")
    tell(f"{begun.who} is being rung.", err=True)
    for _ in range(LOOKS):
        found = await _state(store, begun.number)
        if found.is_over:
            break
        await asyncio.sleep(LOOK)
    return found


async def _state(store: Store, number: str) -> TrialState:
    async with store.read() as db:
        found = await staff.state(db, store.cipher, number)
    if found is None:
        raise IvrError("Nothing is known of that ring: `ivr doctor` says whether the database can be reached.")
    return found
