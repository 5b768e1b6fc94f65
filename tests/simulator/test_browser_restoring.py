"""A session is taken up again from its journal, as if the server had never stopped."""

import json
import os
import re
import stat
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ivr.commands.browser_helpline import Helplines, tour_of
from ivr.simulator.browser.beginning import Beginning
from ivr.simulator.browser.journal import LISTEN, Journal, JournalEntry, read_journal
from ivr.simulator.browser.journaled_actions import beginning_of, perform
from ivr.simulator.browser.journals import MAX_JOURNALS, Journals
from ivr.simulator.browser.request_fields import ActionRefused, RequestFields
from ivr.simulator.browser.restoring import restore_session
from ivr.simulator.browser.scenario_files import ScenarioFiles
from ivr.simulator.browser.session import Session
from ivr.simulator.browser.view import current_step, view
from tests.simulator.browsing import AT, ROOT, content_in

ADVISER = "+447700900001"
FILES = ScenarioFiles(ROOT / "tests/calls")
NAME = "a-session"
Action = tuple[str, dict[str, Any]]
TO_THE_DEADLINE = [("press", {"key": key}) for key in "11" + "14102026" + "12"]
TO_THE_TONE: list[Action] = [("press", {"key": key}) for key in "021"]
TO_AN_ADVISER: list[Action] = [("press", {"key": "0"}), ("after", {"seconds": 2.0})]
SAYING: Action = ("say", {"words": "Please ring me about the plan.", "key": "#"})
ONE_ACTION: st.SearchStrategy[list[Action]] = st.one_of(
    st.builds(lambda key: [("press", {"key": key})], st.sampled_from("0123459*#")),
    st.builds(lambda seconds: [("after", {"seconds": seconds})], st.floats(0.01, 45)),
    st.sampled_from(
        [
            [("dial", {})],
            [("dial", {"caller": "withheld"})],
            [("hang-up", {})],
            TO_THE_DEADLINE,
            [*TO_THE_TONE, ("after", {"seconds": 16.0}), SAYING],
            TO_AN_ADVISER,
            [("answer", {"number": ADVISER, "how": "picked_up"}), ("after", {"seconds": 1.5})],
            [("answer", {"number": ADVISER, "how": "busy"})],
            [("press-there", {"number": ADVISER, "key": "1"})],
            [("hang-up-there", {"number": ADVISER})],
            [("text", {"body": "1"})],
            [("switch", {"on": False})],
            [("clock", {"at": "2026-12-07T10:00"})],
        ]
    ),
)
ACTIONS: st.SearchStrategy[list[Action]] = st.lists(ONE_ACTION, min_size=2, max_size=7).map(
    lambda some: [("dial", {}), *chain(*some)]
)


@pytest.fixture(scope="module")
def source() -> Helplines:
    return Helplines(ROOT, lambda: AT)


def beginning(source: Helplines) -> Beginning:
    return Beginning(source, FILES, tour_of(source, ROOT))


async def begun(source: Helplines, journals: Journals, **fields: object) -> Session:
    given = RequestFields(fields)
    session = await beginning(source).session(given)
    session.journal = journals.create(NAME, [beginning_of(session, given)])
    return session


async def does(session: Session, *actions: Action) -> None:
    """Do what the page asks for; what is refused there is refused here."""
    for action, fields in actions:
        now = session.phone.now
        wanted = {"until": now + fields["seconds"]} if action == "after" else fields
        try:
            await perform(session, LISTEN if action == "after" else action, RequestFields(wanted))
        except ActionRefused:
            continue


@asynccontextmanager
async def restored(source: Helplines, journals: Journals) -> AsyncIterator[Session]:
    session = await restore_session(beginning(source), journals, NAME)
    assert session
    yield session
    await session.close()


def seen(session: Session) -> dict[str, Any]:
    """All that the page shows, but for that it was restored."""
    shown = view(session)
    del shown["restored"]
    return shown


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(actions=ACTIONS, data=st.data())
async def test_a_session_that_is_cut_anywhere_and_restored_is_the_one_that_was_not(
    source: Helplines, tmp_path: Path, actions: list[Action], data: st.DataObject
) -> None:
    cut = data.draw(st.integers(0, len(actions)), label="cut")
    journals = Journals(tmp_path)
    whole = await begun(source, journals)
    await does(whole, *actions[:cut])
    async with restored(source, journals) as again:
        assert seen(again) == seen(whole)
        assert again.restored and (again.restored.words_since, again.restored.way_since) == (None, None)
        again.journal = whole.journal = None
        await does(whole, *actions[cut:])
        await does(again, *actions[cut:])
        assert seen(again) == seen(whole)
        assert [(one.action, one.text, one.at) for one in again.phone.recorded] == [
            (one.action, one.text, one.at) for one in whole.phone.recorded
        ]
    await whole.close()


async def test_how_often_the_page_reports_changes_nothing(source: Helplines, tmp_path: Path) -> None:
    seldom, often = [await begun(source, Journals(None)) for _ in range(2)]
    for session in (seldom, often):
        await does(session, ("dial", {}), *TO_AN_ADVISER)
    await does(seldom, ("after", {"seconds": 40.0}))
    while often.phone.now < seldom.phone.now:
        await does(often, ("after", {"seconds": min(0.37, seldom.phone.now - often.phone.now)}))
    assert seen(often) == seen(seldom)
    await seldom.close()
    await often.close()


async def test_a_scenario_that_was_replayed_is_taken_up_again(source: Helplines, tmp_path: Path) -> None:
    journals = Journals(tmp_path)
    session = await begun(source, journals, script="person/the_first_declines.yaml")
    await does(session, ("after", {"seconds": 3.0}))
    async with restored(source, journals) as again:
        assert seen(again) == seen(session)
    await session.close()


async def test_words_that_have_changed_since_are_told_with_their_second(tmp_path: Path) -> None:
    folder = content_in(tmp_path / "content")
    journals = Journals(tmp_path / "journals")
    session = await begun(Helplines(folder, lambda: AT), journals)
    await does(session, ("dial", {}), ("after", {"seconds": 3.0}), ("press", {"key": "1"}))
    words = folder / "prompts/en-GB/decisions.yaml"
    words.write_text(words.read_text("utf-8").replace("What did", "Now, what did", 1), "utf-8")
    async with restored(Helplines(folder, lambda: AT), journals) as again:
        assert again.restored and (again.restored.words_since, again.restored.way_since) == (3.0, None)
        assert current_step(again) == current_step(session)
    async with restored(Helplines(folder, lambda: AT), journals) as again:
        assert again.restored and again.restored.words_since is None, "told once"
    await session.close()


async def test_a_call_that_goes_another_way_now_goes_on_from_where_it_does(tmp_path: Path) -> None:
    folder = content_in(tmp_path / "content")
    journals = Journals(tmp_path / "journals")
    session = await begun(Helplines(folder, lambda: AT), journals)
    await does(session, ("dial", {}), ("after", {"seconds": 3.0}))
    before = seen(session)
    await does(session, ("press", {"key": "1"}), ("press", {"key": "1"}))
    flow = folder / "flows/welcome.yaml"
    text = flow.read_text("utf-8")
    first = re.search(r"go: (\w+/\w+)", text)
    second = re.search(r"go: (\w+/\w+)", text[first.end() :]) if first else None
    assert first and second
    flow.write_text(text.replace(first[0], second[0], 1), "utf-8")
    async with restored(Helplines(folder, lambda: AT), journals) as again:
        assert again.restored and again.restored.way_since == 3.0
        assert {**seen(again), "lines": []} == {**before, "lines": []}
        await does(again, ("press", {"key": "1"}))
        assert current_step(again) != current_step(session)
    await session.close()


def entry(action: str = "press", now: float = 1.5) -> JournalEntry:
    return JournalEntry(action, {"key": "1"} if action == "press" else {}, now, "listens welcome/main", 7)


def test_silence_is_one_entry_however_long_it_is(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "one.jsonl")
    entries = [entry("begin"), entry(), *(entry(LISTEN, second / 10) for second in range(15, 500)), entry(now=60.0)]
    for one in entries:
        journal.add(one)
    assert read_journal(tmp_path / "one.jsonl") == [*entries[:2], *entries[-2:]]


@pytest.mark.parametrize("cut", [2, 20])
def test_a_line_that_was_not_written_to_its_end_is_not_read(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "one.jsonl"
    Journal(path, [entry("begin"), entry(now=2.0), entry(now=3.0)])
    path.write_bytes(path.read_bytes()[:-cut])
    assert read_journal(path) == [entry("begin"), entry(now=2.0)]


@pytest.mark.parametrize("content", [b"", b"{}", b"no json", json.dumps({"action": "press"}).encode()])
def test_what_is_no_journal_restores_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / f"{NAME}.jsonl").write_bytes(content)
    assert Journals(tmp_path).read(NAME) == []
    assert Journals(tmp_path).read("../" + NAME) == []


def test_only_the_owner_reads_journals_and_only_so_many_are_kept(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "phone-sessions"
    journals = Journals(folder)
    for number in range(MAX_JOURNALS + 5):
        journals.create(f"session-{number}", [entry("begin")])
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert len(list(folder.iterdir())) == MAX_JOURNALS


def test_a_journal_of_yesterday_is_not_read(tmp_path: Path) -> None:

    journals = Journals(tmp_path)
    journals.create(NAME, [entry("begin")])
    os.utime(tmp_path / f"{NAME}.jsonl", (time.time() - 90_000,) * 2)
    assert journals.read(NAME) == []
