"""The call scripts of the checkout: those that can be replayed, and where new ones are written."""

import re
from pathlib import Path

from ivr.phone.browser.not_now import NotNow

FOLDER = "tests/calls/"
NAME = re.compile(r"(?:[a-z0-9_]+/)?[a-z0-9_]{1,80}\.yaml")


class Scripts:
    """Those of a folder, if there is one: an installed helpline has none."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def all(self) -> list[str]:
        """Their names."""
        if self._folder is None:
            return []
        return sorted(path.relative_to(self._folder).as_posix() for path in self._folder.rglob("*.yaml"))

    def path(self, name: str) -> Path:
        """Where a script is; raises NotNow for what is none, or stands somewhere else."""
        name = name.removeprefix(FOLDER)
        if self._folder is None or not NAME.fullmatch(name) or name not in self.all():
            raise NotNow(f"There is no script of that name in {FOLDER}.")
        return self._folder / name

    def saves(self, name: str, text: str) -> str:
        """Write a new one; where it was written. Never over another."""
        if self._folder is None:
            raise NotNow("There is no folder tests/calls here to save to: take the text instead.")
        if not NAME.fullmatch(name):
            raise NotNow("A name is small letters, digits and underscores.")
        try:
            with (self._folder / name).open("x", encoding="utf-8") as file:
                file.write(text)
        except FileExistsError:
            raise NotNow(f"There is a script {name} already: take another name.") from None
        except OSError as error:
            raise NotNow(f"It cannot be written: {error.strerror}.") from None
        return f"{FOLDER}{name}"
