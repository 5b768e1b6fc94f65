"""Leads a change of IVR_SECRET_KEY: `old` → `old,new` → `new,old` → `new`, and says when each step is safe.

No process may meet what it cannot open. So the new secret comes second first, until every process knows it; then it
seals; and the old one goes once nothing is sealed with it, in the database or in an address that the provider has.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from ivr.errors import IvrError
from ivr.store import index_keys, resealing, secrets_in_use
from ivr.store.database import Store
from ivr.store.resealing import Counts
from ivr.store.secrets_in_use import EVERY, GONE_AFTER, SecretsInUse

TOKEN_DAYS = 2
"""A state token opens on the day that it was sealed (UTC) and on the next; recording links and the addresses of texts
are settled sooner. (`ivr/tokens.py`)"""


class CannotReseal(IvrError):
    """Some process does not know the secret that all would be sealed under."""


@dataclass(frozen=True)
class SecretStatus:
    """What a change of the secret depends on, and the next step in words.

    `secrets` are those of IVR_SECRET_KEY here, in order, and `newest` the one of them that came last, by fingerprint.
    """

    secrets: tuple[str, ...]
    newest: str
    in_use: tuple[SecretsInUse, ...]
    sealed: Counts
    next_step: str


async def status(store: Store, now: datetime) -> SecretStatus:
    """Return how far a change of the secret is."""
    here = store.cipher.fingerprints
    async with store.begin() as db:
        known, seen = await index_keys.secrets_known(db), await secrets_in_use.read(db)
    newest = max(here, key=known.index)
    sealed = await resealing.count(store)
    running = _running(seen, now)
    return SecretStatus(here, newest, running, sealed, _next_step(here, newest, running, seen, sealed, now))


async def reseal(store: Store, now: datetime) -> int:
    """Seal everything under the first secret of IVR_SECRET_KEY here, and forget those that nobody has any more.

    Return how many values were under another. Raises CannotReseal while a process is running that could not open them.
    """
    here = store.cipher.fingerprints
    async with store.begin() as db:
        running = _running(await secrets_in_use.read(db), now)
    if ignorant := [one for one in running if here[0] not in one.secrets]:
        raise CannotReseal(
            f"Nothing was sealed anew: {_names(ignorant)} could not open it. Set IVR_SECRET_KEY=old,new there, and"
            " restart."
        )
    done = await resealing.reseal(store)
    async with store.begin() as db:
        await index_keys.forget(db, keep={*here, *(secret for one in running for secret in one.secrets)})
    return done


def _running(seen: Iterable[SecretsInUse], now: datetime) -> tuple[SecretsInUse, ...]:
    return tuple(one for one in seen if now - one.seen < GONE_AFTER)


def _next_step(
    here: Sequence[str],
    newest: str,
    running: Sequence[SecretsInUse],
    seen: Sequence[SecretsInUse],
    sealed: Counts,
    now: datetime,
) -> str:
    if not running:
        return "No process of this database was seen in the last minutes: start them, and ask again."
    if ignorant := [one for one in running if newest not in one.secrets]:
        return (
            f"Not yet: {_names(ignorant)} do not know secret {newest}. Set IVR_SECRET_KEY=old,new there (the old one"
            " first), restart, and ask again three minutes later."
        )
    if len(here) == 1:
        return _with_one(here[0], running, sealed)
    if here[0] != newest:
        return f"Safe now: set IVR_SECRET_KEY=new,old everywhere ({newest} first), restart, and ask again."
    if behind := [one for one in running if one.secrets[0] != newest]:
        return f"Go on: {_names(behind)} still seal with the old secret. Set IVR_SECRET_KEY=new,old there and restart."
    if left := sum(n for secret, n in sealed.items() if secret not in (newest, None)):
        return f"Run `ivr secret rotate`: it seals the other {left} values with secret {newest} while calls go on."
    return _when_old_can_go(newest, seen, now)


def _with_one(secret: str, running: Sequence[SecretsInUse], sealed: Counts) -> str:
    if others := [one for one in running if one.secrets != (secret,)]:
        return f"{_names(others)} have more secrets than this one: set IVR_SECRET_KEY alike everywhere, and restart."
    return (
        "Nothing to do. To change the secret: `ivr secret` makes a new one; set IVR_SECRET_KEY=old,new everywhere (the"
        " old one first), restart, and ask again."
    )


def _when_old_can_go(newest: str, seen: Sequence[SecretsInUse], now: datetime) -> str:
    safe = _last_token_of_old(newest, seen)
    if now < safe:
        return f"Wait until {safe:%A %d %B %Y, %H:%M} UTC: calls may be in progress that began with the old secret."
    return (
        f"Safe now: set IVR_SECRET_KEY=new everywhere (only {newest}), restart, and run `ivr secret rotate` once more:"
        " it forgets the old secret."
    )


def _last_token_of_old(newest: str, seen: Iterable[SecretsInUse]) -> datetime:
    """Return when the last token opens no more that was sealed with another secret than the newest."""
    old = [one.seen + EVERY for one in seen if one.secrets[0] != newest]
    last = max(old, default=None) or min(one.since for one in seen if one.secrets[0] == newest)
    return datetime.combine(last.astimezone(UTC).date() + timedelta(days=TOKEN_DAYS), time(), UTC)


def _names(processes: Iterable[SecretsInUse]) -> str:
    return " and ".join(f"the {one.process} processes with {','.join(one.secrets)}" for one in processes)
