"""Runs an application with uvicorn, until it is told to stop."""

import gc
import sys

import uvicorn
from starlette.types import ASGIApp

from ivr import log

SWITCH_INTERVAL = 0.0002
"""Seconds after which a thread that waits for the interpreter gets it.

SQLite works in a thread of its own and gives the interpreter up at every row. While calls keep it busy, each row would
wait for the usual 5 ms: a batch of call events took longer than a caller can wait for an effect.
"""


def run(app: ASGIApp, host: str, port: int, log_level: str = "info") -> None:
    """Serve. No access log: URLs carry state tokens. Forwarded headers are not trusted, and there is no WebSocket."""
    log.begin()
    sys.setswitchinterval(SWITCH_INTERVAL)
    gc.collect()
    gc.freeze()  # what is loaded now is never collected, so it is not scanned while a caller waits
    gc.enable()
    uvicorn.run(app, host=host, port=port, log_level=log_level, access_log=False, proxy_headers=False, ws="none")
