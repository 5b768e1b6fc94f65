"""The pages that are named at the top of each."""

from dataclasses import dataclass

from ivr.staff.accounts import Role

TODAY = "/console"


@dataclass(frozen=True)
class MenuItem:
    """A page in the menu, and the role that sees it at least."""

    name: str
    path: str
    least: Role = Role.adviser

    def is_where(self, path: str) -> str:
        """Return what `aria-current` says of it on the page of a path: "page", "true" for one of its own pages, or "".

        >>> rota = MenuItem("Rota", "/console/rota")
        >>> rota.is_where("/console/rota"), rota.is_where("/console/rota/3f2a"), rota.is_where("/console/rotas")
        ('page', 'true', '')
        """
        if path == self.path:
            return "page"
        return "true" if self.path != TODAY and path.startswith(f"{self.path}/") else ""


MENU = (
    MenuItem("Today", TODAY),
    MenuItem("Waiting", "/console/waiting"),
    MenuItem("Talks", "/console/talks"),
    MenuItem("Finished", "/console/finished"),
    MenuItem("Callers", "/console/callers"),
    MenuItem("Rota", "/console/rota"),
    MenuItem("Hours", "/console/hours"),
    MenuItem("Complaints", "/console/complaints"),
    MenuItem("Unsent texts", "/console/unsent", Role.manager),
    MenuItem("Audit log", "/console/audit", Role.manager),
    MenuItem("People", "/console/people", Role.administrator),
)


def menu_of(role: Role) -> list[MenuItem]:
    """Return the items for somebody of a role."""
    return [item for item in MENU if role.includes(item.least)]
