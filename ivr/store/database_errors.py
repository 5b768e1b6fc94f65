"""Why a database cannot be used, by the kind of error alone: what drivers say may hold values."""

from collections.abc import Iterator

REASONS = {
    "InvalidCatalogNameError": "there is no database of that name on its server",
    "InvalidPasswordError": "its server refuses the user or the password",
    "InvalidAuthorizationSpecificationError": "its server refuses the user or the password",
    "ConnectionRefusedError": "nothing listens at its host and port",
    "gaierror": "nobody knows its host",
    "TooManyConnectionsError": "its server has too many connections",
    "CannotConnectNowError": "its server is starting or stopping",
    "ReadOnlySQLTransactionError": "its server lets nobody write",
    "DiskFullError": "the disk of its server is full",
    "TimeoutError": "it does not answer in time",
    "SQLITE_CANTOPEN": "its file cannot be opened: its folder must be there, and may have to be made",
    "SQLITE_READONLY": "its file may not be written to",
    "SQLITE_BUSY": "another process holds it",
    "SQLITE_FULL": "the disk is full",
    "SQLITE_NOTADB": "its file is not a database",
    "SQLITE_CORRUPT": "its file is damaged",
}
"""By https://magicstack.github.io/asyncpg/current/api/index.html#exceptions, https://sqlite.org/rescode.html, and the
names of what Python's sockets raise."""


def reason_of(error: BaseException) -> str:
    """Return the kind of an error, and in words what it means where that is known.

    >>> reason_of(ConnectionRefusedError("to 192.0.2.1")), reason_of(KeyError("+447700900123"))
    ('nothing listens at its host and port (ConnectionRefusedError)', 'KeyError')
    """
    causes = list(_causes(error))
    known = next((kind for one in causes for kind in _kinds(one) if kind in REASONS), None)
    return f"{REASONS[known]} ({known})" if known else type(causes[-1]).__name__


def _kinds(error: BaseException) -> Iterator[str]:
    yield type(error).__name__
    yield "_".join(getattr(error, "sqlite_errorname", "").split("_")[:2])  # without what extends it


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error, that of the driver in it, and what caused that."""
    while error is not None:
        yield error
        error = getattr(error, "orig", None) or (None if _is_of_driver(error) else error.__cause__)


def _is_of_driver(error: BaseException) -> bool:
    return type(error).__module__.partition(".")[0] in ("asyncpg", "sqlite3", "aiosqlite", "builtins")
