"""`python -m tests.chaos.attack` attacks the staff pages on both databases; `make chaos` writes docs/attacks.md."""

import asyncio
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.chaos import database
from tests.chaos.attack.attack import Attack, Tally
from tests.chaos.attack.attacks import ATTACKS
from tests.chaos.attack.page import page
from tests.console.staff_pages import staff_pages
from tests.store.conftest import postgresql_url, sqlite_url

PAGE = Path(__file__).parents[3] / "docs/attacks.md"


async def run(attack: Attack, url: str) -> Tally:
    """Run an attack on pages of their own."""
    async with staff_pages(url) as pages:
        return await attack.run(pages)


def main() -> None:
    """Run every attack; exit with status 1 if one succeeded."""
    found: dict[Attack, Tally] = {}
    try:
        for attack in ATTACKS:
            total = Tally()
            for name in ("SQLite", "PostgreSQL"):
                with TemporaryDirectory() as folder:
                    url = sqlite_url(Path(folder)) if name == "SQLite" else postgresql_url()
                    tally = asyncio.run(run(attack, url))
                total.tries += tally.tries
                total.successes += [f"{one} ({name})" for one in tally.successes]
            found[attack] = total
            print(f"{attack.name}: {total.tries} tries, {len(total.successes)} successes", flush=True)
            for success in total.successes[:5]:
                print(f"  {success}")
    finally:
        database.stop_server()
    PAGE.write_text(page(found), "utf-8")
    sys.exit(any(tally.successes for tally in found.values()))


if __name__ == "__main__":
    main()
