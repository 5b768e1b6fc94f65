"""What browsers are asked for passkeys, and the verification of what they bring back (https://www.w3.org/TR/webauthn-3/).

py_webauthn, with all that reads attestations, is loaded by the first who uses a passkey: this module is imported late.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from json import dumps, loads
from typing import Any

from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from ivr.staff.accounts import Account
from ivr.staff.passkeys import CHALLENGE_LIFETIME, Answer, Made, PasskeyRefused
from ivr.store.passkeys import Passkey

NAME = "The helpline"
TIMEOUT = int(CHALLENGE_LIFETIME.total_seconds() * 1000)
UNREADABLE = "What your browser sent is no passkey. Please try again, or take your password."
NOT_VERIFIED = "That passkey could not be verified. Please try again, or take another way."
LONGEST_ID = 1364
"""Characters (base64url) of the 1,023 bytes that a credential's id may have."""


@dataclass(frozen=True)
class RelyingParty:
    """Our pages, as passkeys know them: the host, and the whole origin (https://helpline.example)."""

    id: str
    origin: str

    def creation(self, account: Account, challenge: str, known: Sequence[Passkey]) -> str:
        """Return what a browser is asked to make a passkey (JSON): one that its device finds by itself."""
        options = generate_registration_options(
            rp_id=self.id,
            rp_name=NAME,
            user_id=account.id.encode(),
            user_name=account.email or account.name,
            user_display_name=account.name,
            challenge=base64url_to_bytes(challenge),
            timeout=TIMEOUT,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
            ),
            exclude_credentials=[PublicKeyCredentialDescriptor(base64url_to_bytes(one.id)) for one in known],
        )
        return options_to_json(options)

    def request(self, challenge: str) -> str:
        """Return what a browser is asked to sign in with a passkey (JSON): with any that its devices have for us."""
        options = generate_authentication_options(
            rp_id=self.id,
            challenge=base64url_to_bytes(challenge),
            timeout=TIMEOUT,
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        return options_to_json(options)

    def made(self, answer: Answer) -> Made:
        """Return the passkey that was made; raise PasskeyRefused."""
        try:
            found = verify_registration_response(
                credential=answer.whole,
                expected_challenge=base64url_to_bytes(answer.challenge),
                expected_rp_id=self.id,
                expected_origin=self.origin,
                require_user_verification=True,
            )
        except Exception as error:  # whatever py_webauthn stumbles over in it
            raise refusal(error) from error
        id, public_key = bytes_to_base64url(found.credential_id), bytes_to_base64url(found.credential_public_key)
        return Made(id, public_key, found.sign_count)

    def used(self, answer: Answer, public_key: str) -> int:
        """Return the count of a passkey that was used; raise PasskeyRefused.

        The count is compared by the caller, once the signature is known to be right.
        """
        try:
            found = verify_authentication_response(
                credential=answer.whole,
                expected_challenge=base64url_to_bytes(answer.challenge),
                expected_rp_id=self.id,
                expected_origin=self.origin,
                credential_public_key=base64url_to_bytes(public_key),
                credential_current_sign_count=0,
                require_user_verification=True,
            )
        except Exception as error:  # whatever py_webauthn stumbles over in it
            raise refusal(error) from error
        return found.new_sign_count


def refusal(error: Exception) -> PasskeyRefused:
    """Return what somebody is told; the cause is in the log."""
    return PasskeyRefused(NOT_VERIFIED if isinstance(error, WebAuthnException) else UNREADABLE)


def read_answer(text: str) -> Answer:
    """Return what a browser brought back; raise PasskeyRefused if it is none."""
    try:
        found = loads(text)
        about = loads(base64url_to_bytes(found["response"]["clientDataJSON"]))
        account = _account(found["response"])
        answer = Answer(found["id"], account, about["challenge"], dumps(found))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise PasskeyRefused(UNREADABLE) from error
    if not (isinstance(answer.id, str) and isinstance(answer.challenge, str) and 0 < len(answer.id) <= LONGEST_ID):
        raise PasskeyRefused(UNREADABLE)
    return answer


def _account(response: dict[str, Any]) -> str | None:
    handle = response.get("userHandle")
    return base64url_to_bytes(handle).decode() if handle else None
