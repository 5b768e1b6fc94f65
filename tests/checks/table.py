"""A table of cases for one rule: what is written in `tests/checks/<rule>.yaml`.

A case says in `it` what must be true; `files` are flows and prompts as text, by their path; `found` is everything
that the rule has to say about them, each as "file:line: sentence", in order.
"""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter
from ruamel.yaml import YAML

from ivr.checks import RULES
from ivr.engine.content import Content, read_content
from ivr.steps import KINDS

HERE = Path(__file__).parent
GOOD = HERE / "good"
"""A whole helpline, very small, with nothing wrong in it."""
LANGUAGES = "prompts/languages.yaml"


class Case(BaseModel):
    """Some files, and what one rule finds in them."""

    model_config = ConfigDict(extra="forbid")

    it: str
    files: dict[str, str]
    found: list[str]


def tables() -> dict[str, list[Case]]:
    """Every table, by its rule."""
    cases = TypeAdapter(list[Case])
    return {path.stem: cases.validate_python(YAML(typ="safe").load(path)) for path in sorted(HERE.glob("*.yaml"))}


def content_of(files: dict[str, str], folder: Path) -> Content:
    """The content of these files, written out into a folder; the language is English unless they say otherwise."""
    for name, text in {LANGUAGES: (GOOD / LANGUAGES).read_text(), **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return read_content(folder, KINDS)


def found_by(rule: str, content: Content) -> list[str]:
    """What one rule finds, in order."""
    return [str(problem) for problem in sorted(RULES[rule](content))]
