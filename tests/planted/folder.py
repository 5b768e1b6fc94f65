"""Whole helplines with mistakes planted in them: `good/`, edited as each of the files beside it says.

A file says in `it` what was planted; each of its `edits` replaces some text, which stands once in the file, by another;
`finds` are all errors and `warns` all warnings of every rule on the 23rd of November 2026, in no order. With
`translated` the helpline has another language besides, complete, in which every sentence is still the English one.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from json import dumps
from pathlib import Path
from shutil import copytree

from pydantic import BaseModel, ConfigDict, TypeAdapter
from ruamel.yaml import YAML

from ivr.engine.yaml import Plain, read

HERE = Path(__file__).parent
GOOD = HERE / "good"
TODAY = date(2026, 11, 23)


class Edit(BaseModel):
    """Some text of one file, and what stands there instead."""

    model_config = ConfigDict(extra="forbid")

    file: str
    old: str
    new: str


class Planted(BaseModel):
    """What was planted, and what must be found."""

    model_config = ConfigDict(extra="forbid")

    it: str
    translated: str | None = None
    edits: list[Edit]
    finds: list[str]
    warns: list[str]

    def folder(self, parent: Path) -> Path:
        """A whole helpline with this planted in it."""
        folder = Path(copytree(GOOD, parent / "helpline"))
        if self.translated:
            translate(folder, self.translated)
        for edit in self.edits:
            path = folder / edit.file
            text = path.read_text("utf-8")
            assert text.count(edit.old) == 1, edit
            path.write_text(text.replace(edit.old, edit.new), "utf-8")
        return folder


def translate(folder: Path, tag: str) -> None:
    """Give a helpline another language, each sentence beside the one that it translates."""
    for path in sorted((folder / "prompts" / "en-GB").glob("*.yaml")):
        lines = "\n".join(_translated(read(path, path.name).content, ""))
        (folder / "prompts" / tag).mkdir(exist_ok=True)
        (folder / "prompts" / tag / path.name).write_text(f"{lines}\n", "utf-8")


def _translated(entries: Mapping[str, Plain], indent: str) -> Iterator[str]:
    for name, entry in entries.items():
        yield f"{indent}{name}:"
        if isinstance(entry, dict):
            yield from _translated(entry, f"{indent}  ")
        else:
            lines = (" ".join(line.split()) for line in str(entry).splitlines())
            sentence = dumps("\n".join(filter(None, lines)), ensure_ascii=False)
            yield from (f"{indent}  en-GB: {sentence}", f"{indent}  text: {sentence}")


def planted() -> dict[str, Planted]:
    """Everything that was planted, by the name of its file."""
    case = TypeAdapter(Planted)
    return {path.stem: case.validate_python(YAML(typ="safe").load(path)) for path in sorted(HERE.glob("*.yaml"))}
