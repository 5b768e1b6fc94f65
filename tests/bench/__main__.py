"""`make bench`: runs the benchmark on this machine and writes docs/performance.md."""

import compileall
import tempfile
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer

from tests.bench import scaling, several_processes
from tests.bench.comparison import Workload, compare, running_servers
from tests.bench.cpu_profile import cpu_shares
from tests.bench.durability import answered_and_recorded
from tests.bench.listening_time import seconds_by_route
from tests.bench.machine import Cores, describe_machine, disk_milliseconds, load_average, pin_load_generator
from tests.bench.options import FULL, QUICK, Options
from tests.bench.page import OPEN_LOOP_RATE, BenchmarkReport, page
from tests.bench.ramp_up import ramp_up
from tests.bench.server_process import ROOT
from tests.bench.slowest_steps import slowest_steps
from tests.bench.startup import memory_megabytes, startup_seconds


def main(
    to: Annotated[Path | None, typer.Option(help="File to write the page to; it is printed otherwise.")] = None,
    quick: Annotated[bool, typer.Option(help="Run for a minute only: the figures mean little.")] = False,
) -> None:
    """Run the benchmark and write the page."""
    began, load_before = perf_counter(), load_average()
    options, command = (QUICK, "make bench-quick") if quick else (FULL, "make bench")
    report = partial(_measure(options, pin_load_generator()), machine=describe_machine(), command=command)
    report = partial(report, load_average=(load_before, load_average()), when=f"{datetime.now(UTC):%d %B %Y}")
    text = page(report(minutes=(perf_counter() - began) / 60))
    if to:
        to.write_text(text, "utf-8")
    typer.echo(f"written: {to}" if to else text)


def _measure(options: Options, cores: Cores) -> "partial[BenchmarkReport]":
    for folder in ("ivr", "tests/bench"):  # otherwise the first start would pay for the bytecode
        compileall.compile_dir(ROOT / folder, quiet=1)
    with tempfile.TemporaryDirectory() as folder, running_servers(Path(folder), cores) as servers:
        typer.echo("comparison of servers …")
        comparison = compare(servers, options.rounds, options.requests, OPEN_LOOP_RATE, options.open_loop_seconds)
        typer.echo("memory …")
        megabytes = memory_megabytes(servers[Workload.MENU], options.key_presses)
        disk = [*disk_milliseconds(Path(folder))]
    typer.echo("CPU profile and durability …")
    shares, recorded = cpu_shares(cores, options.requests * 2), answered_and_recorded(cores, options.requests)
    typer.echo("every step, and several processes …")
    steps = slowest_steps(options.random_calls, options.step_repeats)
    processes = several_processes.per_second(options.rounds, options.requests)
    typer.echo("scaling …")
    sizes = cores, options.rounds, options.requests // 2
    scaled = {
        "Additional steps": scaling.by_steps(options.steps, *sizes),
        "Past calls": scaling.by_rows(scaling.past_calls, options.calls, *sizes),
        "Queued texts": scaling.by_rows(scaling.queued_texts, options.texts, *sizes),
    }
    typer.echo("startup …")
    startup = startup_seconds(cores, options.rounds)
    typer.echo("virtual users …")
    users = options.virtual_users, options.first_stage_seconds, options.stage_seconds, options.max_virtual_users
    return partial(
        BenchmarkReport,
        has_separate_cores=cores.are_separate,
        disk_milliseconds=disk,
        comparison=comparison,
        cpu_shares=shares,
        answered_and_recorded=recorded,
        stages=ramp_up(*users, cores),
        scaling=scaled,
        startup_seconds=startup,
        megabytes=megabytes,
        step_microseconds=steps,
        processes_per_second=processes,
        key_presses=options.key_presses,
        listening_seconds=seconds_by_route(),
    )


if __name__ == "__main__":
    typer.run(main)
