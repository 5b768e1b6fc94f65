"""Asks before a change of the rota is saved: what it does to callers in the next weeks, as text and as sound."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.responses import Response

from ivr.console.speech import preview_shown
from ivr.console.visit import Visit
from ivr.errors import InvalidInput, RotaRefused
from ivr.helpline.rota_change import change_of, mark_of
from ivr.staff import trial
from ivr.staff.trial import Change, Trial
from ivr.store import audit, rota_rows

AGAIN, SEEN = "again", "seen"
"""The buttons of the page: back to the form, or save what was seen."""


@dataclass(frozen=True)
class Question:
    """What is asked of whoever is about to change something: the words of the button, and what is lost by it."""

    save: str = "Save it"
    warning: str = ""


async def ask_first(
    visit: Visit,
    change: Callable[[Visit], Change[object]],
    show: Callable[[str], Awaitable[Response]],
    path: str,
    question: Question = Question(),
) -> Response:
    """Show what a change does, and save it once that was seen; then lead to a `path`.

    The form is shown again, with what was written, if it is refused, or if somebody wants to change it first.
    """
    if AGAIN in visit.form:
        return await show("")
    cipher = visit.services.store.cipher
    try:
        async with visit.services.store.begin() as db:
            await rota_rows.lock(db)
            tried = await trial.make(db, cipher, change(visit), visit.now)
            [entry] = await audit.read(db, 1)
            if visit.form.get(SEEN) == mark_of(tried.before):
                return visit.go(path, "rota")
            await db.rollback()
    except (InvalidInput, RotaRefused) as error:
        return await show(str(error))
    return _asked(visit, tried, entry.what, question)


def _asked(visit: Visit, tried: Trial[object], entry: str, question: Question) -> Response:
    """Show what was tried; it is reckoned outside the transaction, as it takes a while."""
    setting, hours = visit.services.advisers, visit.services.content().hours
    found = change_of(tried.before.or_else(setting), tried.after.or_else(setting), hours, visit.now)
    moments = {"first": found.counts_from, "gap": found.opened[0][0] if found.opened else None}
    if moments["gap"] == moments["first"]:
        del moments["gap"]
    heard = {
        name: preview_shown(visit, visit.services.listener.hear(tried.after, tried.emergency, at))
        for name, at in moments.items()
        if at
    }
    return visit.page(
        "rota_preview.html",
        found=found,
        entry=entry,
        mark=mark_of(tried.before),
        question=question,
        was_seen=SEEN in visit.form,
        form={name: value for name, value in visit.form.items() if name != SEEN},
        heard=heard,
        path=visit.request.scope["path"],
    )
