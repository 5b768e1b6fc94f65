"""The pages that are named at the top of each."""

from dataclasses import dataclass

from ivr.staff.accounts import Role


@dataclass(frozen=True)
class MenuItem:
    """A page in the menu, and the role that sees it at least."""

    name: str
    path: str
    least: Role = Role.adviser


MENU = (
    MenuItem("Today", "/console"),
    MenuItem("Waiting", "/console/waiting"),
    MenuItem("Talks", "/console/talks"),
    MenuItem("Finished", "/console/finished"),
    MenuItem("Callers", "/console/callers"),
    MenuItem("Rota", "/console/rota"),
    MenuItem("Hours", "/console/hours"),
    MenuItem("Unsent texts", "/console/unsent", Role.manager),
    MenuItem("Blocked", "/console/blocks", Role.manager),
    MenuItem("Audit log", "/console/audit", Role.manager),
    MenuItem("People", "/console/people", Role.administrator),
)


def menu_of(role: Role) -> list[MenuItem]:
    """Return the items for somebody of a role."""
    return [item for item in MENU if role.includes(item.least)]
