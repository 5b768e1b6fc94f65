"""The PostgreSQL engine, which drops connections that have become useless."""

from sqlalchemy import URL, ExceptionContext, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

IDLE_TIMEOUT = "60s"
"""A machine that vanished in mid-transaction holds its locks no longer than this."""
USELESS = ("08", "57P", "25006", "26000", "42P05", "0A000")
"""How the SQLSTATE of an error begins that will come again on the same connection, and perhaps not on another: lost or
shut down, read-only (a standby, or a database that was read-only when the connection began), and prepared statements
that a pooler or a migration has changed (https://www.postgresql.org/docs/current/errcodes-appendix.html)."""


def engine(url: URL, patience: float) -> AsyncEngine:
    """Return an engine; `patience` is in seconds, to connect and to wait for a connection."""
    made = create_async_engine(
        url,
        hide_parameters=True,
        pool_pre_ping=True,  # a server that was restarted is not noticed by a caller
        pool_timeout=patience,
        connect_args={"timeout": patience, "server_settings": {"idle_in_transaction_session_timeout": IDLE_TIMEOUT}},
    )
    event.listen(made.sync_engine, "handle_error", _drop_useless)
    return made


def _drop_useless(context: ExceptionContext) -> None:
    """Have this connection dropped, and all that were opened before now: a promotion is the same for each."""
    if str(getattr(context.original_exception, "sqlstate", None) or "").startswith(USELESS):
        context.is_disconnect = True
