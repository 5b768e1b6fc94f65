"""A worker that is killed at any moment loses no text, and doubles none that anybody could have told it of."""

import pytest

from tests.worker import kill


@pytest.mark.parametrize(("url", "seed"), [("sqlite", 1), ("postgresql", 2)], indirect=["url"])
async def test_a_killed_worker_loses_nothing_and_doubles_nothing(url: str, seed: int) -> None:
    result = await kill.run(url, seed)  # with more seeds: python -m tests.worker.kill
    assert result.enqueued == kill.TEXTS
    assert result.lost == 0, result
    assert result.resent_needlessly == 0, result
