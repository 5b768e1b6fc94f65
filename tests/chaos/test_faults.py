"""What scenarios change in the copy of the program is still there to be changed."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.chaos.faults.content import RAISING_STEP, add_raising_step, rename_step
from tests.chaos.program import copy_program


@pytest.mark.parametrize("patch", [add_raising_step, rename_step])
def test_the_program_can_be_patched(tmp_path: Path, patch: Callable[[Path], None]) -> None:
    copy_program(tmp_path / "program", is_fast=True)
    patch(tmp_path / "program")


def test_the_raising_step_is_a_valid_module() -> None:
    module: dict[str, object] = {}
    exec(RAISING_STEP, module)  # noqa: S102  source of our own
    assert "KIND" in module
