"""What callers would hear after a change, or at a moment: the option `--preview`, and how it is printed."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from ivr.commands.output import show
from ivr.commands.rota_change import warn_of
from ivr.commands.transaction import with_store
from ivr.commands.usable_settings import usable_settings
from ivr.engine.verbs import Say
from ivr.helpline.rota import of_setting
from ivr.helpline.timezone import LONDON
from ivr.staff.call_preview import CallPreview
from ivr.staff.trial import Change, Done, Listener, Trial, try_out

Preview = Annotated[
    bool, typer.Option("--preview", help="Show what callers would hear after the change, and change nothing.")
]


def listener(folder: Path) -> Listener:
    """Return what callers hear besides rota and hours."""
    from ivr.loader import load

    settings = usable_settings()
    return Listener(load(folder), settings.number, of_setting(settings.advisers))


def show_trial(
    change: Change[Done], counts_from: Callable[[Done], datetime], folder: Path, now: datetime, as_json: bool
) -> None:
    """Show what callers would hear after a change, from the moment from which it counts; nothing is changed."""
    hears = listener(folder)
    trial: Trial[Done] = with_store(lambda store: try_out(store, change, now))
    first = max(counts_from(trial.done), now)
    previews = hears.hear_all(trial, hears.moments(trial, first))
    show_previews(previews, as_json, "Nothing is changed yet. Callers would hear:")
    warn_of(hears.new_gaps(trial, first))


def show_previews(previews: Sequence[CallPreview], as_json: bool, first: str = "") -> None:
    """Print what callers hear."""
    lines = [*([first] if first else []), *(line for one in previews for line in _lines(one))]
    show([_fields(one) for one in previews], lines, as_json=as_json)


def words(said: Sequence[Say]) -> str:
    """Return what is said, as text."""
    return " ".join(part for say in said for part in say.speech if isinstance(part, str))


def _lines(heard: CallPreview) -> Iterator[str]:
    yield f"{_moment(heard.at)}: {_state(heard)}"
    yield f"  at first: {words(heard.first)}"
    yield f"  0 for a person: {words(heard.for_a_person) or 'nothing is said.'}"


def _state(heard: CallPreview) -> str:
    if heard.rings:
        return f"rings {', '.join(one.name or one.number for one in heard.rings)}"
    state = "nobody is there" if heard.is_gap else "closed"
    return f"{state}{f' until {_moment(heard.opening.opens)}' if heard.opening.opens else ''}"


def _fields(heard: CallPreview) -> dict[str, Any]:
    return {
        "at": heard.at,
        "open": heard.opening.is_open,
        "reason": heard.opening.reason,
        "opens": heard.opening.opens,
        "rings": [one.name or one.number for one in heard.rings],
        "first": words(heard.first),
        "for_a_person": words(heard.for_a_person),
    }


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(LONDON):%a %d %b %Y %H:%M}"
