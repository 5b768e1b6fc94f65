"""Which step a mistake belongs to, so that it is seen on its box."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from ivr.engine.content import Content
from ivr.errors import Problem


def by_step(content: Content, problems: Iterable[Problem]) -> Mapping[str, tuple[str, ...]]:
    """What is wrong at each step, by `flow/step`; under the name of a file, what belongs to no step."""
    found: dict[str, list[str]] = defaultdict(list)
    for problem in problems:
        at = _at(content, problem)
        found[at or problem.file].append(problem.says if at else f"{problem.file}:{problem.line}: {problem.says}")
    return {at: tuple(says) for at, says in found.items()}


def _at(content: Content, problem: Problem) -> str:
    """The step whose entry, in the flow or among the prompts, the line lies in; nothing outside of all steps."""
    source = content.sources.get(problem.file)
    flow = problem.file.rpartition("/")[2].removesuffix(".yaml")
    names = [(line, path[0]) for path, line in source.lines.items() if len(path) == 1] if source else []
    above = max(((line, name) for line, name in names if line <= problem.line), default=(0, ""))
    at = f"{flow}/{above[1]}"
    return at if at in content.named else ""
