"""Reads scenarios from YAML files, with the line of every mistake."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml
from yaml import MappingNode, MarkedYAMLError, Node, ScalarNode, SequenceNode, YAMLError

from ivr.errors import IvrError
from ivr.simulator.network.callee import CALLEES, UNDECIDED
from ivr.simulator.scenarios.actions import ACTIONS
from ivr.simulator.scenarios.scenario import CALLERS, Scenario, Step

FIELDS = ("title", "listen_for", "at", "from", "settings", "far_ends", "rota", "closures", "call")
DEFAULT_CALLEE = "otherwise"
"""In `far_ends`: the behaviour of every number that is not listed."""


class ScenarioError(IvrError):
    """A scenario that cannot be read; the message has file and line."""


def read_scenario(path: Path) -> Scenario:
    """Read a scenario file. All values are text: a key is not a number, and 01 is not 1.

    Raises ScenarioError, with file and line, for anything unknown.
    """
    return _Reader(str(path)).scenario(path.read_text(encoding="utf-8"))


class _Reader:
    def __init__(self, file: str) -> None:
        self._file = file

    def scenario(self, text: str) -> Scenario:
        try:
            root = yaml.compose(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))
        except YAMLError as error:
            raise self._unreadable(error) from None
        given = self._mapping(root)
        for name, node in given.items():
            if name not in FIELDS:
                raise self._error(node, f'There is no field "{name}".')
        for name in ("title", "at", "call"):
            if name not in given:
                raise self._error(root, f'The field "{name}" is missing.')
        caller = self._text(given["from"]) if "from" in given else "mobile"
        callees = self._callees(given.get("far_ends"))
        return Scenario(
            file=self._file,
            title=self._text(given["title"]),
            at=self._time(given["at"]),
            caller=CALLERS.get(caller, caller),
            settings=self._texts_by_name(given.get("settings")),
            default_callee=callees.pop(DEFAULT_CALLEE, "no_answer"),
            callees=callees,
            steps=tuple(map(self._step, self._sequence(given["call"]))),
            rota=self._text(given["rota"]) if "rota" in given else "",
            closures=self._text(given["closures"]) if "closures" in given else "",
            listen_for=self._text(given["listen_for"]) if "listen_for" in given else "",
        )

    def _step(self, node: Node) -> Step:
        if isinstance(node, ScalarNode):
            return self._checked(node, Step(_line(node), node.value))
        pairs = list(self._mapping(node).items())
        if len(pairs) != 1:
            raise self._error(node, "One action a step.")
        action, value = pairs[0]
        if isinstance(value, MappingNode):
            return self._checked(node, Step(_line(node), action, fields=self._texts_by_name(value)))
        nodes = self._sequence(value) if isinstance(value, SequenceNode) else [value]
        return self._checked(node, Step(_line(node), action, texts=tuple(map(self._text, nodes))))

    def _checked(self, node: Node, step: Step) -> Step:
        if step.action not in ACTIONS:
            raise self._error(node, f'There is no action "{step.action}": only {", ".join(sorted(ACTIONS))}.')
        if not ACTIONS[step.action].fits(step):
            raise self._error(node, f'"{step.action}" is not followed by what it wants.')
        return step

    def _callees(self, node: Node | None) -> dict[str, str]:
        callees = self._texts_by_name(node)
        for behaviour in callees.values():
            if behaviour not in (*CALLEES, UNDECIDED):
                known = ", ".join((*CALLEES, UNDECIDED))
                raise self._error(node, f'Nobody behaves like "{behaviour}": only {known}.')
        return callees

    def _time(self, node: Node) -> datetime:
        try:
            return datetime.fromisoformat(self._text(node)).replace(tzinfo=ZoneInfo("Europe/London"))
        except ValueError:
            raise self._error(node, "Write the time as 2026-11-23T10:00.") from None

    def _texts_by_name(self, node: Node | None) -> dict[str, str]:
        return {name: self._text(value) for name, value in self._mapping(node).items()} if node else {}

    def _mapping(self, node: Node | None) -> dict[str, Node]:
        if not isinstance(node, MappingNode):
            raise self._error(node, "Fields are expected here.")
        found: dict[str, Node] = {}
        for key, value in node.value:
            if self._text(key) in found:
                raise self._error(key, f'"{key.value}" stands here twice.')
            found[key.value] = value
        return found

    def _sequence(self, node: Node) -> list[Node]:
        if not isinstance(node, SequenceNode):
            raise self._error(node, "A list is expected here.")
        return list(node.value)

    def _text(self, node: Node) -> str:
        if not isinstance(node, ScalarNode):
            raise self._error(node, "A text is expected here.")
        return str(node.value)

    def _unreadable(self, error: YAMLError) -> ScenarioError:
        place, reason = self._file, str(error)
        if isinstance(error, MarkedYAMLError) and error.problem_mark:
            place, reason = f"{place}:{error.problem_mark.line + 1}", str(error.problem)
        return ScenarioError(f"{place}: This is not YAML we can read: {' '.join(reason.split())}.")

    def _error(self, node: Node | None, message: str) -> ScenarioError:
        return ScenarioError(f"{self._file}:{_line(node) if node else 1}: {message}")


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1
