"""The helpline itself, as `ivr serve --no-worker` runs it, but that its clock begins on a Monday morning.

So a caller who asks for a person finds us open, at whatever hour this is measured; and a folder of content may be
given, and a file for where the time went (`bench/sampled.py`).
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

from bench.sampled import Sampled
from ivr.app import build
from ivr.config import CONTENT, read_settings
from ivr.web.server import run

MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)


def main(port: int, folder: Path = CONTENT, samples: Path | None = None) -> None:
    """Serve until told to stop."""
    late = MONDAY - datetime.now(UTC)
    app = build(read_settings(content=folder), lambda: datetime.now(UTC) + late)
    with Sampled(samples):
        run(app, "127.0.0.1", port, "warning")


if __name__ == "__main__":
    main(int(sys.argv[1]), *map(Path, sys.argv[2:]))
