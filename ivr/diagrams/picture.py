"""What is in a picture, before anybody has thought of where it goes."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Stub:
    """A way out that leads to another picture: the keys or exits that take it, and whose it is.

    One that is `missing` leads to a step that there is not.
    """

    labels: tuple[str, ...]
    to: str
    missing: bool = False


@dataclass(frozen=True)
class Box:
    """A step, or in the picture of the whole, a flow; `enters` says who comes here from elsewhere."""

    name: str
    kind: str = ""
    words: str = ""
    seconds: str = ""
    enters: tuple[str, ...] = ()
    leaves: tuple[Stub, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Arrow:
    """From one box to another, by these keys or exits; no label where there is only one way on."""

    start: str
    end: str
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Picture:
    """All of a flow, or of the whole; `problems` are those that belong to no box."""

    name: str
    title: str
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    problems: tuple[str, ...] = field(default=())

    def told(self) -> str:
        """The picture in a sentence, for whoever does not see it."""
        told = f"{len(self.boxes)} boxes and {len(self.arrows)} arrows; {', '.join(box.name for box in self.boxes)}."
        wrong = sum(len(box.problems) for box in self.boxes) + len(self.problems)
        return f"{told} {wrong} to mend." if wrong else told
