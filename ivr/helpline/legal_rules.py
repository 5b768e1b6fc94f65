"""Rules of law, and what else is so until somebody changes it: dated facts, stated only while they are good."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from pydantic import Field, ValidationError

from ivr.engine.validation import readable_errors
from ivr.engine.yaml import Source
from ivr.errors import Problem
from ivr.helpline.dated_facts import PARTLY, VERIFIED, Confidence, DatedFact

FILE = "flows/rules.yaml"


class LegalRule(DatedFact):
    """One entry of `flows/rules.yaml`: what is so, in words for the person who checks it.

    One that is only partly verified is stated only if its error makes callers act earlier: `errs_early` says how.
    """

    is_so: Annotated[str, Field(min_length=1)]
    sure: Confidence
    errs_early: str | None = None

    @property
    def is_sure(self) -> bool:
        """Whether we are sure enough of it to state it at all."""
        return self.sure == VERIFIED or (self.sure == PARTLY and bool(self.errs_early))

    def may_be_stated(self, today: date) -> bool:
        """Return whether it may be stated today."""
        return self.is_sure and today <= self.good_until


def good_rules(rules: Mapping[str, LegalRule], today: date) -> frozenset[str]:
    """Return the names of those that may be stated today."""
    return frozenset(name for name, rule in rules.items() if rule.may_be_stated(today))


def read_legal_rules(source: Source | None) -> tuple[dict[str, LegalRule], list[Problem]]:
    """Return all rules of a file, and whatever is wrong with it; none of either without a file."""
    rules: dict[str, LegalRule] = {}
    problems: list[Problem] = []
    for name, entry in (source.content if source else {}).items():
        try:
            rules[name] = LegalRule.model_validate(entry)
        except ValidationError as error:
            problems += readable_errors(error, source or Source(FILE), name)
    return rules, problems
