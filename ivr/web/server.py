"""Serves an application with uvicorn, in one process or several, until it is told to stop."""

import gc
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from tempfile import TemporaryDirectory

import uvicorn
from starlette.types import ASGIApp
from uvicorn.supervisors import Multiprocess

from ivr import log
from ivr.web.connections import Line, WaitingLines
from ivr.web.descriptors import most_lines, raise_limit

LAST_REQUESTS = 2
"""Seconds for the requests that are under way when told to stop: none takes longer, unless somebody sends it slowly."""
SWITCH_INTERVAL = 0.0002
"""Seconds after which a thread that waits for the interpreter gets it.

SQLite works in a thread of its own and gives the interpreter up at every row. While calls keep it busy, each row would
wait for the usual 5 ms: a batch of call events took longer than a caller can wait for an effect.
"""


class Loaded:
    """Builds an application in the process that serves it, and has that process ready for calls."""

    def __init__(self, build: Callable[[], ASGIApp], log_format: str = log.PLAIN) -> None:
        self._build, self._log_format = build, log_format

    def __call__(self) -> ASGIApp:
        log.begin(self._log_format)
        sys.setswitchinterval(SWITCH_INTERVAL)
        app = self._build()
        gc.collect()
        gc.freeze()  # what is loaded now is never collected, so it is not scanned while a caller waits
        gc.enable()
        return app


def run(
    build: Callable[[], ASGIApp],
    host: str,
    port: int,
    processes: int = 1,
    *,
    log_level: str = "info",
    log_format: str = log.PLAIN,
    proxies: Sequence[str] = (),
) -> None:
    """Serve what `build` returns, which each of several processes calls for itself: it must be picklable.

    No access log: URLs carry state tokens. Forwarded headers are trusted from `proxies` only (addresses or networks),
    and there is no WebSocket. One of several
    processes that dies is replaced; SIGHUP replaces all of them, one after another.
    """
    log.begin(log_format)
    most = most_lines(raise_limit())  # the processes that are started inherit the limit
    config = uvicorn.Config(
        Loaded(build, log_format),
        factory=True,
        host=host,
        port=port,
        workers=processes,
        log_config=None,  # its lines are written as ours are
        log_level=log_level,
        access_log=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=list(proxies),
        ws="none",
        http=partial(Line, WaitingLines(most)),  # type: ignore[arg-type]
        backlog=most,
        timeout_graceful_shutdown=LAST_REQUESTS,
    )
    if processes == 1:
        uvicorn.Server(config).run()
        return
    with TemporaryDirectory(prefix="ivr-metrics-") as metrics, config.bind_socket() as listening:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = metrics  # for the processes that are started
        Multiprocess(config, [listening]).run()
