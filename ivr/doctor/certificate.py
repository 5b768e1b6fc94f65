"""When the certificate of an address ends, as a browser or the provider sees it."""

import asyncio
import ssl
from datetime import UTC, datetime


async def certificate_ends(host: str, port: int, patience: float) -> datetime:
    """Return when the certificate ends that a server shows; `patience` is in seconds.

    Raises ssl.SSLCertVerificationError for one that nobody trusts, and OSError if the server cannot be reached.
    """
    async with asyncio.timeout(patience):
        _, writer = await asyncio.open_connection(host, port, ssl=ssl.create_default_context())
    try:
        shown = writer.get_extra_info("ssl_object").getpeercert()
        return datetime.fromtimestamp(ssl.cert_time_to_seconds(shown["notAfter"]), UTC)
    finally:
        writer.close()
