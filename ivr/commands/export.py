"""`ivr export`: all data kept for a phone number."""

from typing import Annotated

import typer

from ivr.commands.confirm import Yes, confirm
from ivr.commands.options import PhoneNumber, number_of
from ivr.commands.output import show
from ivr.commands.transaction import Who, in_transaction
from ivr.staff import personal_data


def export(
    number: PhoneNumber,
    who: Who,
    yes: Yes = False,
    as_json: Annotated[bool, typer.Option("--json", help="It is JSON anyway.")] = True,
) -> None:
    """Print all data kept for a phone number as JSON, for a data subject access request, once you have said yes.

    Examples: `ivr export 07700 900123`, `ivr export 07700 900123 --yes > export.json`.
    """
    wanted = number_of(number)
    confirm("Is it known that whoever asks has this telephone, and is it to be printed?", yes=yes)
    show(in_transaction(lambda db, cipher: personal_data.export(db, cipher, wanted, who)), [], as_json=True)
