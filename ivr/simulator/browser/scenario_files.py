"""The scenario files of the checkout: those that can be replayed, and where new ones are saved."""

import re
from pathlib import Path

from ivr.simulator.browser.request_fields import ActionRefused

FOLDER = "tests/calls/"
NAME = re.compile(r"(?:[a-z0-9_]+/)?[a-z0-9_]{1,80}\.yaml")


class ScenarioFiles:
    """The scenarios of a folder; an installed helpline has none."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def names(self) -> list[str]:
        """Return the names of all scenarios."""
        if self._folder is None:
            return []
        return sorted(path.relative_to(self._folder).as_posix() for path in self._folder.rglob("*.yaml"))

    def path(self, name: str) -> Path:
        """Return the path of a scenario. Raises ActionRefused for one outside the folder or that does not exist."""
        name = name.removeprefix(FOLDER)
        if self._folder is None or not NAME.fullmatch(name) or name not in self.names():
            raise ActionRefused(f"There is no script of that name in {FOLDER}.")
        return self._folder / name

    def save(self, name: str, text: str) -> str:
        """Save a new scenario, never over another, and return where. Raises ActionRefused."""
        if self._folder is None:
            raise ActionRefused("There is no folder tests/calls here to save to: take the text instead.")
        if not NAME.fullmatch(name):
            raise ActionRefused("A name is small letters, digits and underscores.")
        try:
            with (self._folder / name).open("x", encoding="utf-8") as file:
                file.write(text)
        except FileExistsError:
            raise ActionRefused(f"There is a script {name} already: take another name.") from None
        except OSError as error:
            raise ActionRefused(f"It cannot be written: {error.strerror}.") from None
        return f"{FOLDER}{name}"
