"""An attack on the staff pages, and what it came to."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from tests.console.staff_pages import StaffPages


@dataclass
class Tally:
    """How often something was tried, how often it succeeded, and how each success looked."""

    tries: int = 0
    successes: list[str] = field(default_factory=list)

    def count(self, what: str, *, succeeded: bool) -> None:
        """Count a try."""
        self.tries += 1
        if succeeded:
            self.successes.append(what)


@dataclass(frozen=True)
class Attack:
    """A kind of attack; its docstring says what a success would be."""

    run: Callable[[StaffPages], Awaitable[Tally]]

    @property
    def name(self) -> str:
        """Return the name of its function, in words."""
        return self.run.__name__.replace("_", " ")

    @property
    def what(self) -> str:
        """Return what is tried, and what would be a success."""
        return " ".join(str(self.run.__doc__).split())
