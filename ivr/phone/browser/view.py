"""How a trial stands, as the page is told of it."""

import re
from datetime import datetime
from math import ceil, inf
from typing import Any

from ivr.phone.browser.scripts import FOLDER
from ivr.phone.browser.texts import Text
from ivr.phone.browser.trial import Trial
from ivr.phone.stops import Hold, Idle, Listen, Recording, Ring, Stop, Talk
from ivr.phone.transcript import CALLER, Entry

_STEP = re.compile(r"""(?:action|waitUrl)=["'][^"']*?/voice/(\w+)/(\w+)|<Redirect[^>]*>[^<]*?/voice/(\w+)/(\w+)""")
_MEMORY = re.compile(r"((?:\?|&amp;|&)m=)[^\"'<&]{12,}")
_SOUND = re.compile(r"\(recording \S+\)")
_STANDING = {Hold: "speaks", Listen: "listens", Recording: "records", Ring: "rings", Talk: "talks", Idle: "waits"}


def view(trial: Trial) -> dict[str, Any]:
    """Everything the page shows; seconds are those of the company's clock."""
    phone = trial.phone
    return {
        "clock": _clock(trial.clock()),
        "now": round(phone.now, 3),
        "began": round(phone.began if trial.is_dialled else phone.now, 3),
        "ended": round(phone.transcript.clock, 3) if trial.is_dialled and phone.ended else None,
        "call": _call(trial),
        "goes_on": _goes_on(trial),
        "lines": _lines(trial),
        "telephones": _telephones(trial),
        "texts": [_text(text) for text in trial.texts.all],
        "step": step_of(phone.documents[-1]) if trial.is_calling and phone.documents else "",
        "twiml": _MEMORY.sub(r"\1…", phone.documents[-1]) if trial.is_dialled and phone.documents else "",
        "complaints": [
            {"file": problem.file, "line": problem.line, "says": problem.says} for problem in trial.house.complaints
        ],
        "edition": trial.edition,
        "language": trial.language,
        "script": _script(trial),
        "title": trial.scene.script.title,
        "otherwise": _otherwise(trial),
        "failed": phone.failed,
    }


def _otherwise(trial: Trial) -> str:
    """What a script that was replayed came to, without the call so far: that is on the page."""
    first = trial.went_otherwise.partition("\n")[0].removesuffix(" The call so far:")
    return first.replace(trial.scene.script.file, f"{FOLDER}{_script(trial)}") if trial.scene.script.file else first


def _script(trial: Trial) -> str:
    return trial.scene.script.file.rpartition(FOLDER)[2]


def step_of(document: str) -> str:
    """The step where the caller is once this document is played: the one that is asked next.

    >>> step_of('<Gather action="https://h.example/voice/welcome/main?m=x" numDigits="1"/>')
    'welcome/main'
    """
    found = _STEP.search(document)
    return "/".join(part for part in found.groups() if part) if found else ""


def _call(trial: Trial) -> dict[str, Any]:
    phone = trial.phone
    standing = _standing(phone.stop) if trial.is_calling else "ended" if trial.is_dialled else "quiet"
    return {
        "is": standing,
        "caller": phone.line.leg.caller,
        "keying": trial.is_calling and isinstance(phone.stop, Listen) and phone.stop.begun,
        "waits": trial.is_calling and phone.waiting,
        "with": phone.stop.number if isinstance(phone.stop, Talk | Ring) else "",
        "busy": bool(phone.company.parties),
    }


def _standing(stop: Stop | None) -> str:
    return next((word for kind, word in _STANDING.items() if isinstance(stop, kind)), "waits")


def _goes_on(trial: Trial) -> float | None:
    """The second at which something happens by itself on the caller's line, and not a moment less."""
    due = trial.phone.due if trial.is_calling else inf
    return ceil(due * 1000) / 1000 if due < inf else None


def _lines(trial: Trial) -> list[dict[str, Any]]:
    entries = list(enumerate(trial.phone.company.entries))[trial.first_line :]
    return [_line(trial, place, entry) for place, entry in entries if trial.cuts.at.get(place, entry.at + 1) > entry.at]


def _line(trial: Trial, place: int, entry: Entry) -> dict[str, Any]:
    cut = trial.cuts.at.get(place)
    ear = CALLER if entry.ear == trial.phone.transcript.ear else entry.ear
    return {
        "n": place,
        "at": round(entry.at, 3),
        "who": CALLER if entry.who == trial.phone.transcript.ear else entry.who,
        "ear": ear,
        "text": _SOUND.sub("(the message is played)", entry.text),
        "seconds": round(entry.seconds, 3),
        "cut": None if cut is None else round((cut - entry.at) / entry.seconds, 3),
    }


def _telephones(trial: Trial) -> list[dict[str, Any]]:
    people = trial.house.people()
    rung = [number for number in {ring.number for ring in trial.phone.dialled} if number not in people]
    known = [(number, one.name, one.is_adviser) for number, one in people.items()]
    found = []
    for number, name, is_adviser in known + [(number, number, False) for number in rung]:
        how, shown = trial.others.how(number)
        found.append({"number": number, "name": name, "adviser": is_adviser, "is": how, "shown": shown})
    return found


def _text(text: Text) -> dict[str, Any]:
    return {
        "at": _clock(text.at),
        "number": text.number,
        "from": text.sender,
        "body": text.body,
        "status": text.status,
    }


def _clock(at: datetime) -> str:
    """On the wall of the telephone company, where it is tried."""
    return at.replace(tzinfo=None).isoformat(timespec="seconds")
