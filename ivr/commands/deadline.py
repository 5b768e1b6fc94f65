"""`ivr deadline`: the next step of a caller, and the last day for an appeal to reach the Tribunal."""

import json
from dataclasses import asdict
from datetime import date, datetime, time
from typing import Annotated

import typer

from ivr.commands.arguments import AsJson
from ivr.errors import CertificateBeforeLetter, IvrError
from ivr.helpline.advice import deadline_advice
from ivr.helpline.date_format import parse_date
from ivr.helpline.deadlines import is_far_apart, work_out
from ivr.helpline.next_step import Certificate
from ivr.helpline.timezone import LONDON
from ivr.helpline.working_days import england_and_wales

KEYS = ("deadline", "basis", "send_by", "tribunal_last_day", "mediation_contact_by")
"""The fields of the JSON, besides the status."""


def deadline(
    letter: Annotated[str, typer.Argument(help="The date on the council's decision letter.")],
    certificate: Annotated[str | None, typer.Option(help="The date on the mediation certificate.")] = None,
    section_i_only: Annotated[
        bool, typer.Option("--section-i-only", help="Only about the school named, its type, or none named.")
    ] = False,
    today: Annotated[
        str | None, typer.Option(help="The date to judge by, in the morning, if not this moment in London.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Calculate the next step, and the last day for an appeal about an EHC plan to reach the SEND Tribunal.

    Not for exclusions or claims about disability discrimination: they have other limits.

    Dates are written 14/10/2026, 14102026, 14 October 2026 or 2026-10-14, and may be in the future. Exits with 2 on
    an invalid date.

    Examples:

        ivr deadline 14/10/2026

        ivr deadline 14/10/2026 --certificate 20/11/2026

        ivr deadline 2026-10-14 --section-i-only --today 2026-12-15 --json
    """
    try:
        sent = _read(letter, "letter_date")
        certified = None if certificate is None else _read(certificate, "certificate_date")
        now = datetime.now(LONDON) if today is None else datetime.combine(_read(today, "today"), time(), LONDON)
        found = work_out(sent, certified, section_i_only, england_and_wales())
    except (InvalidDate, CertificateBeforeLetter) as mistake:
        typer.echo(json.dumps({"error": mistake.code}) if as_json else str(mistake), err=True)
        raise typer.Exit(2) from None
    if as_json:
        values = {key: value for key, value in asdict(found).items() if key in KEYS}
        typer.echo(json.dumps(values | {"status": found.status(now.date())}, default=date.isoformat))
        return
    held = Certificate.held if certified else Certificate.missing
    typer.echo("\n".join(deadline_advice(found, Certificate.not_needed if section_i_only else held, now)))
    if certified and is_far_apart(sent, certified):
        typer.echo("The certificate is more than four months younger than the letter: check both dates.")


class InvalidDate(IvrError):
    """Text that is not a date; `code` says which of the dates it was given for."""

    def __init__(self, text: str, which: str) -> None:
        self.code = f"invalid_{which}"
        super().__init__(f'"{text}" is not a date. Write day, month and year, such as 14/10/2026.')


def _read(text: str, which: str) -> date:
    day = parse_date(text)
    # The last year a date can have leaves no room to count months on from.
    if day is None or day.year == date.max.year:
        raise InvalidDate(text, which)
    return day
