"""What the checks find, as staff are told it: one thing for each check, who is told, and whether it can wait."""

from collections.abc import Sequence

from ivr.doctor.registry import Finding
from ivr.store.accounts import Role
from ivr.store.alerts import Problem

FOR_MANAGERS = frozenset(
    {
        *("content", "hours", "rota", "unanswered_rings", "shift_reminders", "waiting", "texts", "complaints"),
        "alerts",
    }
)
"""What managers can mend; of all else administrators are told."""
CAN_WAIT = frozenset(
    {
        *("settings", "secret", "clock", "content", "hours", "shift_reminders", "complaints", "single_sign_on"),
        *("alerts", "backup", "approvals", "fallback", "ask_twilio"),
    }
)
"""Whose errors are not told at night: no caller of this hour is helped by it."""
WEEKLY = frozenset(
    {
        *("settings", "secret", "content", "hours", "shift_reminders", "alerts", "single_sign_on", "approvals"),
        *("certificate", "fallback"),
    }
)
"""Whose warnings are told again after a week, not a day: they look sixty days ahead, or nothing gets worse."""
SHOWN = 2
"""Findings of a check whose words are told; the rest are counted."""


def problems_of(findings: Sequence[Finding]) -> list[Problem]:
    """Return what is wrong, one problem for each check that found something."""
    by_check: dict[str, list[Finding]] = {}
    for one in findings:
        if one.severity != "skipped":
            by_check.setdefault(one.check, []).append(one)
    return [_problem(name, found) for name, found in by_check.items()]


def _problem(name: str, found: Sequence[Finding]) -> Problem:
    worst_first = sorted(found, key=lambda one: one.severity != "error")
    is_error = worst_first[0].severity == "error"
    says = "; ".join(one.says for one in worst_first[:SHOWN])
    more = f"; and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return Problem(
        name=name,
        urgent=is_error and name not in CAN_WAIT,
        says=says + more,
        mend=worst_first[0].mend,
        amount=sum(one.amount for one in found),
        role=Role.manager if name in FOR_MANAGERS else Role.administrator,
        again=7 if name in WEEKLY and not is_error else 1,
        texts_fail=any(one.texts_fail for one in found),
    )
