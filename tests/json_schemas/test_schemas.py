"""Editors complete, and complain of, what `ivr check` would: by schemas made from the models that read the files."""

import json
from collections.abc import Iterator
from datetime import date
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from ruamel.yaml import YAML

from ivr.commands.kinds import example_of
from ivr.commands.schema import files
from ivr.engine.content import TABLES
from ivr.json_schemas.schemas import schemas, settings
from ivr.steps import KINDS
from tests.lint.helplines import MINIMAL

ROOT = Path(__file__).parents[2]
SCHEMAS = schemas(KINDS)
PATTERNS = settings()["yaml.schemas"]
FOLDERS = (ROOT, ROOT / "examples/westshire", MINIMAL)
WRITTEN = [
    (folder, path) for folder in FOLDERS for name in ("flows", "prompts") for path in folder.glob(f"{name}/**/*.yaml")
]


def as_an_editor_reads(text: str) -> Any:
    """YAML with its numbers and truths; a day is text to an editor."""
    return _plain(YAML(typ="safe", pure=True).load(text))


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


def schemas_of(name: str) -> list[str]:
    """The schemas that an editor takes for a file, by our settings for it."""
    return [schema.rpartition("/")[2] for schema, patterns in PATTERNS.items() if takes(patterns, name)]


def takes(patterns: list[str], name: str) -> bool:
    left_out = [pattern[1:] for pattern in patterns if pattern.startswith("!")]
    return any(fnmatch(name, one) for one in patterns) and not any(fnmatch(name, one) for one in left_out)


def complaints(schema: str, text: str) -> list[tuple[str, str]]:
    """Where it complains, and of what."""
    found = Draft7Validator(SCHEMAS[schema]).iter_errors(as_an_editor_reads(text))
    return sorted((".".join(map(str, error.absolute_path)), error.message) for error in found)


def test_the_schemas_here_are_those_of_the_program() -> None:
    assert {name: (ROOT / name).read_text("utf-8") for name, _ in files()} == dict(files()), "run: ivr schema"


@pytest.mark.parametrize("schema", SCHEMAS)
def test_a_schema_is_one(schema: str) -> None:
    Draft7Validator.check_schema(SCHEMAS[schema])


@pytest.mark.parametrize(("folder", "path"), WRITTEN, ids=lambda path: path.name)
def test_nothing_is_complained_of_in_what_is_right(folder: Path, path: Path) -> None:
    name = path.relative_to(folder).as_posix()
    taken = schemas_of(name)
    assert len(taken) == 1 or (not taken and path.stem in TABLES)
    for schema in taken:
        assert complaints(schema, path.read_text("utf-8")) == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_known_with_its_example_and_its_description(kind: str) -> None:
    assert complaints("flow.json", example_of(KINDS[kind])) == []
    told = SCHEMAS["flow.json"]["$defs"][kind]
    assert "In a flow:" in told["description"]
    assert kind in SCHEMAS["flow.json"]["$defs"]["step"]["properties"]["kind"]["enum"]


def misspelt(name: str, old: str, new: str) -> Iterator[tuple[str, str]]:
    text = (ROOT / name).read_text("utf-8")
    assert text.count(old) == 1
    (schema,) = schemas_of(name)
    yield from complaints(schema, text.replace(old, new))


HELLO = "kind: greeting\n  go: main\n"
OLD_PAGES = "\n  source: old pages"


@pytest.mark.parametrize(
    ("name", "old", "new", "where", "says"),
    [
        ("flows/welcome.yaml", "kind: greeting", "kind: greting", "hello.kind", "'greting' is not one of"),
        ("flows/welcome.yaml", HELLO, "kind: greeting\n  goes: main\n", "hello", "'goes' was unexpected"),
        ("flows/welcome.yaml", HELLO, "kind: greeting\n", "hello", "'go' is a required property"),
        ("flows/welcome.yaml", "go: school/menu", "go: school menu", "main.choices.4.go", "does not match"),
        ("flows/welcome.yaml", "4: {say: school", "a: {say: school", "main.choices", "'a' does not match"),
        ("flows/person.yaml", "longest: 300", "longest: soon", "waiting.longest", "is not of type 'integer'"),
        ("flows/contacts.yaml", "say: 0345 015 4033", "say: 0345-015", "health_ombudsman.say", "does not match"),
        ("flows/contacts.yaml", "sure: P" + OLD_PAGES, "sure: Q" + OLD_PAGES, "health_ombudsman.sure", "not match"),
        ("flows/hours.yaml", 'friday: ["09:00-17:00"]', 'friday: ["9 to 5"]', "weekly.friday.0", "does not match"),
        ("flows/hours.yaml", "bank_holidays: closed", "bank_holidays: never", "bank_holidays", "is not one of"),
        ("flows/helpline.yaml", "lost: welcome/lost", "lots: welcome/lost", "", "'lots' was unexpected"),
        ("prompts/languages.yaml", "  voice: Polly.Amy-Neural\n", "", "en-GB", "'voice' is a required property"),
        ("prompts/en-GB/welcome.yaml", "lost: Sorry, we", "lost: [Sorry]\nmore: we", "lost", "is not valid"),
    ],
)  # fmt: skip
def test_a_slip_is_complained_of_where_it_is(name: str, old: str, new: str, where: str, says: str) -> None:
    assert [one for one in misspelt(name, old, new) if one[0] == where and says in one[1]]


def test_the_comment_of_a_field_in_an_example_is_its_description() -> None:
    told = SCHEMAS["flow.json"]["$defs"]["transfer"]["properties"]["seconds"]
    assert json.dumps(told["description"]) == '"how long each number rings"'
