"""One request of one person, and the answers that a page can give."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from ivr.console.menu import MenuItem, menu_of
from ivr.console.news import NEWS
from ivr.console.services import Services
from ivr.console.templates import environment
from ivr.staff.accounts import Account
from ivr.store.audit import By

NOT_KEPT = {"news", "seen", "said"}
"""What stands in the address of one request only."""


@dataclass(frozen=True)
class SignedIn:
    """Who is signed in, and the id of their session."""

    account: Account
    session: bytes


@dataclass(frozen=True)
class Visit:
    """A request; `form` is empty unless it was sent with one, and nobody is signed in on the pages that are public."""

    request: Request
    services: Services
    signed_in: SignedIn | None
    form: Mapping[str, str] = field(default_factory=dict)

    @property
    def account(self) -> Account:
        """Whoever is signed in; raises RuntimeError on a public page."""
        if self.signed_in is None:
            raise RuntimeError("nobody is signed in on this page")
        return self.signed_in.account

    @property
    def now(self) -> datetime:
        """The time (UTC)."""
        return self.services.clock()

    @property
    def by(self) -> By:
        """Whoever changes or looks at something, for the audit log."""
        return By(self.account.name, self.now, self.account.id)

    @property
    def id(self) -> str:
        """The id in the address of the page."""
        return str(self.request.path_params["id"])

    @property
    def menu(self) -> list[MenuItem]:
        """The pages that they may go to."""
        return menu_of(self.account.role)

    def query(self, name: str) -> str:
        """Return what stands in the address under a name; "" if nothing does."""
        return self.request.query_params.get(name, "")

    def address(self, **changes: str) -> str:
        """Return the address of this page, or of the page of a live part, with something changed in it."""
        named = {**self.request.query_params, **changes}
        kept = {name: value for name, value in named.items() if value and name not in NOT_KEPT}
        path = str(self.request.scope["path"]).removesuffix("/live")
        return f"{path}?{urlencode(kept)}" if kept else path

    @property
    def page_number(self) -> int:
        """Which page of a list is asked for, from 1."""
        asked = self.form.get("page") or self.query("page")
        return max(int(asked), 1) if asked.isascii() and asked.isdecimal() and len(asked) < 7 else 1

    def page(self, template: str, status: int = 200, **context: object) -> Response:
        """Return a page."""
        return HTMLResponse(self.rendered(template, context), status)

    def go(self, path: str, news: str = "") -> Response:
        """Send them on to another page after a change, with a sentence of NEWS about it."""
        return RedirectResponse(f"{path}?{urlencode({'news': news})}" if news else path, 303)

    def rendered(self, template: str, context: Mapping[str, object]) -> Markup:
        """Return a template with what every page shows, and more: whatever was put in is escaped."""
        besides = {
            "visit": self,
            "me": self.signed_in.account if self.signed_in else None,
            "now": self.now,
            "news": NEWS.get(self.query("news"), ""),
            "topic": self.topic,
        }
        return Markup(environment().get_template(template).render({**besides, **context}))  # noqa: S704

    def topic(self, name: str) -> str:
        """Return what a call is about, in the words in which an adviser hears it; "" for no topic."""
        flows = self.services.content().flows
        prompt = flows.topics.get(name)
        return flows.words.text(prompt) if prompt else name.replace("_", " ")
