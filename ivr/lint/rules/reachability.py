"""Rules about where calls lead: targets, dead ends, loops, silence, and the way to a person."""

from collections.abc import Iterable, Iterator

from ivr.engine.content import SERVICE, Content
from ivr.engine.graph import ending, exits_of, keys_to, leads_to, levels_to, reachable, reached
from ivr.engine.question import Question
from ivr.engine.step import Step
from ivr.engine.validation import MISSING
from ivr.errors import Problem
from ivr.helpline.contacts import ADVISERS
from ivr.helpline.whisper import CALL_BACK_OFFER, OFFER
from ivr.lint.first_advice import ways_to_advice
from ivr.lint.limits import MOST_KEYS_TO_A_PERSON, MOST_LEVELS
from ivr.lint.names import ALIKE, likeness, wanted_in_vain
from ivr.lint.registry import LintContext, rule
from ivr.lint.routes import routes

ANSWER, PERSON, BROKEN = "answer", "person", "broken"
"""Entries of `flows/helpline.yaml`."""
OFFERS = {"queue": OFFER, "call_back": CALL_BACK_OFFER}
"""The kinds of step for which we ring advisers on calls of their own, and the kind of step that those hear."""


@rule("unknown_target", "start", "Every exit leads to a step that exists.")
def unknown_target(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report an exit or an entry that leads nowhere."""
    led_to = {*content.entries.values(), *(target for at in content.steps for target in exits_of(content, at))}
    yield from wanted_in_vain(_unknown(content), content.named, content.named.keys() - led_to, content.at_step)


def _unknown(content: Content) -> dict[str, list[Problem]]:
    """Return the targets that are no steps, with a problem for each place that leads there."""
    unknown: dict[str, list[Problem]] = {}
    for name, target in content.entries.items():
        if content.lacks_step(target):
            says = f"“{name}” leads to {target}, and there is no such step"
            unknown.setdefault(target, []).append(_at_entry(content, name, says))
    for at, step in content.steps.items():
        for path, target in step.exits():
            if content.lacks_step(target):
                says = f"“{path[0]}” of {at} leads to {target}, and there is no such step"
                unknown.setdefault(target, []).append(content.at_step(at, says, *path))
    return unknown


@rule("unreachable_step", "start", "Every step can be reached by some caller.")
def unreachable_step(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report a step that no exit, no entry and no key leads to, and not those behind it. An adviser who is rung begins
    at a step of their own.
    """
    if any(problem.rule == MISSING and problem.file.startswith("flows/") for problem in content.problems):
        return  # the exit that somebody left out could lead to any step
    starts = {*content.entries.values(), *(at for at, step in content.steps.items() if step.for_adviser)}
    starts |= {at for at in content.steps if _may_be_led_to(content, at)}
    unstated = (at for at, step in content.steps.items() if step.states and not step.stale)  # unknown_rule reports it
    for target in (*_unknown(content), *unstated):
        starts |= _meant(target, _heads(content, content.steps.keys() - reachable(content, starts)))
    for at in _heads(content, content.steps.keys() - reachable(content, starts)):
        yield content.at_step(at, f"nobody can reach {at}: no exit leads here")


def _meant(target: str, heads: Iterable[str]) -> set[str]:
    """Return the one of some steps, which nothing leads to, that an exit that leads nowhere was meant to lead to."""
    flow = target.partition("/")[0]
    alike = {at: likeness(at, target) for at in heads}
    close = [at for at, degree in alike.items() if at.startswith(f"{flow}/") or degree >= ALIKE]
    return {max(close, key=alike.__getitem__)} if close else set()


def _may_be_led_to(content: Content, at: str) -> bool:
    """Return whether something that could not be read may lead to a step."""
    flow, _, name = at.partition("/")
    return content.may_hold(f"flows/{flow}.yaml", name) or content.may_hold("flows/", at)


def _heads(content: Content, unreached: Iterable[str]) -> list[str]:
    """Return the fewest of some steps from which all of them are reached."""
    heads: dict[str, set[str]] = {}
    for at in sorted(unreached):
        if not any(at in behind for behind in heads.values()):
            behind = reachable(content, [at])
            heads = {head: others for head, others in heads.items() if head not in behind} | {at: behind}
    return list(heads)


@rule("former_name", "start", "A former name of a step is one that no other step has, or had.")
def former_name(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report a former name that a step still has, or that two steps claim."""
    claimed: dict[str, str] = {}
    for at, step in content.steps.items():
        for place, former in enumerate(step.formerly):
            if former in content.named and content.steps[former].waits:
                says = f"{former} is a step still at which calls stand, so {at} was not “formerly” it"
                yield content.at_step(at, says, "formerly", str(place))
            elif claimed.setdefault(former, at) != at:
                says = f"{claimed[former]} was “formerly” {former} already; a call there cannot go on at two steps"
                yield content.at_step(at, says, "formerly", str(place))


@rule("dead_end", "start", "No caller comes to a step that is not for them, or that has no way on.")
def dead_end(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report an exit into what an adviser hears, or into a queue's words without a queue; a step with neither exit nor
    end.
    """
    for at, step in content.steps.items():
        if not step.ends_call and not any(True for _ in step.exits()):
            yield content.at_step(at, f"{at} is a dead end: it has no exit, and it does not end the call")
        for path, target in step.exits():
            other = content.steps.get(target)
            if other and other.comes_by is not None and other.comes_by != path[-1]:
                says = f"“{path[0]}” of {at} leads to {target}, a dead end for a caller: {_whose(other.comes_by)}"
                yield content.at_step(at, says, *path)


def _whose(comes_by: str) -> str:
    return f"only “{comes_by}” may lead there" if comes_by else "it is for an adviser whom we ring"


@rule(
    "endless_step",
    "start",
    "From every step the call can come to an end, and no steps lead round in a circle without stopping.",
)
def endless_step(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report a step without a way to the end, or a step that comes round to itself with nobody asked anything."""

    def unasked(at: str) -> Iterable[str]:
        return () if isinstance(content.steps.get(at), Question) else exits_of(content, at)

    can_end = ending(content)
    for at, step in content.steps.items():
        if at not in can_end:
            yield content.at_step(at, f"a call that comes to {at} can never end: no way from here to a goodbye")
        elif not isinstance(step, Question) and at in reached(unasked(at), unasked):
            yield content.at_step(at, f"{at} leads round to itself without the caller being asked anything")


@rule(
    "endless_silence",
    "start",
    "A caller who does nothing comes to a spoken goodbye in the end, by way of a person where one is there.",
)
def endless_silence(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report a question from which silence, wrong keys and failed calls lead back to it, for as long as the line is
    open.
    """

    def in_silence(at: str) -> Iterable[str]:
        return content.steps[at].silent_exits() if at in content.steps else ()

    for at, step in content.steps.items():
        if step.ways() and at in reached(in_silence(at), in_silence):
            says = f"a caller who does nothing at {at} is led round to it again for ever, and never hears a goodbye"
            yield content.at_step(at, says, "otherwise")


@rule("nobody_behind_0", "start", "0 is a person: what it leads to rings our advisers, or asks whether they are there.")
def nobody_behind_0(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report an entry for the 0 key, or for when a step is broken, that does not come to them by itself."""
    for name in (PERSON, BROKEN):
        target = content.entries.get(name)
        if target in content.named and not _leads_to_advisers(content, str(target)):
            yield _at_entry(content, name, f"“{name}” leads to {target}, and nobody of ours is rung from there")


@rule("unanswered_question", "start", "Whoever cannot or does not answer a question reaches a person.")
def unanswered_question(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report a question that a caller can meet before our advisers were rung, and whose failure does not ring them.

    After they were rung and nobody came, or where a step has told that nobody may be, failing may end in a spoken
    goodbye.
    """

    def before(at: str) -> Iterable[str]:
        step = content.steps.get(at)
        if step is None or _rings_advisers(step):
            return ()
        way = step.way_to_a_person()
        return exits_of(content, at) if way is None else [way]

    for at in sorted(reached(content.entries.values(), before)):
        step = content.steps.get(at)
        if isinstance(step, Question) and not _leads_to_advisers(content, step.otherwise):
            says = f"a caller who does not answer {at} must reach a person, and “otherwise” leads to {step.otherwise}"
            yield content.at_step(at, says, "otherwise")


def _rings_advisers(step: Step | None) -> bool:
    return step is not None and step.rings() == ADVISERS


def _leads_to_advisers(content: Content, at: str) -> bool:
    return leads_to(content, at, _rings_advisers)


@rule(
    "missing_offer",
    "start",
    "An adviser whom we ring is told what it is about, and must press a key: some flow has the step for it.",
)
def missing_offer(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report a queue, or a promise to ring back, in a helpline that has nothing for its advisers to hear."""
    kinds = {step.kind for step in content.steps.values()}
    for at, step in content.steps.items() if not content.has_unread_steps() else ():
        if (offer := OFFERS.get(step.kind, "")) and offer not in kinds:
            says = f"we ring advisers for {at}, and no flow has a step of kind {offer} for them to hear"
            yield content.at_step(at, says)


@rule("far_from_a_person", "release", "A person is three keys away at most, from everywhere.")
def far_from_a_person(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report too many questions behind the 0 key, which is the first of the keys."""
    person = content.entries.get(PERSON)
    keys = keys_to(content, person, _rings_advisers) if person in content.steps else None
    if keys is not None and keys + 1 > MOST_KEYS_TO_A_PERSON:
        says = f"a person is {keys + 1} keys away from everywhere, and {MOST_KEYS_TO_A_PERSON} are the most"
        yield _at_entry(content, PERSON, says)


@rule(
    "too_deep",
    "release",
    "Nothing that is told lies deeper than three levels of menus: a caller keeps no map of the service in their head.",
)
def too_deep(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report a question that lies behind more menus than that, by the shortest way from the answer of a call."""
    start = content.entries.get(ANSWER)
    for at, levels in levels_to(content, start).items() if start in content.steps else ():
        step = content.steps.get(at)
        if isinstance(step, Question) and not step.levels and levels > MOST_LEVELS:
            yield content.at_step(at, f"{at} lies behind {levels} menus, and {MOST_LEVELS} are the most")


@rule("long_way", "release", "Nobody listens for long before what they rang for: a person, a topic, a deadline.")
def long_way(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report a way from pick-up of more seconds of speech than it may take, by the table in docs/seconds.md."""
    for route in routes(content, context):
        if route.seconds > route.most:
            long = f"{route.to} is {route.seconds:.0f} seconds of speech from pick-up"
            yield content.at_step(route.at, f"{long}, and {route.most:.0f} are the most")


@rule("late_advice", "release", "The first advice comes soon after its topic was chosen.")
def late_advice(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report a topic with more than 20 seconds of speech before its first page or number."""
    for route in ways_to_advice(content, context):
        if route.seconds > route.most:
            late = f"{route.to} comes {route.seconds:.0f} seconds of speech after the topic was chosen"
            yield content.at_step(route.at, f"{late}, and {route.most:.0f} are the most")


def _at_entry(content: Content, name: str, says: str) -> Problem:
    return content.sources[f"flows/{SERVICE}.yaml"].problem(says, name)
