"""Every error of our own, as a tree.

IvrError
├── BeyondCalendar            a day outside the bank holidays we have data for
├── CertificateBeforeLetter   a certificate older than the letter it is about
├── ContentError              flows or prompts with mistakes: all of them, with file and line
├── SettingsError             a setting that is missing or cannot be used
├── InvalidDate               a date typed at the command line that is none (ivr/commands/deadline.py)
├── CannotTake                a caller who is not to be had, at the command line (ivr/commands/callbacks.py)
├── NoSuchAdviser             a name that the rota does not have (ivr/commands/ring_back.py)
├── ActionRefused             something that cannot be done in a session as it stands (ivr/simulator/browser/)
├── ScenarioError             a scenario that cannot be read (ivr/simulator/scenarios/)
├── TwimlError                a document that Twilio would refuse (ivr/simulator/twiml/)
├── ApplicationFailure        the app failed a call (ivr/simulator/twiml/)
├── BrokenSeal                memory that is not ours, not this call's, or not this step's
├── ProviderFailed            the provider did not do what we asked (ivr/telephony/provider_errors.py)
│   ├── NotTaken              it certainly has not taken it: try again later
│   ├── Refused               it never will
│   └── Unknown               nobody can tell
├── StoreDown                 the database is stopped, locked, full or slow (ivr/store/)
├── RotaRefused               a change of the rota, or a closure, that cannot be
├── EndlessFlow               steps that lead to one another without ever stopping
├── NoVoice                   no synthesiser is installed, or none for the language (ivr/speech/)
└── Unspeakable               a sentence wanted with a blank that nobody filled
"""

from collections.abc import Sequence
from dataclasses import dataclass


class IvrError(Exception):
    """What all our errors have in common."""


class BeyondCalendar(IvrError):
    """A day outside the bank holidays we have data for: we refuse to guess."""


class CertificateBeforeLetter(IvrError):
    """A mediation certificate dated before the decision it is about."""

    code = "certificate_before_letter"


class SettingsError(IvrError):
    """A setting that is missing or cannot be used, said to the operator."""


class InvalidToken(IvrError):
    """Memory that is not ours, not this call's, or not this step's."""


class DatabaseUnavailable(IvrError):
    """The database is stopped, locked, full, or slower than a caller can wait: nothing was promised."""


class RotaRefused(IvrError):
    """A change of the rota, or a closure, that cannot be, said to whoever makes it."""


class FlowLoop(IvrError):
    """Steps that lead to one another without ever stopping for the caller."""


class NoVoice(IvrError):
    """No voice of our own to speak with: not installed, or not in this language."""


class MissingPrompt(IvrError):
    """A sentence that does not exist, or whose blank nobody filled."""


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake in flows or prompts: where it is and what to do about it."""

    file: str
    line: int
    says: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.says}"


class ContentError(IvrError):
    """Flows or prompts with mistakes: all of them at once."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))
