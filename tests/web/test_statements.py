"""The SQL that a call costs: while it goes on, call events are added, and no row is read again, locked or changed."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, event

from ivr.store.tables import call_events, metadata
from tests.web.running_app import running_app

OF_CALLS = metadata.tables.keys() - {
    "index_keys",
    "secrets_in_use",
    "advisers",
    "shifts",
    "shift_overrides",
    "absences",
    "opening_hours",
    "closures",
    "one_off_holidays",
    "emergency_messages",
    "blocks",
}
"""All but what staff set, which is read every few seconds, whoever calls, and the keys of the database."""
TABLE = re.compile(r"(?:from|join|into|update) ([a-z_]+)", re.IGNORECASE)


@contextmanager
def traced() -> Iterator[list[str]]:
    """Collect the statements of every engine of this process."""
    statements: list[str] = []

    def trace(*arguments: object) -> None:
        statements.append(" ".join(str(arguments[2]).split()))

    event.listen(Engine, "before_cursor_execute", trace)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", trace)


async def test_while_calls_go_on_call_events_are_only_added(url: str) -> None:
    async with running_app(url) as here:  # the first transaction of a database makes its keys
        await here.rows(call_events)
    with traced() as statements:
        async with running_app(url) as here:
            for call in ("CA1", "CA2", "CA3"):
                await here.rings(call, "2", "1", "#", "*", "", "5")
    of_calls = {one for one in statements if {*TABLE.findall(one)} & OF_CALLS}
    assert {one.partition("(")[0].strip().lower() for one in of_calls} == {"insert into call_events"}
