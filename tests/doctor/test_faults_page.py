"""The page of the faults that `ivr doctor` finds leaves no check out."""

import re
from pathlib import Path

from ivr.doctor.checks import NAMES

PAGE = (Path(__file__).parents[2] / "docs/operating.md").read_text("utf-8")
ROW = re.compile(r"^\| `(\w+)` \| [^|]+ \| `(test_\w+)` \|$", re.MULTILINE)


def test_every_check_has_its_faults_on_the_page_in_the_order_in_which_it_is_made() -> None:
    rows = ROW.findall(PAGE)
    assert list(dict.fromkeys(check for check, _ in rows)) == list(NAMES)
    assert len({test for _, test in rows}) == len(rows) >= 25
