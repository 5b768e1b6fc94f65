"""Builds the diagram of a flow, and of the whole helpline, from flows and prompts."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from ivr.diagrams.diagram import Arrow, Box, Diagram, Stub
from ivr.diagrams.exits import entries, labels_by_target
from ivr.diagrams.step_duration import step_duration
from ivr.engine.call_flows import CallFlows
from ivr.engine.compile import compiled
from ivr.engine.content import Content
from ivr.engine.durations import Measure, words_at_150_wpm
from ivr.engine.step import Target, own
from ivr.errors import Problem

WHOLE = "whole"
"""The name of the diagram of all flows together."""
HUB_DEGREE = 5
"""A flow that more others lead to than this is drawn as a stub beside them: arrows would hide all else."""


@dataclass(frozen=True)
class DiagramBuilder:
    """Builds diagrams of flows with their problems; `measure` returns the duration of speech."""

    content: Content
    problems: tuple[Problem, ...] = ()
    measure: Measure = words_at_150_wpm

    @cached_property
    def flows(self) -> tuple[str, ...]:
        """Every flow, in the order of the files."""
        return tuple(dict.fromkeys(at.partition("/")[0] for at in self.content.named))

    def flow(self, flow: str) -> Diagram:
        """Return the diagram of one flow: a box for each step, with stubs for the exits to other flows."""
        steps = [at for at in self.content.named if _flow(at) == flow]
        arrows = [
            Arrow(_step(at), _step(to), labels) for at in steps for to, labels in self._exits(at).items() if to in steps
        ]
        unplaced = [says for file in self._files(flow) for says in self._problems_by_step.get(file, ())]
        return Diagram(flow, f"The flow “{flow}”", tuple(map(self._box, steps)), tuple(arrows), tuple(unplaced))

    def whole(self) -> Diagram:
        """Return the diagram of the whole helpline: a box for each flow, with stubs for the exits to hubs."""
        exits = self._exits_between_flows()
        into = {flow: sum(flow in to for to in exits.values()) for flow in self.flows}
        hubs = {flow for flow, count in into.items() if count > HUB_DEGREE}
        first = _flow(self.content.entries.get("answer", Target("")))
        order = sorted(self.flows, key=lambda flow: flow != first)
        boxes = [self._flow_box(flow, {to: exits[flow][to] for to in exits[flow] if to in hubs}) for flow in order]
        edges = [(flow, to) for flow in self.flows for to in exits[flow] if to not in hubs]
        arrows = [Arrow(flow, to, exits[flow][to]) for flow, to in edges]
        return Diagram(WHOLE, "The whole helpline", tuple(boxes), tuple(arrows))

    def _box(self, at: str) -> Box:
        step = self.content.steps.get(at)
        others = {to: labels for to, labels in self._exits(at).items() if _flow(to) != _flow(at) or to == at}
        missing = {to: labels for to, labels in self._exits(at).items() if to not in self.content.named}
        outgoing = [Stub(labels, to, to in missing) for to, labels in (others | missing).items()]
        return Box(
            name=_step(at),
            kind=step.kind.replace("_", " ") if step else "not a step we can read",
            words=self._words(at),
            seconds=step_duration(self.content, self._flows, at, self.measure) if step else "",
            incoming=tuple(self._incoming.get(at, ())),
            outgoing=tuple(outgoing),
            problems=self._problems_by_step.get(at, ()),
        )

    def _flow_box(self, flow: str, outgoing: Mapping[str, tuple[str, ...]]) -> Box:
        steps = [at for at in self.content.named if _flow(at) == flow]
        wrong = sum(len(self._problems_by_step.get(name, ())) for name in (*steps, *self._files(flow)))
        topic = self.content.sentences.get(self.content.topics.get(flow, ""))
        incoming = [how for at, how in entries(self.content) if _flow(at) == flow]
        return Box(
            name=flow,
            kind=f"{len(steps)} step{'s' if len(steps) > 1 else ''}",
            words=topic.text if topic else "",
            seconds=self._seconds(steps),
            incoming=tuple(dict.fromkeys(incoming)),
            outgoing=tuple(Stub(labels, to) for to, labels in outgoing.items()),
            problems=(f"{wrong} errors",) if wrong else (),
        )

    def _seconds(self, steps: Iterable[str]) -> str:
        """Return the duration of all prompts of a flow, each step once."""
        content = self.content
        durations = [step_duration(content, self._flows, at, self.measure) for at in steps if at in content.steps]
        seconds = sum(int(number) for one in durations if one.endswith(("s", "pages")) for number in _seconds_in(one))
        return f"{seconds} s in all" if seconds else ""

    def _words(self, at: str) -> str:
        """Return the first two sentences of a step."""
        step = self.content.steps.get(at)
        names = [own(at, name) for name in step.sentences()] if step else []
        return " ".join(self.content.sentences[name].text for name in names[:2] if name in self.content.sentences)

    def _exits(self, at: str) -> Mapping[str, tuple[str, ...]]:
        step = self.content.steps.get(at)
        return labels_by_target(step) if step else {}

    def _exits_between_flows(self) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
        exits: dict[str, dict[str, tuple[str, ...]]] = {flow: {} for flow in self.flows}
        for at in self.content.named:
            for to, labels in self._exits(at).items():
                if _flow(to) != _flow(at) and _flow(to) in exits:
                    before = exits[_flow(at)].get(_flow(to), ())
                    exits[_flow(at)][_flow(to)] = tuple(dict.fromkeys((*before, *labels)))
        return {
            flow: {to: tuple(sorted(labels, key=_keys_first)) for to, labels in found.items()}
            for flow, found in exits.items()
        }

    @cached_property
    def _incoming(self) -> Mapping[str, list[str]]:
        """Return the entries and other flows that lead to each step."""
        incoming: dict[str, list[str]] = defaultdict(list)
        for at, how in entries(self.content):
            incoming[at].append(how)
        for at in self.content.named:
            for to in self._exits(at):
                if _flow(to) != _flow(at) and _flow(at) not in incoming[to]:
                    incoming[to].append(_flow(at))
        return incoming

    @cached_property
    def _problems_by_step(self) -> Mapping[str, tuple[str, ...]]:
        return problems_by_step(self.content, self.problems)

    @cached_property
    def _flows(self) -> CallFlows | None:
        """Return the compiled flows, or None while there are problems."""
        return None if self.problems else compiled(self.content)

    def _files(self, flow: str) -> tuple[str, ...]:
        return (f"flows/{flow}.yaml", f"prompts/{self.content.language.tag}/{flow}.yaml")


def _flow(at: str) -> str:
    return at.partition("/")[0]


def _step(at: str) -> str:
    return at.partition("/")[2]


def _keys_first(label: str) -> tuple[bool, str]:
    return not label[:1].isdigit(), label


def _seconds_in(duration: str) -> list[str]:
    """Return the numbers of seconds in the duration of a step.

    >>> _seconds_in("up to 12 s"), _seconds_in("60 s, 4 pages"), _seconds_in("3 texts")
    (['12'], ['60'], [])
    """
    words = duration.replace(",", "").split()
    return [before for before, word in pairwise(words) if word == "s"]


def problems_by_step(content: Content, problems: Iterable[Problem]) -> Mapping[str, tuple[str, ...]]:
    """Return the problems of each step by `flow/step`; those of no step by the name of their file."""
    found: dict[str, list[str]] = defaultdict(list)
    for problem in problems:
        at = _at(content, problem)
        found[at or problem.file].append(problem.says if at else f"{problem.file}:{problem.line}: {problem.says}")
    return {at: tuple(says) for at, says in found.items()}


def _at(content: Content, problem: Problem) -> str:
    """Return the step whose entry, in the flow or the prompts, contains the line of a problem, or an empty string."""
    source = content.sources.get(problem.file)
    flow = problem.file.rpartition("/")[2].removesuffix(".yaml")
    names = [(line, path[0]) for path, line in source.lines.items() if len(path) == 1] if source else []
    above = max(((line, name) for line, name in names if line <= problem.line), default=(0, ""))
    at = f"{flow}/{above[1]}"
    return at if at in content.named else ""
