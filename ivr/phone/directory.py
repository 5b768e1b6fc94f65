"""Whose telephone rings at which number, and how they behave."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from ivr.phone.far_end import FAR_ENDS, RINGING, FarEnd
from ivr.phone.stops import Ring

_DIALLABLE = r"\+[1-9][0-9]{6,14}"


@dataclass
class Directory:
    """`far_ends` by number, `otherwise` for the rest, by a name of FAR_ENDS; `dialled` is who was rung, in order."""

    far_ends: Mapping[str, str]
    otherwise: str
    dialled: list[Ring] = field(default_factory=list)

    def far_end(self, number: str) -> FarEnd | None:
        """How a number behaves; None if it rings until somebody decides that."""
        if not re.fullmatch(_DIALLABLE, number):
            return FAR_ENDS["failed"]
        behaviour = self.far_ends.get(number, self.otherwise)
        return None if behaviour == RINGING else FAR_ENDS[behaviour]
