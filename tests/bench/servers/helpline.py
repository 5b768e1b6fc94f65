"""The helpline as `ivr serve --no-worker` runs it, with a clock that starts on a Monday morning.

The helpline is open then, whenever the benchmark runs. `samples` is a file for those of a SamplingProfiler.
"""

from argparse import ArgumentParser
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from starlette.applications import Starlette

from ivr.app import build
from ivr.config import CONTENT, read_settings
from ivr.web.call_log import CallLog
from ivr.web.server import run
from tests.bench.sampling_profiler import SamplingProfiler

MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)


def application(folder: Path) -> Starlette:
    """Return the application of a folder of content."""
    offset = MONDAY - datetime.now(UTC)
    return build(read_settings(content=folder), lambda: datetime.now(UTC) + offset)


def main() -> None:
    """Serve until SIGTERM."""
    parser = ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("folder", type=Path, nargs="?", default=CONTENT)
    parser.add_argument("samples", type=Path, nargs="?")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--no-records", action="store_true", help="Write no call events.")
    given = parser.parse_args()
    if given.no_records:
        CallLog.append = lambda *_: None  # type: ignore[method-assign]
    with SamplingProfiler(given.samples):
        run(partial(application, given.folder), "127.0.0.1", given.port, given.processes, log_level="warning")


if __name__ == "__main__":
    main()
