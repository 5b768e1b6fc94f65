"""`ivr letter`: a letter for post with what a caller was told, to be printed."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from ivr.commands.options import Folder, day
from ivr.commands.output import print_document, write_private
from ivr.commands.transaction import Who, in_transaction
from ivr.commands.usable_settings import usable_settings
from ivr.errors import InvalidInput
from ivr.helpline.timezone import today_in_london
from ivr.loader import load
from ivr.staff import posted_letter, written_texts
from ivr.staff.call_preview import environment_at
from ivr.staff.written_texts import WrittenText
from ivr.store import rota_snapshot

Deadline = Annotated[
    date | None,
    typer.Option("--deadline", parser=day, metavar="DAY", help="The last day to appeal that they were told."),
]


class NoSuchText(InvalidInput):
    """There is no text of a name today; the message lists those there are."""

    @property
    def lines(self) -> Sequence[str]:
        """Return a line for each text."""
        return str(self).split("\n")


def letter(
    folder: Folder,
    who: Who,
    topic: Annotated[
        list[str] | None,
        typer.Option("--topic", help="What they were told: the name of a text; more than once for more than one."),
    ] = None,
    deadline: Deadline = None,
    name: Annotated[str, typer.Option("--name", help="To whom it goes. It is kept nowhere.")] = "",
    address: Annotated[str, typer.Option("--address", help="Their address, its lines set apart by commas.")] = "",
    large: Annotated[bool, typer.Option("--large", help="In large type.")] = False,
    out: Annotated[Path | None, typer.Option(help="Write it to this file, which you alone can read.")] = None,
) -> None:
    """Print a letter as an HTML page, for a browser to print: the texts that callers can ask for, in long.

    With `--deadline` alone it is about that day. What may not be sent as a text today is in no letter either; without a
    topic, or with one that there is not, the texts of today are listed.

    Examples: `ivr letter --topic school --out letter.html`,
    `ivr letter --deadline 14/12/2026 --topic deadline_certificate --name "Jo Hill" --out letter.html`.
    """
    settings, content = usable_settings(), load(folder)
    closed = in_transaction(lambda db, _: rota_snapshot.read_closed_times(db, who.at))
    environment = environment_at(content, closed, who.at, own_number=settings.number)
    texts = written_texts.offered(content.flows, environment, "", deadline, "")
    names = _names(texts, topic or [], deadline)
    to = {"name": name, "address": "\n".join(address.split(","))}
    day_ = today_in_london(who.at)
    written = posted_letter.write(content, texts, names, settings.number, day_, deadline=deadline, **to)
    in_transaction(lambda db, _: posted_letter.tell(db, names, who))
    page = _page(written, large=large)
    if out is None:
        print_document(page)
    else:
        write_private(out, page.encode(), "--out")


def _names(texts: list[WrittenText], wanted: list[str], deadline: date | None) -> list[str]:
    """Return the texts for a letter, by name; raise NoSuchText, with those there are, for one that there is not."""
    names = wanted or [text.name for text in texts[:1] if deadline]
    unknown = [name for name in names if name not in {text.name for text in texts}]
    if names and not unknown:
        return names
    listed = "".join(f"\n  {text.name}: {text.title}" for text in texts)
    wrong = f"There is no text “{unknown[0]}” today." if unknown else "Say what the letter is to tell (--topic)."
    raise NoSuchText(f"{wrong} The texts are:{listed}")


def _page(written: posted_letter.PostedLetter, *, large: bool) -> str:
    """Return the page, with its style in it; what only this needs is imported here."""
    from ivr.console.app import STATIC
    from ivr.console.templates import environment

    style = (STATIC / "print.css").read_text("utf-8")
    return environment().get_template("letter.html").render(letter=written, large=large, style=style)
