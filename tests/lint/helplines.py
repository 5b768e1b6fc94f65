"""Helplines to lint: two without a mistake, copies of them that are edited or translated, and files written out."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from json import dumps
from pathlib import Path
from shutil import copytree

from pydantic import BaseModel, ConfigDict

from ivr.engine.content import Content
from ivr.engine.content_reader import read_content
from ivr.engine.yaml import Plain, read
from ivr.steps import KINDS

HERE = Path(__file__).parent
MINIMAL = HERE / "minimal"
"""A whole helpline, very small, with nothing wrong in it."""
GOOD = HERE / "planted" / "good"
"""A helpline with every kind of flow, and nothing wrong in it on TODAY."""
TODAY = date(2026, 11, 23)
LANGUAGES = "prompts/languages.yaml"


class Edit(BaseModel):
    """Some text, which stands once in a file, and what replaces it."""

    model_config = ConfigDict(extra="forbid")

    file: str
    old: str
    new: str


def edit(folder: Path, file: str, old: str, new: str) -> None:
    """Replace some text of a file."""
    text = (folder / file).read_text("utf-8")
    assert text.count(old) == 1, (file, old)
    (folder / file).write_text(text.replace(old, new), "utf-8")


def copied(parent: Path, edits: Iterable[Edit] = (), translated: str | None = None) -> Path:
    """Copy the good helpline, add another language in which every sentence is still the English one, and edit it."""
    folder = Path(copytree(GOOD, parent / "helpline"))
    for path in sorted((folder / "prompts" / "en-GB").glob("*.yaml")) if translated else ():
        translation = folder / "prompts" / str(translated) / path.name
        translation.parent.mkdir(exist_ok=True)
        translation.write_text("\n".join(_translated(read(path, path.name).content, "")) + "\n", "utf-8")
    for one in edits:
        edit(folder, one.file, one.old, one.new)
    return folder


def _translated(entries: Mapping[str, Plain], indent: str) -> Iterator[str]:
    for name, entry in entries.items():
        yield f"{indent}{name}:"
        if isinstance(entry, dict):
            yield from _translated(entry, f"{indent}  ")
        else:
            lines = (" ".join(line.split()) for line in str(entry).splitlines())
            sentence = dumps("\n".join(filter(None, lines)), ensure_ascii=False)
            yield from (f"{indent}  en-GB: {sentence}", f"{indent}  text: {sentence}")


def content_of(files: Mapping[str, str], folder: Path) -> Content:
    """Return the content of these files, written to a folder; the language is English unless they say otherwise."""
    for name, text in {LANGUAGES: (MINIMAL / LANGUAGES).read_text(), **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return read_content(folder, KINDS)
