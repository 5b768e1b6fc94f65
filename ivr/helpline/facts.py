"""Facts that carry where they come from, how sure we are, and how long they are good for."""

from datetime import date
from re import fullmatch
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


def written_as(pattern: str, how: str) -> AfterValidator:
    """A text of a certain form; `how` tells an editor which."""

    def check(text: str) -> str:
        if not fullmatch(pattern, text):
            raise ValueError(how)
        return text

    return AfterValidator(check)


Sureness = Annotated[str, written_as("[VPSK]", "it is one of V, P, S and K")]
"""V verified in a stored copy, P partly, S in the first leaflet only, K from memory."""
VERIFIED, PARTLY = "V", "P"


class Fact(BaseModel):
    """What every dated fact of `flows/` says of itself; `to_check` is what a person must still do."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: Annotated[str, Field(min_length=1)]
    source_date: str | None = None
    checked_on: date
    good_until: date
    to_check: str | None = None
