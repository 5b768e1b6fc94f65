"""What every test may rely on."""

import os
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, settings

from tests.dealing import pytest_collection_modifyitems, pytest_xdist_make_scheduler
from tests.met import shared

__all__ = ["pytest_collection_modifyitems", "pytest_xdist_make_scheduler", "shared"]

settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

OURS = ("IVR_", "TWILIO_")
Output = Callable[[], str]


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the environment that the tests happen to run in decides how they end."""
    for name in [name for name in os.environ if name.startswith(OURS)]:
        monkeypatch.delenv(name)


@pytest.fixture
def output(capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> Output:
    """All that was printed and logged since it was last asked for, or since the test began."""
    caplog.set_level("INFO", "ivr")  # what others tell below a warning is written nowhere

    def since() -> str:
        said = "".join(capfd.readouterr()) + caplog.text
        caplog.clear()
        return said

    return since
