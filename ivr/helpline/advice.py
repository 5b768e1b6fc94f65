"""What an adviser reads about a deadline, in a few plain sentences."""

from collections.abc import Iterator
from datetime import date

from babel.dates import format_date

from ivr.helpline.deadlines import Basis, Deadline, Status

COUNTED = {
    Basis.letter: "two months from the date on the letter",
    Basis.certificate: "one month from the date on the mediation certificate",
}


def advice(found: Deadline, certified: bool, school_only: bool, today: date) -> Iterator[str]:
    """The deadline, what to do about it, and what about mediation: one sentence or two for each.

    `certified` is whether there is a mediation certificate, `school_only` whether the appeal needs none.
    """
    yield f"The appeal must reach the Tribunal by {_written(found.deadline)}, {COUNTED[found.basis]}."
    yield from _sending(found, today)
    if school_only:
        yield "It needs no mediation certificate, being only about the school or college."
    elif not certified:
        yield from _mediation(found.mediation_contact_by, today)


def _sending(found: Deadline, today: date) -> Iterator[str]:
    send_by, last_day = found.send_by, found.tribunal_last_day
    if send_by is None or last_day is None:
        yield "The bank holidays of that time are not known here: ask the Tribunal which working day counts."
        return
    match found.status(today):
        case Status.passed:
            yield "That date has passed, and so has any longer time that the Tribunal's own rules give."
            yield "A late appeal may still be possible: ask the Tribunal today, and give the reasons."
        case Status.extension_only:
            yield "That date has passed. Send it today, do not wait:"
            yield f"the Tribunal may still take it until {_written(last_day)}."
        case _:
            yield _in_time(send_by, today)
            if last_day > found.deadline:
                yield f"Do not wait, but the Tribunal may take it until {_written(last_day)}."


def _in_time(send_by: date, today: date) -> str:
    if today > send_by:
        return f"Send it today: {_written(send_by)}, the last working day in time, has gone."
    if today == send_by:
        return "Send it now: today is the last working day in time, and it must be there by 5 pm."
    return f"Have it there by 5 pm on {_written(send_by)}, the last working day in time."


def _mediation(contact_by: date, today: date) -> Iterator[str]:
    if today <= contact_by:
        yield f"Contact the mediation adviser by {_written(contact_by)}: the appeal needs a certificate."
    else:
        yield f"The time to contact the mediation adviser ended on {_written(contact_by)}:"
        yield "without a certificate the appeal needs the Tribunal's permission."


def _written(day: date) -> str:
    return format_date(day, "EEEE d MMMM y", "en_GB")
