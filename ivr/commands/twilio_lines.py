"""What the commands of `ivr twilio` print."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from ivr.commands.twilio_account import Helpline
from ivr.helpline.timezone import LONDON
from ivr.provisioning.fallback import FallbackState
from ivr.provisioning.plan import NumberPlan
from ivr.store.number_configurations import Before
from ivr.telephony.incoming_numbers import IncomingNumber
from ivr.telephony.number_configuration import Change, changes

NOTHING_TO_CHANGE = "nothing to change: every number is as it should be, and so is the fallback document"
WIDTH = 20
NAMES = {
    "VoiceUrl": "calls",
    "VoiceMethod": "calls, method",
    "VoiceFallbackUrl": "fallback",
    "VoiceFallbackMethod": "fallback, method",
    "StatusCallback": "end of calls",
    "StatusCallbackMethod": "end, method",
    "SmsUrl": "texts",
    "SmsMethod": "texts, method",
}
"""The parameters in words."""


def shown(value: str) -> str:
    """Return an address to print: a password or a query in it is somebody's secret.

    >>> shown("https://user:secret@elsewhere.example/voice?key=secret"), shown("")
    ('https://…@elsewhere.example/voice?…', '(nothing)')
    """
    if not value:
        return "(nothing)"
    try:
        url = urlsplit(value)
    except ValueError:
        return "(no address)"
    user, at, host = url.netloc.rpartition("@")
    return urlunsplit(url._replace(netloc=f"{'…' if user else ''}{at}{host}", query="…" if url.query else ""))


def number_fields(
    number: IncomingNumber, plans: Sequence[NumberPlan], written_down: Mapping[str, Before]
) -> dict[str, Any]:
    """Return a number for a machine: what it is for, what it is set to, and what is not as it is wanted."""
    plan = _plan_of(number, plans)
    before = written_down.get(number.sid)
    return {
        "sid": number.sid,
        "number": number.number,
        "for": list(plan.roles) if plan else [],
        "configuration": {name: shown(value) if value else "" for name, value in number.configuration.items()},
        "changes": [_change_fields(one) for one in plan.changes] if plan else [],
        "connected": before.written if before else None,
    }


def fallback_fields(state: FallbackState) -> dict[str, Any]:
    """Return the fallback document for a machine."""
    url = state.place.url if state.place else None
    return {"url": url, "is_current": state.is_current, "is_public": state.is_public}


def show_lines(
    helpline: Helpline, plans: Sequence[NumberPlan], state: FallbackState, written_down: Mapping[str, Before]
) -> Iterator[str]:
    """Yield every number with what it is set to, the fallback document, and what is wrong."""
    for number in helpline.numbers:
        plan = _plan_of(number, plans)
        yield _name(number, plan.roles if plan else ())
        wrong = {one.parameter: one for one in plan.changes} if plan else {}
        for parameter, value in number.configuration.items():
            if not parameter.endswith("Method") or parameter in wrong:
                yield f"  {NAMES[parameter]:<{WIDTH}} {shown(value)}"
            if change := wrong.get(parameter):
                yield f"  {'':<{WIDTH}} wanted: {shown(change.new)}"
        if before := written_down.get(number.sid):
            yield f"  {'':<{WIDTH}} pointed here on {before.written.astimezone(LONDON):%d %b %Y at %H:%M}"
    yield f"fallback document: {_state_words(state)}"
    yield from (f"cannot work: {line}" for line in helpline.obstacles)
    yield from (f"warning: {line}" for line in helpline.warnings)


def plan_lines(helpline: Helpline, plans: Sequence[NumberPlan], state: FallbackState | None) -> Iterator[str]:
    """Yield what is going to be changed, old and new."""
    for plan in plans:
        if plan.changes:
            yield _name(plan.number, plan.roles)
            yield from _change_lines(plan.changes)
    if state and not state.is_well:
        yield f"fallback document: {_state_words(state)}; it is uploaded, for Twilio alone to read"
    yield from (f"warning: {line}" for line in helpline.warnings)


async def put_back_lines(helpline: Helpline) -> list[str]:
    """Return what is going to be put back, old and new; nothing where there is nothing."""
    lines, written_down = list[str](), await helpline.written_down()
    ours = {one.sid: one for one in helpline.numbers}
    for sid, before in written_down.items():
        if number := ours.get(sid):
            lines += [_name(number, ()), *_change_lines(list(changes(number.configuration, before.configuration)))]
        else:
            lines.append(f"number {sid} is no longer of the account: what was written down of it is forgotten")
    if lines or (helpline.number_for_calls and await helpline.asset().find()):
        lines.append("fallback document: it is deleted at Twilio")
    return lines


def connected_lines(done: Sequence[str], uploaded: bool) -> Iterator[str]:
    """Yield what was changed."""
    yield from (f"number {sid} is pointed at this helpline" for sid in done)
    if uploaded:
        yield "the fallback document is at Twilio, and was read back"
    yield "now: `ivr doctor`, and ring the number"


def disconnected_lines(done: Sequence[str], removed: bool) -> Iterator[str]:
    """Yield what was put back."""
    yield from (f"number {sid} is as it was before" for sid in done)
    if removed:
        yield "the fallback document is deleted at Twilio"


def fallback_line(was_current: bool, is_used: bool) -> str:
    """Return what came of an upload."""
    said = "the fallback document at Twilio is that of today" if was_current else "uploaded, and read back"
    return said if is_used else f"{said}; but the number does not use it yet: `ivr twilio connect`"


def _plan_of(number: IncomingNumber, plans: Sequence[NumberPlan]) -> NumberPlan | None:
    return next((one for one in plans if one.number.sid == number.sid), None)


def _name(number: IncomingNumber, roles: Sequence[str]) -> str:
    return f"{number.number} ({number.sid}){', for ' + ' and '.join(roles) if roles else ''}"


def _change_lines(found: Sequence[Change]) -> Iterator[str]:
    for one in found:
        yield f"  {NAMES[one.parameter]:<{WIDTH}} {shown(one.old)}"
        yield f"  {'':<{WIDTH}} -> {shown(one.new)}"
    if not found:
        yield f"  {'':<{WIDTH}} is as it was before"


def _change_fields(change: Change) -> dict[str, str]:
    return {"parameter": change.parameter, "old": change.old and shown(change.old), "new": shown(change.new)}


def _state_words(state: FallbackState) -> str:
    if state.place is None:
        return "not at Twilio"
    if state.is_public:
        return "anybody can read it, advisers' numbers too"
    return "that of today" if state.is_current else "older than the advisers or the words, or not to be read"
