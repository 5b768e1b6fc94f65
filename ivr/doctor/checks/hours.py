"""Has somebody confirmed when we are open?"""

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

from ivr.doctor.registry import Finding, Subject, check, of_notice, warning
from ivr.errors import DatabaseUnavailable
from ivr.helpline import notices
from ivr.helpline.hours_format import WEEKDAYS
from ivr.helpline.odd_hours import odd_hours
from ivr.helpline.staff_hours import StaffHours, not_over
from ivr.helpline.timezone import today_in_london
from ivr.store import opening_hours

SOON = timedelta(days=60)


@check
async def hours(subject: Subject) -> AsyncIterator[Finding]:
    """The opening hours are confirmed, for sixty days at least, and none that staff set are odd."""
    service, today = subject.content(), today_in_london(subject.now)
    set_by_staff = not_over(await _set_by_staff(subject), today)
    ours = service.ours_on(today, set_by_staff) if service else None
    if notice := notices.unconfirmed_hours(ours, today) or notices.hours_run_out(ours, today, SOON):
        yield of_notice(notice, "warning")
    for one in set_by_staff:
        for weekday, spans in one.hours.week.items():
            for line in odd_hours(spans):
                says = f"hours from {one.starts:%d %b %Y}, {WEEKDAYS[weekday].title()}: {line}"
                yield warning(says, "`ivr hours set` sets them anew")


async def _set_by_staff(subject: Subject) -> Sequence[StaffHours]:
    try:
        async with subject.store.read() as db:
            return await opening_hours.read(db)
    except DatabaseUnavailable:  # the check of the database tells of it
        return ()
