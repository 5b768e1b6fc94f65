"""What the pages stand on, opened once for the process."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from ivr.console.faults import Faults
from ivr.console.passwords import Argon2
from ivr.console.post import Post
from ivr.console.ringing import Ringing
from ivr.engine.call_flows import CallFlows
from ivr.helpline.contacts import Contact
from ivr.helpline.dated_facts import DatedFact
from ivr.helpline.legal_rules import LegalRule
from ivr.helpline.opening_hours import OpeningHours
from ivr.helpline.rota import Adviser
from ivr.helpline.text_destinations import TextDestinations
from ivr.staff.outgoing_texts import Texting
from ivr.staff.sign_in import Passwords, SignIn
from ivr.store.database import Store
from ivr.store.quotas import Quotas
from ivr.tokens import AccountTokens

NO_TEXTS = Texting(TextDestinations(()), Quotas(0, 0))


class Helpline(Protocol):
    """The content that callers hear now, as far as the pages show it."""

    @property
    def flows(self) -> CallFlows:
        """Return the flows with their words."""

    @property
    def hours(self) -> OpeningHours | None:
        """Return our opening hours; None: always open."""

    @property
    def contacts(self) -> Mapping[str, Contact]:
        """Return whom callers are told of, by name."""

    @property
    def rules(self) -> Mapping[str, LegalRule]:
        """Return the rules of law that are stated, by name."""

    @property
    def facts(self) -> Sequence[DatedFact]:
        """Return every dated fact."""


@dataclass(frozen=True)
class Services:
    """The database, the content, the clock, and what is wrong with the helpline.

    `advisers` are those of the operator's setting, for when the rota is empty. `unanswered` is after how many
    unanswered rings in an hour an adviser is passed over. `secrets` seal our tokens. `number` is our own as texts have
    it, and `texting` what may be texted; `ringing` places calls back, None where nobody can be rung. In development
    (`dev`) anybody may enter, on this machine only. `origin` is where the pages are, for links in e-mails: the address
    that a request names is that of whoever sends it.
    """

    store: Store
    content: Callable[[], Helpline]
    clock: Callable[[], datetime]
    secrets: tuple[bytes, ...]
    advisers: tuple[Adviser, ...] = ()
    unanswered: int = 12
    faults: Faults = field(default_factory=Faults)
    number: str | None = None
    texting: Texting = NO_TEXTS
    ringing: Ringing | None = None
    dev: bool = False
    origin: str = "http://localhost:8001"
    passwords: Passwords = field(default_factory=Argon2)
    post: Post = field(default_factory=Post)

    @property
    def sign_in(self) -> SignIn:
        """What signing in takes."""
        return SignIn(self.store, self.passwords, AccountTokens(self.secrets))
