"""`make bench`: measures everything on this machine, in turns, and writes docs/performance.md."""

import compileall
import tempfile
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer

from bench import by_ear, crowd, growth, kept, rows, spent, start
from bench.machine import Cores, busy, described, pinned
from bench.page import Measured, page
from bench.served import ROOT
from bench.sizes import FULL, QUICK, Sizes


def main(
    to: Annotated[Path, typer.Option(help="The page to write.")] = ROOT / "docs/performance.md",
    quick: Annotated[bool, typer.Option(help="A try of two minutes: the figures mean little.")] = False,
) -> None:
    """Measure, and write the page."""
    began, before = perf_counter(), busy()
    sizes, command = (QUICK, "make bench-quick") if quick else (FULL, "make bench")
    found = _measured(sizes, pinned())
    taken = partial(found, machine=described(), command=command, busy=(before, busy()))
    to.write_text(page(taken(when=f"{datetime.now(UTC):%d %B %Y}", minutes=(perf_counter() - began) / 60)), "utf-8")
    typer.echo(f"written: {to}")


def _measured(sizes: Sizes, cores: Cores) -> "partial[Measured]":
    for ours in ("ivr", "bench"):  # as what is installed is: the first process would keep what compiling takes
        compileall.compile_dir(ROOT / ours, quiet=1)
    with tempfile.TemporaryDirectory() as folder, rows.all_served(Path(folder), cores) as servers:
        typer.echo("one key press, in turns …")
        of_rows = rows.measured(servers, sizes.rounds, sizes.requests, 500, sizes.steady)
        typer.echo("memory …")
        memory = start.memory_over(servers[rows.OURS], sizes.presses)
    typer.echo("where the time goes, and what is kept …")
    parts, lines = spent.shares(cores, sizes.requests * 2), kept.answered_and_recorded(cores, sizes.requests)
    typer.echo("more of everything …")
    turns = cores, sizes.rounds, sizes.requests // 2
    grown = {
        "Steps loaded besides our own": growth.by_steps(sizes.steps, *turns),
        "Calls so far": growth.by_rows(growth.past_calls, sizes.calls, *turns),
        "Texts that wait": growth.by_rows(growth.waiting_texts, sizes.texts, *turns),
    }
    typer.echo("starts …")
    starts = start.seconds_to_answer(cores, sizes.rounds)
    typer.echo("many callers at once …")
    crowds = crowd.gathered(sizes.callers, sizes.seconds, sizes.growing, sizes.most, cores)
    return partial(
        Measured,
        cores_apart=cores.are_apart,
        rows=of_rows,
        spent=parts,
        kept=lines,
        crowds=crowds,
        growth=grown,
        starts=starts,
        memory=memory,
        presses=sizes.presses,
        by_ear=by_ear.seconds_of_routes(),
    )


if __name__ == "__main__":
    typer.run(main)
