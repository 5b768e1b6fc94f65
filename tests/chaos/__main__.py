"""`python -m tests.chaos` runs every scenario and the fuzzer; `--only` selects some. `make chaos` writes the page."""

import asyncio
import shlex
import signal
import sys
from argparse import ArgumentParser, Namespace
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

from tests.chaos import database
from tests.chaos.fuzz.fuzzer import FuzzResults, fuzz_both_databases
from tests.chaos.page import ChaosReport, ScenarioResult, page
from tests.chaos.run import CALLERS
from tests.chaos.runner import run_scenario
from tests.chaos.scenario import FaultNotSupported, Scenario
from tests.chaos.scenarios import SCENARIOS

PAGE = Path(__file__).parents[2] / "docs/reliability.md"
WEBHOOKS = 200_000
FUZZING = "fuzzing"
ALLOW_SLOW = "--allow-slow"


def main() -> None:
    """Run what the options select; exit with status 1 if anything failed or was skipped."""
    options = _parse_options()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that SIGTERM cleans up, too
    began = monotonic()
    print(f"Seed {options.seed}", flush=True)
    try:
        fuzzing = _fuzz(options) if _is_selected(FUZZING, options) and options.webhooks else None
        scenarios = [_run(scenario, options) for scenario in SCENARIOS if _is_selected(scenario.name, options)]
    finally:
        database.stop_server()
    chosen = [word for word in sys.argv[1:] if word != ALLOW_SLOW]  # the page shows what was slow
    command = f"python -m tests.chaos {shlex.join(chosen)}" if chosen else "make chaos"
    minutes = (monotonic() - began) / 60
    report = ChaosReport(command, options.seed, options.callers, datetime.now(UTC), minutes, scenarios, fuzzing)
    file = options.page or (None if options.only else PAGE)
    if file:
        file.write_text(page(report), "utf-8")
    else:
        print(page(report))
    print(f"{report.minutes:.1f} minutes: {'passed' if report.passed else 'FAILED'}")
    sys.exit(not _is_success(report, options))


def _is_success(report: ChaosReport, options: Namespace) -> bool:
    """Whether everything passed; with --allow-skips, whether everything passed that was not skipped."""
    tried = [one for one in report.scenarios if not one.skipped]
    return replace(report, scenarios=tried).passed and (len(tried) == len(report.scenarios) or options.allow_skips)


def _fuzz(options: Namespace) -> FuzzResults:
    found = fuzz_both_databases(options.webhooks, options.seed)
    violations = found.violations.total()
    print(f"{FUZZING}: {found.sent} webhooks in {found.seconds:.0f} s, {violations} violations", flush=True)
    for detail in found.details[: options.details]:
        print(detail)
    return found


def _run(scenario: Scenario, options: Namespace) -> ScenarioResult:
    began = monotonic()
    try:
        results = asyncio.run(run_scenario(scenario, options.seed, options.callers))
    except FaultNotSupported as why:
        print(f"{scenario.name}: skipped: {why}", flush=True)
        return ScenarioResult(scenario, None, str(why))
    if options.allow_slow:
        results = replace(results, allows_slow=True)
    verdict = "passed" if results.passed else "FAILED"
    print(f"{scenario.name}: {verdict} in {monotonic() - began:.0f} s\n  {results}", flush=True)
    for detail in results.details[: options.details]:
        print(f"{detail}\n")
    return ScenarioResult(scenario, results)


def _is_selected(name: str, options: Namespace) -> bool:
    return not options.only or any(words in name for words in options.only)


def _parse_options() -> Namespace:
    parser = ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--only", action="append", default=[], metavar="WORDS", help="scenarios with WORDS in the name")
    parser.add_argument("--seed", type=int, default=1, help="seed of the callers' goals and of the webhooks")
    parser.add_argument("--callers", type=int, default=CALLERS, help="simulated callers at a time")
    parser.add_argument("--webhooks", type=int, default=WEBHOOKS, help="webhooks to send to the fuzzed application")
    parser.add_argument("--page", type=Path, help="file to write the page to; with --only it is printed by default")
    parser.add_argument("--details", type=int, default=0, help="failed calls and webhooks to print")
    parser.add_argument("--allow-skips", action="store_true", help="succeed when this machine does not allow a fault")
    parser.add_argument(ALLOW_SLOW, action="store_true", help="succeed when responses are slow on a busy machine")
    options = parser.parse_args()
    names = (FUZZING, *(scenario.name for scenario in SCENARIOS))
    if unknown := [words for words in options.only if not any(words in name for name in names)]:
        parser.error(f"no scenario has these words in its name: {', '.join(unknown)}")
    return options


if __name__ == "__main__":
    main()
