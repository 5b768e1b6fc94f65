"""The directory: which callee answers at which number."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from ivr.simulator.network.callee import CALLEES, UNDECIDED, Callee
from ivr.simulator.network.waits import Ring

_DIALLABLE = r"\+[1-9][0-9]{6,14}"


@dataclass
class Directory:
    """`callees` by number and `default_callee` for the rest, by a name of CALLEES; `dialled` lists who was rung."""

    callees: Mapping[str, str]
    default_callee: str
    dialled: list[Ring] = field(default_factory=list)

    def callee(self, number: str) -> Callee | None:
        """Return who answers at a number; None if it rings until somebody decides that."""
        if not re.fullmatch(_DIALLABLE, number):
            return CALLEES["failed"]
        behaviour = self.callees.get(number, self.default_callee)
        return None if behaviour == UNDECIDED else CALLEES[behaviour]
