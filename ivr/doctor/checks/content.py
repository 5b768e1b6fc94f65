"""Are flows and prompts whole, and is what is said still so?"""

from collections.abc import AsyncIterator
from datetime import timedelta

from ivr.doctor.registry import Finding, Subject, check, error, of_notice, warning
from ivr.helpline import notices
from ivr.helpline.timezone import today_in_london

SOON = timedelta(days=60)


@check
async def content(subject: Subject) -> AsyncIterator[Finding]:
    """`ivr check` finds no errors, and facts are within their last valid day."""
    found = subject.lint()
    if errors := sum(one.severity == "error" and not one.accepted for one in found):
        yield error(f"{errors} errors in {subject.folder}", "`ivr check` prints each with its file and line")
    service = subject.content()
    if service is None:
        return
    facts, today = service.other_facts, today_in_london(subject.now)
    if none_left := notices.every_fact_expired(facts, today):
        yield of_notice(none_left)
    elif expired := notices.some_facts_expired(facts, today):
        yield of_notice(expired, "warning")
    if ending := sum(today <= fact.good_until < today + SOON for fact in facts):
        yield warning(f"{ending} facts run out within {SOON.days} days", notices.MEND_FACTS, ending)
