"""No attack on the staff pages succeeds, and each could: where nothing stops it, its successes are counted."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.chaos.attack.attack import Attack, Tally
from tests.chaos.attack.attacks import ATTACKS
from tests.chaos.attack.page import page
from tests.console.staff_pages import StaffPages, staff_pages
from tests.store.conftest import sqlite_url

PAGE = Path(__file__).parents[2] / "docs/attacks.md"


@pytest.fixture
async def pages(tmp_path: Path) -> AsyncIterator[StaffPages]:
    async with staff_pages(sqlite_url(tmp_path)) as made:
        yield made


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
async def test_no_attack_succeeds(pages: StaffPages, attack: Attack) -> None:
    tally = await attack.run(pages)
    assert tally.tries > 0
    assert tally.successes == []


def test_the_page_has_every_attack_without_success() -> None:
    text = PAGE.read_text("utf-8")
    for attack in ATTACKS:
        [row] = [line for line in text.splitlines() if line.startswith(f"| {attack.name} |")]
        assert row.endswith("| 0 |") and f"- **{attack.name}**: {attack.what}" in text


def test_a_success_is_counted_and_shown() -> None:
    tally = Tally()
    tally.count("a page", succeeded=True)
    assert f"| {ATTACKS[0].name} | 1 | 1 |" in page({ATTACKS[0]: tally})
