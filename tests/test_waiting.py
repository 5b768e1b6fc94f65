"""The real helpline's queue: whoever waits hears something every ten seconds or so, and comes out of it in the end."""

import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import cycle

import pytest
from msgspec import structs

from ivr.engine.call_state import CallState
from ivr.engine.durations import duration_of
from ivr.engine.effects import EffectStatus, EndHunt, StartHunt
from ivr.engine.events import Digits, EffectResult, Event, NoInput, QueueEnded, QueueResult
from ivr.engine.prompts import BLANK
from ivr.engine.question import Question
from ivr.engine.run import PendingEffect, Reply, begin, resume_with, run
from ivr.engine.verbs import Dial, Enqueue, Gather, Hangup, Leave, Redirect
from ivr.helpline.environment import HelplineEnvironment
from ivr.helpline.hunt import HuntStatus
from ivr.helpline.rota import of_setting
from ivr.helpline.whisper import HUNT, OFFER
from ivr.steps.queue import WAYS, Queue
from ivr.telephony.twiml import Renderer
from tests.made_up import said
from tests.walk import ADVISERS, SERVICE, WORLDS

RENDERER = Renderer(SERVICE.languages, "https://helpline.example/ivr/speech", "+441632960000")
ALLOWED = {"Response", "Gather", "Say", "prosody", "break", "Pause", "Redirect", "Leave"}
"""What the provider plays to somebody who waits (https://www.twilio.com/docs/voice/twiml/enqueue#attributes-waiturl)."""
ENVIRONMENT = WORLDS[0].environment
[AT] = [at for at, step in SERVICE.steps.items() if isinstance(step, Queue)]
NO_JUMP = timedelta()
LONGEST_GAP, SHORTEST_GAP = 13, 7.5
"""Seconds from one sentence to the next, with the sentence."""


def queued(state: CallState | None = None) -> Reply:
    """Return a caller who has just been put into the queue."""
    pending = begin(SERVICE, AT, ENVIRONMENT, state or CallState(history=("school/menu",)))
    assert isinstance(pending, PendingEffect)
    assert isinstance(pending.effect, StartHunt)
    reply = resume_with(SERVICE, pending, EffectResult(EffectStatus.kept, "h1"), ENVIRONMENT)
    assert isinstance(reply, Reply)
    return reply


def enqueued(reply: Reply) -> Enqueue:
    [enqueue] = [verb for verb in reply.turn.verbs if isinstance(verb, Enqueue)]
    return enqueue


def after(seconds_: float) -> HelplineEnvironment:
    """Return the environment, so many seconds later."""
    return structs.replace(ENVIRONMENT, now=ENVIRONMENT.now + timedelta(seconds=seconds_))


def settled(
    reply: Reply | PendingEffect, result: EffectResult, environment: HelplineEnvironment = ENVIRONMENT
) -> Reply:
    while isinstance(reply, PendingEffect):
        reply = resume_with(SERVICE, reply, result, environment)
    return reply


def waits(
    longest: float = 600, standing: HuntStatus = HuntStatus.ringing, jump: timedelta | list[timedelta] = NO_JUMP
) -> Iterator[Reply]:
    """Return what a caller hears who waits and does nothing, until they leave the queue; `jump`: the clock is set so,
    to one after the other of several.
    """
    reply = queued()
    at, time = enqueued(reply).waiting, 0.0
    jumps = cycle(jump if isinstance(jump, list) else [jump])
    while time < longest:
        environment = after(time + next(jumps).total_seconds())
        reply = settled(
            run(SERVICE, at, reply.state, NoInput(), environment),
            EffectResult(EffectStatus.kept, standing),
            environment,
        )
        yield reply
        if reply.turn.verbs == (Leave(),):
            return
        time += duration_of(reply.turn) + listens(reply)


def listens(reply: Reply) -> int:
    [gather] = [verb for verb in reply.turn.verbs if isinstance(verb, Gather)]
    return gather.timeout


def in_the_queue() -> Iterator[Reply]:
    """Return everything that can be heard there."""
    for standing in HuntStatus:
        for reply in waits(standing=standing):
            yield reply
            for key in "0123456789*#":
                pressed = run(SERVICE, reply.at, reply.state, Digits(key), after(100))
                for kept in (
                    EffectResult(EffectStatus.kept, standing),
                    EffectResult(EffectStatus.nothing, "taken"),
                    EffectResult(EffectStatus.down),
                ):
                    yield settled(pressed, kept, after(100))


def test_the_caller_is_in_the_queue_before_any_adviser_can_look_for_them_there() -> None:
    reply = queued()
    assert enqueued(reply).queue == reply.state.variables[HUNT] == "h1"
    assert duration_of(reply.turn) == 0


def test_a_caller_who_waits_hears_something_about_every_ten_seconds() -> None:
    *heard, last = waits()
    gaps = [duration_of(reply.turn) + listens(reply) for reply in heard]
    assert min(gaps) >= SHORTEST_GAP
    assert max(gaps) <= LONGEST_GAP
    assert last.turn.verbs == (Leave(),)


def test_nobody_waits_for_longer_than_five_minutes() -> None:
    *heard, _ = waits()
    assert 290 < sum(duration_of(reply.turn) + listens(reply) for reply in heard) < 315
    assert "You have waited four minutes." in " ".join(said(reply.turn) for reply in heard)


@pytest.mark.parametrize("jump", [timedelta(hours=-1), timedelta(days=-20), timedelta(hours=1), timedelta(days=20)])
@pytest.mark.parametrize("standing", [HuntStatus.busy, HuntStatus.ringing])
def test_a_clock_that_is_set_neither_keeps_a_caller_for_long_nor_sends_them_away_at_once(
    jump: timedelta, standing: HuntStatus
) -> None:
    *heard, last = waits(standing=standing, jump=jump)
    assert last.turn.verbs == (Leave(),)
    assert 120 < sum(duration_of(reply.turn) + listens(reply) for reply in heard) < 560


def test_a_clock_that_runs_wildly_does_neither() -> None:
    *heard, last = waits(jump=[timedelta(hours=hours) for hours in (1, -1, 5, -700)])
    assert last.turn.verbs == (Leave(),)
    assert 120 < sum(duration_of(reply.turn) + listens(reply) for reply in heard) < 560


def test_every_document_is_one_that_is_played_in_a_queue() -> None:
    for reply in in_the_queue():
        text = RENDERER.document(reply.turn, reply.at).fill("token").decode()
        assert set(re.findall(r"<(\w+)", text)) <= ALLOWED, text
        assert isinstance(reply.turn.verbs[-1], Redirect | Leave), text
        assert reply.at == enqueued(queued()).waiting


def test_every_sentence_is_heard_by_somebody_who_waits() -> None:
    heard = " ".join(said(reply.turn) for reply in in_the_queue())
    names = [name for name in SERVICE.words.sentences if name.startswith("person.waiting.")]
    assert len(names) > 5
    for name in names:
        assert all(part.strip() in heard for part in BLANK.split(SERVICE.words.text(name))[::2]), name


@pytest.mark.parametrize("how", QueueResult)
@pytest.mark.parametrize("way", [*sorted(WAYS), "back", "direct", "", "nonsense"])
@pytest.mark.parametrize("kept", [EffectStatus.kept, EffectStatus.down])
def test_whoever_comes_out_of_the_queue_is_asked_something_or_put_through(
    how: QueueResult, way: str, kept: EffectStatus
) -> None:
    pending = run(SERVICE, AT, queued().state, QueueEnded(how, 60, "QU1"), ENVIRONMENT)
    assert isinstance(pending, PendingEffect)
    assert pending.effect == EndHunt("h1", how, "QU1")
    found = (way if how is QueueResult.left else str(how)) if kept is EffectStatus.kept else ""
    reply = settled(pending, EffectResult(kept, found))
    last = reply.turn.verbs[-1]
    if how is QueueResult.gone:
        assert isinstance(last, Hangup)
    else:
        assert isinstance(SERVICE.steps[reply.at], Question) or isinstance(last, Dial)
    if how is QueueResult.talked:
        assert reply.at in ("person/offer", "person/anything_else")
    elif how is not QueueResult.gone and (
        kept is EffectStatus.down or how is QueueResult.failed or found not in (*WAYS, "back")
    ):
        assert reply.at == "person/direct"


def test_hash_goes_back_to_where_the_caller_pressed_0() -> None:
    menu = begin(SERVICE, "school/menu", ENVIRONMENT)
    assert isinstance(menu, Reply)
    hunting = run(SERVICE, menu.at, menu.state, Digits("0"), ENVIRONMENT)
    assert isinstance(hunting, PendingEffect)
    waiting = settled(hunting, EffectResult(EffectStatus.kept, "h1"))
    back = run(SERVICE, waiting.at, waiting.state, QueueEnded(QueueResult.left), ENVIRONMENT)
    assert settled(back, EffectResult(EffectStatus.kept, "back")).at == "school/menu"


@pytest.mark.parametrize("events", [[NoInput()], [Digits("1"), NoInput()], [QueueEnded(QueueResult.talked)]], ids=str)
def test_what_comes_twice_is_answered_twice(events: list[Event]) -> None:
    for event in events:
        first, again = (run(SERVICE, AT, queued().state, event, ENVIRONMENT) for _ in range(2))
        assert (first.at, first.state) == (again.at, again.state)


def test_the_advisers_hear_what_a_step_of_the_real_helpline_says() -> None:
    assert SERVICE.steps[SERVICE.step_of_kind(OFFER)].for_adviser


def test_nobody_is_put_into_the_queue_when_nobody_is_on_duty() -> None:
    pending = begin(SERVICE, AT, structs.replace(ENVIRONMENT, advisers=of_setting(ADVISERS)))
    reply = settled(pending, EffectResult(EffectStatus.nothing))
    assert isinstance(SERVICE.steps[reply.at], Question)
    assert "no adviser is here" in said(reply.turn)
