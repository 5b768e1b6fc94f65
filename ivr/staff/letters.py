"""The e-mails to staff: an invitation, links to set a password anew, and that something was changed."""

from dataclasses import dataclass, field

from ivr.staff.accounts import Account, AccountState

IGNORE = "If you did not expect this, delete it: nothing happens then.\n"


@dataclass(frozen=True, slots=True)
class Letter:
    """An e-mail in plain text."""

    to: str = field(repr=False)
    subject: str
    text: str = field(repr=False)


def with_link(account: Account, address: str) -> Letter:
    """Return the letter of an administrator's link, by what it is for; the account has an e-mail address."""
    if account.state is AccountState.invited:
        return _letter(
            account,
            "Your account with the helpline",
            "there is an account for you on the staff pages of the helpline. Choose here how you sign in, within seven"
            " days: with a passkey of your device, or with a password and an app for codes. The page says how.",
            address,
        )
    return _letter(
        account,
        "Set your password for the helpline",
        "an administrator of the helpline asks you to choose anew how you sign in. Do it here, within two hours.",
        address,
    )


def forgotten(account: Account, address: str) -> Letter:
    """Return the letter for somebody who forgot their password."""
    return _letter(
        account,
        "Set your password for the helpline",
        "somebody, probably you, has asked to set your password for the helpline anew. Do it here, within two hours.",
        address,
    )


def changed(account: Account, what: str) -> Letter:
    """Return the letter for somebody whose ways to sign in have changed; `what` is a sentence."""
    text = f"Dear {account.name},\n\n{what}\n\nIf that was not you, tell an administrator of the helpline at once.\n"
    return Letter(account.email or "", "Your account with the helpline was changed", text)


def _letter(account: Account, subject: str, what: str, address: str) -> Letter:
    text = f"Dear {account.name},\n\n{what}\n\n{address}\n\nThe link works once. {IGNORE}"
    return Letter(account.email or "", subject, text)
