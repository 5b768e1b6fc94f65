"""People: who of staff has an account; administrators invite, change and end them."""

from collections.abc import Awaitable, Callable

from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from ivr.console.page import Page, sent, shown
from ivr.console.visit import Visit
from ivr.errors import AccountRefused, InvalidInput
from ivr.staff import accounts as staff
from ivr.staff import letters, single_sign_on
from ivr.staff.accounts import Account, Role
from ivr.store import accounts, rota, staff_sessions
from ivr.store.cipher import Cipher

PEOPLE = "/console/people"
Change = Callable[[AsyncConnection, Cipher, Account, Visit], Awaitable[object]]


async def people(visit: Visit) -> Response:
    """Show everybody."""
    return await _list(visit)


async def invite(visit: Visit) -> Response:
    """Invite somebody; the link is sent to them, or shown."""
    form, cipher = visit.form, visit.services.store.cipher
    try:
        role = _role(form.get("role", ""))
        async with visit.services.store.begin() as db:
            new = await staff.invite(db, cipher, form.get("name", ""), form.get("email", ""), role, visit.by)
            path = await staff.link(db, cipher, visit.services.sign_in.tokens, new, visit.by)
    except (AccountRefused, InvalidInput) as error:
        return await _list(visit, str(error), 422)
    return await _give_link(visit, new, path)


async def person(visit: Visit) -> Response:
    """Show somebody."""
    return await _one(visit)


def changes(news: str, change: Change) -> Callable[[Visit], Awaitable[Response]]:
    """Return a page that changes somebody and shows them as they are then, with a sentence of NEWS."""

    async def answer(visit: Visit) -> Response:
        cipher = visit.services.store.cipher
        try:
            async with visit.services.store.begin() as db:
                await change(db, cipher, await staff.read_one(db, cipher, visit.id), visit)
        except (AccountRefused, InvalidInput) as error:
            return await _one(visit, str(error), 422)
        return visit.go(f"{PEOPLE}/{visit.id}", news)

    return answer


def gives_link(
    change: Callable[[AsyncConnection, Cipher, Account, Visit], Awaitable[Account]],
) -> Callable[[Visit], Awaitable[Response]]:
    """Return a page that changes somebody who gets a link by that."""

    async def answer(visit: Visit) -> Response:
        cipher = visit.services.store.cipher
        try:
            async with visit.services.store.begin() as db:
                changed = await change(db, cipher, await staff.read_one(db, cipher, visit.id), visit)
                path = await staff.link(db, cipher, visit.services.sign_in.tokens, changed, visit.by)
        except AccountRefused as error:
            return await _one(visit, str(error), 422)
        return await _give_link(visit, changed, path)

    return answer


async def _rename(db: AsyncConnection, cipher: Cipher, account: Account, visit: Visit) -> object:
    return await staff.rename(db, cipher, account, visit.form.get("name", ""), visit.by)


async def _set_role(db: AsyncConnection, cipher: Cipher, account: Account, visit: Visit) -> object:
    return await staff.set_role(db, cipher, account, _role(visit.form.get("role", "")), visit.by)


async def _set_adviser(db: AsyncConnection, cipher: Cipher, account: Account, visit: Visit) -> object:
    return await staff.set_adviser(db, cipher, account, visit.form.get("adviser") or None, visit.by)


async def _set_mobile(db: AsyncConnection, cipher: Cipher, account: Account, visit: Visit) -> object:
    return await staff.set_mobile(db, cipher, account, visit.form.get("mobile", ""), visit.by)


async def _leave(db: AsyncConnection, cipher: Cipher, account: Account, visit: Visit) -> object:
    return await staff.leave(db, cipher, account, visit.by)


async def _end_sessions(db: AsyncConnection, cipher: Cipher, account: Account, visit: Visit) -> object:
    return await staff.end_sessions(db, account, visit.by)


async def _forget_single_sign_on(db: AsyncConnection, cipher: Cipher, account: Account, visit: Visit) -> object:
    return await single_sign_on.forget(db, cipher, account, visit.by)


async def _rejoin(db: AsyncConnection, cipher: Cipher, account: Account, visit: Visit) -> Account:
    return await staff.rejoin(db, cipher, account, visit.by)


async def _reset(db: AsyncConnection, cipher: Cipher, account: Account, visit: Visit) -> Account:
    second_factor = "second_factor" in visit.form
    return await staff.reset(db, cipher, account, visit.by, second_factor=second_factor)


async def _list(visit: Visit, error: str = "", status: int = 200) -> Response:
    async with visit.services.store.read() as db:
        found = await accounts.read(db, visit.services.store.cipher)
        advisers = {one.id: one.name for one in await rota.read(db, visit.services.store.cipher)}
    return visit.page(
        "people.html", status, people=found, advisers=advisers, roles=list(Role), error=error, form=visit.form
    )


async def _one(visit: Visit, error: str = "", status: int = 200) -> Response:
    async with visit.services.store.read() as db:
        found = await staff.read_one(db, visit.services.store.cipher, visit.id)
        advisers = await rota.read(db, visit.services.store.cipher)
        sessions = await staff_sessions.of(db, found, visit.now)
    return visit.page(
        "person.html",
        status,
        person=found,
        advisers=advisers,
        sessions=sessions,
        roles=list(Role),
        error=error,
        form=visit.form,
    )


async def _give_link(visit: Visit, account: Account, path: str) -> Response:
    """Send a link by e-mail; show it where that cannot be done, to be passed on."""
    services, is_sent = visit.services, False
    if services.post.can_send and account.email:
        is_sent = await services.post.send(letters.with_link(account, f"{services.origin}{path}"), visit.now)
    address = f"{str(visit.request.base_url).rstrip('/')}{path}"
    return visit.page("link_given.html", person=account, address=address, is_sent=is_sent)


def _role(text: str) -> Role:
    if text not in set(Role):
        raise InvalidInput("Choose what they may.")
    return Role(text)


ONE = f"{PEOPLE}/{{id}}"
PAGES: tuple[Page, ...] = (
    shown(PEOPLE, Role.administrator, people),
    sent(PEOPLE, Role.administrator, invite),
    shown(ONE, Role.administrator, person),
    sent(f"{ONE}/name", Role.administrator, changes("person_changed", _rename)),
    sent(f"{ONE}/role", Role.administrator, changes("person_changed", _set_role)),
    sent(f"{ONE}/adviser", Role.administrator, changes("person_changed", _set_adviser)),
    sent(f"{ONE}/mobile", Role.administrator, changes("person_changed", _set_mobile)),
    sent(f"{ONE}/leave", Role.administrator, changes("person_left", _leave)),
    sent(f"{ONE}/sessions/end", Role.administrator, changes("sessions_ended", _end_sessions)),
    sent(f"{ONE}/single-sign-on/forget", Role.administrator, changes("person_changed", _forget_single_sign_on)),
    sent(f"{ONE}/rejoin", Role.administrator, gives_link(_rejoin)),
    sent(f"{ONE}/reset", Role.administrator, gives_link(_reset)),
)
