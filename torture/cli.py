"""The command line: `make torture`, and single faults with `--only`."""

import asyncio
import shlex
import signal
import sys
from argparse import ArgumentParser, Namespace
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

from torture import database
from torture.bad_input import torment
from torture.day import CALLERS
from torture.fault import CannotBeInjected, Fault
from torture.faults import FAULTS
from torture.page import Run, Tried, page
from torture.run import run
from torture.webhooks.fuzz import Found

PAGE = Path(__file__).parent.parent / "docs/reliability.md"
WEBHOOKS = 200_000
BAD_INPUT = "bad input"


def main() -> None:
    """Do all that is wished for; exit code 1 if anything is not as it must be, or could not be tried."""
    wish = _wish()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # whoever ends it finds everything tidied up, too
    began = monotonic()
    print(f"Seed {wish.seed}", flush=True)
    try:
        found = _torment(wish) if _is_wanted(BAD_INPUT, wish) and wish.webhooks else None
        tried = [_tried(fault, wish) for fault in FAULTS if _is_wanted(fault.name, wish)]
    finally:
        database.close()
    command = f"python -m torture {shlex.join(sys.argv[1:])}" if sys.argv[1:] else "make torture"
    done = Run(command, wish.seed, wish.callers, datetime.now(UTC), (monotonic() - began) / 60, tried, found)
    where = wish.page or (None if wish.only else PAGE)
    if where:
        where.write_text(page(done), "utf-8")
    else:
        print(page(done))
    print(f"{done.minutes:.1f} minutes: {'all is as it must be' if done.is_good else 'NOT as it must be'}")
    sys.exit(not _is_fine(done, wish))


def _is_fine(done: Run, wish: Namespace) -> bool:
    """What this machine cannot do may be left out by whoever says so."""
    left_out = [one for one in done.tried if one.why_not]
    rest = replace(done, tried=[one for one in done.tried if not one.why_not])
    return rest.is_good and (not left_out or wish.may_leave_out)


def _torment(wish: Namespace) -> Found:
    found = torment(wish.webhooks, wish.seed)
    complaints = found.complaints.total()
    print(f"{BAD_INPUT}: {found.sent} webhooks in {found.seconds:.0f} s, {complaints} complaints", flush=True)
    for detail in found.details[: wish.details]:
        print(detail)
    return found


def _tried(fault: Fault, wish: Namespace) -> Tried:
    began = monotonic()
    try:
        tally = asyncio.run(run(fault, wish.seed, wish.callers))
    except CannotBeInjected as why:
        print(f"{fault.name}: cannot be tried here: {why}", flush=True)
        return Tried(fault, None, str(why))
    how = "as it must be" if tally.is_good else "NOT as it must be"
    print(f"{fault.name}: {how}, {monotonic() - began:.0f} s\n  {tally}", flush=True)
    for detail in tally.details[: wish.details]:
        print(f"{detail}\n")
    return Tried(fault, tally)


def _is_wanted(name: str, wish: Namespace) -> bool:
    return not wish.only or any(words in name for words in wish.only)


def _wish() -> Namespace:
    parser = ArgumentParser(prog="python -m torture", description=__doc__)
    parser.add_argument("--only", action="append", default=[], metavar="WORDS", help="what has these words in its name")
    parser.add_argument("--seed", type=int, default=1, help="the same seed, the same wishes and webhooks")
    parser.add_argument("--callers", type=int, default=CALLERS, help="how many are on the line at a time")
    parser.add_argument("--webhooks", type=int, default=WEBHOOKS, help="how many bad webhooks are sent")
    parser.add_argument("--page", type=Path, help="where the page is written; with --only it is printed")
    parser.add_argument("--details", type=int, default=0, help="how many calls that went wrong to print")
    parser.add_argument("--may-leave-out", action="store_true", help="what this machine cannot do is no failure")
    return parser.parse_args()
