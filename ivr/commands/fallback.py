"""`ivr fallback`: prints the document for the number's fallback address."""

import typer


def fallback() -> None:
    """Print what callers hear when all of our machines are down, as a document that needs none of them.

    Put it where the provider can read it without us (a TwiML Bin), and name that as the number's fallback address.
    Example: `ivr fallback > fallback.xml`.
    """
    from ivr.app import fallback_document
    from ivr.config import read_settings

    settings = read_settings()
    typer.echo(fallback_document(settings, settings.clock()))
