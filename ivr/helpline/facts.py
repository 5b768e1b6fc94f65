"""Facts that carry where they come from, and how long they are good for."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Fact(BaseModel):
    """What every dated fact of `flows/` says of itself; `to_check` is what a person must still do."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: Annotated[str, Field(min_length=1)]
    source_date: str | None = None
    checked_on: date
    good_until: date
    to_check: str | None = None
