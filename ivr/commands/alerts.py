"""`ivr alerts`: what is wrong with the helpline, and who was told of it and when."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any

import typer

from ivr.commands.account_list import format_time
from ivr.commands.list_group import ListGroup
from ivr.commands.options import AsJson, time_of_day
from ivr.commands.output import show
from ivr.commands.transaction import Who, in_transaction
from ivr.config import current_time
from ivr.staff import alerts as staff
from ivr.staff.alerts import AlertNow, Told
from ivr.store.alerts import Alert

alerts = typer.Typer(name="alerts", cls=ListGroup)
Name = Annotated[str, typer.Argument(metavar="NAME", help="As `ivr alerts` lists it: the name of a check.")]
NOTHING = "Nothing is wrong, as far as a worker has looked."
NEVER = "No worker has looked over this helpline yet: `ivr worker`, or `ivr serve`, does."


@alerts.callback()
def group() -> None:
    """Show what is wrong with the helpline as the worker sees it, and who was told of it by text or e-mail, and when.

    Managers and administrators are told once, again when there is more of it or a day later, and when it is over.
    `ivr accounts alerts` sets how; `ivr doctor` looks at this moment.

    Examples:

        ivr alerts

        ivr alerts mute backup --until 24/12/2026
    """


@alerts.command("list")
def list_(
    all_: Annotated[bool, typer.Option("--all", help="Also what is over, for a month.")] = False,
    as_json: AsJson = False,
) -> None:
    """List what is wrong, what harms callers first.

    Examples: `ivr alerts`, `ivr alerts --all`, `ivr alerts list --json`.
    """
    now = current_time()
    found = in_transaction(lambda db, cipher: staff.read(db, cipher, now, over=all_))
    nothing = NOTHING if found.looked_at else NEVER
    lines = (line for one in found.alerts for line in _lines(one, now))
    show([_fields(one) for one in found.alerts], lines, as_json=as_json, nothing=nothing)


@alerts.command()
def mute(
    name: Name,
    until: Annotated[
        datetime,
        typer.Option("--until", parser=time_of_day, metavar="WHEN", help="Such as 15:00, 24/12/2026; a month at most."),
    ],
    who: Who,
    as_json: AsJson = False,
) -> None:
    """Have nobody told of something for a while; it stays in the list.

    Examples: `ivr alerts mute backup --until 24/12/2026`, `ivr alerts mute public_url --until 15:00 --by Max`.
    """
    _show_one(in_transaction(lambda db, cipher: staff.mute(db, name, until, who)), as_json)


@alerts.command()
def unmute(name: Name, who: Who, as_json: AsJson = False) -> None:
    """Have staff told of something again.

    Example: `ivr alerts unmute backup`.
    """
    _show_one(in_transaction(lambda db, cipher: staff.unmute(db, name, who)), as_json)


def _show_one(alert: Alert, as_json: bool) -> None:
    one = AlertNow(alert, [])
    show(_fields(one), _lines(one, current_time()), as_json=as_json)


def _lines(one: AlertNow, now: datetime) -> Iterator[str]:
    alert = one.alert
    mark = "over" if alert.ended else "urgent" if alert.problem.urgent else "open"
    yield f"{mark:<7} {alert.name}: {alert.problem.says}"
    until = f" until {format_time(alert.ended)}" if alert.ended else f": {alert.problem.mend}"
    yield f"{'':<7} since {format_time(alert.began)}{until}"
    if alert.is_muted(now) and alert.muted_until:
        yield f"{'':<7} muted until {format_time(alert.muted_until)} by {alert.muted_by}"
    told = "; ".join(f"{other.who} {format_time(other.at)} by {other.channel} ({other.state})" for other in one.told)
    yield f"{'':<7} told: {told or 'nobody yet'}"


def _fields(one: AlertNow) -> dict[str, Any]:
    alert, problem = one.alert, one.alert.problem
    what = {"name": alert.name, "urgent": problem.urgent, "says": problem.says, "mend": problem.mend}
    since = {"amount": problem.amount, "began": alert.began, "seen": alert.seen, "ended": alert.ended}
    muted = {"muted_until": alert.muted_until, "muted_by": alert.muted_by}
    return what | since | muted | {"role": problem.role, "told": [_told(other) for other in one.told]}


def _told(told: Told) -> dict[str, Any]:
    return {"who": told.who, "at": told.at, "channel": told.channel, "state": told.state}
