"""A change that is shown before it is saved: what it does, and what callers would hear then.

The form is sent twice: first it is tried out, and what it does is shown; then "Save it" sends it again, with a mark of
what was shown. Where it would do something else by then, as somebody changed something meanwhile, it is shown anew.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, Generic, Protocol

from starlette.responses import Response

from ivr.console.page import Handler
from ivr.console.speech import Heard, preview_shown
from ivr.console.visit import Visit
from ivr.errors import InvalidInput
from ivr.staff.trial import Change, Done, Trial, make, try_out

SAVE, AGAIN = "save", "again"
"""The fields by which a form is sent to be saved, and to be changed once more."""


class FormRefused(InvalidInput):
    """Some fields of a form cannot be used; `errors` has why, by field."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(next(iter(errors.values())))
        self.errors = errors


@dataclass(frozen=True)
class Planned(Generic[Done]):
    """A change that somebody plans: what makes it, from when it counts, and what it does, in sentences.

    `besides` is what else there is to know, `warnings` what was probably meant otherwise; `news` is the sentence of
    NEWS once it is saved. `said` is what is shown with its sound besides the calls.
    """

    title: str
    change: Change[Done]
    counts_from: Callable[[Done], datetime]
    does: Callable[[Trial[Done]], Sequence[str]]
    news: str
    besides: Sequence[str] = ()
    warnings: Sequence[str] = ()
    said: Mapping[str, Heard] = field(default_factory=dict)


Plan = Callable[[Visit], Awaitable[Planned[Any]]]


class ShowForm(Protocol):
    """Shows the page with the form, with what was typed, and why it was refused by field ("" for the whole)."""

    def __call__(self, visit: Visit, errors: Mapping[str, str], status: int) -> Awaitable[Response]: ...


def planned(plan: Plan, show_form: ShowForm, back: str) -> Handler:
    """Return the page that a form is sent to; once it is saved, it leads back."""

    async def answer(visit: Visit) -> Response:
        if AGAIN in visit.form:
            return await show_form(visit, {}, 200)
        try:
            found = await plan(visit)
            return await (_save(visit, found, back) if SAVE in visit.form else _show(visit, found, back))
        except FormRefused as error:
            return await show_form(visit, error.errors, 422)
        except InvalidInput as error:
            return await show_form(visit, {"": str(error)}, 422)

    return answer


async def _save(visit: Visit, found: Planned[Any], back: str) -> Response:
    async with visit.services.store.begin() as db:
        trial = await make(db, visit.services.store.cipher, found.change, visit.now)
        if visit.form[SAVE] == _mark(found.does(trial)):
            return visit.go(back, found.news)
        await db.rollback()
    return _shown(visit, found, trial, back)


async def _show(visit: Visit, found: Planned[Any], back: str) -> Response:
    return _shown(visit, found, await try_out(visit.services.store, found.change, visit.now), back)


def _mark(does: Sequence[str]) -> str:
    """Return what differs for changes that do other things."""
    return sha256("\n".join(does).encode()).hexdigest()[:16]


def _shown(visit: Visit, found: Planned[Any], trial: Trial[Any], back: str) -> Response:
    listener, does = visit.services.listener, found.does(trial)
    counts_from = max(found.counts_from(trial.done), visit.now)
    moments = listener.moments(trial, counts_from)
    return visit.page(
        "planned.html",
        planned=found,
        does=[*does, *found.besides],
        mark=_mark(does),
        was_seen=SAVE in visit.form,
        gaps=listener.new_gaps(trial, counts_from),
        previews=[preview_shown(visit, one) for one in listener.hear_all(trial, moments)],
        fields=visit.form,
        path=visit.request.url.path,
        back=back,
    )
