"""Would a caller be served, as the last test call has proved it?"""

from collections.abc import AsyncIterator
from datetime import timedelta

from ivr.canary.daily import due_since
from ivr.doctor.registry import Finding, Subject, check, error, skipped, warning
from ivr.helpline.canary import MENDS, NEEDS_TEXTS_OR_CALLS, ProbeResult
from ivr.helpline.timezone import LONDON
from ivr.store import canary_runs
from ivr.store.canary_runs import CanaryRun

LATEST = timedelta(hours=26)
"""How old the last test call may be, while we are open."""
NONE_SET = "no test call is made: IVR_CANARY_NUMBER is not set"
AGAIN = "`ivr canary` makes one now; the log of `ivr worker` says why none was made"


@check
async def canary(subject: Subject) -> AsyncIterator[Finding]:
    """The test call of the day was made, and a caller would have been served."""
    if not subject.settings.can_test_call:
        yield skipped(NONE_SET, "take a second number of the account for it (docs/operating.md)")
        return
    async with subject.store.read() as db:
        last, ended = await canary_runs.last(db), await canary_runs.last_ended(db)
        passed = await canary_runs.last_passed(db)
    if last is None:
        yield warning("no test call was ever made", AGAIN)
    elif last.was_broken_off(subject.now):
        yield warning(f"the test call of {_when(last)} was broken off", AGAIN)
    elif _is_overdue(subject, last):
        yield warning(f"the last test call is of {_when(last)}", AGAIN)
    for failed in ended.failed if ended else ():
        since = f" (passed last on {passed.astimezone(LONDON):%a %d %b at %H:%M})" if passed else ""
        yield _failure(failed, f"test call of {_when(ended)}: {failed.probe} failed: {failed.says}{since}")


def _failure(failed: ProbeResult, says: str) -> Finding:
    return error(says, f"{MENDS[failed.probe]}; then `ivr canary`", texts_fail=failed.probe in NEEDS_TEXTS_OR_CALLS)


def _is_overdue(subject: Subject, last: CanaryRun) -> bool:
    """Return whether today's is an hour late; on a day on which we are closed none is made, and none is missed."""
    helpline, since = subject.content(), due_since(subject.now - timedelta(hours=1))
    is_open = since is not None and (not helpline or not helpline.hours or helpline.hours.opening(subject.now).is_open)
    return is_open and subject.now - last.began > LATEST


def _when(run: CanaryRun | None) -> str:
    return f"{run.began.astimezone(LONDON):%a %d %b at %H:%M}" if run else "never"
