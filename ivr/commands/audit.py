"""`ivr audit`: who changed what and looked at whom, and whether the log of it is whole."""

from collections.abc import Iterator
from typing import Annotated

import typer

from ivr.commands.list_group import ListGroup
from ivr.commands.options import AsJson, Limit
from ivr.commands.output import show
from ivr.commands.transaction import in_transaction, with_store
from ivr.helpline.timezone import LONDON
from ivr.staff import audit as staff
from ivr.staff.audit import Verified
from ivr.store import audit as store

audit = typer.Typer(name="audit", cls=ListGroup)


@audit.callback()
def group() -> None:
    """Show who changed what and looked at whom, newest first, or verify that the log is whole.

    Examples: `ivr audit`, `ivr audit verify`.
    """


@audit.command("list")
def list_(
    limit: Limit = 20,
    search: Annotated[str, typer.Option("--search", metavar="WORDS", help="Words of who it was, or of what.")] = "",
    as_json: AsJson = False,
) -> None:
    """Show the latest entries; they are kept for a year.

    Examples: `ivr audit`, `ivr audit list --limit 100 --search "Jo callback" --json`.
    """
    entries = in_transaction(lambda db, _: store.read(db, limit, search=search))
    lines = (f"{entry.at.astimezone(LONDON):%a %d %b %Y %H:%M}  {entry.who}: {entry.what}" for entry in entries)
    show(entries, lines, as_json=as_json, nothing="No entry is there.")


@audit.command()
def verify(
    seal: Annotated[
        str, typer.Option("--seal", metavar="SEAL", help="One that an earlier verification printed, or its beginning.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Verify that no entry was changed, removed, put in or moved; exits with 1 otherwise, naming each.

    It prints the seal of the last entry. Write it down elsewhere: given with --seal, a log that was put back to an
    older copy is found too.

    Examples: `ivr audit verify`, `ivr audit verify --seal 3f9a0c1d2e4b5a69 --json`.
    """
    found = with_store(lambda database: staff.verify(database, seal))
    show(found, _lines(found), as_json=as_json)
    if found.findings:
        raise typer.Exit(1)


def _lines(found: Verified) -> Iterator[str]:
    yield from found.findings
    verdict = "is not whole" if found.findings else "is whole"
    yield f"The log {verdict}: {found.chained:,} entries are chained."
    if found.unchained:
        yield f"{found.unchained:,} entries are from before the chain, and prove nothing."
    if found.seal:
        yield f"Seal of the last entry: {found.seal}"
