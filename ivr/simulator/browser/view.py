"""The state of a session as JSON for the page."""

from dataclasses import asdict
from datetime import datetime
from math import ceil, inf
from typing import Any

from ivr.simulator.browser.entry_audio import text_of
from ivr.simulator.browser.helpline_hours import hours_view
from ivr.simulator.browser.prompt_places import prompts_of_entry, prompts_of_text
from ivr.simulator.browser.scenario_files import FOLDER
from ivr.simulator.browser.session import Session
from ivr.simulator.browser.text_messages import TextMessage
from ivr.simulator.network.waits import AwaitDigits, AwaitSpeech, IdleInQueue, PlaySounds, Ring, Talk, Wait
from ivr.simulator.transcript import CALLER, LINE, Entry

_CALL_STATES = {
    PlaySounds: "speaks",
    AwaitDigits: "listens",
    AwaitSpeech: "records",
    Ring: "rings",
    Talk: "talks",
    IdleInQueue: "waits",
}


def view(session: Session) -> dict[str, Any]:
    """Return everything that the page shows. Seconds are those of the simulated clock."""
    phone = session.phone
    return {
        "clock": _local_time(session.clock()),
        "now": round(phone.now, 3),
        "began": round(phone.began if session.is_dialled else phone.now, 3),
        "ended": round(phone.transcript.clock, 3) if session.is_dialled and phone.ended else None,
        "call": _call(session),
        "incoming": None if (incoming := session.handset.incoming) is None else asdict(incoming),
        "goes_on": _next_event(session),
        "lines": _entries(session),
        "telephones": _telephones(session),
        "texts": [_text_message(session, message) for message in session.text_messages.all],
        "path": session.paths.as_json(phone.line.leg.sid) if session.is_dialled else [],
        "requests": session.requests.count,
        "mistakes": [f"{one.file}:{one.line} {one.says}" for one in session.source.mistakes if one.blocks],
        "edition": session.edition,
        "language": session.language,
        "spoken_language": session.spoken_language,
        "script": _scenario_name(session),
        "title": session.player.scenario.title,
        "script_failure": _script_failure(session),
        "failed": phone.failed,
        "hours": hours_view(session.hours),
        "put_off_from": _local_time(session.put_off_from) if session.put_off_from else None,
        "restored": asdict(session.restored) if session.restored else None,
    }


def _script_failure(session: Session) -> dict[str, Any] | None:
    """Return at which line a replayed scenario stopped, what was expected there, and what had been heard by then."""
    if (failure := session.failure) is None:
        return None
    file = f"{FOLDER}{_scenario_name(session)}"
    return {"file": file, "line": failure.line, "expected": failure.expected, "heard": failure.heard}


def _scenario_name(session: Session) -> str:
    return session.player.scenario.file.rpartition(FOLDER)[2]


def _call(session: Session) -> dict[str, Any]:
    phone = session.phone
    return {
        "is": state_of_call(session),
        "caller": phone.line.leg.caller,
        "keying": session.is_calling and isinstance(phone.pending, AwaitDigits) and phone.pending.begun,
        "waits": session.is_calling and phone.waiting,
        "with": phone.pending.number if isinstance(phone.pending, Talk | Ring) else "",
        "busy": bool(phone.carrier.participants),
    }


def state_of_call(session: Session) -> str:
    """Return what goes on in the call, in one word."""
    if not session.is_calling:
        return "ended" if session.is_dialled else "quiet"
    return _call_state(session.phone.pending)


def current_step(session: Session) -> str:
    """Return the step that waits for the caller; "" if none does."""
    visits = session.paths.of(session.phone.line.leg.sid)
    return visits[-1].step if session.is_calling and visits else ""


def _call_state(wait: Wait | None) -> str:
    return next((state for kind, state in _CALL_STATES.items() if isinstance(wait, kind)), "waits")


def _next_event(session: Session) -> float | None:
    """Return the second, rounded up, at which the caller's leg goes on by itself."""
    due = session.phone.due if session.is_calling else inf
    return ceil(due * 1000) / 1000 if due < inf else None


def _entries(session: Session) -> list[dict[str, Any]]:
    """Return the transcript of the last call, without what was interrupted before it began."""
    entries = list(enumerate(session.phone.carrier.entries))[session.first_entry :]
    cut = session.interruptions.at
    return [_entry(session, index, entry) for index, entry in entries if cut.get(index, entry.at + 1) > entry.at]


def _entry(session: Session, index: int, entry: Entry) -> dict[str, Any]:
    cut = session.interruptions.at.get(index)
    ear = CALLER if entry.ear == session.phone.transcript.ear else entry.ear
    return {
        "n": index,
        "at": round(entry.at, 3),
        "who": CALLER if entry.who == session.phone.transcript.ear else entry.who,
        "ear": ear,
        "text": _text(session, entry),
        "seconds": round(entry.seconds, 3),
        "prompts": prompts_of_entry(session.source, entry),
        "cut": None if cut is None else round((cut - entry.at) / entry.seconds, 3),
    }


def _text(session: Session, entry: Entry) -> str:
    """Return what was said or done; whoever rings now is “the caller”, in a later call too."""
    text = text_of(session, entry)
    return text.replace(session.phone.transcript.name, "the caller") if entry.who == LINE else text


def _telephones(session: Session) -> list[dict[str, Any]]:
    people = session.source.people()
    unknown = sorted({ring.number for ring in session.phone.dialled} - people.keys())
    known = [(number, one.name, one.is_adviser) for number, one in people.items()]
    found = []
    for number, name, is_adviser in known + [(number, number, False) for number in unknown]:
        state, caller_id = session.callee_phones.state(number)
        if number not in people and state == "quiet":  # the caller's own, or one that nobody uses any more
            continue
        found.append({"number": number, "name": name, "adviser": is_adviser, "is": state, "shown": caller_id})
    return found


def _text_message(session: Session, message: TextMessage) -> dict[str, Any]:
    return {
        "at": _local_time(message.at),
        "number": message.number,
        "from": message.sender,
        "body": message.body,
        "prompts": prompts_of_text(session.source, message.body) if message.sender == "helpline" else [],
        "status": message.status,
    }


def _local_time(at: datetime) -> str:
    return at.replace(tzinfo=None).isoformat(timespec="seconds")
