"""`ivr facts`: the dated facts, with what must be checked by when, and whom to ask."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Annotated

import typer
from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table

from ivr.commands.options import AsJson, At, Folder
from ivr.commands.output import as_json_text, tell
from ivr.commands.words_only import WordsOnly
from ivr.engine.content_reader import read_content
from ivr.helpline.fact_list import ListedFact, listed_facts
from ivr.helpline.open_questions import OpenQuestion, open_questions
from ivr.helpline.timezone import today_in_london
from ivr.steps import KINDS

PIPE_WIDTH = 160


def facts(
    folder: Folder,
    at: At,
    ask: Annotated[
        bool, typer.Option("--ask", help="What to settle first: whom to ring, and the question to put to them.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List every dated fact with what a person must check about it, soonest last valid day first.

    After a check, write the day into `checked_on`, a new day into `good_until`, and V into `sure`.

    Examples: `ivr facts`, `ivr facts --ask`, `ivr facts --json`, `ivr facts --at 2027-05-01`.
    """
    day, content = today_in_london(at), read_content(folder, KINDS)
    if ask:
        groups = open_questions(content)
        return _show([_group(whom, asked, day) for whom, asked in groups.items()], _call_sheet(groups), as_json)
    listed = sorted(listed_facts(content), key=_soonest)
    return _show([_fields(one, day) for one in listed], [_table(listed, day)], as_json)


def _show(data: object, shown: Iterable[RenderableType], as_json: bool) -> None:
    if as_json:
        return tell(as_json_text(data))
    console = WordsOnly()
    if not console.is_terminal:
        console.width = PIPE_WIDTH
    return console.print(*shown, sep="\n")


def _soonest(dated: ListedFact) -> tuple[date, str, int]:
    return dated.fact.good_until, dated.source.file, dated.source.line(dated.name)


def _fields(dated: ListedFact, today: date) -> dict[str, object]:
    fact = dated.fact
    return {
        "file": dated.source.file,
        "line": dated.source.line(dated.name),
        "name": dated.name,
        "what": dated.what,
        "sure": dated.sure,
        "source": fact.source,
        "source_date": fact.source_date,
        "checked_on": fact.checked_on,
        "good_until": fact.good_until,
        "days_left": (fact.good_until - today).days,
        "to_check": fact.to_check,
        "ask": dict(fact.ask) if fact.ask else None,
    }


def _group(whom: str, asked: Sequence[OpenQuestion], today: date) -> dict[str, object]:
    questions = [{"question": one.question, "steps": one.steps, **_fields(one.listed, today)} for one in asked]
    return {"whom": whom, "questions": questions}


def _call_sheet(groups: Mapping[str, Sequence[OpenQuestion]]) -> Iterator[RenderableType]:
    """Yield whom to ring, most urgent first, each with the questions to read out."""
    for whom, asked in groups.items():
        table = Table(box=None, pad_edge=False)
        table.add_column("good until", no_wrap=True)
        table.add_column("steps", justify="right", no_wrap=True)
        table.add_column("where", no_wrap=True)
        table.add_column("question", overflow="fold")
        for one in asked:
            listed = one.listed
            where = f"{listed.source.file}:{listed.source.line(listed.name)}"
            table.add_row(listed.fact.good_until.isoformat(), str(one.steps), where, one.question)
        yield from (whom, Padding(table, (0, 0, 1, 2)))


def _table(listed: list[ListedFact], today: date) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("good until", no_wrap=True)
    table.add_column("days", justify="right", no_wrap=True)
    table.add_column("sure", no_wrap=True)
    table.add_column("where", no_wrap=True)
    table.add_column("what", overflow="fold")
    table.add_column("to check", overflow="fold")
    for one in listed:
        left = str((one.fact.good_until - today).days)
        where = f"{one.source.file}:{one.source.line(one.name)}"
        table.add_row(one.fact.good_until.isoformat(), left, one.sure, where, one.what, one.fact.to_check or "")
    return table
