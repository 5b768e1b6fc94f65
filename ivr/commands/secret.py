"""`ivr secret`: makes a key for IVR_SECRET_KEY."""

from base64 import urlsafe_b64encode
from secrets import token_bytes

import typer


def secret() -> None:
    """Print a new key: 32 random bytes. Whoever has it can read what travels with a call, so keep it safe.

    Example: `echo "IVR_SECRET_KEY=$(ivr secret)" >> .env`.
    """
    typer.echo(urlsafe_b64encode(token_bytes(32)).decode().rstrip("="))
