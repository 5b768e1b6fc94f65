"""`ivr export`: all data kept for a phone number."""

import json

import typer

from ivr.commands.erase import PhoneNumber
from ivr.commands.transaction import in_transaction
from ivr.store import erasure


def export(number: PhoneNumber) -> None:
    """Print all data kept for a phone number as JSON, for a data subject access request.

    Example: `ivr export +447700900123`.
    """
    data = in_transaction(lambda db, cipher: erasure.export(db, cipher, number))
    typer.echo(json.dumps(data, indent=2, ensure_ascii=False))
