"""The registry of checks, filled by the decorator `@check`, and what every check is given."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

import httpx2

from ivr.config import Settings
from ivr.helpline.notices import Notice
from ivr.lint.run import Finding as LintFinding
from ivr.loader import Helpline
from ivr.store.database import Store
from ivr.telephony.rest import Provider

Severity = Literal["error", "warning", "skipped"]
"""Whether callers are harmed, somebody is to see to it soon, or nothing could be looked at."""


@dataclass(frozen=True)
class Finding:
    """What a check found, what mends it, and the name of the check; `amount` is how many things are wrong.

    `texts_fail`: by what was found, texts of ours may not come, and staff are to be told otherwise.
    """

    severity: Severity
    says: str
    mend: str
    check: str = ""
    amount: int = 1
    texts_fail: bool = False


@dataclass(frozen=True)
class Subject:
    """What is looked over: a helpline with its settings, content, database, and provider account.

    `content` reads flows and prompts, and returns None if there are mistakes in them; `lint` reports what `ivr check`
    does. `provider` is None without an account; `http` asks our own address.
    """

    settings: Settings
    folder: Path
    content: Callable[[], Helpline | None]
    lint: Callable[[], Sequence[LintFinding]]
    store: Store
    provider: Provider | None
    http: httpx2.AsyncClient
    now: datetime


Look = Callable[[Subject], AsyncIterator[Finding]]


@dataclass(frozen=True)
class Check:
    """A function that yields a finding for each thing that is wrong."""

    name: str
    look: Look

    @property
    def looks_at(self) -> str:
        """The first paragraph of the function's docstring."""
        return " ".join(str(self.look.__doc__).split("\n\n")[0].split())


_registered: dict[str, Check] = {}


def check(look: Look) -> Look:
    """Register a function as the check of its name; raises ValueError if the name is taken."""
    name = look.__name__
    if name in _registered:
        raise ValueError(f"two checks have the name {name}")
    _registered[name] = Check(name, look)
    return look


def registered() -> dict[str, Check]:
    """Return the checks registered so far by name."""
    return dict(_registered)


def error(says: str, mend: str, amount: int = 1, *, texts_fail: bool = False) -> Finding:
    """Return a finding of what harms callers."""
    return Finding("error", says, mend, amount=amount, texts_fail=texts_fail)


def warning(says: str, mend: str, amount: int = 1) -> Finding:
    """Return a finding of what somebody is to see to soon."""
    return Finding("warning", says, mend, amount=amount)


def skipped(says: str, mend: str) -> Finding:
    """Return a finding of what could not be looked at."""
    return Finding("skipped", says, mend)


NO_DATABASE = skipped("the database is not there to be asked", "`ivr doctor database`")
"""What a check finds that cannot be made without the database."""


def of_notice(notice: Notice, severity: Severity = "error") -> Finding:
    """Return the finding of a notice."""
    return Finding(severity, notice.says, notice.mend)
