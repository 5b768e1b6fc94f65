"""`ivr fallback`: the TwiML for the fallback URL of the number."""

import typer


def fallback() -> None:
    """Print the fallback TwiML, which callers hear when all our servers are down.

    Host it at the provider (a TwiML Bin), and set its address as the fallback URL of the number.
    Example: `ivr fallback > fallback.xml`.
    """
    from ivr.app import fallback_document
    from ivr.config import read_settings

    settings = read_settings()
    typer.echo(fallback_document(settings, settings.clock()))
