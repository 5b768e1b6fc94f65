"""Finds Chromium, which the tests drive. `make test` asks first whether it starts; that needs no package.

Its headless shell comes first: the whole browser draws a window for each visitor, which takes most of the time.
"""

import shutil
import subprocess
import sys
from itertools import chain
from pathlib import Path

NAMES = (
    *("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"),
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
DOWNLOADS = Path(__file__).parents[1] / ".venv/browsers"
"""The PLAYWRIGHT_BROWSERS_PATH of `make browser`."""
DOWNLOADED = "chromium_headless_shell-*/chrome-headless-shell-*/chrome-headless-shell*"
HEADLESS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
PATIENCE = 60
"""Seconds to start; it takes two, and more than ten the first time, from a slow disk."""
MISSING = "There is no Chromium here, which the tests drive: `make browser` brings one."


def executable() -> str | None:
    """Return the path of the system's Chromium, or of the one that `make browser` downloaded."""
    installed = (path for name in NAMES if (path := shutil.which(name)))
    downloaded = map(str, DOWNLOADS.glob(DOWNLOADED))
    return next(chain(installed, downloaded), None)


def failure(path: str) -> str | None:
    """Return why a browser does not start and show an empty page; None if it does."""
    command = [path, *HEADLESS, "--dump-dom", "about:blank"]
    try:
        shown = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        return f"it shows nothing within {PATIENCE} seconds"
    except OSError as error:
        return str(error)
    return None if "<body>" in shown.stdout else shown.stderr.strip() or f"exit code {shown.returncode}"


def main() -> None:
    """Exit with the reason if there is no browser that starts."""
    if (path := executable()) is None:
        sys.exit(MISSING)
    if why := failure(path):
        sys.exit(f"{path} does not start: {why}\n`make browser` installs it anew.")


if __name__ == "__main__":
    main()
