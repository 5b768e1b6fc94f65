"""Is each complaint about data acknowledged in time, and looked into?"""

from collections.abc import AsyncIterator

from ivr.doctor.registry import Finding, Subject, check, error, warning
from ivr.helpline.data_complaints import Standing
from ivr.helpline.timezone import today_in_london
from ivr.staff import data_complaints
from ivr.staff.data_complaints import Urgent
from ivr.staff.lookup import SHOWN

ACKNOWLEDGE = "acknowledge it on the page Complaints, or with `ivr complaints acknowledge`"
ANSWER = "answer and close it, or write down what is done (`ivr complaints note`)"


@check
async def complaints(subject: Subject) -> AsyncIterator[Finding]:
    """Every complaint about data is acknowledged within thirty days, and looked into."""
    async with subject.store.read() as db:
        found = await data_complaints.urgent(db, subject.store.cipher, today_in_london(subject.now))
    for one in found:
        yield _finding(one)


def _finding(urgent: Urgent) -> Finding:
    complaint = urgent.complaint
    name, by = f"complaint {complaint.id[:SHOWN]} about data", f"{complaint.acknowledge_by:%d %b %Y}"
    match urgent.standing:
        case Standing.overdue:
            return error(f"{name} was to be acknowledged by {by}, as the law has it", ACKNOWLEDGE)
        case Standing.due:
            return warning(f"{name} is to be acknowledged by {by}, as the law has it", ACKNOWLEDGE)
    return warning(f"{name} is not answered, and nothing was done about it for thirty days", ANSWER)
