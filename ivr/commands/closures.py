"""`ivr closures`: closures outside the usual hours."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

import typer

from ivr.commands.arguments import DAY, MOMENTS, AsJson, moment_of, whole_day
from ivr.commands.transaction import Who, by, in_transaction
from ivr.config import content_folder, read_settings
from ivr.engine.step import own
from ivr.errors import RotaRefused
from ivr.helpline.opening_hours import BANK_HOLIDAY, Closure
from ivr.helpline.timezone import LONDON
from ivr.steps.hours import Hours
from ivr.store import closures as store

closures = typer.Typer(name="closures")

Moment = "Such as 2026-12-24T13:00."
FROM = typer.Option("--from", formats=MOMENTS, help=f"{Moment} Left out, it is now.")
UNTIL = typer.Option("--until", formats=MOMENTS, help=Moment)
ALL_DAY = typer.Option("--all-day", formats=[DAY], help="A whole day, such as 2026-12-24.")


@closures.callback(invoke_without_command=True)
def closures_or(context: typer.Context, as_json: AsJson = False) -> None:
    """Show and change closures outside the usual hours; without a command, show them.

    Callers hear the reason and the next opening; information still works. Times are local times in London.

    Examples:

        ivr closures

        ivr closures add --all-day 2026-12-24 --reason holiday

        ivr closures add --until 2026-11-23T14:00 --reason training
    """
    if context.invoked_subcommand is None:
        show(as_json)


@closures.command("list")
def show(as_json: AsJson = False) -> None:
    """Show current and future closures with their ids.

    Examples: `ivr closures`, `ivr closures list --json`.
    """
    now = read_settings().clock()
    kept = in_transaction(lambda db, _: store.read(db, now))
    if as_json:
        typer.echo(json.dumps([_as_json(one) for one in kept], indent=2))
    else:
        typer.echo("\n".join(map(_line, kept)) if kept else "No closure is set: we are open in our hours.")


@closures.command()
def add(
    reason: Annotated[str, typer.Option("--reason", help="The name of the prompt that callers hear.")],
    begins: Annotated[datetime | None, FROM] = None,
    ends: Annotated[datetime | None, UNTIL] = None,
    all_day: Annotated[datetime | None, ALL_DAY] = None,
    who: Who = None,
) -> None:
    """Close the helpline for a while, or for a whole day.

    The reasons are those of the flow, such as training; an unknown one is rejected with a list of all.

    Examples: `ivr closures add --all-day 2026-12-24 --reason holiday --by Sam`,
    `ivr closures add --from 2026-11-25T12:00 --until 2026-11-25T14:00 --reason training`.
    """
    now = read_settings().clock()
    closure = Closure(*_period(begins, ends, all_day, now), _checked_reason(reason))
    if closure.ends <= max(closure.begins, now):
        raise typer.BadParameter("That is over already, or ends before it begins.")
    typer.echo(_line(in_transaction(lambda db, _: store.add(db, closure, by(who)))))


@closures.command()
def remove(
    name: Annotated[str, typer.Argument(metavar="ID", help="As `ivr closures` shows it.")], who: Who = None
) -> None:
    """Remove a closure: within seconds the usual hours apply again.

    Example: `ivr closures remove 3fa2c1`.
    """
    if in_transaction(lambda db, _: store.remove(db, name, by(who))) is None:
        raise RotaRefused(f"There is no closure “{name}”; `ivr closures` shows those there are.")
    show(as_json=False)


def _period(
    begins: datetime | None, ends: datetime | None, all_day: datetime | None, now: datetime
) -> tuple[datetime, datetime]:
    if all_day and not begins and not ends:
        return whole_day(all_day.date())
    if ends and not all_day:
        return moment_of(begins) if begins else now, moment_of(ends)
    raise typer.BadParameter("Give --until, with or without --from; or --all-day alone.")


def _checked_reason(reason: str) -> str:
    reasons = reasons_to_choose()
    if reason not in reasons:
        listed = "".join(f"\n  {name}: {sentence}" for name, sentence in reasons.items())
        raise typer.BadParameter(f"There is no reason “{reason}”. The reasons are:{listed}")
    return reason


def reasons_to_choose() -> Mapping[str, str]:
    """Return the reasons that staff may give, each with the prompt that callers hear."""
    from ivr.loader import load

    flows = load(content_folder()).flows
    steps = {at: step for at, step in flows.steps.items() if isinstance(step, Hours)}
    names = {name: own(at, name) for at, step in steps.items() for name in step.reasons if name != BANK_HOLIDAY}
    return {name: flows.words.text(sentence) for name, sentence in names.items()}


def _line(kept: store.StoredClosure) -> str:
    begins, ends = (moment.astimezone(LONDON) for moment in (kept.closure.begins, kept.closure.ends))
    return f"{kept.id}  {begins:%a %d %b %Y %H:%M} to {ends:%a %d %b %Y %H:%M}  {kept.closure.reason}"


def _as_json(kept: store.StoredClosure) -> dict[str, str]:
    one = kept.closure
    return {"id": kept.id, "from": one.begins.isoformat(), "until": one.ends.isoformat(), "reason": one.reason}
