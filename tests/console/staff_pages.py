"""The staff pages on a database of their own, asked over HTTP as a browser would ask."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256

import httpx2
from sqlalchemy import insert
from starlette.types import ASGIApp

from ivr.console.app import build
from ivr.console.services import Services
from ivr.console.sessions import COOKIE
from ivr.loader import load
from ivr.staff.accounts import Role
from ivr.store.database import Store
from ivr.store.tables import accounts, staff_sessions
from tests.app_factory import PATIENT
from tests.staff.staff_accounts import PlainPasswords
from tests.web.running_app import Clock
from tests.web.webhooks import SETTINGS

URL = "https://helpline.example"
OURS = {"Sec-Fetch-Site": "same-origin"}
NAMES = {Role.adviser: "Ann", Role.manager: "Max", Role.administrator: "Ada"}


@dataclass
class StaffPages:
    """The application, a way of our own into its database, and somebody of each role who is signed in."""

    app: ASGIApp
    store: Store
    services: Services
    clock: Clock = field(default_factory=Clock)

    async def get(self, path: str, who: Role | None = Role.adviser, **headers: str) -> httpx2.Response:
        """Look at a page as somebody of a role, or as nobody."""
        return await self._ask("GET", path, who, {}, headers)

    async def post(
        self, path: str, form: Mapping[str, str] | None = None, who: Role | None = Role.adviser, **headers: str
    ) -> httpx2.Response:
        """Send a form as one of our own pages does."""
        return await self._ask("POST", path, who, form or {}, OURS | headers)

    async def _ask(
        self, method: str, path: str, who: Role | None, form: Mapping[str, str], headers: Mapping[str, str]
    ) -> httpx2.Response:
        cookies = {COOKIE: token_of(who)} if who else {}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        transport = httpx2.ASGITransport(self.app)
        async with httpx2.AsyncClient(transport=transport, base_url=URL, cookies=cookies) as client:
            return await client.request(method, path, data=dict(form) if method == "POST" else None, headers=named)


def token_of(role: Role) -> str:
    """Return what the browser of somebody of a role has in its cookie."""
    return f"the token of the {role}"


@asynccontextmanager
async def staff_pages(url: str) -> AsyncIterator[StaffPages]:
    """Yield the pages of a migrated database, on which somebody of each role is signed in."""
    clock = Clock()
    async with Store(url, SETTINGS.secrets, PATIENT) as store:
        helpline = load()
        services = Services(store, lambda: helpline, clock, SETTINGS.secrets, passwords=PlainPasswords())
        await _sign_everybody_in(store, clock)
        yield StaffPages(build(services), store, services, clock)


async def _sign_everybody_in(store: Store, clock: Clock) -> None:
    now, cipher = clock(), store.cipher
    async with store.begin() as db:
        for role, name in NAMES.items():
            email = f"{name.lower()}@helpline.example"
            about = {
                "id": name,
                "name": name,
                "role": role,
                "state": "active",
                "password": "",
                "created": now,
                "changed": now,
            }
            sealed = {"email": cipher.encrypt(email), "email_index": cipher.blind_index(email)}
            await db.execute(insert(accounts).values(about | sealed))
            id = sha256(token_of(role).encode()).digest()
            await db.execute(
                insert(staff_sessions).values(id=id, account=name, device="a browser", began=now, seen=now)
            )
