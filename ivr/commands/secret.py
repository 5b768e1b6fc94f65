"""`ivr secret`: a new key for IVR_SECRET_KEY."""

from base64 import urlsafe_b64encode
from secrets import token_bytes

from ivr.commands.output import tell


def secret() -> None:
    """Print a new key of 32 random bytes. It decrypts call state and personal data: keep it safe.

    Example: `echo "IVR_SECRET_KEY=$(ivr secret)" >> .env`.
    """
    tell(urlsafe_b64encode(token_bytes(32)).decode().rstrip("="))
