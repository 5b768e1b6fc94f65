"""`ivr export`: all data kept for a phone number."""

from pathlib import Path
from typing import Annotated

import typer

from ivr.commands.confirm import Yes, confirm
from ivr.commands.options import PhoneNumber, number_of
from ivr.commands.output import as_json_text, show, write_private
from ivr.commands.transaction import Who, in_transaction
from ivr.staff import personal_data


def export(
    number: PhoneNumber,
    who: Who,
    yes: Yes = False,
    as_json: Annotated[bool, typer.Option("--json", help="It is JSON anyway.")] = True,
    out: Annotated[Path | None, typer.Option(help="Write it to this file, which you alone can read.")] = None,
) -> None:
    """Print all data kept for a phone number as JSON, for a data subject access request, once you have said yes.

    Examples: `ivr export 07700 900123`, `ivr export 07700 900123 --yes --out their-data.json`.
    """
    wanted = number_of(number)
    confirm("Is it known that whoever asks has this telephone, and is it to be printed?", yes=yes)
    found = in_transaction(lambda db, cipher: personal_data.export(db, cipher, wanted, who))
    if out is None:
        return show(found, [], as_json=True)
    write_private(out, f"{as_json_text(found)}\n".encode(), "--out")
    return show({"file": str(out)}, [], as_json=True)
