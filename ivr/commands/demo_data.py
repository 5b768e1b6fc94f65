"""`ivr demo-data`: a made-up year, to try the staff pages with."""

import asyncio
from typing import Annotated

import typer

from ivr.commands.database_source import say_where
from ivr.commands.options import Folder
from ivr.commands.output import tell
from ivr.commands.usable_settings import usable_settings


def demo_data(
    folder: Folder,
    calls: Annotated[int, typer.Option(min=0, help="How many calls in the year.")] = 100_000,
    days: Annotated[int, typer.Option(min=1, help="Over how many days until now.")] = 365,
    seed: Annotated[int, typer.Option(help="The same number makes the same year.")] = 1,
) -> None:
    """Fill an empty database with a made-up year, to try the staff pages with; no number in it reaches anybody.

    Examples: `DATABASE_URL=sqlite:///demo.db ivr demo-data`, `ivr demo-data --calls 3000 --days 30`.
    """
    from ivr.demo.fill import fill
    from ivr.loader import load
    from ivr.telephony.wav import silence
    from ivr.wiring import build_store

    settings, helpline = usable_settings(content=folder), load(folder)
    say_where(settings)

    async def run() -> int:
        done = 0
        async with build_store(settings) as store:
            year = fill(
                store,
                helpline.flows,
                helpline.version,
                silence(1),
                calls=calls,
                seed=seed,
                last=settings.clock(),
                days=days,
            )
            async for done in year:
                if done % 10_000 == 0:
                    tell(f"{done:,} calls", err=True)
        return done

    tell(f"A made-up year of {asyncio.run(run()):,} calls is there. `IVR_DEV=1 ivr console` shows it.")
