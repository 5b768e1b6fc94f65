"""The telephone and the app share no code, so that they cannot share a mistake."""

import re
from pathlib import Path

from ivr import phone


def test_the_telephone_takes_nothing_from_the_app_but_its_errors_and_a_voice() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in Path(phone.__file__).parent.rglob("*.py"))
    taken = set(re.findall(r"^\s*(?:from|import) (ivr[.\w]*)", text, re.MULTILINE))
    assert {name for name in taken if not name.startswith("ivr.phone")} <= {"ivr.errors", "ivr.voice.espeak"}
