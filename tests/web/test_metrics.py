"""What is counted can be read by whoever watches over the service, and says nothing of any caller."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx2
import pytest

from ivr.engine.effects import EffectStatus, SendText
from ivr.store import sms_outbox
from ivr.store.quotas import Quotas
from tests.web.asking import CALLER, form_of
from tests.web.edge import DOWN, SHORT, Edge, edge, has_number


@pytest.fixture
async def here(url: str) -> AsyncIterator[Edge]:
    async with edge(url) as made:
        yield made


async def read(here: Edge) -> dict[str, float]:
    """Every number, by its name and labels."""
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(here.app), base_url="http://10.0.0.7") as client:
        response = await client.get("/metrics")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/plain")
    assert not has_number(re.sub(r"^.*_created.*$", "", response.text, flags=re.MULTILINE))
    found = re.findall(r"^([a-z_]+(?:\{[^}]*\})?) (\S+)$", response.text, re.MULTILINE)
    return {name: float(number) for name, number in found}


def more(after: dict[str, float], before: dict[str, float], name: str) -> float:
    return after.get(name, 0.0) - before.get(name, 0.0)


async def promised(here: Edge) -> None:
    async with here.store.begin() as db:
        text = SendText(CALLER, "Hello.", "school")
        await sms_outbox.enqueue(db, here.store.cipher, "key", text, here.clock(), Quotas(10, 10))


async def test_calls_steps_and_their_time_are_counted(here: Edge) -> None:
    before = await read(here)
    await here.rings("CA1", "2", "1")
    after = await read(here)
    assert more(after, before, "ivr_calls_total") == 1
    assert more(after, before, "ivr_step_seconds_count") == 3
    assert after["ivr_record_lines_waiting"] <= 3


async def test_promises_are_counted_by_what_became_of_them(url: str) -> None:
    async with edge(url, texts_per_number=0) as here:
        before = await read(here)
        ringing = await here.rings("CA1", "2", "2", *"11111", "4", "1", "1")
        assert "as many texts as we can" in ringing.text
        assert more(await read(here), before, f'ivr_promises_total{{kept="{EffectStatus.capped}"}}') == 1


async def test_texts_are_counted_by_state(here: Edge) -> None:
    await promised(here)
    after = await read(here)
    assert (after['ivr_texts{state="waiting"}'], after['ivr_texts{state="delivered"}']) == (1, 0)
    assert after['ivr_today{what="text promised"}'] == 1


async def test_outcomes_are_counted_when_the_record_closes(here: Edge) -> None:
    await here.post("/voice/status", form_of("CA1", CallStatus="completed"))
    assert (await read(here))['ivr_today{what="call abandoned"}'] == 1


async def test_what_was_counted_yesterday_is_not_of_today(here: Edge) -> None:
    await promised(here)
    assert 'ivr_today{what="text promised"}' in await read(here)
    here.clock.passes(timedelta(days=1))
    assert 'ivr_today{what="text promised"}' not in await read(here)


async def test_with_the_database_down_what_the_process_counted_itself_is_told() -> None:
    async with edge(DOWN, SHORT) as here:
        before = await read(here)
        await here.rings("CA1", "2")
        assert more(await read(here), before, "ivr_calls_total") == 1


async def test_a_text_that_could_not_be_promised_is_counted() -> None:
    async with edge(DOWN, SHORT) as here:
        before = await read(here)
        await here.rings("CA1", "2", "2", *"11111", "4", "1", "1")
        assert more(await read(here), before, f'ivr_promises_total{{kept="{EffectStatus.down}"}}') == 1
