"""After a talk an adviser sends one of the texts that callers can ask for, true on that day, with consent."""

from datetime import date, datetime

import pytest

from ivr.helpline.environment import HelplineEnvironment
from ivr.helpline.gsm7 import segments
from ivr.helpline.timezone import LONDON
from ivr.loader import load
from ivr.staff import talks
from ivr.staff.lookup import NoSuchItem
from ivr.staff.outgoing_texts import MOST_SEGMENTS, CannotText
from ivr.staff.written_texts import WrittenText, chosen, offered
from ivr.store import audit
from ivr.store.database import Store
from ivr.store.item_kinds import ItemKind
from tests.staff.test_incoming_texts import ANN, TEXTING
from tests.store.fixtures import DAY, NOW, PARENT, claim_texts

HELPLINE = load()
LAST_DAY = date(2026, 12, 14)
CONTACTS = HELPLINE.contacts
GOOD = frozenset(HELPLINE.rules)


def texts(
    at: datetime, deadline: date | None = LAST_DAY, audience: str = "", good: frozenset[str] = GOOD
) -> list[WrittenText]:
    environment = HelplineEnvironment(at.astimezone(LONDON), CONTACTS, own_number="01632 960000", good_rules=good)
    return offered(HELPLINE.flows, environment, "school", deadline, audience)


@pytest.mark.parametrize(
    ("now", "names"),
    [
        (NOW, ["deadline_certificate", "deadline_open"]),
        (NOW + 21 * DAY, ["deadline_certificate_today", "deadline_today"]),
        (NOW + 22 * DAY, ["deadline_permission", "deadline_passed"]),
    ],
)
def test_what_is_said_of_the_last_day_is_true_on_the_day_it_is_sent(now: datetime, names: list[str]) -> None:
    found = texts(now)
    assert [text.name for text in found[:2]] == names
    assert all("Mon 14 Dec 2026" in text.body for text in found[:2])
    assert "without a mediation certificate" in found[0].title


def test_without_a_date_the_topic_of_the_talk_comes_first_and_one_text_says_how_to_find_the_date() -> None:
    found = texts(NOW, None)
    assert [text.name for text in found[:2]] == ["school", "general"]
    assert {"health", "exclusion", "deadline"} <= {text.name for text in found}
    assert all(segments(text.body) <= MOST_SEGMENTS and "{" not in text.body for text in found)


def test_a_young_person_is_written_to_as_you() -> None:
    [adult], [young] = (
        [text.body for text in texts(NOW, audience=who) if text.name == "turning_eighteen"]
        for who in ("", "young_person")
    )
    assert "Before they turn 18" in adult and "Before you turn 18" in young


def test_a_text_whose_law_may_not_be_stated_is_not_offered() -> None:
    found = {text.name for text in texts(NOW, good=GOOD - {"school_procedure"})}
    assert "school" not in found and "general" in found


async def test_it_is_sent_once_for_each_talk_and_only_with_consent(store: Store) -> None:
    text = chosen(texts(NOW), "school")

    async def send(consent: bool) -> str:
        async with store.begin() as db:
            about = ItemKind.talk, "h1", PARENT, text, TEXTING, ANN
            return await talks.send(db, store.cipher, *about, consent=consent)

    with pytest.raises(CannotText, match="Ask the caller first"):
        await send(False)
    assert await send(True) == await send(True)
    [sent] = await claim_texts(store)
    assert (sent.body, sent.to, sent.topic) == (text.body, PARENT, "school")
    async with store.begin() as db:
        assert {entry.what for entry in await audit.read(db, 9)} == {"talk h1: text “school” sent, with consent"}


async def test_a_caller_who_withheld_their_number_cannot_be_texted(store: Store) -> None:
    text = texts(NOW)[0]
    async with store.begin() as db:
        with pytest.raises(CannotText, match="withheld"):
            await talks.send(db, store.cipher, ItemKind.talk, "h1", None, text, TEXTING, ANN, consent=True)


def test_a_text_that_is_none_is_told_with_those_there_are() -> None:
    with pytest.raises(NoSuchItem, match="general"):
        chosen(texts(NOW), "weather")
