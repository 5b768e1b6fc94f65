"""Asks before a change of the rota is saved: what it does to callers in the next weeks, as text and as sound."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from starlette.responses import Response

from ivr.console.speech import PreviewShown, preview_shown
from ivr.console.visit import Visit
from ivr.errors import InvalidInput, RotaRefused
from ivr.helpline.rota_change import RotaChange
from ivr.staff import rota_change
from ivr.staff.call_preview import environment_at, preview
from ivr.staff.rota_change import Change, Changed
from ivr.store import emergency_messages

AGAIN, SEEN = "again", "seen"
"""The buttons of the page: back to the form, or save what was seen."""


@dataclass(frozen=True)
class Question:
    """What is asked of whoever is about to change something: the words of the button, and what is lost by it."""

    save: str = "Save it"
    warning: str = ""


async def ask_first(
    visit: Visit,
    change: Callable[[Visit], Change],
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
            tried = await rota_change.changed(db, cipher, change(visit), visit.now)
            if visit.form.get(SEEN) == tried.mark:
                return visit.go(path, "rota")
            await db.rollback()
    except (InvalidInput, RotaRefused) as error:
        return await show(str(error))
    return await _asked(visit, tried, question)


async def _asked(visit: Visit, tried: Changed, question: Question) -> Response:
    found = tried.effect(visit.services.content().hours, visit.services.advisers)
    return visit.page(
        "rota_preview.html",
        found=found,
        tried=tried,
        question=question,
        was_seen=SEEN in visit.form,
        form={name: value for name, value in visit.form.items() if name != SEEN},
        heard=await _heard(visit, found),
        path=visit.request.scope["path"],
    )


async def _heard(visit: Visit, found: RotaChange) -> Mapping[str, PreviewShown]:
    """Return what callers hear when the change first counts, and in the first gap that it opens."""
    moments: dict[str, datetime] = {}
    if found.counts_from:
        moments["first"] = found.counts_from
    if found.opened and found.opened[0][0] != found.counts_from:
        moments["gap"] = found.opened[0][0]
    async with visit.services.store.read() as db:
        emergency = await emergency_messages.read(db, visit.now)
    content, number = visit.services.content(), visit.services.number
    environments = {
        name: environment_at(content, found.after, at, own_number=number, emergency=emergency)
        for name, at in moments.items()
    }
    return {name: preview_shown(visit, preview(content.flows, one)) for name, one in environments.items()}
