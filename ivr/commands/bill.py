"""`ivr bill`: the maximum cost under the quotas."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated

import typer

from ivr.commands.options import AsJson
from ivr.commands.output import show
from ivr.config import Settings, read_settings
from ivr.helpline.max_cost import CostCaps, cost_lines

SEGMENT, MINUTE = 0.10, 0.05
"""Assumed pounds, higher than expected: the provider's prices change."""


def bill(
    segment: Annotated[float, typer.Option(min=0, help="Pounds for one segment of a text.")] = SEGMENT,
    minute: Annotated[float, typer.Option(min=0, help="Pounds for one minute of a call, recorded.")] = MINUTE,
    as_json: AsJson = False,
) -> None:
    """Print the maximum cost of one number, an hour and a night under the quotas, in pounds.

    The default prices are assumed, and high; current ones are at https://www.twilio.com/en-us/pricing.

    Examples: `ivr bill`, `ivr bill --segment 0.05 --minute 0.02 --json`.
    """
    settings = read_settings()
    lines = [asdict(line) | {"pounds": line.pounds(segment, minute)} for line in cost_lines(_caps(settings))]
    show(lines, page(settings, segment, minute), as_json=as_json)


def page(settings: Settings, segment: float = SEGMENT, minute: float = MINUTE) -> Iterator[str]:
    """Yield the lines of the table in docs/security.md."""
    yield f"| at most | text segments at £{segment:.2f} | minutes of messages at £{minute:.2f} | pounds |"
    yield "| --- | --- | --- | --- |"
    for line in cost_lines(_caps(settings)):
        pounds = f"{line.pounds(segment, minute):,.2f}"
        yield f"| {line.who} | {line.segments:,} | {line.minutes:,} | {pounds} |"


def _caps(settings: Settings) -> CostCaps:
    return CostCaps(
        settings.texts_per_number,
        settings.texts_per_hour,
        settings.messages_per_number,
        settings.messages_per_hour,
        settings.callbacks_per_number,
        settings.callbacks_per_hour,
    )
