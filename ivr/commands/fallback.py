"""`ivr fallback`: the TwiML for the fallback URL of the number."""

from ivr.commands.options import Folder
from ivr.commands.output import print_document
from ivr.config import read_settings


def fallback(folder: Folder) -> None:
    """Print the fallback TwiML, which callers hear when all our servers are down.

    `ivr twilio connect` puts it at the provider, and `ivr twilio fallback` puts it there anew.
    Example: `ivr fallback > fallback.xml`.
    """
    from ivr.fallback_document import fallback_document

    settings = read_settings(content=folder)
    print_document(f"{fallback_document(settings, settings.clock())}\n")
