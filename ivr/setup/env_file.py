"""The file of settings, `.env`: read, and changed one setting at a time without touching anything else in it."""

import os
from pathlib import Path

from dotenv import set_key

from ivr.errors import SettingsError
from ivr.setting_files import values_in

PRIVATE = 0o600


class EnvFile:
    """A file of settings that only its owner can read."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def values(self) -> dict[str, str]:
        """Return what is set in it; an empty value counts as unset. Raises SettingsError if it cannot be read."""
        return {name: value for name, value in values_in(self.path).items() if value}

    def set(self, name: str, value: str) -> None:
        """Write one setting on its line, or on a new one; all other lines stay as they are.

        Raises SettingsError if the file cannot be written, or would be read as something else afterwards: then it is as
        it was.
        """
        try:
            self.path.touch(PRIVATE)
            self.path.chmod(PRIVATE)
            before = self.path.read_bytes()
            set_key(self.path, name, value, quote_mode="auto", encoding="utf-8")
            if self.values().get(name, "") == value:
                return
            self.path.write_bytes(before)
        except OSError as error:
            raise SettingsError(f"{self.path} cannot be written: {os.strerror(error.errno or 0)}") from None
        raise SettingsError(
            f"{name} has signs that {self.path} cannot hold: write it into a file of its own, and set {name}_FILE to it"
        )
