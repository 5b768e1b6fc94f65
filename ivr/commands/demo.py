"""`ivr demo`: a demonstration without a server, of calls that are played."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from ivr.commands.browser_helpline import Helplines, tour_of
from ivr.commands.options import AsJson, At, Folder
from ivr.commands.output import show, tell, write
from ivr.engine.content_reader import read_content
from ivr.errors import IvrError, NoVoice
from ivr.helpline.dated_facts import VERIFIED
from ivr.helpline.fact_list import listed_facts
from ivr.helpline.timezone import today_in_london
from ivr.simulator.browser.request_fields import ActionRefused
from ivr.simulator.browser.tour import TourCall
from ivr.simulator.static_demo.files import DemoFacts, demo_files
from ivr.speech.batch import small_wavs
from ivr.steps import KINDS

SOUND = re.compile(r"[0-9a-f]{16}\.wav")
OURS = "eSpeak NG"


def demo(
    at: At,
    folder: Folder,
    to: Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder that does not exist yet, or is empty.")],
    force: Annotated[bool, typer.Option("--force", help="Write into a folder that has something in it.")] = False,
    no_voice: Annotated[bool, typer.Option("--no-voice", help="Leave speaking to the browser.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write a demonstration: a folder whose index.html plays the calls of the tour, with no server behind it.

    It opens from a disk and from any web server. It says when it was made, and until when what is said in it holds.
    The same words made on the same day are the same files, to the byte.

    Examples:

        ivr demo demonstration

        ivr demo demonstration --force --folder my-county
    """
    if to.exists() and not to.is_dir():
        raise typer.BadParameter(f"{to} is a file. Give a folder.", param_hint="'FOLDER'")
    if to.is_dir() and any(to.iterdir()) and not force:
        raise typer.BadParameter(
            f"There is something in {to} already: give another folder, or --force.", param_hint="'FOLDER'"
        )
    played, left_out = asyncio.run(_play(folder))
    if not played:
        raise IvrError(left_out[0])
    made = today_in_london(at)
    facts, files = _files(played, folder, made, speaks=not no_voice)
    _write(to, files)
    for told in [*left_out, *_stale(facts)]:
        tell(told, err=True)
    show(_fields(to, files, played, facts), _lines(to, files, played, facts), as_json=as_json)


async def _play(folder: Path) -> tuple[list[TourCall], list[str]]:
    """Return the calls that can be played with the content of a folder, and why others cannot."""
    tour = tour_of(Helplines(folder), folder)
    played, left_out = [], []
    for name in tour.names:
        try:
            played.append(await tour.call(name))
        except ActionRefused as refused:
            left_out.append(str(refused))
    return played, left_out or [await tour.why_none()]


def _files(
    calls: Sequence[TourCall], folder: Path, made: date, *, speaks: bool
) -> tuple[DemoFacts, Mapping[str, bytes]]:
    """Return what the demonstration says of itself, and its files; without a voice, those without sounds."""
    facts = _facts(calls, folder, made)
    if speaks:
        with suppress(NoVoice):
            ours = replace(facts, voice_here=OURS)
            return ours, dict(demo_files(calls, ours, partial(small_wavs, facts.language)))
    return facts, dict(demo_files(calls, facts, None))


def _facts(calls: Sequence[TourCall], folder: Path, made: date) -> DemoFacts:
    """Return what the demonstration says of itself. It holds until the first fact runs out that was spoken then."""
    content = read_content(folder, KINDS)
    first = min(call.scenario.at.date() for call in calls)
    until = [one.fact.good_until for one in listed_facts(content) if one.sure == VERIFIED]
    good = min((day for day in until if day >= first), default=None)
    return DemoFacts(made, good, content.language.tag, content.language.voice, "")


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write all files; sounds of a demonstration before it are removed."""
    for name, content in files.items():
        write(folder / name, content, "FOLDER")
    for path in (folder / "sounds").glob("*.wav"):
        if SOUND.fullmatch(path.name) and f"sounds/{path.name}" not in files:
            path.unlink()


def _stale(facts: DemoFacts) -> Sequence[str]:
    if facts.good_until is None or facts.made <= facts.good_until:
        return ()
    return (f"It says that it may be out of date: what is said in these calls was good until {facts.good_until}.",)


def _fields(
    folder: Path, files: Mapping[str, bytes], calls: Sequence[TourCall], facts: DemoFacts
) -> Mapping[str, object]:
    return {
        "files": [str(folder / name) for name in files],
        "bytes": sum(map(len, files.values())),
        "calls": [call.scenario.title for call in calls],
        "voice": facts.voice_here or "browser",
        "voice_of_calls": facts.voice_of_calls,
        "made": facts.made,
        "good_until": facts.good_until,
    }


def _lines(folder: Path, files: Mapping[str, bytes], calls: Sequence[TourCall], facts: DemoFacts) -> Sequence[str]:
    size = sum(map(len, files.values())) / 1_000_000
    here = f"our own ({facts.voice_here}), as sounds" if facts.voice_here else "the browser's own"
    until = f"; what is said in it holds until {facts.good_until}" if facts.good_until else ""
    return (
        f"{folder / 'index.html'} plays {len(calls)} calls. {len(files)} files, {size:.1f} MB.",
        f"Voice: {here}. It stands in for the one that callers hear, {facts.voice_of_calls}.",
        f"Made on {facts.made}{until}.",
    )
