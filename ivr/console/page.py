"""A page: where it is, who may see it, and what answers."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.responses import Response

from ivr.console.visit import Visit
from ivr.staff.accounts import Role

Handler = Callable[[Visit], Awaitable[Response]]


@dataclass(frozen=True)
class Page:
    """A route. `least` is the role that one needs at least, None for a page that is public.

    What `is_live` is asked for by the page itself: it keeps nobody signed in.
    """

    method: str
    path: str
    least: Role | None
    answer: Handler
    is_live: bool = False


def shown(path: str, least: Role | None, answer: Handler, *, is_live: bool = False) -> Page:
    """Return a page that is looked at."""
    return Page("GET", path, least, answer, is_live)


def sent(path: str, least: Role | None, answer: Handler) -> Page:
    """Return what a form is sent to."""
    return Page("POST", path, least, answer)
