"""The helpline as `ivr serve --no-worker` runs it, with a clock that starts on a Monday morning.

The helpline is open then, whenever the benchmark runs. The arguments are the port, a folder of content, and a file for
the samples of a SamplingProfiler.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

from ivr.app import build
from ivr.config import CONTENT, read_settings
from ivr.web.server import run
from tests.bench.sampling_profiler import SamplingProfiler

MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)


def main(port: int, folder: Path = CONTENT, samples: Path | None = None) -> None:
    """Serve until SIGTERM."""
    offset = MONDAY - datetime.now(UTC)
    app = build(read_settings(content=folder), lambda: datetime.now(UTC) + offset)
    with SamplingProfiler(samples):
        run(app, "127.0.0.1", port, "warning")


if __name__ == "__main__":
    main(int(sys.argv[1]), *map(Path, sys.argv[2:]))
