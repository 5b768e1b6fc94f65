"""`ivr migrate`: makes the database's tables, or brings them up to date."""

import typer


def migrate() -> None:
    """Make the tables of DATABASE_URL, or bring them up to date; before every start of a new release.

    Doing it again changes nothing. Example: `DATABASE_URL=postgresql://ivr@localhost/ivr ivr migrate`.
    """
    from ivr.config import read_settings
    from ivr.store.migrate import migrate

    migrate(read_settings().database_url)
    typer.echo("The tables are up to date.")
