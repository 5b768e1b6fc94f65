"""A walk over every step with every key, in every world: nobody is ever left in silence, lost, or talked at."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec import structs

from ivr.engine.durations import duration_of, words_at_150_wpm
from ivr.engine.effects import RequestCallback, ScheduleReminders, SendText, StartHunt, StartVoicemail
from ivr.engine.events import DialEnded, DialStatus, Digits
from ivr.engine.question import ATTEMPTS, Attempt, Question
from ivr.engine.run import Reply, begin
from ivr.engine.step import own
from ivr.engine.verbs import Dial, Gather, Hangup, Record, Redirect, Say
from ivr.helpline.contacts import ADVISERS as OUR_ADVISERS
from ivr.helpline.data_complaints import TOPIC
from ivr.helpline.hours_speech import speak_opening
from ivr.helpline.opening_hours import ALWAYS, Closure, OpeningHours
from ivr.lint.routes import seconds_to_the_last_key
from ivr.simulator.twiml.parse import parse
from ivr.simulator.twiml.verbs import Dial as PlayedDial
from ivr.simulator.twiml.verbs import Gather as PlayedGather
from ivr.steps.hours import Hours as AskHours
from ivr.telephony.twiml import Renderer
from tests.made_up import said
from tests.shared_results import found_once
from tests.walk import (
    ADVISERS,
    SERVICE,
    VOICEMAIL,
    WORLDS,
    Walk,
    World,
    asks,
    fresh,
    in_every_world,
    is_in,
    only,
    rings,
    walk,
)

RENDERER = Renderer(SERVICE.languages, "https://helpline.example/ivr/speech", "+441632960000")

LONGEST_ANSWER, LONGEST_MENU, LONGEST_GREETING, LONGEST_WAY_TO_A_PERSON = 30, 20, 10, 20
"""Seconds of speech, at 150 words a minute."""
LOOKS_FIRST = "hear_message"
"""The kind of step that looks into the store before it says anything, and says what it finds there."""
AFTER_ADVISERS = ("person/", "messages/")
"""The flows that callers come to when no adviser could be reached."""
MOST_SILENCES = 30
DECIDE = (
    *("blocked", "hours", "caller_phone", "dates_ahead"),
    *("by_certificate", "by_decision", "by_right", "certificate_age"),
)
SECOND_TEXT = "appeal_text"
"""The kind of step that sends a second text, after a first."""
EFFECTS = ("text", SECOND_TEXT, "remind", "stop_reminders", "call_back", "send_message", "send_complaint")
PREPARE = ("begin_message", "discard_message")
QUEUE = ("queue", "waiting")
ON_THE_WAY = ("say", "greeting", *DECIDE, *EFFECTS, *PREPARE, *QUEUE)
"""Kinds of step that a call passes through without waiting for the caller."""
REASONS = [own(at, name) for at, step in SERVICE.steps.items() if isinstance(step, AskHours) for name in step.reasons]
"""Sentences of which staff choose one."""


@pytest.fixture
def taken(world: World, shared: Path) -> Walk:
    heard(world, shared)
    asked(world, shared)
    return walk(world)


def heard(world: World, shared: Path) -> frozenset[str]:
    """Return all that is heard in a world."""
    return found_once(shared / f"heard - {world}", lambda: (said(reply.turn) for reply in walk(world).replies))


def asked(world: World, shared: Path) -> frozenset[str]:
    """Return all steps at which callers are asked for something."""
    return found_once(shared / f"asked - {world}", lambda: (reply.at for reply in walk(world).first.values()))


def questions(taken: Walk) -> Iterator[Reply]:
    """Return all places with a Gather."""
    return (reply for reply in taken.first.values() if asks(reply))


@in_every_world
def test_every_answer_waits_for_the_caller_or_rings_somebody_or_says_goodbye(taken: Walk) -> None:
    for reply in taken.replies:
        *before, last = reply.turn.verbs
        assert said(reply.turn), reply
        assert isinstance(last, Redirect | Dial | Hangup), reply
        assert isinstance(last, Redirect) == any(isinstance(verb, Gather | Record) for verb in before), reply
        assert isinstance(SERVICE.steps[reply.at], Question) == isinstance(last, Redirect), reply


@in_every_world
def test_every_document_is_one_that_the_telephone_company_plays(taken: Walk) -> None:
    for reply in taken.replies:
        text = RENDERER.document(reply.turn, reply.at).fill("memory", "screen").decode()
        verbs = parse(text)
        assert sum(isinstance(verb, PlayedGather) for verb in verbs) == {0: 0, 1: 1, 3: 2, 8: 2, 11: 2}[asks(reply)], (
            text
        )
        assert any(isinstance(verb, PlayedDial) for verb in verbs) == (rings(reply) is not None)
        assert "@@" not in text


@in_every_world
def test_no_answer_speaks_for_longer_than_half_a_minute(taken: Walk) -> None:
    long = {reply.at: seconds for reply in taken.replies if (seconds := seconds_until_asked(reply)) > LONGEST_ANSWER}
    assert long == {}


def seconds_until_asked(reply: Reply) -> float:
    """Return the seconds of an answer; of one that ends in a menu, to its last choice."""
    is_menu = SERVICE.steps[reply.at].kind == "menu"
    return seconds_to_the_last_key(reply.turn, words_at_150_wpm) if is_menu else duration_of(reply.turn)


@in_every_world
def test_0_rings_our_advisers_at_once_from_every_question(world: World, taken: Walk) -> None:
    after = taken.after("0")
    assert len(after) == len(list(questions(taken)))
    for _, reply in after:
        if world.rung:
            assert rings(reply) == world.rung[0]
            assert duration_of(reply.turn) < LONGEST_WAY_TO_A_PERSON
        else:
            assert said(reply.turn) == said(only(begin(SERVICE, SERVICE.person, world.environment), world).turn)


@in_every_world
def test_star_says_the_same_question_again_from_its_beginning(world: World, taken: Walk) -> None:
    for before, reply in taken.after("*"):
        if SERVICE.steps[before.at].kind == LOOKS_FIRST:
            continue
        assert (reply.at, reply.state.page, reply.state.attempts) == (before.at, before.state.page, 0)
        assert reply.state.history == before.state.history
        if not before.state.page:
            assert said(reply.turn) == said(fresh(before, world).turn)


@in_every_world
def test_hash_goes_back_and_never_round_in_a_circle(taken: Walk) -> None:
    for before, reply in taken.after("#"):
        history, page = before.state.history, before.state.page
        if page:
            assert (reply.at, reply.state.page) == (before.at, page - 1)
        elif not history:
            assert reply.at == before.at
        else:
            assert reply.at == history[-1] or not asks(reply) or len(reply.state.history) <= len(history)
        assert len(reply.state.history) <= len(history)


@in_every_world
def test_silence_alone_always_comes_to_a_spoken_goodbye(taken: Walk) -> None:
    goodbyes = [here for here, reply in taken.first.items() if isinstance(reply.turn.verbs[-1], Hangup)]
    assert taken.first.keys() - taken.come_in_silence(goodbyes, MOST_SILENCES) == set()


@in_every_world
def test_a_silent_caller_is_put_through_to_an_adviser_before_that(world: World, taken: Walk) -> None:
    if world.rung:
        ringing = [here for here, reply in taken.first.items() if rings(reply) == world.rung[0]]
        asked = {here for here, reply in taken.first.items() if asks(reply) and not reply.at.startswith(AFTER_ADVISERS)}
        late = asked - taken.come_in_silence(ringing, ATTEMPTS)
        # They are promised a call first, or wait for their own words to be played.
        assert {taken.first[here].at for here in late} <= {VOICEMAIL, "data_complaints/hear"}
        assert late - taken.come_in_silence(ringing, 3 * ATTEMPTS) == set()


@in_every_world
def test_a_caller_comes_back_to_us_however_the_ringing_ends(taken: Walk) -> None:
    for before, event, reply in taken.moves:
        if rings(before) and rings(reply):
            assert event != DialEnded(DialStatus.answered)
            assert reply.state.tried == before.state.tried + 1
        elif rings(before):
            assert asks(reply)


@in_every_world
def test_only_an_adviser_is_asked_whether_to_take_the_call(taken: Walk) -> None:
    for reply in taken.replies:
        for verb in reply.turn.verbs:
            if isinstance(verb, Dial):
                ours = SERVICE.steps[reply.at].rings() == OUR_ADVISERS
                assert (verb.screen == "screening/offer") == ours
        assert not SERVICE.steps[reply.at].for_adviser


def test_the_greeting_is_short() -> None:
    first = only(begin(SERVICE, SERVICE.answer, WORLDS[0].environment), WORLDS[0]).turn.verbs[0]
    assert isinstance(first, Gather)
    greeting, _ = first.say
    assert isinstance(greeting, Say)
    assert words_at_150_wpm(greeting.speech) <= LONGEST_GREETING


def test_menus_are_short() -> None:
    menus = {(at, attempt): turn for (at, attempt), turn in SERVICE.turns.items() if SERVICE.steps[at].kind == "menu"}
    assert menus
    seconds = {where: seconds_to_the_last_key(turn, words_at_150_wpm) for where, turn in menus.items()}
    assert {where: long for where, long in seconds.items() if long > LONGEST_MENU} == {}


def test_no_menu_is_longer_the_second_time_than_the_first_or_than_the_words_that_all_have_the_third_time() -> None:
    for at, step in SERVICE.steps.items():
        if step.kind == "menu":
            attempts_to_say = Attempt(), Attempt("no_input", 1), Attempt("no_input", 2)
            first, second, way_out = (duration_of(SERVICE.turns[at, attempt]) for attempt in attempts_to_say)
            assert second <= max(first, way_out), at
            assert way_out <= LONGEST_GREETING, at


def closed_for(reason: str, opens: datetime) -> Reply:
    """Return what a caller hears who presses 0 on Christmas Eve."""
    now = datetime(2026, 12, 24, 10, 30, tzinfo=UTC)
    environment = structs.replace(
        WORLDS[0].environment, now=now, hours=OpeningHours(ALWAYS, closures=(Closure(now, opens, reason),))
    )
    return only(begin(SERVICE, SERVICE.person, environment), WORLDS[0])


@pytest.mark.parametrize("reason", REASONS)
@pytest.mark.parametrize("days", range(1, 15))
def test_whatever_we_are_closed_for_it_is_said_with_the_next_opening_and_in_few_words(reason: str, days: int) -> None:
    opens = datetime(2026, 12, 24, 10, 30, tzinfo=UTC) + timedelta(days=days)
    reply = closed_for(reason.rpartition(".")[2], opens)
    assert SERVICE.words.text(reason) in said(reply.turn)
    assert f"back {speak_opening(opens, opens - timedelta(days=days), SERVICE.words)}" in said(reply.turn)
    assert duration_of(reply.turn) <= LONGEST_MENU


def test_every_sentence_is_heard_by_some_caller(shared: Path) -> None:
    every = frozenset[str]().union(*(heard(world, shared) for world in WORLDS))
    by_eye = ("sms.", "helpline.text_", "helpline.sms_", "helpline.alert_", "helpline.shift_")
    dates = ("helpline.date", "helpline.time_", "helpline.opens_", "helpline.week_")
    waiting = "person.waiting."  # test_waiting.py
    brief = "welcome.hello.brief"  # tests/web/test_staff_cache.py
    where_to_write = "helpline.blocked_write"  # tests/steps/blocked.yaml: nobody has checked that address yet
    elsewhere = ("helpline.fallback_", waiting, brief, where_to_write, *by_eye, *dates, *REASONS, *for_us())
    topics = set(SERVICE.topics.values())
    wanted = {name for name in SERVICE.words.sentences if name not in topics and not name.startswith(elsewhere)}
    assert {name for name in wanted if not any(is_in(name, text) for text in every)} == set()


def for_us() -> Iterator[str]:
    """How the names begin of the sentences that advisers hear, or read, or send."""
    for at, step in SERVICE.steps.items():
        ours = step.sentences() if step.for_adviser else step.alerts() | step.answers()
        yield from (own(at, name) for name in ours)


def test_every_step_is_come_to(shared: Path) -> None:
    come_to = frozenset[str]().union(*(asked(world, shared) for world in WORLDS))
    callers = {at for at, step in SERVICE.steps.items() if step.kind not in ON_THE_WAY and not step.for_adviser}
    assert callers - come_to == set()


@in_every_world
def test_whatever_the_status_of_an_effect_the_caller_is_asked_how_to_go_on_or_has_asked_for_a_person(
    taken: Walk,
) -> None:
    for where in taken.effects.values():
        assert where
        assert all(
            isinstance(step, Question) or step.rings() == OUR_ADVISERS for step in map(SERVICE.steps.__getitem__, where)
        )


def test_nothing_is_said_to_be_done_unless_it_is() -> None:
    done = {
        *("texts/kept", "texts/kept_two", "texts/reminded", "texts/no_more"),
        *("callbacks/next", "messages/sent"),
    }
    second = {at for at, step in SERVICE.steps.items() if step.kind == SECOND_TEXT}
    for at, step in SERVICE.steps.items():
        if step.kind in EFFECTS and step.kind != "send_complaint":  # which says so itself, once it is kept
            true_before = {"texts/kept"} if at in second else set[str]()
            assert {str(target) for name, target in step.exits() if name == ("kept",)} <= done | second, at
            assert not {str(target) for name, target in step.exits() if name != ("kept",)} & done - true_before, at


def test_a_second_text_is_only_sent_to_whoever_was_sent_the_first() -> None:
    second = {at for at, step in SERVICE.steps.items() if step.kind == SECOND_TEXT}
    assert second
    ways = {(step.kind, name) for step in SERVICE.steps.values() for name, to in step.exits() if str(to) in second}
    assert ways == {("text", ("kept",))}


@in_every_world
def test_nobody_is_recorded_without_a_key_pressed_for_it(world: World, taken: Walk) -> None:
    recorded = [(before, event, reply) for before, event, reply in taken.moves if records(reply)]
    assert recorded
    assert not world.blocked or all(reply.at.startswith("data_complaints/") for _, _, reply in recorded)
    for before, event, reply in recorded:
        asked_for = isinstance(event, Digits) and before.at in RECORDED_FROM
        assert asked_for or records(before), (before, event, reply)


RECORDED_FROM = {
    *("messages/menu", "messages/review", "messages/unsure"),
    *("data_complaints/start", "data_complaints/review", "data_complaints/unsure"),
}
REACHING = SendText | ScheduleReminders | RequestCallback | StartVoicemail | StartHunt
"""The effects by which a caller reaches our advisers, or has us reach somebody."""


def is_complaint(effect: object) -> bool:
    """Return whether a caller would complain about what we do with their data, which anybody may."""
    return isinstance(effect, StartVoicemail) and effect.topic == TOPIC


@in_every_world
def test_a_blocked_caller_reaches_no_adviser_and_asks_for_nothing_by_any_key(world: World, taken: Walk) -> None:
    asked = [effect for effect in taken.effects if isinstance(effect, REACHING) and not is_complaint(effect)]
    assert bool(asked) != world.blocked
    if world.blocked:
        assert {rings(reply) for reply in taken.replies} & set(ADVISERS) == set()
        assert any("until the end of Monday the fourteenth of December" in said(reply.turn) for reply in taken.replies)


def records(reply: Reply) -> bool:
    return any(isinstance(verb, Record) for verb in reply.turn.verbs)
