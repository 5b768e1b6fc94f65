"""`ivr bill`: what others can make us pay at most, by the caps."""

from collections.abc import Iterator
from typing import Annotated

import typer

from ivr.config import Settings, read_settings
from ivr.helpline.max_cost import CostCaps, cost_lines

SEGMENT, MINUTE = 0.10, 0.05
"""Pounds that we assume, and more than we expect: prices are the provider's own, and change."""


def bill(
    segment: Annotated[float, typer.Option(min=0, help="Pounds for one segment of a text.")] = SEGMENT,
    minute: Annotated[float, typer.Option(min=0, help="Pounds for one minute of a call, recorded.")] = MINUTE,
) -> None:
    """Print what one number, an hour and a night can cost us at most, in pounds.

    Without prices it assumes high ones; the provider's, of today, are at https://www.twilio.com/en-us/pricing.

    Examples: `ivr bill`, `ivr bill --segment 0.05 --minute 0.02`.
    """
    typer.echo("\n".join(page(read_settings(), segment, minute)))


def page(settings: Settings, segment: float = SEGMENT, minute: float = MINUTE) -> Iterator[str]:
    """The lines of the table in docs/security.md."""
    yield f"| at most | text segments at £{segment:.2f} | minutes of messages at £{minute:.2f} | pounds |"
    yield "| --- | --- | --- | --- |"
    for line in cost_lines(_most(settings)):
        pounds = f"{line.pounds(segment, minute):,.2f}"
        yield f"| {line.who} | {line.segments:,} | {line.minutes:,} | {pounds} |"


def _most(settings: Settings) -> CostCaps:
    return CostCaps(
        settings.texts_per_number,
        settings.texts_per_hour,
        settings.messages_per_number,
        settings.messages_per_hour,
        settings.callbacks_per_number,
        settings.callbacks_per_hour,
    )
