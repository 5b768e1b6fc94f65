"""The CPU time of a key press by part of the program, from sampled stacks."""

import json
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.helpline import MENU_KEY, running_helpline
from tests.bench.load_generator import closed_loop
from tests.bench.machine import Cores
from tests.bench.server_process import ROOT

PARTS = {
    "store/": "writing call records, after the response",
    "web/call_log.py": "queueing the call record",
    "telephony/signature.py": "signature check",
    "telephony/webhook.py": "form parsing",
    "tokens.py": "state token",
    "engine/": "the step",
    "steps/": "the step",
    "web/": "rest of the response (events, environment, metrics, TwiML)",
    "app.py": "rest of the response (events, environment, metrics, TwiML)",
}
SERVER = "uvicorn, Starlette, event loop and system"
SERVER_PATHS = ("/uvicorn/", "/starlette/")


def cpu_shares(cores: Cores, number: int) -> dict[str, float]:
    """Return the share of each part, the largest first."""
    with TemporaryDirectory() as folder:
        samples = Path(folder) / "samples.json"
        with running_helpline(Path(folder), cores, str(ROOT), str(samples)) as server:
            closed_loop(server.port, MENU_KEY.requests(number))
        return shares_of_samples(json.loads(samples.read_text("utf-8")))


def shares_of_samples(samples: list[list[object]]) -> dict[str, float]:
    """Attribute each sample to the innermost frame in our own files or in the web server's.

    >>> server = ["/lib/uvicorn/run.py:run", 1]
    >>> shares_of_samples([["/lib/hmac.py:copy", "/x/ivr/telephony/signature.py:matches", 3], server])
    {'signature check': 0.75, 'uvicorn, Starlette, event loop and system': 0.25}
    >>> shares_of_samples([["/lib/uvicorn/h.py:s", "/lib/starlette/r.py:_", "/x/ivr/web/signature_check.py:_", 1]])
    {'uvicorn, Starlette, event loop and system': 1.0}
    """
    counted: Counter[str] = Counter()
    for *stack, number in samples:
        counted[_part([str(frame) for frame in stack])] += int(str(number))
    total = counted.total() or 1
    return {part: number / total for part, number in counted.most_common()}


def _part(stack: list[str]) -> str:
    for frame in stack:
        if any(path in frame for path in SERVER_PATHS):
            return SERVER
        _, inside, name = frame.partition("/ivr/")
        if inside and not name.startswith(("commands/", "web/server.py")):
            return next((part for start, part in PARTS.items() if name.startswith(start)), SERVER)
    return SERVER
