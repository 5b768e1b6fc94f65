"""Which tests run on PostgreSQL besides SQLite.

Those of the store and of the promises do, all of them. The code above the store is one for both databases: there, every
row of a table of cases runs on SQLite, and the first one on PostgreSQL too.
"""

from collections.abc import Iterator
from typing import Any

import pytest

ABOVE_THE_STORE = tuple(f"tests/{name}/" for name in ("commands", "console", "doctor", "staff", "web", "worker"))
POSTGRESQL = "postgresql"


def further_rows_on_postgresql(items: list[pytest.Item]) -> Iterator[pytest.Item]:
    """Yield the tests above the store that are further rows of a table, on PostgreSQL."""
    seen = set[str]()
    for item in items:
        if item.nodeid.startswith(ABOVE_THE_STORE) and POSTGRESQL in parameters(item).values():
            test = item.nodeid.partition("[")[0]
            if test in seen:
                yield item
            seen.add(test)


def parameters(item: pytest.Item) -> dict[str, Any]:
    """Return the parameters of a test by name; none for one that has no table."""
    return dict(item.callspec.params) if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}


def deselect_further_rows(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Take them out of a run of whole files; one that is named in the command line runs."""
    if any("[" in argument for argument in config.args):
        return
    further = {item.nodeid: item for item in further_rows_on_postgresql(items)}
    config.hook.pytest_deselected(items=[*further.values()])
    items[:] = [item for item in items if item.nodeid not in further]
