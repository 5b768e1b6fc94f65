"""`ivr emergency`: what every caller is told at the beginning of a call, for a while."""

from datetime import datetime
from typing import Annotated

import typer
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.commands.emergency_check import check_message
from ivr.commands.heard import Preview, show_trial
from ivr.commands.list_group import ShowGroup
from ivr.commands.options import MOMENTS, AsJson, Folder, moment
from ivr.commands.output import show as show_data
from ivr.commands.transaction import Who, in_transaction
from ivr.config import current_time
from ivr.helpline.emergency import EmergencyMessage
from ivr.helpline.timezone import LONDON
from ivr.staff import emergency as staff
from ivr.store import emergency_messages as store
from ivr.store.cipher import Cipher

emergency = typer.Typer(name="emergency", cls=ShowGroup)

Text = Annotated[str, typer.Argument(help="What callers hear: whole sentences, of eight seconds together at most.")]
UNTIL = typer.Option(
    "--until",
    parser=moment,
    metavar="WHEN",
    show_default="the end of the day",
    help=f"{MOMENTS}; 7 days ahead at most.",
)


@emergency.callback()
def group() -> None:
    """Tell every caller an emergency message: show, set or clear it; without a command, show it.

    Every caller hears it once, after the greeting's 999 and before the main menu.

    Examples:

        ivr emergency

        ivr emergency set "The council's offices are closed today because of the snow."

        ivr emergency clear
    """


@emergency.command("show")
def show(as_json: AsJson = False) -> None:
    """Show the emergency message that is set.

    Examples: `ivr emergency`, `ivr emergency show --json`.
    """
    now = current_time()
    _show(in_transaction(lambda db, _: store.read(db, now)), as_json)


@emergency.command("set")
def set_(
    text: Text,
    folder: Folder,
    who: Who,
    until: Annotated[datetime | None, UNTIL] = None,
    preview: Preview = False,
    as_json: AsJson = False,
) -> None:
    """Set the message, in the place of whichever was set. It is checked like every prompt before it is taken.

    Examples: `ivr emergency set "The council's offices are closed today because of the snow."`,
    `ivr emergency set "Our texts are delayed today." --until "24/11/2026 14:00" --by Sam`.
    """
    reasons = check_message(text, folder, who.at).reasons
    message = EmergencyMessage(text, until or staff.end_of_day(who.at))

    async def change(db: AsyncConnection, _: Cipher) -> EmergencyMessage:
        return await staff.announce(db, message, reasons, who)

    if preview:
        return show_trial(change, lambda _: who.at, folder, who.at, as_json)
    return _show(in_transaction(change), as_json)


@emergency.command("clear")
def clear(who: Who, as_json: AsJson = False) -> None:
    """Clear the message: within seconds callers hear the ordinary greeting again.

    Example: `ivr emergency clear`.
    """
    in_transaction(lambda db, _: store.clear(db, who))
    _show(None, as_json)


def _show(message: EmergencyMessage | None, as_json: bool) -> None:
    fields = {"text": message.text, "until": message.until} if message else None
    lines = [f"until {message.until.astimezone(LONDON):%a %d %b %Y %H:%M}  {message.text}"] if message else []
    show_data(fields, lines, as_json=as_json, nothing="No emergency message is set.")
