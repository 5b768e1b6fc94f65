"""Options and arguments that commands share, and the parsers of what people write."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from ivr.commands.output import tell
from ivr.config import CONTENT, CONTENT_FOLDERS, content_folder, content_of, current_time
from ivr.errors import InvalidInput
from ivr.helpline.date_format import YEARS, parse_date, parse_moment, parse_time_of_day
from ivr.helpline.phone_numbers import parse_number

Value = TypeVar("Value")
DAYS = "2026-12-24, 24/12/2026, 24122026 or 24 December 2026"
MOMENTS = f"{DAYS}, with or without a time such as 18:05"
NUMBERS = "Write a telephone number such as 07700 900001 or +44 7700 900001."


def refusing(parse: Callable[[str], Value | None], told: str) -> Callable[[str], Value]:
    """Return a parser of an argument that says what to write instead of what cannot be parsed."""

    def parsed(text: str) -> Value:
        found = parse(text)
        if found is None:
            raise typer.BadParameter(f"“{text}” is not {told}.")
        return found

    return parsed


def _day(text: str) -> date | None:
    day = parse_date(text)
    return day if day and day.year in YEARS else None


day: Callable[[str], date] = refusing(_day, f"a date: write {DAYS}")
moment: Callable[[str], datetime] = refusing(parse_moment, f"a date or time: write {MOMENTS}")


def _time_of_day(text: str) -> datetime | None:
    return parse_time_of_day(text, current_time()) or parse_moment(text)


time_of_day: Callable[[str], datetime] = refusing(_time_of_day, f"a time: write 15:00, or {MOMENTS}")


def _or_now(at: datetime | None) -> datetime:
    return at or current_time()


AT = "--at", "--today"
AT_HELP = f"The moment to judge by, in London: {MOMENTS}. A day alone is its first minute."
At = Annotated[
    datetime,
    typer.Option(
        *AT,
        parser=moment,
        callback=_or_now,
        default_factory=lambda: None,
        metavar="WHEN",
        show_default="now",
        help=AT_HELP,
    ),
]
"""A moment in UTC. Without one it is now, or the frozen clock of development."""

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Limit = Annotated[int, typer.Option(min=1, help="How many, the newest first.")]
PORT = typer.Option(min=0, max=65535, envvar="PORT", help="The port to listen on; 0 takes a free one.")
PhoneNumber = Annotated[list[str], typer.Argument(metavar="NUMBER", help="Such as 07700 900001 or +447700900001.")]


def number_of(words: Sequence[str]) -> str:
    """Return the number (E.164) that is written in one word or several; raises InvalidInput."""
    number = parse_number(" ".join(words))
    if number is None:
        raise InvalidInput(NUMBERS)
    return number


def source(folder: Path, named_by: str = "--folder or IVR_CONTENT") -> str:
    """Return one line about the content that is read, and about that of the current folder if that is another."""
    whose = "the program's own" if folder.resolve() == CONTENT.resolve() else named_by
    line = f"content: {folder.resolve()} ({whose})"
    here = Path()
    if folder.resolve() != here.resolve() and all((here / name).is_dir() for name in CONTENT_FOLDERS):
        line += f"; flows/ and prompts/ of {here.resolve()} are not read: --folder . reads them"
    return line


def _given_or_default(context: typer.Context, folder: Path | None) -> Path:
    return _given(folder) if folder else content_folder()


def _told(context: typer.Context, folder: Path | None) -> Path:
    """Return the folder, and say on standard error which it is unless it was given or is the current one."""
    found = _given_or_default(context, folder)
    if not (folder or found.resolve() == Path.cwd() or context.resilient_parsing):
        tell(source(found, "IVR_CONTENT"), err=True)
    return found


def _given(folder: Path) -> Path:
    try:
        return content_of(folder)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def _option(callback: Callable[[typer.Context, Path | None], Path]) -> Any:
    return typer.Option(
        "--folder",
        callback=callback,
        default_factory=lambda: None,
        show_default="that of IVR_CONTENT, or the program's own",
        help="The folder with flows/ and prompts/.",
    )


Folder = Annotated[Path, _option(_told)]
ServedFolder = Annotated[Path, _option(_given_or_default)]
"""Where the log tells of it."""
