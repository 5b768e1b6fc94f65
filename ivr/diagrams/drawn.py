"""Makes the picture of a flow, and of the whole, out of flows and prompts."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from ivr.diagrams.exits import entries, merged
from ivr.diagrams.found import by_step
from ivr.diagrams.listening import listening
from ivr.diagrams.picture import Arrow, Box, Picture, Stub
from ivr.engine.call_flows import CallFlows
from ivr.engine.content import Content
from ivr.engine.durations import Measure, words_at_150_wpm
from ivr.engine.step import Target, own
from ivr.errors import Problem

WHOLE = "whole"
"""The name of the picture of all flows."""
NEARLY_EVERYBODY = 5
"""A flow that more others lead to than this is written beside them: arrows would hide all else."""


@dataclass(frozen=True)
class Drawn:
    """Flows and prompts, with what is wrong with them, to be made into pictures; `measure` tells how long speech is."""

    content: Content
    problems: tuple[Problem, ...] = ()
    measure: Measure = words_at_150_wpm

    @cached_property
    def flows(self) -> tuple[str, ...]:
        """Every flow, in the order of the files."""
        return tuple(dict.fromkeys(at.partition("/")[0] for at in self.content.named))

    def flow(self, flow: str) -> Picture:
        """One flow: a box for each step, and beside it what comes from other flows and leads to them."""
        steps = [at for at in self.content.named if _flow(at) == flow]
        arrows = [
            Arrow(_step(at), _step(to), labels) for at in steps for to, labels in self._ways(at).items() if to in steps
        ]
        loose = [says for file in self._files(flow) for says in self._found.get(file, ())]
        return Picture(flow, f"The flow “{flow}”", tuple(map(self._box, steps)), tuple(arrows), tuple(loose))

    def whole(self) -> Picture:
        """A box for each flow. Whatever nearly everybody leads to is written beside each."""
        ways = self._ways_between_flows()
        into = {flow: sum(flow in to for to in ways.values()) for flow in self.flows}
        hubs = {flow for flow, count in into.items() if count > NEARLY_EVERYBODY}
        first = _flow(self.content.entries.get("answer", Target("")))
        order = sorted(self.flows, key=lambda flow: flow != first)
        boxes = [self._flow_box(flow, {to: ways[flow][to] for to in ways[flow] if to in hubs}) for flow in order]
        arrows = [Arrow(flow, to, labels) for flow in self.flows for to, labels in ways[flow].items() if to not in hubs]
        return Picture(WHOLE, "The whole helpline", tuple(boxes), tuple(arrows))

    def _box(self, at: str) -> Box:
        step = self.content.steps.get(at)
        others = {to: labels for to, labels in self._ways(at).items() if _flow(to) != _flow(at) or to == at}
        missing = {to: labels for to, labels in self._ways(at).items() if to not in self.content.named}
        leaves = [Stub(labels, to, to in missing) for to, labels in (others | missing).items()]
        return Box(
            name=_step(at),
            kind=step.kind.replace("_", " ") if step else "not a step we can read",
            words=self._words(at),
            seconds=listening(self.content, self._flows, at, self.measure) if step else "",
            enters=tuple(self._comers.get(at, ())),
            leaves=tuple(leaves),
            problems=self._found.get(at, ()),
        )

    def _flow_box(self, flow: str, leaves: Mapping[str, tuple[str, ...]]) -> Box:
        steps = [at for at in self.content.named if _flow(at) == flow]
        wrong = sum(len(self._found.get(name, ())) for name in (*steps, *self._files(flow)))
        topic = self.content.sentences.get(self.content.topics.get(flow, ""))
        comes = [how for at, how in entries(self.content) if _flow(at) == flow]
        return Box(
            name=flow,
            kind=f"{len(steps)} step{'s' if len(steps) > 1 else ''}",
            words=topic.text if topic else "",
            seconds=self._seconds(steps),
            enters=tuple(dict.fromkeys(comes)),
            leaves=tuple(Stub(labels, to) for to, labels in leaves.items()),
            problems=(f"{wrong} to mend",) if wrong else (),
        )

    def _seconds(self, steps: Iterable[str]) -> str:
        """All that can be heard in a flow, each step once."""
        told = [listening(self.content, self._flows, at, self.measure) for at in steps if at in self.content.steps]
        seconds = sum(int(number) for one in told if one.endswith(("s", "pages")) for number in _seconds_in(one))
        return f"{seconds} s in all" if seconds else ""

    def _words(self, at: str) -> str:
        """How its sentences begin."""
        step = self.content.steps.get(at)
        names = [own(at, name) for name in step.sentences()] if step else []
        return " ".join(self.content.sentences[name].text for name in names[:2] if name in self.content.sentences)

    def _ways(self, at: str) -> Mapping[str, tuple[str, ...]]:
        step = self.content.steps.get(at)
        return merged(step) if step else {}

    def _ways_between_flows(self) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
        ways: dict[str, dict[str, tuple[str, ...]]] = {flow: {} for flow in self.flows}
        for at in self.content.named:
            for to, labels in self._ways(at).items():
                if _flow(to) != _flow(at) and _flow(to) in ways:
                    before = ways[_flow(at)].get(_flow(to), ())
                    ways[_flow(at)][_flow(to)] = tuple(dict.fromkeys((*before, *labels)))
        return {
            flow: {to: tuple(sorted(labels, key=_keys_first)) for to, labels in found.items()}
            for flow, found in ways.items()
        }

    @cached_property
    def _comers(self) -> Mapping[str, list[str]]:
        """From where calls come to each step, other than from its own flow."""
        comers: dict[str, list[str]] = defaultdict(list)
        for at, how in entries(self.content):
            comers[at].append(how)
        for at in self.content.named:
            for to in self._ways(at):
                if _flow(to) != _flow(at) and _flow(at) not in comers[to]:
                    comers[to].append(_flow(at))
        return comers

    @cached_property
    def _found(self) -> Mapping[str, tuple[str, ...]]:
        return by_step(self.content, self.problems)

    @cached_property
    def _flows(self) -> CallFlows | None:
        """The helpline as it would speak; none while there is something to mend."""
        return None if self.problems else self.content.flows()

    def _files(self, flow: str) -> tuple[str, ...]:
        return (f"flows/{flow}.yaml", f"prompts/{self.content.language.tag}/{flow}.yaml")


def _flow(at: str) -> str:
    return at.partition("/")[0]


def _step(at: str) -> str:
    return at.partition("/")[2]


def _keys_first(label: str) -> tuple[bool, str]:
    return not label[:1].isdigit(), label


def _seconds_in(told: str) -> list[str]:
    """
    >>> _seconds_in("up to 12 s"), _seconds_in("60 s, 4 pages"), _seconds_in("3 texts")
    (['12'], ['60'], [])
    """
    words = told.replace(",", "").split()
    return [before for before, word in pairwise(words) if word == "s"]
