"""`ivr deadline`: an adviser works out by when an appeal must reach the SEND Tribunal."""

import json
from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from ivr.errors import CertificateBeforeLetter, IvrError
from ivr.helpline.advice import advice
from ivr.helpline.deadlines import work_out
from ivr.helpline.working_days import england_and_wales


def deadline(
    letter: Annotated[str, typer.Argument(help="The date on the council's decision letter.")],
    certificate: Annotated[str | None, typer.Option(help="The date on the mediation certificate.")] = None,
    section_i_only: Annotated[
        bool, typer.Option("--section-i-only", help="Only about the school named, its type, or none named.")
    ] = False,
    today: Annotated[str | None, typer.Option(help="The date to judge by, if not today's in London.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer for a machine to read.")] = False,
) -> None:
    """Work out by when an appeal about an EHC assessment or plan must reach the SEND Tribunal.

    Not for exclusions or claims about disability discrimination: they have other limits.

    Dates are written year-month-day and may lie ahead. One that cannot be used ends with exit code 2.

    Examples:

        ivr deadline 2026-10-14

        ivr deadline 2026-10-14 --certificate 2026-11-20

        ivr deadline 2026-10-14 --section-i-only --today 2026-12-15 --json
    """
    try:
        sent = _read(letter, "letter_date")
        certified = None if certificate is None else _read(certificate, "certificate_date")
        on = datetime.now(ZoneInfo("Europe/London")).date() if today is None else _read(today, "today")
        found = work_out(sent, certified, section_i_only, england_and_wales())
    except (InvalidDate, CertificateBeforeLetter) as mistake:
        typer.echo(json.dumps({"error": mistake.code}) if as_json else str(mistake), err=True)
        raise typer.Exit(2) from None
    if as_json:
        typer.echo(json.dumps(asdict(found) | {"status": found.status(on)}, default=date.isoformat))
    else:
        typer.echo("\n".join(advice(found, certified is not None, section_i_only, on)))


class InvalidDate(IvrError):
    """Text that is not a date; `code` says which of the dates it was given for."""

    def __init__(self, text: str, which: str) -> None:
        self.code = f"invalid_{which}"
        super().__init__(f'"{text}" is not a date. Write year-month-day, such as 2026-10-14.')


def _read(text: str, which: str) -> date:
    """A date written year-month-day and in no other ISO way: 12101126 could mean too many days."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise InvalidDate(text, which) from None
    # The last year a date can have leaves no room to count months on from.
    if text != day.isoformat() or day.year == date.max.year:
        raise InvalidDate(text, which)
    return day
