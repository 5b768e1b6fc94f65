"""What the pages of a message, a callback, a text and a talk have in common: what can be done to one.

A form is sent to a path below that of its page. Done, it leads back there, with news; refused, the page says why, with
what was written still in it.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from ivr.console.page import Handler, Page, sent
from ivr.console.visit import Visit
from ivr.errors import DatabaseUnavailable, IvrError
from ivr.staff.accounts import Role
from ivr.staff.lookup import NoSuchItem
from ivr.store.audit import By
from ivr.store.cipher import Cipher

Action = Callable[[AsyncConnection, Cipher, Visit], Awaitable[object]]
Show = Callable[[Visit, str], Awaitable[Response]]
"""Answers with the page of an item, and a sentence about what was refused."""


class Worked(Protocol):
    """A module of `ivr/staff/` with what is done alike to callers, messages and texts."""

    def claim(self, db: AsyncConnection, cipher: Cipher, prefix: str, by: By) -> Awaitable[object]:
        """Claim an item."""

    def release(self, db: AsyncConnection, cipher: Cipher, prefix: str, by: By) -> Awaitable[object]:
        """Release a claim."""

    def undo(self, db: AsyncConnection, cipher: Cipher, prefix: str, by: By, *, of_others: bool) -> Awaitable[object]:
        """Have an item wait again."""

    def note(self, db: AsyncConnection, cipher: Cipher, prefix: str, body: str, by: By) -> Awaitable[object]:
        """Add a note."""


def may_undo_others(visit: Visit) -> bool:
    """Return whether somebody may undo what others did."""
    return visit.account.role.includes(Role.manager)


def typed(visit: Visit) -> Mapping[str, str]:
    """Return what was written in the form that was refused; "" for every field without one."""
    return defaultdict(str, visit.form)


def work_on(staff: Worked) -> dict[str, Action]:
    """Return what can be done to an item of any kind, by name."""
    return {
        "claim": lambda db, cipher, visit: staff.claim(db, cipher, visit.id, visit.by),
        "release": lambda db, cipher, visit: staff.release(db, cipher, visit.id, visit.by),
        "undo": lambda db, cipher, visit: staff.undo(db, cipher, visit.id, visit.by, of_others=may_undo_others(visit)),
        "note": lambda db, cipher, visit: staff.note(db, cipher, visit.id, visit.form.get("note", ""), visit.by),
    }


def actions(path: str, show: Show, doing: Mapping[str, Action]) -> Iterable[Page]:
    """Yield the pages to which the forms of an item are sent, by name; `path` is that of its own page."""
    for name, action in doing.items():
        yield sent(f"{path}/{name}", Role.adviser, in_transaction(path, show, name, action))


def in_transaction(path: str, show: Show, name: str, action: Action) -> Handler:
    """Return what answers a form that changes something in one transaction."""

    async def answer(visit: Visit) -> Response:
        async def change() -> None:
            async with visit.services.store.begin() as db:
                await action(db, visit.services.store.cipher, visit)

        return await changed(visit, path, show, name, change)

    return answer


async def changed(visit: Visit, path: str, show: Show, news: str, change: Callable[[], Awaitable[object]]) -> Response:
    """Make a change and lead back to the page; show it at once if the change is refused."""
    try:
        await change()
    except (NoSuchItem, DatabaseUnavailable):
        raise
    except IvrError as error:
        answer = await show(visit, str(error))
        answer.status_code = 409
        return answer
    return visit.go(path.format(**visit.request.path_params), news)
