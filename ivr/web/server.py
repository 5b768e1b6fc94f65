"""Runs an application for the provider to call, until it is told to stop."""

import gc
import sys

import uvicorn
from starlette.types import ASGIApp

from ivr import log

TURN = 0.0002
"""Seconds after which a thread that waits for the interpreter gets it.

SQLite works in a thread of its own and gives the interpreter up at every row. While calls keep it busy, each row would
wait for the usual 5 ms: a batch of records took longer than a caller can wait for a promise.
"""


def run(app: ASGIApp, host: str, port: int, log_level: str = "info") -> None:
    """Serve. No access log: addresses carry sealed memory. Forwarded headers are not believed, and nobody speaks
    WebSocket here.
    """
    log.begin()
    sys.setswitchinterval(TURN)
    gc.collect()
    gc.freeze()  # what stands for good is not looked through again while a caller waits
    gc.enable()
    uvicorn.run(app, host=host, port=port, log_level=log_level, access_log=False, proxy_headers=False, ws="none")
