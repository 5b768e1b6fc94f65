"""Fixtures of every test."""

import gc
import os
from collections.abc import Callable
from secrets import token_hex

import pytest
from hypothesis import HealthCheck, settings

from tests.databases import deselect_further_rows
from tests.memory_disk import use_memory
from tests.shared_results import shared
from tests.statement_cache import share_statements
from tests.xdist_order import pytest_xdist_auto_num_workers, pytest_xdist_make_scheduler, sort_by_priority

__all__ = ["pytest_xdist_auto_num_workers", "pytest_xdist_make_scheduler", "shared"]

settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

use_memory()
share_statements()

gc.set_threshold(50_000)
"""New objects between two looks for garbage, of 700: looking takes a tenth of the time, and finds next to nothing."""

OURS = ("IVR_", "TWILIO_", "DATABASE_URL")
Output = Callable[[], str]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    deselect_further_rows(config, items)
    sort_by_priority(items)


def pytest_collection_finish() -> None:
    gc.freeze()  # what was collected is there until the end


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Remove settings from the environment; the default database is nobody's, in a folder that does not exist yet."""
    for name in [name for name in os.environ if name.startswith(OURS)]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path_factory.getbasetemp() / token_hex(8)))


@pytest.fixture
def output(capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> Output:
    """Return what was printed and logged since the last call, or since the test began."""
    caplog.set_level("INFO", "ivr")  # other loggers write warnings only

    def since() -> str:
        said = "".join(capfd.readouterr()) + caplog.text
        caplog.clear()
        return said

    return since
