"""The text of a generated page without what is measured anew in each run."""

import re

MEASURED = re.compile(r"\d[\d,.: ]*")
DATE = re.compile(r"\b\d{1,2} [A-Z][a-z]+ \d{4}\b")


def text_of(page: str) -> list[str]:
    """Return the lines of a page in alphabetical order, with every date and number masked.

    >>> text_of("Run on 1 December 2026: 12,000 of 1.5.")
    ['Run on #: #of #']
    """
    return sorted(MEASURED.sub("#", DATE.sub("#", line)) for line in page.splitlines())
