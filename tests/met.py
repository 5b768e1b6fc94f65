"""What was met in each world, for the tests that look at all of them: one process of a run tells the others."""

import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of this run have, and no other run."""
    ours = tmp_path_factory.getbasetemp()
    return ours.parent if "PYTEST_XDIST_WORKER" in os.environ else ours


def found_once(file: Path, find: Callable[[], Iterable[str]]) -> frozenset[str]:
    """What is found, or what another process has found already."""
    if not file.exists():
        unfinished = file.with_name(f"{file.name} {os.getpid()}")
        unfinished.write_text(json.dumps(sorted(set(find()))))
        unfinished.rename(file)
    return frozenset(json.loads(file.read_text()))
