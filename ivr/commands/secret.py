"""`ivr secret`: a new key for IVR_SECRET_KEY, and the change to it."""

from base64 import urlsafe_b64encode
from collections.abc import Iterator
from secrets import token_bytes
from typing import TYPE_CHECKING, Any

import typer

from ivr.commands.options import AsJson
from ivr.commands.output import show, tell

if TYPE_CHECKING:
    from ivr.staff.secret_rotation import SecretStatus

secret = typer.Typer(name="secret")


@secret.callback(invoke_without_command=True)
def group(context: typer.Context) -> None:
    """Print a new key of 32 random bytes; or say how far the change to a new one is, and seal what is kept with it.

    A key decrypts call state and personal data: keep it safe. docs/operating.md has the change step by step.

    Examples: `echo "IVR_SECRET_KEY=$(ivr secret)" >> .env`, `ivr secret status`, `ivr secret rotate`.
    """
    if context.invoked_subcommand is None:
        tell(new_key())


def new_key() -> str:
    """Return a new key: 32 random bytes in url-safe base64."""
    return urlsafe_b64encode(token_bytes(32)).decode().rstrip("=")


@secret.command()
def status(as_json: AsJson = False) -> None:
    """Print what is sealed under which secret of IVR_SECRET_KEY, which secrets processes have, and which step is safe.

    Secrets are named by their fingerprints, which tell nothing of them. Examples: `ivr secret status`,
    `ivr secret status --json`.
    """
    from ivr.commands.transaction import with_store
    from ivr.config import current_time
    from ivr.staff import secret_rotation

    now = current_time()
    found = with_store(lambda store: secret_rotation.status(store, now))
    show(_fields(found), _lines(found), as_json=as_json)


@secret.command()
def rotate(as_json: AsJson = False) -> None:
    """Seal what is kept with the first secret of IVR_SECRET_KEY, in batches, while calls go on.

    It refuses while a process is running that does not know that secret. Stopped in the middle, it goes on where it was
    when it is run again. Example: `ivr secret rotate`.
    """
    from ivr.commands.transaction import with_store
    from ivr.config import current_time
    from ivr.staff import secret_rotation

    now = current_time()

    async def run(store: Any) -> "tuple[int, SecretStatus]":
        done = await secret_rotation.reseal(store, now)
        return done, await secret_rotation.status(store, now)

    done, found = with_store(run)
    show({"sealed_anew": done, **_fields(found)}, [f"{done} values were sealed anew.", *_lines(found)], as_json=as_json)


def _lines(found: "SecretStatus") -> Iterator[str]:
    from ivr.store.cipher import UNREADABLE

    for place, one in enumerate(found.secrets, 1):
        notes = [f"{found.sealed[one]} values are sealed with it"]
        notes += ["new values are sealed with it"] if place == 1 else []
        notes += ["the newest"] if one == found.newest and len(found.secrets) > 1 else []
        yield f"secret {place}  {one}  {', '.join(notes)}"
    if unreadable := found.sealed[None]:
        yield f"{unreadable} values are {UNREADABLE}: they are kept, and wait for it"
    for use in found.in_use:
        yield f"seen lately: {use.process} processes with {','.join(use.secrets)}"
    yield found.next_step


def _fields(found: "SecretStatus") -> dict[str, Any]:
    return {
        "secrets": [{"secret": one, "sealed": found.sealed[one]} for one in found.secrets],
        "newest": found.newest,
        "unreadable": found.sealed[None],
        "in_use": [{"process": one.process, "secrets": one.secrets, "seen": one.seen} for one in found.in_use],
        "next_step": found.next_step,
    }
