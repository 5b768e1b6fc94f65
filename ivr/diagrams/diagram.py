"""The content of a diagram, without positions."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Stub:
    """An exit that leads out of the diagram, with its labels; `missing` if the target does not exist."""

    labels: tuple[str, ...]
    to: str
    missing: bool = False


@dataclass(frozen=True)
class Box:
    """A step, or a flow in the diagram of the whole; `incoming` names what leads here from other diagrams."""

    name: str
    kind: str = ""
    words: str = ""
    seconds: str = ""
    incoming: tuple[str, ...] = ()
    outgoing: tuple[Stub, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Arrow:
    """An edge between two boxes, labelled with keys or exits; without a label where there is only one exit."""

    start: str
    end: str
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Diagram:
    """One flow, or the whole helpline; `problems` are those that belong to no box."""

    name: str
    title: str
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    problems: tuple[str, ...] = field(default=())

    def summary(self) -> str:
        """Return a text alternative of the diagram."""
        text = f"{len(self.boxes)} boxes and {len(self.arrows)} arrows; {', '.join(box.name for box in self.boxes)}."
        wrong = sum(len(box.problems) for box in self.boxes) + len(self.problems)
        return f"{text} {wrong} errors." if wrong else text
