"""Results that one pytest process computes and the others of a run read."""

import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that all processes of this run share, and no other run."""
    ours = tmp_path_factory.getbasetemp()
    return ours.parent if "PYTEST_XDIST_WORKER" in os.environ else ours


def found_once(file: Path, find: Callable[[], Iterable[str]]) -> frozenset[str]:
    """Return what `find` yields, or what another process has found already."""
    if not file.exists():
        unfinished = file.with_name(f"{file.name} {os.getpid()}")
        unfinished.write_text(json.dumps(sorted(set(find()))))
        unfinished.rename(file)
    return frozenset(json.loads(file.read_text()))
