"""The simulator and the app share no code, so that they cannot share a mistake."""

import re
import subprocess
import sys
from pathlib import Path

from ivr import simulator


def test_the_simulator_takes_nothing_from_the_app_but_its_errors_and_a_voice() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in Path(simulator.__file__).parent.rglob("*.py"))
    taken = set(re.findall(r"^\s*(?:from|import) (ivr[.\w]*)", text, re.MULTILINE))
    assert {name for name in taken if not name.startswith("ivr.simulator")} <= {"ivr.errors", "ivr.speech.wav"}


def test_the_twiml_parser_loads_nothing_else_of_the_simulator() -> None:
    script = "import sys, ivr.simulator.twiml.parse; print(*(name for name in sys.modules if name.startswith('ivr.')))"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    beside = [name for name in loaded if not name.startswith("ivr.simulator.twiml")]
    assert sorted(beside) == ["ivr.errors", "ivr.simulator"]
