"""`ivr accounts` and `ivr audit`, as an administrator uses them, and who the log says did something."""

import asyncio
import json
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from ivr.cli import app
from ivr.staff import account_links
from ivr.store import accounts, passkeys
from ivr.store.database import Store
from ivr.store.passkeys import Passkey
from ivr.store.tables import audit_log
from ivr.tokens import Purpose
from tests.staff.staff_accounts import PASSWORD, TOKENS, Person, person, sign_in_of, signed_in, source
from tests.store.conftest import SECRETS
from tests.store.fixtures import ADVISER, MINUTE, NOW

pytestmark = pytest.mark.usefixtures("url")
ADA = ("Ada", "ada@helpline.example")


def ivr(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def done(*arguments: str) -> str:
    result = ivr(*arguments)
    assert result.exit_code == 0, result.output + repr(result.exception)
    return result.stdout


def refused(code: int, *arguments: str) -> str:
    result = ivr(*arguments)
    assert (result.exit_code, result.stdout) == (code, ""), result.output
    return result.stderr


def read(*arguments: str) -> Any:
    return json.loads(done(*arguments, "--json"))


def log() -> list[tuple[str, str, bool]]:
    """Return who did what, the oldest first, and whether they have an account."""
    entries = read("audit", "list", "--limit", "100")
    return [(entry["who"], entry["what"], entry["account"] is not None) for entry in reversed(entries)]


def with_people(url: str, *names: str, and_sign_in: bool = False) -> None:
    """Have these people follow their invitations, and sign in a minute later."""

    async def add() -> None:
        async with Store(url, SECRETS, 30) as store:
            for name in names:
                one = await person(store, name, at=NOW - MINUTE)
                if and_sign_in:
                    await signed_in(store, one, NOW)

    asyncio.run(add())


def test_the_first_administrator_is_made_and_told_where_to_set_a_password() -> None:
    assert done("accounts") == "Nobody has an account yet.\n"
    told = done("accounts", "add", *ADA, "--role", "administrator", "--by", "root")
    assert told.startswith(
        "Ada sets a password here, until Mon 30 Nov 2026 10:00: http://localhost:8000/console/invitation/"
    )
    assert done("accounts") == "Ada  ada@helpline.example  administrator, invited\n"
    assert log() == [("root", "account Ada: invited as administrator", False)]


def test_an_account_is_changed_and_shown_as_it_is_then() -> None:
    done("accounts", "add", *ADA)
    done("rota", "add", "Ada Byron", ADVISER)
    assert read("accounts", "role", "ada", "manager")["role"] == "manager"
    assert read("accounts", "adviser", "ADA@helpline.example", "ada byron")["adviser"] == "Ada Byron"
    assert done("accounts", "rename", "Ada", "Ada B") == (
        "Ada B  ada@helpline.example  manager, invited  Ada Byron on the rota\n"
    )
    assert read("accounts", "adviser", "Ada B")["adviser"] is None
    assert read("accounts", "leave", "Ada B")["state"] == "left"
    assert read("accounts", "rejoin", "Ada B").keys() == {"name", "link", "until"}
    assert read("accounts")[0] == {
        "name": "Ada B",
        "email": "ada@helpline.example",
        "role": "manager",
        "state": "invited",
        "second_factor": False,
        "signs_in_with": [],
        "adviser": None,
        "mobile": None,
        "alerts_by": None,
        "invited": NOW.isoformat(),
    }


def test_a_reset_gives_another_link_and_signs_out(url: str) -> None:
    with_people(url, "Jo", and_sign_in=True)
    [_, session] = read("accounts", "sessions", "Jo")
    assert session.keys() == {"id", "device", "began", "seen"}
    assert done("accounts", "sessions", "Jo").count("Firefox on Linux, since Mon 23 Nov 2026 ") == 2
    first = read("accounts", "reset", "Jo", "--second-factor")
    assert "/console/reset/" in first["link"]
    assert first["link"] != read("accounts", "reset", "Jo")["link"]
    assert done("accounts", "sessions", "Jo") == "They are signed in nowhere.\n"
    assert "nothing to sign in with yet" in done("accounts")


def with_passkeys(url: str, name: str, *names: str) -> None:
    """Have somebody's account have passkeys of these names."""

    async def add() -> None:
        async with Store(url, SECRETS, 30) as store, store.begin() as db:
            account = await accounts.by_name_or_email(db, store.cipher, name)
            assert account
            for one in names:
                await passkeys.add(db, Passkey(f"id of {one}", account.id, "a key", 0, one, NOW))

    asyncio.run(add())


def test_passkeys_are_listed_and_removed_by_name(url: str) -> None:
    with_people(url, "Jo")
    assert done("accounts", "passkeys", "Jo") == "They have no passkey.\n"
    with_passkeys(url, "Jo", "My telephone", "Laptop")
    assert done("accounts", "passkeys", "Jo").splitlines() == [
        "Laptop  made Mon 23 Nov 2026 10:00, not used yet",
        "My telephone  made Mon 23 Nov 2026 10:00, not used yet",
    ]
    assert read("accounts")[0]["signs_in_with"] == ["password and app for codes", "2 passkeys"]
    assert "they have: “Laptop”, “My telephone”" in refused(1, "accounts", "remove-passkey", "Jo", "Tablet")
    assert read("accounts", "remove-passkey", "Jo", "my TELEPHONE", "--by", "Sam")["name"] == "My telephone"
    assert log()[-1] == ("Sam (shell)", "account Jo: passkey “My telephone” removed", False)


def test_whom_the_identity_provider_knows_as_somebody_is_forgotten(url: str) -> None:
    with_people(url, "Jo")
    assert "Jo has not come by single sign-on" in refused(1, "accounts", "forget-sso", "Jo")

    async def bind() -> None:
        async with Store(url, SECRETS, 30) as store, store.begin() as db:
            account = await accounts.by_name_or_email(db, store.cipher, "Jo")
            assert account
            await accounts.bind(db, store.cipher, account.id, "https://login.example", "jo", NOW)

    asyncio.run(bind())
    assert read("accounts")[0]["signs_in_with"] == ["password and app for codes", "single sign-on"]
    assert read("accounts", "forget-sso", "Jo")["signs_in_with"] == ["password and app for codes"]
    assert log()[-1][1] == "account Jo: single sign-on forgotten"


def test_the_last_way_to_sign_in_is_not_removed_but_set_anew_by_a_reset(url: str) -> None:
    done("accounts", "add", *ADA)
    with_passkeys(url, "Ada", "Key")
    assert "last way in which Ada can sign in" in refused(1, "accounts", "remove-passkey", "Ada", "Key")
    done("accounts", "reset", "Ada")
    assert read("accounts", "passkeys", "Ada") == []


def test_somebody_is_signed_out_everywhere(url: str) -> None:
    with_people(url, "Jo", and_sign_in=True)
    assert read("accounts", "end-sessions", "Jo") == {"ended": 2}
    assert done("accounts", "end-sessions", "Jo") == "0 sessions ended.\n"
    assert log()[-1][1] == "account Jo: 2 sessions ended"


@pytest.mark.parametrize(
    ("code", "arguments", "says"),
    [
        (1, ("leave", "Lee"), "“Lee” has no account; those who have one: Ada"),
        (
            1,
            ("add", "ada", "other@helpline.example"),
            "an account of that name or e-mail address already: Ada",
        ),
        (2, ("add", "Jo", "jo"), "Write an e-mail address such as jo@helpline.example."),
        (2, ("add", "Jo", "jo@helpline.example", "--role", "boss"), "is not one of"),
        (1, ("rejoin", "Ada"), "Ada has not left."),
        (1, ("adviser", "Ada", "Lee"), "“Lee” is not on the rota"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence(code: int, arguments: tuple[str, ...], says: str) -> None:
    done("accounts", "add", *ADA)
    assert says in refused(code, "accounts", *arguments)


def test_whoever_has_an_account_is_known_by_it_at_a_shell(url: str) -> None:
    done("rota", "add", "Jo", ADVISER, "--by", "root")
    with_people(url, "Jo")
    done("rota", "away", "Jo", "--by", "JO@helpline.example")
    done("rota", "back", "Jo", "--by", "root")
    assert [(who, has_account) for who, what, has_account in log() if "Jo is" in what or "rota" in what] == [
        ("root", False),
        ("Jo", True),
        ("root (shell)", False),
    ]


def test_the_log_is_listed_by_words_of_who_and_what() -> None:
    done("accounts", "add", *ADA, "--by", "root")
    done("rota", "add", "Jo", ADVISER, "--by", "Max")
    done("rota", "away", "Jo", "--by", "Max")
    assert [entry["what"] for entry in read("audit", "list", "--search", "max AWAY")] == ["Jo is away"]
    assert done("audit", "list", "--search", "100%") == "No entry is there.\n"
    assert len(done("audit").splitlines()) == 3


def test_a_log_that_was_tampered_with_is_told_by_the_exit_code(url: str) -> None:
    for name in ("Ada", "Bea"):
        done("accounts", "add", name, f"{name}@helpline.example", "--by", "root")
    whole = done("audit", "verify").splitlines()
    assert whole[0] == "The log is whole: 2 entries are chained."
    seal = whole[1].removeprefix("Seal of the last entry: ")
    assert read("audit", "verify", "--seal", seal[:16])["findings"] == []

    async def tamper() -> None:
        async with Store(url, SECRETS, 30) as store, store.begin() as db:
            await db.execute(audit_log.update().where(audit_log.c.n == 1).values(who="Eve"))

    asyncio.run(tamper())
    result = ivr("audit", "verify")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[:2] == [
        "Entry 1 (23 Nov 2026 10:00:00, Eve) was changed: its seal is not that of its words.",
        "The log is not whole: 2 entries are chained.",
    ]
    assert "is no seal" in refused(2, "audit", "verify", "--seal", "nothing")


def test_a_link_works_on_the_pages(url: str) -> None:
    """The token of the command line is one that the pages open: both have the secrets of the settings."""
    token = read("accounts", "add", *ADA)["link"].rpartition("/")[2]

    async def follow() -> None:
        async with Store(url, SECRETS, 30) as store:
            link = await account_links.open_link(sign_in_of(store), Purpose.invitation, token, NOW)
            code = Person(link.account, TOKENS.totp_secret(token)).code(NOW)
            await account_links.with_link(sign_in_of(store), Purpose.invitation, token, PASSWORD, code, source(NOW))

    asyncio.run(follow())
    assert done("accounts") == "Ada  ada@helpline.example  adviser, active  password and app for codes\n"
