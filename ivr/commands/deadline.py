"""`ivr deadline`: the next step of a caller, and the last day for an appeal to reach the Tribunal."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Annotated, TypeVar

import typer

from ivr.commands.options import AT, AT_HELP, AsJson
from ivr.commands.output import as_json_text, show, tell
from ivr.commands.stored_holidays import stored_holidays
from ivr.config import current_time
from ivr.errors import CertificateBeforeLetter, InvalidInput
from ivr.helpline.advice import deadline_advice
from ivr.helpline.date_format import parse_date, parse_moment
from ivr.helpline.deadlines import is_far_apart, work_out
from ivr.helpline.next_step import Certificate
from ivr.helpline.timezone import LONDON
from ivr.helpline.working_days import england_and_wales

Value = TypeVar("Value")
KEYS = ("deadline", "basis", "send_by", "tribunal_last_day", "mediation_contact_by")
"""The fields of the JSON, besides the status."""


def deadline(
    letter: Annotated[str, typer.Argument(help="The date on the council's decision letter.")],
    certificate: Annotated[str | None, typer.Option(help="The date on the mediation certificate.")] = None,
    section_i_only: Annotated[
        bool, typer.Option("--section-i-only", help="Only about the school named, its type, or none named.")
    ] = False,
    at: Annotated[str | None, typer.Option(*AT, metavar="WHEN", show_default="now", help=AT_HELP)] = None,
    as_json: AsJson = False,
) -> None:
    """Calculate the next step, and the last day for an appeal about an EHC plan to reach the SEND Tribunal.

    Not for exclusions or claims about disability discrimination: they have other limits. Bank holidays that staff
    added (`ivr holidays`) are counted where the helpline's database can be read.

    Dates are written 14/10/2026, 14102026, 14 October 2026 or 2026-10-14, and may be in the future. Exits with 2 on
    an invalid date.

    Examples:

        ivr deadline 14/10/2026

        ivr deadline 14/10/2026 --certificate 20/11/2026

        ivr deadline 2026-10-14 --section-i-only --today 2026-12-15 --json
    """
    try:
        sent = _read(_day, letter, "letter_date")
        certified = None if certificate is None else _read(_day, certificate, "certificate_date")
        now = (current_time() if at is None else _read(parse_moment, at, "today")).astimezone(LONDON)
        work_out(sent, certified, section_i_only, england_and_wales())  # a mistake is told alone, before all else
    except (InvalidDate, CertificateBeforeLetter) as mistake:
        tell(as_json_text({"error": mistake.code}) if as_json else str(mistake), err=True)
        raise typer.Exit(2) from None
    found = work_out(sent, certified, section_i_only, england_and_wales(stored_holidays()))

    def lines() -> Iterator[str]:
        held = Certificate.held if certified else Certificate.missing
        yield from deadline_advice(found, Certificate.not_needed if section_i_only else held, now)
        if certified and is_far_apart(sent, certified):
            yield "The certificate is more than four months younger than the letter: check both dates."

    fields = {key: getattr(found, key) for key in KEYS} | {"status": found.status(now.date())}
    show(fields, lines(), as_json=as_json)


class InvalidDate(InvalidInput):
    """Text that is not a date; `code` says which of the dates it was given for."""

    def __init__(self, text: str, which: str) -> None:
        self.code = f"invalid_{which}"
        super().__init__(f'"{text}" is not a date. Write day, month and year, such as 14/10/2026.')


def _read(parse: Callable[[str], Value | None], text: str, which: str) -> Value:
    found = parse(text)
    if found is None:
        raise InvalidDate(text, which)
    return found


def _day(text: str) -> date | None:
    """Return a date. The last year that one can have leaves no room to count months on from."""
    day = parse_date(text)
    return None if day and day.year == date.max.year else day
