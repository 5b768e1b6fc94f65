"""A walk along the chain of the audit log that tells which entries were changed, put in, or do not follow."""

from dataclasses import dataclass, field
from hmac import compare_digest
from typing import Any

from sqlalchemy import Row

from ivr.helpline.timezone import LONDON
from ivr.store import audit_chain
from ivr.store.cipher import Cipher

CHANGED = "was changed: its seal is not that of its words."
PUT_IN = "was put in: its seal is not ours, and the chain goes on without it."
WITHOUT_SEAL = "has no seal: it was put in, or written with an IVR_SECRET_KEY that does not fit the database."


@dataclass(slots=True)
class AuditWalk:
    """Takes the entries one after the other. `expected` is the seal that the next one must hold as the one before it.

    No entry without a seal may come once `is_chained`.
    """

    cipher: Cipher
    expected: bytes
    is_chained: bool
    chained: int = 0
    unchained: int = 0
    findings: list[str] = field(default_factory=list)
    strays: list[Row[Any]] = field(default_factory=list)
    """Entries whose seals are ours, and that do not follow the one before them."""
    doubtful: list[Row[Any]] = field(default_factory=list)
    """The entries just before, whose seals are not those of their words: changed, or put in."""

    def step(self, row: Row[Any]) -> None:
        """Take the next entry."""
        if row.seal is None or row.previous is None:
            self._take_without_seal(row)
            return
        self.is_chained = True
        self.chained += 1
        if not compare_digest(audit_chain.seal_of_row(self.cipher, row), row.seal):
            self.doubtful.append(row)
            return
        if not self.follows(row.previous):
            self.strays.append(row)
        self.expected = row.seal

    def follows(self, previous: bytes) -> bool:
        """Return whether the entry with this seal is the one before, and say what that makes of those in doubt."""
        doubtful, self.doubtful = self.doubtful, []
        were_put_in = bool(doubtful) and previous == self.expected
        for row in doubtful:
            self.findings.append(f"{name(row)} {PUT_IN if were_put_in else CHANGED}")
        seals = {doubtful[-1].seal, audit_chain.seal_of_row(self.cipher, doubtful[-1])} if doubtful else set[bytes]()
        return previous == self.expected or previous in seals

    def _take_without_seal(self, row: Row[Any]) -> None:
        self.unchained += 1
        if self.is_chained:
            self.findings.append(f"{name(row)} {WITHOUT_SEAL}")


def name(row: Row[Any]) -> str:
    """Return how a finding names an entry."""
    return f"Entry {row.n} ({row.at.astimezone(LONDON):%d %b %Y %H:%M:%S}, {row.who})"
