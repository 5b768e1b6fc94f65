"""What the pages stand on, opened once for the process."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from ivr.console.faults import Faults
from ivr.console.passwords import Argon2
from ivr.console.post import Post
from ivr.console.ringing import Ringing
from ivr.helpline.dated_facts import DatedFact
from ivr.helpline.opening_hours import Week
from ivr.helpline.opening_hours_file import OpeningHoursFile
from ivr.helpline.rota import Adviser
from ivr.helpline.staff_hours import StaffHours
from ivr.helpline.text_destinations import TextDestinations
from ivr.identity_provider import Identity, IdentityProvider
from ivr.staff.call_preview import Content
from ivr.staff.emergency import MessageCheck
from ivr.staff.outgoing_texts import Texting
from ivr.staff.sign_in import Passwords, SignIn
from ivr.staff.trial import Listener
from ivr.store.database import Store
from ivr.store.quotas import Quotas
from ivr.tokens import AccountTokens, SignInTokens

NO_TEXTS = Texting(TextDestinations(()), Quotas(0, 0))
Speak = Callable[[str, str], Awaitable[bytes | None]]
"""Returns words in a language (its tag) as a WAV file; None if there is no voice for it."""


CheckMessage = Callable[[str], Awaitable[MessageCheck]]
"""Returns whether the words of an emergency message may be told; it takes seconds."""


class Helpline(Content, Protocol):
    """The content that callers hear now, as far as the pages show it."""

    @property
    def ours(self) -> OpeningHoursFile | None:
        """Return our hours by the file."""

    @property
    def other_facts(self) -> Sequence[DatedFact]:
        """Return every dated fact but our hours."""

    def ours_on(self, today: date, staff_hours: Sequence[StaffHours]) -> OpeningHoursFile | None:
        """Return our hours in force on a day."""

    def words_of_week(self, week: Week) -> str:
        """Return a week of hours in words, as callers hear them."""


@dataclass(frozen=True)
class Simulation:
    """What the pages know of the simulated telephone that they stand beside; in production there is none.

    `name` tells that telephone from others. `telephone` is an adviser's number that can be rung. `typed` returns what
    was typed at the telephone for a recording, by its RecordingSid; "" if that is not known. `roles` are the addresses
    at which one is somebody of another role, by their names.
    """

    name: str
    telephone: str
    typed: Callable[[str], str]
    roles: Mapping[str, str]


class SingleSignOn(Protocol):
    """An identity provider, which says who somebody is; its methods raise SingleSignOnFailed."""

    @property
    def provider(self) -> IdentityProvider:
        """Return the settings of it."""

    async def address(self, state: str, nonce: str, verifier: str) -> str:
        """Return where somebody is sent to say who they are."""

    async def identity(self, code: str, nonce: str, verifier: str) -> Identity:
        """Return who somebody is by the code with which they came back."""


@dataclass(frozen=True)
class Services:
    """The database, the content, the clock, and what is wrong with the helpline.

    `advisers` are those of the operator's setting, for when the rota is empty. `unanswered` is after how many
    unanswered rings in an hour an adviser is passed over. `secrets` seal our tokens. `number` is our own as texts have
    it, `own_numbers` are all of ours (E.164), `speak` says what callers would hear (None without a voice), and
    `texting` is what may be texted; `ringing` places calls back, None where nobody can be rung; `check_message` is the
    linter, for an emergency message. In development (`dev`) anybody may enter, on this machine only. `origin` is where
    the pages are, for links in e-mails: the address that a request names is that of whoever sends it.
    `sso` is the single sign-on, if there is one. `simulation` is the telephone in the browser that the pages belong to.
    """

    store: Store
    content: Callable[[], Helpline]
    clock: Callable[[], datetime]
    secrets: tuple[bytes, ...]
    advisers: tuple[Adviser, ...] = ()
    unanswered: int = 12
    faults: Faults = field(default_factory=Faults)
    number: str | None = None
    own_numbers: frozenset[str] = frozenset()
    speak: Speak | None = None
    texting: Texting = NO_TEXTS
    ringing: Ringing | None = None
    check_message: CheckMessage | None = None
    dev: bool = False
    origin: str = "http://localhost:8001"
    passwords: Passwords = field(default_factory=Argon2)
    post: Post = field(default_factory=Post)
    sso: SingleSignOn | None = None
    simulation: Simulation | None = None

    @property
    def listener(self) -> Listener:
        """What callers hear besides rota and hours."""
        return Listener(self.content(), self.number, self.advisers)

    @property
    def sign_in(self) -> SignIn:
        """What signing in takes."""
        tokens, sealed = AccountTokens(self.secrets), SignInTokens(self.secrets)
        only_with = self.sso.provider.name if self.sso and self.sso.provider.is_only_way else ""
        return SignIn(self.store, self.passwords, tokens, sealed, only_with)
