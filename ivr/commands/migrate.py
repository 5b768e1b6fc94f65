"""`ivr migrate`: database migrations."""

import typer


def migrate() -> None:
    """Create the tables of DATABASE_URL, or migrate them; run it before every start of a new release.

    Running it again changes nothing. Example: `DATABASE_URL=postgresql://ivr@localhost/ivr ivr migrate`.
    """
    from ivr.config import read_settings
    from ivr.store.migrate import migrate

    migrate(read_settings().database_url)
    typer.echo("The tables are up to date.")
