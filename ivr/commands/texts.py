"""`ivr texts`: the texts that could not be sent, for operators."""

from typing import Annotated

import typer

from ivr.commands import database_completion
from ivr.commands.list_group import ListGroup
from ivr.commands.options import AsJson, Limit
from ivr.commands.output import show
from ivr.commands.transaction import Who, in_transaction
from ivr.helpline.timezone import LONDON
from ivr.staff import texts as staff
from ivr.staff.lookup import SHOWN
from ivr.store import sms_list
from ivr.store.sms_list import ListedText
from ivr.store.sms_states import SmsState

texts = typer.Typer(name="texts", cls=ListGroup)
Id = Annotated[
    str,
    typer.Argument(
        metavar="ID", help="As listed, or a unique prefix of it.", autocompletion=database_completion.failed_text_ids
    ),
]


@texts.callback()
def group() -> None:
    """List the texts that could not be sent, and why; send one again.

    Examples: `ivr texts`, `ivr texts --all --json`, `ivr texts retry 3f2a91bc`.
    """


@texts.command("list")
def list_(
    everything: Annotated[
        bool, typer.Option("--all", help="Include those that wait, are being sent, or were sent.")
    ] = False,
    numbers: Annotated[bool, typer.Option("--numbers", help="Print the telephone numbers.")] = False,
    limit: Limit = 100,
    as_json: AsJson = False,
) -> None:
    """List the texts that could not be sent in the last seven days, the latest first.

    Examples: `ivr texts`, `ivr texts list --numbers`, `ivr texts --all --limit 20 --json`.
    """
    states = SmsState if everything else [SmsState.failed]
    found = in_transaction(lambda db, cipher: sms_list.read(db, cipher, states, limit, numbers=numbers))
    show(found, map(_line, found), as_json=as_json, nothing="No texts." if everything else "No text has failed.")


@texts.command()
def retry(id: Id, who: Who, as_json: AsJson = False) -> None:
    """Send a text that has failed again; it is tried for three days.

    Examples: `ivr texts retry 3f2a91bc`, `ivr texts retry 3f2a91bc --by Ruth`.
    """
    text = in_transaction(lambda db, cipher: staff.retry(db, cipher, id, who))
    show(text, [f"Text {text.id[:SHOWN]} is sent again."], as_json=as_json)


def _line(text: ListedText) -> str:
    when = f"{text.promised.astimezone(LONDON):%a %d %b %Y %H:%M}"
    fields = text.id[:SHOWN], when, str(text.state), text.topic, *([text.number] if text.number else [])
    return "  ".join((*fields, *([text.reason] if text.reason else [])))
