"""`ivr optouts`: who is not to be texted, for staff who are asked on the telephone."""

from collections.abc import Iterator

import typer

from ivr.commands.confirm import Yes, confirm
from ivr.commands.options import AsJson, PhoneNumber, number_of
from ivr.commands.output import show
from ivr.commands.transaction import Who, in_transaction
from ivr.helpline.timezone import LONDON
from ivr.staff import opt_outs as staff
from ivr.staff.opt_outs import HELD_BY_THE_PROVIDER, OptOut

optouts = typer.Typer(name="optouts", no_args_is_help=True)


@optouts.callback()
def group() -> None:
    """Look up whether a number is texted; stop texts to it, or allow them again.

    Examples: `ivr optouts show 07700 900001`, `ivr optouts add 07700 900001`, `ivr optouts lift 07700 900001`.
    """


@optouts.command("show")
def show_(number: PhoneNumber, as_json: AsJson = False) -> None:
    """Print whether a number is opted out of texts, since when, and who can lift it.

    Opt-outs are kept as keyed hashes, so they cannot be listed.

    Example: `ivr optouts show 07700 900001`.
    """
    wanted = number_of(number)
    _show(in_transaction(lambda db, cipher: staff.look_up(db, cipher, wanted)), as_json)


@optouts.command()
def add(number: PhoneNumber, who: Who, as_json: AsJson = False) -> None:
    """Text a number no more, and drop its reminders.

    Examples: `ivr optouts add 07700 900001`, `ivr optouts add +447700900001 --by Ruth`.
    """
    wanted = number_of(number)
    _show(in_transaction(lambda db, cipher: staff.opt_out(db, cipher, wanted, who)), as_json)


@optouts.command()
def lift(number: PhoneNumber, who: Who, *, yes: Yes = False, as_json: AsJson = False) -> None:
    """Text a number again, because its owner has asked for it.

    What the telephone company holds, only that person can lift, by texting START to our number.

    Examples: `ivr optouts lift 07700 900001`, `ivr optouts lift 07700 900001 --yes`.
    """
    wanted = number_of(number)
    confirm("Has the owner of this number asked to be texted again?", yes=yes)
    _show(in_transaction(lambda db, cipher: staff.lift(db, cipher, wanted, who)), as_json)


def _show(found: OptOut, as_json: bool) -> None:
    show(found, _lines(found), as_json=as_json)


def _lines(found: OptOut) -> Iterator[str]:
    if found.since is None:
        yield "This number is not opted out: it is texted."
        return
    yield f"This number is not texted, since {found.since.astimezone(LONDON):%a %d %b %Y %H:%M}."
    yield "`ivr optouts lift` lifts that." if found.staff_can_lift else HELD_BY_THE_PROVIDER
