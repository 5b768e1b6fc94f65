"""`ivr inbox`: incoming texts, for staff."""

from typing import Annotated

import typer

from ivr.commands.transaction import in_transaction
from ivr.helpline.timezone import LONDON
from ivr.store import sms_inbox


def inbox(limit: Annotated[int, typer.Option(help="How many to print.")] = 20) -> None:
    """Print incoming texts, newest first; they are kept for thirty days.

    Example: `ivr inbox --limit 5`.
    """
    texts = in_transaction(lambda db, cipher: sms_inbox.read(db, cipher, limit))
    lines = [f"{text.received.astimezone(LONDON):%a %d %b %Y %H:%M}  {text.number}: {text.body}" for text in texts]
    typer.echo("\n".join(lines) if lines else "No texts have come in.")
