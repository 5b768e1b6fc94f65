"""Facts that carry where they come from, how sure we are, and how long they are good for."""

from dataclasses import dataclass
from datetime import date
from re import fullmatch
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema


@dataclass(frozen=True)
class Pattern:
    """A text of a certain form; `description` says which."""

    pattern: str
    description: str

    def __get_pydantic_core_schema__(self, source: type[Any], handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return handler(schema) | {"pattern": f"^{self.pattern}$", "description": self.description}

    def _check(self, text: str) -> str:
        if not fullmatch(self.pattern, text):
            raise ValueError(self.description)
        return text


Confidence = Annotated[str, Pattern("[VPSK]", "it is one of V, P, S and K")]
"""V verified in a stored copy, P partly, S in the first leaflet only, K from memory."""
VERIFIED, PARTLY = "V", "P"
Question = Annotated[str, Pattern(r"[^?]+\?", "it is one question, with its mark at the end")]


class Ask(BaseModel):
    """Who can settle what must still be checked of a fact, and the one question to put to them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    whom: Annotated[str, Field(min_length=1)]
    question: Question


class DatedFact(BaseModel):
    """What every dated fact of `flows/` says of itself.

    `to_check` is what a person must still do, and `ask` says whom they ask, and what.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: Annotated[str, Field(min_length=1)]
    source_date: str | None = None
    checked_on: date
    good_until: date
    to_check: str | None = None
    ask: Ask | None = None
