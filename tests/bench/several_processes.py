"""Menu steps a second with one web process and with two, on SQLite and on PostgreSQL."""

from pathlib import Path
from tempfile import TemporaryDirectory

from ivr.store.migrate import migrate
from tests.bench import helpline
from tests.bench.helpline import MENU_KEY
from tests.bench.load_generator import closed_loop
from tests.bench.server_process import running_server
from tests.store import postgres

PROCESSES = (1, 2)


def per_second(rounds: int, number: int) -> dict[str, tuple[list[float], list[float]]]:
    """Return by database, for one process and for two, the menu steps a second in each round."""
    with TemporaryDirectory() as folder:
        on_sqlite = helpline.settings(Path(folder))
        on_postgresql = {**on_sqlite, "DATABASE_URL": postgres.start().new_database()}
        migrate(on_postgresql["DATABASE_URL"])
        databases = {"SQLite": on_sqlite, "PostgreSQL": on_postgresql}
        found: dict[str, tuple[list[float], list[float]]] = {name: ([], []) for name in databases}
        for _ in range(rounds):
            for name, settings in databases.items():
                for processes, figures in zip(PROCESSES, found[name], strict=True):
                    figures.append(_per_second(settings, processes, number))
        return found


def _per_second(settings: dict[str, str], processes: int, number: int) -> float:
    first = MENU_KEY.requests(1)[0]

    def command(port: int) -> list[str]:
        return [*helpline.command(port), "--processes", str(processes)]

    with running_server(command, None, first, settings) as server:
        closed_loop(server.port, MENU_KEY.requests(number // 8))
        return closed_loop(server.port, MENU_KEY.requests(number)).per_second
