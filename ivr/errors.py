"""The hierarchy of our exceptions.

IvrError
├── BeyondCalendar            a day outside the bank holidays we have data for
├── CertificateBeforeLetter   a certificate older than the letter it is about
├── ContentError              flows or prompts with mistakes: all of them, with file and line
├── SettingsError             a setting that is missing or cannot be used
├── InvalidInput              what somebody typed cannot be used, whatever is stored: exit code 2
│   └── InvalidDate           a date that is none (ivr/commands/deadline.py)
├── NotConfirmed              somebody was asked whether to go on, and did not say yes
├── ImplausibleClock          what goes by the date cannot be done by this machine's clock
├── NoSuchItem                no message, closure, holiday … of that id, or several (ivr/staff/lookup.py)
├── CannotClaim               a callback that somebody else has claimed (ivr/staff/callbacks.py)
├── CannotRetry               a text that has not failed, or for somebody who said STOP (ivr/staff/texts.py)
├── CannotLift                an opt-out that the provider holds (ivr/staff/opt_outs.py)
├── CannotPlay                a message whose recording is not here (ivr/staff/voicemails.py)
├── NoSuchAdviser             neither a name on the rota nor a number (ivr/staff/rota.py)
├── ActionRefused             something that cannot be done in a session as it stands (ivr/simulator/browser/)
├── ChangeRefused             a change of a sentence that cannot be (ivr/simulator/browser/sentences.py)
│   └── ChangedMeanwhile      its file was changed by somebody else
├── CannotWrite               a value that cannot be written into a YAML file (ivr/engine/yaml_writer.py)
├── ScenarioError             a scenario that cannot be read (ivr/simulator/scenarios/)
├── TwimlError                a document that Twilio would refuse (ivr/simulator/twiml/)
├── ApplicationFailure        the app failed a call (ivr/simulator/twiml/)
├── InvalidToken              a token that we did not seal, or not for this call or step
├── ProviderError             the provider did not do what we asked (ivr/telephony/provider_errors.py)
│   ├── Retryable             it certainly did not: try again later
│   ├── Rejected              it never will
│   └── Indeterminate         nobody can tell
├── ProvisioningRefused       a helpline that cannot be at the provider (ivr/provisioning/plan.py)
├── HalfDone                  a change at the provider that stopped half-way (ivr/provisioning/connect.py)
├── DatabaseUnavailable       the database is stopped, locked, full or slow (ivr/store/)
│   ├── SchemaTooNew          a newer release has migrated it
│   ├── SchemaNotMigrated     `ivr migrate` was not run
│   └── SecretDoesNotFit      IVR_SECRET_KEY opens nothing in it
├── BackupFailed              a backup that cannot be made or restored, or is none (ivr/backup/contents.py)
├── AccountRefused            a change of an account, or a password, that cannot be
├── NotSignedIn               a wrong password, code or link, or too many tries (ivr/staff/sign_in.py)
│   ├── PasskeyRefused        a passkey that cannot be verified (ivr/staff/passkeys.py)
│   └── NoWayIn               somebody whom the identity provider knows, and we do not (ivr/staff/single_sign_on.py)
├── SingleSignOnFailed        the identity provider did not tell who somebody is (ivr/identity_provider.py)
├── MailFailed                an e-mail that was not sent (ivr/mail.py)
├── Busy                      too many sign in at a moment (ivr/console/passwords.py)
├── RotaRefused               a change of the rota, or a closure, that cannot be
├── FlowLoop                  steps that lead to one another without ever stopping
├── NoVoice                   no synthesiser is installed, or none for the language (ivr/speech/)
└── MissingPrompt             a prompt that does not exist, or whose blank nobody filled
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


class IvrError(Exception):
    """The base of our exceptions."""

    @property
    def lines(self) -> Sequence[str]:
        """Return the lines to print: one, whatever text from outside it quotes."""
        return (str(self),)


class BeyondCalendar(IvrError):
    """A day outside the bank holidays we have data for: we refuse to guess."""


class CertificateBeforeLetter(IvrError):
    """A mediation certificate dated before the decision it is about."""

    code = "certificate_before_letter"


class SettingsError(IvrError):
    """A setting that is missing or cannot be used; a line for each."""

    @property
    def lines(self) -> Sequence[str]:
        """Return one line for each setting."""
        return str(self).split("\n")


class InvalidInput(IvrError):
    """What somebody typed cannot be used, whatever is stored; the message says what to type instead."""


class NotConfirmed(IvrError):
    """Somebody was asked whether to go on, and did not say yes."""


class ImplausibleClock(IvrError):
    """What goes by the date cannot be done while the clock of this machine is not to be believed."""


class InvalidToken(IvrError):
    """A token that we did not seal, or not for this call or step."""


class DatabaseUnavailable(IvrError):
    """The database is stopped, locked, full, or slower than a caller can wait."""


class SchemaTooNew(DatabaseUnavailable):
    """A newer release has migrated the database to a schema that this one does not know."""


class SchemaNotMigrated(DatabaseUnavailable):
    """The database has an older schema, or no tables: `ivr migrate` was not run."""


class SecretDoesNotFit(DatabaseUnavailable):
    """IVR_SECRET_KEY opens nothing in this database: whatever we stored in it, its other processes could not read."""

    def __init__(self, given: Iterable[str], needed: Iterable[str] = ()) -> None:
        """`given` and `needed` are fingerprints of secrets."""
        sealed_with = " or ".join(needed) or "another secret"
        super().__init__(
            f"IVR_SECRET_KEY ({', '.join(given)}) does not fit the database of DATABASE_URL, which is sealed with"
            f" {sealed_with}: set the one that its other processes have, or put the old one back (this,old)."
        )


class AccountRefused(IvrError):
    """A change of an account, or a password, that is not possible; the message says what is."""


class RotaRefused(IvrError):
    """A change of the rota, or a closure, that is not possible."""


class FlowLoop(IvrError):
    """Steps that lead to one another without ever stopping for the caller."""


class NoVoice(IvrError):
    """No speech synthesiser is installed, or none for the language."""


class MissingPrompt(IvrError):
    """A prompt that does not exist, or whose blank nobody filled."""


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake in flows or prompts: where it is, what to do about it, the rule it breaks, and what it is about."""

    file: str
    line: int
    says: str
    rule: str = ""
    about: str = ""
    """A step (`school/menu`), a prompt (`school.menu.more`), an entry of another file (`contacts/mediation`)."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.says}"


class ContentError(IvrError):
    """Flows or prompts with mistakes: all of them at once."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))

    @property
    def lines(self) -> Sequence[str]:
        """Return one line for each mistake."""
        return tuple(map(str, self.problems))
