"""The scenario files of the checkout: those that can be replayed, and where new ones are saved."""

import re
from difflib import get_close_matches
from pathlib import Path

import yaml

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

    def titles(self) -> list[dict[str, str]]:
        """Return the name and the title of every scenario, in the order of their titles."""
        found = [{"name": name, "title": _title(self._folder / name)} for name in self.names() if self._folder]
        return sorted(found, key=lambda one: one["title"].casefold())

    def _missing(self, name: str) -> str:
        """Return that there is no such scenario, and which have the nearest names."""
        if self._folder is None:
            return f"There is no script “{name}”: there is no folder {FOLDER} here."
        names = {one.removesuffix(".yaml"): one for one in self.names()}
        ends = {one.rpartition("/")[2]: names[one] for one in names}
        wanted = name.removesuffix(".yaml")
        near = [names[one] for one in get_close_matches(wanted, names, 3, 0.5)]
        near += [ends[one] for one in get_close_matches(wanted.rpartition("/")[2], ends, 3, 0.5)]
        nearest = list(dict.fromkeys(near))[:3]
        told = f" The nearest {'is' if len(nearest) == 1 else 'are'} {', '.join(nearest)}." if nearest else ""
        return f"There is no script “{name}” in {FOLDER}.{told}"

    def path(self, name: str) -> Path:
        """Return the path of a scenario, whose name may leave its .yaml out.

        Raises ActionRefused for one outside the folder or that does not exist.
        """
        name = name.removeprefix(FOLDER)
        file = f"{name.removesuffix('.yaml')}.yaml"
        if self._folder is None or not NAME.fullmatch(file) or file not in self.names():
            raise ActionRefused(self._missing(name))
        return self._folder / file

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


def _title(path: Path) -> str:
    """Return the title of a scenario file; its name if there is none in a line of its own."""
    try:
        with path.open(encoding="utf-8") as file:
            line = next((line for line in file if line.startswith("title:")), "")
        title = yaml.safe_load(line)["title"]
    except (OSError, UnicodeDecodeError, yaml.YAMLError, TypeError):
        title = ""
    return str(title) or path.stem.replace("_", " ")
