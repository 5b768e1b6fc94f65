"""Who is on duty and when we are closed, as staff have last written it down."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from ivr.helpline.opening_hours import ALWAYS, Closure, OpeningHours
from ivr.helpline.rota import Adviser


@dataclass(frozen=True, slots=True)
class RotaSnapshot:
    """The rota and the closures of a moment."""

    advisers: tuple[Adviser, ...] = ()
    closures: tuple[Closure, ...] = ()

    def or_else(self, advisers: Iterable[Adviser]) -> "RotaSnapshot":
        """The same, with others on duty if nobody is on the rota."""
        return self if self.advisers else replace(self, advisers=tuple(advisers))

    def hours(self, ours: OpeningHours | None) -> OpeningHours | None:
        """Our hours, less the closures; those who have none are always open otherwise."""
        return replace(ours or OpeningHours(ALWAYS), closures=self.closures) if self.closures else ours
