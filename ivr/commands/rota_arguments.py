"""What the commands of the rota are given: an adviser, days, weekdays, hours."""

from datetime import date
from typing import Annotated

import typer

from ivr.commands import completion, database_completion
from ivr.commands.options import DAYS, day
from ivr.commands.output import tell
from ivr.errors import InvalidInput
from ivr.helpline.hours_format import WEEKDAYS, parse_spans, parse_weekdays
from ivr.helpline.odd_hours import odd_hours
from ivr.helpline.opening_hours import Span

OFF, USUAL = "off", "usual"

Name = Annotated[str, typer.Argument(help="As on the rota.", autocompletion=database_completion.advisers)]
Other = Annotated[
    str, typer.Argument(metavar="OTHER", help="As on the rota.", autocompletion=database_completion.advisers)
]
Day = Annotated[date, typer.Argument(parser=day, metavar="DAY", help=f"{DAYS}.")]
Hours = Annotated[
    list[str],
    typer.Argument(
        help="09:00-13:00, several of them, or off; 22:00-06:00 ends the day after.",
        autocompletion=completion.of(OFF),
    ),
]
Days = Annotated[
    str,
    typer.Argument(metavar="DAYS", help="mon, mon-fri or sat,sun.", autocompletion=completion.of(*WEEKDAYS)),
]


def weekdays_of(days: str) -> tuple[int, ...]:
    """Parse weekdays; raises InvalidInput."""
    try:
        return parse_weekdays(days)
    except ValueError as error:
        raise InvalidInput(str(error)) from None


def spans_of(hours: list[str]) -> tuple[Span, ...]:
    """Parse the hours of one day, or `off`; raises InvalidInput."""
    try:
        return () if hours == [OFF] else parse_spans(hours)
    except ValueError as error:
        raise InvalidInput(f"{error}. Or write off.") from None


def warn_of_odd(spans: tuple[Span, ...]) -> None:
    """Tell of hours that were probably meant otherwise; they are set all the same."""
    for line in odd_hours(spans):
        tell(f"Warning: {line}", err=True)
