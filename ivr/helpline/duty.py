"""Who is on duty and when we are closed, as staff have last written it down."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from ivr.helpline.hours import ALWAYS, Closure, Hours
from ivr.helpline.rota import Adviser


@dataclass(frozen=True, slots=True)
class Duty:
    """The rota and the closures of a moment."""

    advisers: tuple[Adviser, ...] = ()
    closures: tuple[Closure, ...] = ()

    def or_else(self, advisers: Iterable[Adviser]) -> "Duty":
        """The same, with others on duty if nobody is on the rota."""
        return self if self.advisers else replace(self, advisers=tuple(advisers))

    def hours(self, ours: Hours | None) -> Hours | None:
        """Our hours, less the closures; those who have none are always open otherwise."""
        return replace(ours or Hours(ALWAYS), closures=self.closures) if self.closures else ours
