"""The bank holidays we know of come to an end: opening hours and deadlines need those of the years after."""

from collections.abc import Iterator

from dateutil.relativedelta import relativedelta

from ivr.engine.content import Content
from ivr.engine.means import Means
from ivr.engine.yaml import Source
from ivr.errors import Problem
from ivr.helpline.our_hours import FILE
from ivr.helpline.working_days import england_and_wales

A_YEAR = relativedelta(years=1)


def warn(content: Content, means: Means) -> Iterator[Problem]:
    """From a year before the last day that we know of."""
    last = england_and_wales().last
    if means.today > last - A_YEAR:
        says = (
            f"bank holidays are known until {last} only; a newer govuk-bank-holidays has more (see docs/operating.md)"
        )
        yield content.sources.get(FILE, Source(FILE)).problem(says, "bank_holidays")
