"""`ivr migrate`: database migrations."""

from ivr.commands.database_source import say_where
from ivr.commands.options import AsJson
from ivr.commands.output import show


def migrate(as_json: AsJson = False) -> None:
    """Create the tables of DATABASE_URL, or migrate them; run it before every start of a new release.

    Running it again changes nothing. Example: `DATABASE_URL=postgresql://ivr@localhost/ivr ivr migrate`.
    """
    from ivr.config import read_settings
    from ivr.store.migrate import migrate
    from ivr.wiring import create_default_folder

    settings = read_settings()
    say_where(settings)
    create_default_folder(settings)
    before, after = migrate(settings.database_url)
    show({"before": before, "after": after}, ["The tables are up to date."], as_json=as_json)
