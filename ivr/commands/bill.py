"""`ivr bill`: what others can make us pay at most, by the caps."""

from collections.abc import Iterator
from typing import Annotated

import typer

from ivr.config import Settings, read_settings
from ivr.helpline.bill import Most, lines


def bill(
    segment: Annotated[float | None, typer.Option(min=0, help="Pounds for one segment of a text.")] = None,
    minute: Annotated[float | None, typer.Option(min=0, help="Pounds for one minute of a call, recorded.")] = None,
) -> None:
    """Print what one number, an hour and a night can cost us at most; in pounds with today's prices of the provider.

    Examples: `ivr bill`, `ivr bill --segment 0.05 --minute 0.02`.
    """
    typer.echo("\n".join(page(read_settings(), segment, minute)))


def page(settings: Settings, segment: float | None = None, minute: float | None = None) -> Iterator[str]:
    """The lines of the table in docs/security.md."""
    priced = segment is not None and minute is not None
    yield "| at most | text segments | minutes of messages |" + (" pounds |" if priced else "")
    yield "| --- | --- | --- |" + (" --- |" if priced else "")
    for line in lines(_most(settings)):
        pounds = f" {line.pounds(segment or 0, minute or 0):,.2f} |" if priced else ""
        yield f"| {line.who} | {line.segments:,} | {line.minutes:,} |{pounds}"


def _most(settings: Settings) -> Most:
    return Most(
        settings.texts_per_number,
        settings.texts_per_hour,
        settings.messages_per_number,
        settings.messages_per_hour,
        settings.callbacks_per_number,
        settings.callbacks_per_hour,
    )
