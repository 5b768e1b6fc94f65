"""The real helpline's queue: whoever waits hears something every ten seconds or so, and comes out of it in the end."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from msgspec import structs

from ivr.engine.events import Digits, Event, Exit, LeftQueue, NoInput, PromiseKept
from ivr.engine.memory import Memory
from ivr.engine.promises import Hunt, HuntEnd, Kept
from ivr.engine.prompts import BLANK
from ivr.engine.question import Question
from ivr.engine.run import Owed, Reply, begin, run, settle
from ivr.engine.seconds import seconds_of
from ivr.engine.verbs import ComeBack, Dial, Enqueue, Gather, Hangup, Leave
from ivr.helpline.desk import HelplineDesk
from ivr.helpline.hunt import Standing
from ivr.helpline.rota import of_setting
from ivr.helpline.screening import HUNT, OFFER
from ivr.steps.queue import WAYS, Queue
from ivr.telephony.twiml import Renderer
from tests.made_up import said
from tests.walk import ADVISERS, HELPLINE, SERVICE, WORLDS

RENDERER = Renderer(SERVICE.words.language, "https://helpline.example/ivr/voice", "+441632960000")
ALLOWED = {"Response", "Gather", "Say", "prosody", "break", "Pause", "Redirect", "Leave"}
"""What the provider plays to somebody who waits (https://www.twilio.com/docs/voice/twiml/enqueue#attributes-waiturl)."""
DESK = WORLDS[0].desk
[AT] = [at for at, step in SERVICE.steps.items() if isinstance(step, Queue)]
LONGEST_GAP, SHORTEST_GAP = 13, 7.5
"""Seconds from one sentence to the next, with the sentence."""


def queued(memory: Memory | None = None) -> Reply:
    """A caller who has just been put into the queue."""
    owed = begin(SERVICE, AT, DESK, memory or Memory(trail=("school/menu",)))
    assert isinstance(owed, Owed)
    assert isinstance(owed.promise, Hunt)
    reply = settle(SERVICE, owed, PromiseKept(Kept.kept, "h1"), DESK)
    assert isinstance(reply, Reply)
    return reply


def enqueued(reply: Reply) -> Enqueue:
    [enqueue] = [verb for verb in reply.turn.verbs if isinstance(verb, Enqueue)]
    return enqueue


def after(seconds_: float) -> HelplineDesk:
    """The desk, so many seconds later."""
    return structs.replace(DESK, now=DESK.now + timedelta(seconds=seconds_))


def settled(reply: Reply | Owed, kept: PromiseKept, desk: HelplineDesk = DESK) -> Reply:
    while isinstance(reply, Owed):
        reply = settle(SERVICE, reply, kept, desk)
    return reply


def waits(longest: float = 600, standing: Standing = Standing.ringing) -> Iterator[Reply]:
    """What a caller hears who waits and does nothing, until they leave the queue."""
    reply = queued()
    at, time = enqueued(reply).waiting, 0.0
    while time < longest:
        desk = after(time)
        reply = settled(run(SERVICE, at, reply.memory, NoInput(), desk), PromiseKept(Kept.kept, standing), desk)
        yield reply
        if reply.turn.verbs == (Leave(),):
            return
        time += seconds_of(reply.turn) + listens(reply)


def listens(reply: Reply) -> int:
    [gather] = [verb for verb in reply.turn.verbs if isinstance(verb, Gather)]
    return gather.timeout


def in_the_queue() -> Iterator[Reply]:
    """Everything that can be heard there."""
    for standing in Standing:
        for reply in waits(standing=standing):
            yield reply
            for key in "0123456789*#":
                pressed = run(SERVICE, reply.at, reply.memory, Digits(key), after(100))
                for kept in (
                    PromiseKept(Kept.kept, standing),
                    PromiseKept(Kept.nothing, "taken"),
                    PromiseKept(Kept.down),
                ):
                    yield settled(pressed, kept, after(100))


def test_the_caller_is_in_the_queue_before_any_adviser_can_look_for_them_there() -> None:
    reply = queued()
    assert enqueued(reply).queue == reply.memory.notes[HUNT] == "h1"
    assert seconds_of(reply.turn) == 0


def test_a_caller_who_waits_hears_something_about_every_ten_seconds() -> None:
    *heard, last = waits()
    gaps = [seconds_of(reply.turn) + listens(reply) for reply in heard]
    assert min(gaps) >= SHORTEST_GAP
    assert max(gaps) <= LONGEST_GAP
    assert last.turn.verbs == (Leave(),)


def test_nobody_waits_for_longer_than_five_minutes() -> None:
    *heard, _ = waits()
    assert 290 < sum(seconds_of(reply.turn) + listens(reply) for reply in heard) < 315
    assert "You have waited four minutes." in " ".join(said(reply.turn) for reply in heard)


def test_every_document_is_one_that_is_played_in_a_queue() -> None:
    for reply in in_the_queue():
        text = RENDERER.document(reply.turn, reply.at).fill("memory").decode()
        assert set(re.findall(r"<(\w+)", text)) <= ALLOWED, text
        assert isinstance(reply.turn.verbs[-1], ComeBack | Leave), text
        assert reply.at == enqueued(queued()).waiting


def test_every_sentence_is_heard_by_somebody_who_waits() -> None:
    heard = " ".join(said(reply.turn) for reply in in_the_queue())
    names = [name for name in SERVICE.words.sentences if name.startswith("person.waiting.")]
    assert len(names) > 5
    for name in names:
        assert all(part.strip() in heard for part in BLANK.split(SERVICE.words.text(name))[::2]), name


@pytest.mark.parametrize("how", Exit)
@pytest.mark.parametrize("way", [*sorted(WAYS), "back", "direct", "", "nonsense"])
@pytest.mark.parametrize("kept", [Kept.kept, Kept.down])
def test_whoever_comes_out_of_the_queue_is_asked_something_or_put_through(how: Exit, way: str, kept: Kept) -> None:
    owed = run(SERVICE, AT, queued().memory, LeftQueue(how, 60, "QU1"), DESK)
    assert isinstance(owed, Owed)
    assert owed.promise == HuntEnd("h1", how, "QU1")
    found = (way if how is Exit.left else str(how)) if kept is Kept.kept else ""
    reply = settled(owed, PromiseKept(kept, found))
    last = reply.turn.verbs[-1]
    if how is Exit.gone:
        assert isinstance(last, Hangup)
    else:
        assert isinstance(SERVICE.steps[reply.at], Question) or isinstance(last, Dial)
    if how is Exit.talked:
        assert reply.at in ("person/offer", "person/anything_else")
    elif how is not Exit.gone and (kept is Kept.down or how is Exit.failed or found not in (*WAYS, "back")):
        assert reply.at == "person/direct"


def test_hash_goes_back_to_where_the_caller_pressed_0() -> None:
    menu = begin(SERVICE, "school/menu", DESK)
    assert isinstance(menu, Reply)
    hunting = run(SERVICE, menu.at, menu.memory, Digits("0"), DESK)
    assert isinstance(hunting, Owed)
    waiting = settled(hunting, PromiseKept(Kept.kept, "h1"))
    back = run(SERVICE, waiting.at, waiting.memory, LeftQueue(Exit.left), DESK)
    assert settled(back, PromiseKept(Kept.kept, "back")).at == "school/menu"


@pytest.mark.parametrize("events", [[NoInput()], [Digits("1"), NoInput()], [LeftQueue(Exit.talked)]], ids=str)
def test_what_comes_twice_is_answered_twice(events: list[Event]) -> None:
    for event in events:
        first, again = (run(SERVICE, AT, queued().memory, event, DESK) for _ in range(2))
        assert (first.at, first.memory) == (again.at, again.memory)


def test_the_advisers_hear_what_a_step_of_the_real_helpline_says() -> None:
    assert SERVICE.steps[SERVICE.step_of_kind(OFFER)].for_adviser


def test_nobody_is_put_into_the_queue_when_nobody_is_on_duty() -> None:
    owed = begin(SERVICE, AT, HelplineDesk(DESK.now, HELPLINE.contacts, of_setting(ADVISERS), rules=HELPLINE.rules))
    reply = settled(owed, PromiseKept(Kept.nothing))
    assert isinstance(SERVICE.steps[reply.at], Question)
    assert "no adviser is here" in said(reply.turn)
