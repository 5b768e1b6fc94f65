"""The sentences that the program says or sends, as they are written."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from ivr.engine.content import PROMPT, SERVICE, TOPIC, Content
from ivr.engine.step import Step, own
from ivr.errors import Problem
from ivr.helpline import fallback
from ivr.helpline.shift_words import SHIFT_TEXTS
from ivr.helpline.sms_bodies import SMS_PHRASES
from ivr.lint.names import pairs
from ivr.lint.readability import sentences_in

SMS = {"sms_answer": frozenset[str]()}
"""The one answer to a text that comes in."""
ALERTS = {"alert_message": frozenset[str](), **SHIFT_TEXTS}
"""What our advisers and managers are texted: when something waits for them, and about shifts."""


class Wanted(NamedTuple):
    """A prompt that the program uses: its full name, the blanks that are filled, and those that it may leave out."""

    name: str
    blanks: frozenset[str]
    optional: frozenset[str] = frozenset()


def shared_sentences(steps: Iterable[Step]) -> dict[str, frozenset[str]]:
    """Return the prompts that belong to no one step, each with the blanks that are filled in it."""
    sentences = fallback.SENTENCES | SMS | ALERTS
    for step in steps:
        sentences |= step.shares
    return sentences


def wanted(content: Content) -> Iterator[Wanted]:
    """Yield every prompt that a step, the service or a topic uses, in the order of the flows."""
    for at, step in content.steps.items():
        for name, blanks in step.sentences().items():
            yield Wanted(own(at, name), blanks, step.optional_blanks())
    for name, blanks in shared_sentences(content.steps.values()).items():
        yield Wanted(f"{SERVICE}.{name}", blanks)
    yield from (Wanted(name, frozenset()) for name in content.topics.values())


def missing_prompts(content: Content) -> dict[str, Problem]:
    """Return the prompts that are certainly missing, each with a problem where it is wanted."""
    folder = f"prompts/{content.language.tag}"
    missing: dict[str, Problem] = {}
    for at, step in content.steps.items():
        flow, _, entry = at.partition("/")
        for name in step.sentences().keys() - step.optional_sentences():
            if content.lacks_sentence(own(at, name)):
                says = f"{at} says “{name}”, and {folder}/{flow}.yaml has no “{name}” under “{entry}”"
                missing[own(at, name)] = content.at_value(at, says, name)
    for flow, sentence in content.topics.items():
        if content.lacks_sentence(sentence):
            says = f"the topic is “{sentence.split('.')[1]}”, and {folder}/{flow}.yaml has no such sentence"
            missing[sentence] = content.sources[f"flows/{flow}.yaml"].problem(says, TOPIC)
    for name in shared_sentences(content.steps.values()):
        if content.lacks_sentence(f"{SERVICE}.{name}"):
            says = f"“{name}” is missing: the program says it in many places"
            missing[f"{SERVICE}.{name}"] = Problem(f"{folder}/{SERVICE}.yaml", 1, says)
    return missing


def unused_prompts(content: Content) -> list[str]:
    """Return the prompts that certainly nobody says."""
    used = {one.name for one in wanted(content)}
    if content.has_unread_steps():  # one of them may share any of these
        used |= {name for name in content.sentences if name.startswith(f"{SERVICE}.")}
    steps = {name: "/".join(name.split(".")[:2]) for name in content.sentences if name not in used}
    return [name for name, at in steps.items() if at in content.steps or content.lacks_step(at)]


def misspelt_prompts(content: Content) -> dict[str, str]:
    """Return for each missing prompt the unused one that is probably meant for it, in the same file."""
    found: dict[str, str] = {}
    if not (missing := [*missing_prompts(content)]):
        return found
    unused = unused_prompts(content)
    for group in (_step_of, _flow_of):  # rather in the same step than elsewhere in the flow
        wanted, free = (_grouped(names, group) for names in (missing, unused))
        for part in wanted.keys() & free.keys():
            found |= {wanted[part][one]: free[part][other] for one, other in pairs(wanted[part], free[part]).items()}
        missing = [name for name in missing if name not in found]
        unused = [name for name in unused if name not in found.values()]
    return found


def _step_of(name: str) -> str:
    return name.rpartition(".")[0]


def _flow_of(name: str) -> str:
    return name.partition(".")[0]


def _grouped(names: Iterable[str], group: Callable[[str], str]) -> dict[str, dict[str, str]]:
    """Return prompts by group, and by what their names have beyond it."""
    groups: dict[str, dict[str, str]] = {}
    for name in names:
        rest = name.removeprefix(f"{group(name)}.")
        groups.setdefault(group(name), {})[rest.removesuffix(f".{PROMPT}")] = name
    return groups


def misspelt_in_flows(content: Content) -> dict[str, str]:
    """Return those of the misspelt prompts that are right in the prompts: other sentences have them as a blank."""
    return {
        name: written
        for name, written in misspelt_prompts(content).items()
        if any(
            written.removeprefix(f"{_step_of(name)}.") in sentence.blanks
            for other, sentence in content.sentences.items()
            if _step_of(other) == _step_of(name)
        )
    }


def texted(content: Content) -> dict[str, str]:
    """Return the prompts that are sent as SMS, by name."""
    names = [
        own(at, name) for at, step in content.steps.items() for name in step.texted() | step.answers() | step.alerts()
    ]
    names += [f"{SERVICE}.{name}" for name in (*SMS, *ALERTS)]
    return {name: content.sentences[name].text for name in names if name in content.sentences}


def texted_to_callers(content: Content) -> dict[str, str]:
    """Return the prompts that are sent to callers as SMS, by name; not the answer to a text that came in."""
    names = {own(at, name) for at, step in content.steps.items() for name in step.texted() | step.answers()}
    return {name: text for name, text in texted(content).items() if name in names}


def spoken(content: Content) -> dict[str, str]:
    """Return the prompts that are said, by name, in the order of the flows."""
    by_eye = texted(content).keys() | {f"{SERVICE}.{name}" for name in SMS_PHRASES}
    names = (one.name for one in wanted(content))
    return {name: content.sentences[name].text for name in names if name in content.sentences and name not in by_eye}


def spoken_sentences(content: Content) -> Iterator[tuple[str, str]]:
    """Yield each sentence of the prompts that are said, with the name of its prompt."""
    for name, text in spoken(content).items():
        yield from ((name, sentence) for sentence in sentences_in(text))


def spoken_by_step(content: Content) -> list[dict[str, str]]:
    """Return the prompts that are said, those of one step together."""
    groups: dict[str, dict[str, str]] = {}
    for name, text in spoken(content).items():
        groups.setdefault(name.rpartition(".")[0] if name.count(".") > 1 else name, {})[name] = text
    return list(groups.values())
