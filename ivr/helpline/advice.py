"""What an adviser reads about a deadline, in a few plain sentences: the same, in the same order, as a caller hears."""

from collections.abc import Iterator
from datetime import date, datetime

from babel.dates import format_date

from ivr.helpline.deadlines import Basis, Deadline
from ivr.helpline.next_step import Certificate, NextStep, next_step

COUNTED = {
    Basis.letter: "two months from the date on the letter",
    Basis.certificate: "one month from the date on the mediation certificate",
}
SAY = "Say that they wish to appeal, and whether they want mediation: they need not agree to it."


def deadline_advice(found: Deadline, certificate: Certificate, now: datetime) -> Iterator[str]:
    """Yield what comes first at a moment (`now`, in London), then the last day; one sentence or two a line."""
    first = next_step(found, certificate, now)
    if certificate is Certificate.missing:
        yield from _without_certificate(found, first)
        return
    yield from _appealing(found, first)
    if certificate is Certificate.not_needed:
        yield "It needs no mediation certificate, being only about the school or college."


def _without_certificate(found: Deadline, first: NextStep) -> Iterator[str]:
    two_months = _written(found.mediation_contact_by)
    if first is NextStep.ask_permission:
        yield f"The two months to contact a mediation adviser ended on {two_months}."
        yield "Without a certificate the appeal now needs the Tribunal's permission."
        return
    yield "First a mediation certificate is needed."
    if first is NextStep.get_certificate and found.contact_by:
        yield f"Ring the mediation adviser named in the letter by {_written(found.contact_by)}."
    elif first is NextStep.get_certificate_today:
        yield f"Contact the mediation adviser named in the letter today: the time for it ends on {two_months}."
        yield "If nobody answers, leave a message or write to them today."
    else:
        yield f"Contact the mediation adviser named in the letter within two months of it, by {two_months}."
    yield SAY
    if first is NextStep.get_certificate_today:
        yield "Then they have one month to appeal, from the date on the certificate."
    else:
        yield f"Then they can appeal until {two_months}, or one month from the certificate's date, whichever is later."
    if first is NextStep.unknown:
        yield from _unknown()


def _appealing(found: Deadline, first: NextStep) -> Iterator[str]:
    deadline, send_by, last_day = found.deadline, found.send_by, found.tribunal_last_day
    if send_by is None or last_day is None:
        yield f"The appeal must reach the Tribunal by {_written(deadline)}, {COUNTED[found.basis]}."
        yield from _unknown()
        return
    if first is NextStep.late:
        yield f"The last day to appeal, {_written(deadline)}, has probably passed, and so has any longer time."
        yield "A late appeal may still be possible: send it to the Tribunal as soon as you can, and say why it is late."
        return
    if first is NextStep.extension:
        yield f"The last day to appeal was {_written(deadline)}, {COUNTED[found.basis]}."
        yield f"Send it today, do not wait: the Tribunal may still take it until {_written(last_day)}."
        return
    yield f"The appeal must reach the Tribunal by {_written(deadline)}, {COUNTED[found.basis]}."
    match first:
        case NextStep.appeal_by_five:
            yield "Send it now: today is the last working day for it, and it must be there by 5 pm."
        case NextStep.appeal_today:
            yield f"Send it today: {_written(send_by)}, the last working day for it, is over."
        case _:
            yield f"Have it there by 5 pm on {_written(send_by)}, the last working day for it."
    if last_day > deadline:
        yield f"Do not wait, but the Tribunal may take it until {_written(last_day)}."


def _unknown() -> Iterator[str]:
    yield "The bank holidays of that time are not known here: ask the Tribunal which working day counts."


def _written(day: date) -> str:
    return format_date(day, "EEEE d MMMM y", "en_GB")
