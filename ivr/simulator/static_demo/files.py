"""The files of a demonstration: its page, scripts and styles, what happens in the calls, and the sounds."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from html import escape
from pathlib import Path
from string import Template
from typing import Any

from ivr.simulator.browser.tour import TourCall
from ivr.simulator.transcript import CALLER, HELPLINE

STATIC = Path(__file__).parent / "static"
PHONE = Path(__file__).parents[1] / "browser/static"
STYLES = ("phone.css", "handset.css", "transcript.css", "telephones.css", "texts.css")
"""The styles of the telephone's page that the demonstration has too."""
OWN_STYLE = "demo.css"
SCRIPTS = ("drawing.js", "demo.js")
"""Scripts of the old kind: a browser loads no module from a disk."""
VOICES = "voices.js"
"""A module of the telephone's page, which becomes a script of the old kind."""

Parts = tuple[str | float, ...]
Synthesise = Callable[[Sequence[Parts]], Sequence[bytes]]
"""Returns a WAV file for each utterance."""


@dataclass(frozen=True)
class DemoFacts:
    """What the page says of itself: when it was made, until when all that is said holds, and who speaks.

    `voice_here` is empty where the browser speaks; `voice_of_calls` is the one that callers hear.
    """

    made: date
    good_until: date | None
    language: str
    voice_of_calls: str
    voice_here: str


def demo_files(
    calls: Sequence[TourCall], facts: DemoFacts, synthesise: Synthesise | None
) -> Iterator[tuple[str, bytes]]:
    """Yield the name and content of every file; without sounds the browser's own voice speaks."""
    names = _sound_names(calls) if synthesise else {}
    if synthesise:
        yield from zip((f"sounds/{name}.wav" for name in names.values()), synthesise(list(names)), strict=True)
    data = {**_facts(facts), "calls": [_call(call, names) for call in calls]}
    yield "data.js", f"const DEMO = {json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True)};\n".encode()
    yield "index.html", _page(calls, facts)
    for name in (*STYLES, "icon.svg"):
        yield name, (PHONE / name).read_bytes()
    for name in (OWN_STYLE, *SCRIPTS):
        yield name, (STATIC / name).read_bytes()
    yield VOICES, (PHONE / VOICES).read_bytes().replace(b"export class", b"class")


def _page(calls: Sequence[TourCall], facts: DemoFacts) -> bytes:
    page = Template((STATIC / "index.html").read_text("utf-8"))
    styles = "\n  ".join(f'<link rel="stylesheet" href="{name}">' for name in (*STYLES, OWN_STYLE))
    words = "".join(_as_words(call, facts.language) for call in calls)
    count = "One call" if len(calls) == 1 else f"{len(calls)} calls"
    return page.substitute(styles=styles, count=count, words=words).encode()


def _facts(facts: DemoFacts) -> Mapping[str, Any]:
    return {
        "made": facts.made.isoformat(),
        "goodUntil": facts.good_until.isoformat() if facts.good_until else "",
        "language": facts.language,
        "voiceOfCalls": facts.voice_of_calls,
        "voiceHere": facts.voice_here,
    }


def _call(call: TourCall, sounds: Mapping[Parts, str]) -> Mapping[str, Any]:
    began = call.frames[0].at
    return {
        "title": call.scenario.title,
        "listenFor": call.scenario.listen_for,
        "began": began,
        "lines": [{**line, "sound": sounds.get(_parts(call, line), "")} for line in call.lines],
        "frames": [{"at": frame.at, "clock": frame.clock, **frame.state} for frame in call.frames],
        "found": list(call.found),
    }


def _sound_names(calls: Sequence[TourCall]) -> Mapping[Parts, str]:
    """Return the name of the sound of everything that is said, by what is said; the same words have one."""
    said = dict.fromkeys(_parts(call, line) for call in calls for line in call.lines if line["who"] == HELPLINE)
    return {parts: sha256(repr(parts).encode()).hexdigest()[:16] for parts in said if parts}


def _parts(call: TourCall, line: Mapping[str, Any]) -> Parts:
    return tuple(sound.text or sound.seconds for sound in call.entries[line["n"]].sounds)


def _as_words(call: TourCall, language: str) -> str:
    """Return a call as a list, for who reads or prints it, or has scripts switched off."""
    lines = "".join(_line_in_words(line, language) for line in call.lines)
    found = "".join(f"<li>In the morning: {escape(one)}</li>" for one in call.found)
    texts = "".join(f'<li lang="{escape(language)}">By text: {escape(one["body"])}</li>' for one in _texts(call))
    return (
        f"<h3>{escape(call.scenario.title)}</h3><p>{escape(call.scenario.listen_for)}</p><ul>{lines}{texts}{found}</ul>"
    )


def _line_in_words(line: Mapping[str, Any], language: str) -> str:
    lang = f' lang="{escape(language)}"' if line["who"] == HELPLINE else ""
    who = {HELPLINE: "Helpline", CALLER: "Caller"}.get(line["who"], "")
    to = " to the adviser" if line["who"] == HELPLINE and line["ear"] != CALLER else ""
    return f"<li>{who}{to}{': ' if who else ''}<span{lang}>{escape(line['text'])}</span></li>"


def _texts(call: TourCall) -> Sequence[Mapping[str, Any]]:
    return list(call.frames[-1].state["texts"])
