"""`ivr twilio`: the provider's side of a helpline, seen, set up and taken back."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import typer

from ivr.commands.confirm import Yes, confirm
from ivr.commands.list_group import ShowGroup
from ivr.commands.options import AsJson, Folder, refusing
from ivr.commands.output import show as show_data
from ivr.commands.output import tell
from ivr.commands.transaction import Who
from ivr.commands.twilio_account import Helpline, open_helpline
from ivr.commands.twilio_lines import (
    NOTHING_TO_CHANGE,
    connected_lines,
    disconnected_lines,
    fallback_fields,
    fallback_line,
    number_fields,
    plan_lines,
    put_back_lines,
    show_lines,
)
from ivr.config import read_settings
from ivr.errors import IvrError
from ivr.helpline.phone_numbers import parse_number
from ivr.provisioning import connect as provisioning
from ivr.provisioning import fallback as fallback_document
from ivr.provisioning.plan import ProvisioningRefused
from ivr.telephony.protected_asset import Place
from ivr.telephony.provider_errors import ProviderError

Result = TypeVar("Result")
twilio = typer.Typer(name="twilio", cls=ShowGroup)

Number = Annotated[
    str | None,
    typer.Option(
        "--number",
        parser=refusing(parse_number, "a telephone number"),
        metavar="NUMBER",
        show_default="IVR_NUMBER",
        help="The number of the account that takes the calls, where callers dial another that is put through to it.",
    ),
]
KeepFallback = Annotated[
    bool, typer.Option("--keep-fallback", help="Leave the fallback address of the number as it is, and upload nothing.")
]


@twilio.callback()
def _twilio() -> None:
    """Set up Twilio for the helpline: where its numbers send calls and texts, and what plays while we are down.

    Examples: `ivr twilio`, `ivr twilio connect`, `ivr twilio disconnect`.
    """


@twilio.command()
def show(folder: Folder, number: Number = None, as_json: AsJson = False) -> None:
    """Show each number of the account, where it sends calls and texts, and what is not as the helpline wants it.

    Nothing is changed. Examples: `ivr twilio`, `ivr twilio show --json`.
    """

    async def do(helpline: Helpline) -> None:
        state = await helpline.fallback_state()
        plans = helpline.plans(state.place.url if state.place else None)
        written_down = await helpline.written_down()
        data = {
            "numbers": [number_fields(one, plans, written_down) for one in helpline.numbers],
            "fallback": fallback_fields(state),
            "obstacles": helpline.obstacles,
            "warnings": helpline.warnings,
        }
        show_data(data, show_lines(helpline, plans, state, written_down), as_json=as_json)

    _with_helpline(folder, number, do)


@twilio.command()
def connect(
    folder: Folder,
    who: Who,
    number: Number = None,
    keep_fallback: KeepFallback = False,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Point the numbers at this helpline: calls, the end of calls, texts, and the fallback document, which is uploaded.

    It shows first what it changes, and asks. What was there is written down (sealed) in the database, and
    `ivr twilio disconnect` puts it back. Once all is as it should be, it changes nothing.

    Examples: `ivr twilio connect`, `ivr twilio connect --yes --json`.
    """

    async def do(helpline: Helpline) -> None:
        if helpline.obstacles:
            raise ProvisioningRefused(*helpline.obstacles)
        await helpline.written_down()  # so that a database that is missing is told of before anything is changed
        state = None if keep_fallback else await helpline.fallback_state()
        plans = helpline.plans(None if state is None else helpline.address_of(state))
        upload = state is not None and not state.is_well
        if not upload and not any(one.changes for one in plans):
            show_data(_result(helpline, [], upload), [NOTHING_TO_CHANGE], as_json=as_json)
            return
        for line in plan_lines(helpline, plans, state):
            tell(line, err=True)
        confirm("Change this at Twilio?", yes=yes)
        if upload:
            place, _ = await _uploaded(helpline)
            plans = helpline.plans(place.url)
        done = await provisioning.connect(helpline.account, helpline.store, plans, who)
        show_data(_result(helpline, done, upload), connected_lines(done, upload), as_json=as_json)

    _with_helpline(folder, number, do)


@twilio.command()
def disconnect(folder: Folder, who: Who, number: Number = None, yes: Yes = False, as_json: AsJson = False) -> None:
    """Put back what the numbers were set to before `ivr twilio connect`, and take the fallback document off the air.

    Example: `ivr twilio disconnect`.
    """

    async def do(helpline: Helpline) -> None:
        done, removed = tuple[str, ...](), False
        if lines := await put_back_lines(helpline):
            for line in lines:
                tell(line, err=True)
            confirm("Put this back at Twilio?", yes=yes)
            found = await provisioning.put_back(helpline.account, helpline.store, helpline.numbers, who)
            done, removed = found.numbers, await helpline.remove_fallback() or found.document
        data = {"put_back": done, "fallback_removed": removed}
        show_data(data, disconnected_lines(done, removed), as_json=as_json, nothing="nothing to put back")

    _with_helpline(folder, number, do)


@twilio.command()
def fallback(folder: Folder, number: Number = None, as_json: AsJson = False) -> None:
    """Upload the fallback document, unless the one at Twilio is that of today; it is read back and compared.

    Run it after a change of advisers (IVR_ADVISERS) or of words. `ivr fallback` prints the document.

    Example: `ivr twilio fallback`.
    """

    async def do(helpline: Helpline) -> None:
        place, was_current = await _uploaded(helpline)
        plans = helpline.plans(place.url)
        is_used = all(change.parameter != "VoiceFallbackUrl" for one in plans for change in one.changes)
        data = {"url": place.url, "was_current": was_current, "is_used": is_used}
        show_data(data, [fallback_line(was_current, is_used)], as_json=as_json)

    _with_helpline(folder, number, do)


def _result(helpline: Helpline, done: list[str], uploaded: bool) -> dict[str, object]:
    return {"changed": done, "fallback_uploaded": uploaded, "warnings": helpline.warnings}


async def _uploaded(helpline: Helpline) -> tuple[Place, bool]:
    try:
        return await fallback_document.bring_up_to_date(helpline.asset(), helpline.document)
    except ProviderError as failure:
        raise IvrError(
            f"The fallback document could not be put at Twilio: {failure.reason}. No number was changed. Run it again;"
            " or `ivr twilio connect --keep-fallback`, and host what `ivr fallback` prints yourself."
        ) from failure


def _with_helpline(folder: Folder, number: str | None, do: Callable[[Helpline], Awaitable[None]]) -> None:
    settings = read_settings(content=folder)

    async def run() -> None:
        async with open_helpline(settings, number) as helpline:
            await do(helpline)

    asyncio.run(run())
