"""What the time of a key press is spent on, as a sampled run finds it."""

import json
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import closed_loop, helpline
from bench.helpline import MENU
from bench.machine import Cores
from bench.served import ROOT, served

PARTS = {
    "store/": "writing records, off the answer",
    "web/recorder.py": "noting the record",
    "telephony/signature.py": "the signature",
    "telephony/webhook.py": "reading the form",
    "engine/seal.py": "sealing and opening memory",
    "engine/": "the step itself",
    "steps/": "the step itself",
    "web/": "the rest of the answer (events, desk, metrics, document)",
    "app.py": "the rest of the answer (events, desk, metrics, document)",
}
OUTSIDE = "uvicorn, Starlette, the loop and the system"
SERVERS = ("/uvicorn/", "/starlette/")


def shares(cores: Cores, number: int) -> dict[str, float]:
    """By part, its share of the samples, the largest first."""
    with TemporaryDirectory() as folder:
        found = Path(folder) / "samples.json"
        more = (str(ROOT), str(found))
        settings = helpline.settings(Path(folder))
        with served(lambda port: helpline.command(port, *more), cores.server, MENU.requests(1)[0], settings) as there:
            closed_loop.run(there.port, MENU.requests(number))
        return of_samples(json.loads(found.read_text("utf-8")))


def of_samples(samples: list[list[object]]) -> dict[str, float]:
    """Each sample belongs to the innermost of our own files that is at work, or of the server's: it is the server
    that sends an answer, whoever asks it to.

    >>> of_samples([["/lib/hmac.py:copy", "/x/ivr/telephony/signature.py:matches", 3], ["/lib/uvicorn/run.py:run", 1]])
    {'the signature': 0.75, 'uvicorn, Starlette, the loop and the system': 0.25}
    >>> of_samples([["/lib/uvicorn/http.py:send", "/lib/starlette/responses.py:__call__", "/x/ivr/web/signed.py:_", 1]])
    {'uvicorn, Starlette, the loop and the system': 1.0}
    """
    counted: Counter[str] = Counter()
    for *stack, number in samples:
        counted[_part([str(frame) for frame in stack])] += int(str(number))
    whole = counted.total() or 1
    return {part: number / whole for part, number in counted.most_common()}


def _part(stack: list[str]) -> str:
    for frame in stack:
        if any(server in frame for server in SERVERS):
            return OUTSIDE
        _, inside, name = frame.partition("/ivr/")
        if inside and not name.startswith(("commands/", "web/server.py")):
            return next((part for start, part in PARTS.items() if name.startswith(start)), OUTSIDE)
    return OUTSIDE
