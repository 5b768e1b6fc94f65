"""Dependencies are pinned with hashes, unmodified, under licences that we may use, and needed."""

import csv
import re
import sys
import tomllib
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from hashlib import sha256
from importlib.metadata import Distribution, PackageNotFoundError, distribution, distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.test_imports import imported, modules

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
PIN = re.compile(r"([\w-]+)==([\w.]+)(?: ; [^\\]+)?(?: \\\n    --hash=sha256:[0-9a-f]{64})+\n")
RUNTIME, DEVELOPMENT = (
    dict(PIN.findall((ROOT / name).read_text("utf-8"))) for name in ("requirements.txt", "requirements-dev.txt")
)
"""The pinned versions: of what the program runs with, its voice among it, and of what is beside it in development."""
VERSIONS: dict[str, str] = RUNTIME | DEVELOPMENT
INSTALLERS = {"pip", "setuptools", "wheel", "ivr"}
"""What an environment has of its own, and this package."""

ALLOWED = (
    *("MIT", "MIT-0", "BSD", "Apache", "PSF", "Python Software Foundation", "ISC", "MPL", "Mozilla Public License"),
    *("Unlicense", "Public Domain", "Zope", "Artistic"),
)
BY_NAME = {
    # Weak or strong copyleft that is fine as it is used: not built into ours, and named here for whoever passes it on.
    "axe-playwright-python": "",  # says nothing of itself; it is MIT, and axe-core inside it MPL 2.0
    "num2words": "LGPL",  # used as it comes, by import
    "espeakng-loader": "",  # says nothing of itself; eSpeak NG is GPL 3: the `voice` extra only, never needed to serve
}
"""Packages whose licence is not among those allowed, with a word of it."""
NOT_IMPORTED = {
    "tzdata": "the clock on the wall, where the system has none",
    "hatchling": "builds the package",
    "mypy": "a command",
    "ruff": "a command",
    "gunicorn": "a command",
    "httptools": "reads requests for uvicorn",
    "uvloop": "uvicorn's event loop",
    "python-multipart": "reads forms for Starlette, in the way to build it that we are measured beside",
    "pytest-asyncio": "a plug-in",
    "pytest-xdist": "a plug-in",
    "types-jsonschema": "types",
    "types-python-dateutil": "types",
    "types-pyyaml": "types",
}


def closure(*requirements: str) -> dict[str, Distribution]:
    """Return all that these need on this platform, directly or not."""
    found: dict[str, Distribution] = {}
    asked = set[tuple[str, frozenset[str]]]()
    ahead = [Requirement(text) for text in requirements if not text.startswith("ivr[")]
    while ahead:
        one = ahead.pop()
        name, extras = canonicalize_name(one.name), frozenset(one.extras)
        if (name, extras) not in asked:
            asked.add((name, extras))
            found[name] = distribution(one.name)
            needs = (Requirement(text) for text in found[name].requires or ())
            ahead += [need for need in needs if applies(need, extras)]
    return found


def of_extras() -> list[str]:
    return [text for extra in PROJECT["optional-dependencies"].values() for text in extra]


def applies(need: Requirement, extras: frozenset[str]) -> bool:
    """Return whether its markers (platform, version, extras) apply here."""
    return need.marker is None or any(need.marker.evaluate({"extra": extra}) for extra in (*extras, ""))


TO_SERVE = closure(*PROJECT["dependencies"])
NEEDED = closure(*PROJECT["dependencies"], *of_extras())
needed = pytest.mark.parametrize("name", sorted(NEEDED))


@needed
def test_what_is_installed_is_what_was_pinned(name: str) -> None:
    assert NEEDED[name].version == VERSIONS.get(name), f"{name} is not as it is pinned"


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_each_line_pins_a_version_with_the_hashes_of_its_files_and_names_no_address(name: str) -> None:
    assert PIN.sub("", (ROOT / name).read_text("utf-8")) == ""


def test_a_package_is_pinned_once() -> None:
    assert RUNTIME.keys() & DEVELOPMENT.keys() == set()


def test_a_release_installs_what_it_serves_with_and_a_voice_and_no_more() -> None:
    runs = closure(*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["voice"])
    assert runs.keys() - RUNTIME.keys() == set()
    assert {name for name in RUNTIME.keys() - runs.keys() if is_installed(name)} == set()


def test_nothing_is_pinned_that_nothing_needs_on_some_system() -> None:
    """A few are needed on other systems or versions of Python only; they are not installed here."""
    unneeded = VERSIONS.keys() - NEEDED.keys()
    assert {name for name in unneeded if is_installed(name)} == set()


def is_installed(name: str) -> bool:
    try:
        return bool(distribution(name))
    except PackageNotFoundError:
        return False


def test_nothing_is_installed_that_was_not_pinned() -> None:
    names = {canonicalize_name(one.metadata["Name"]) for one in distributions(path=site())}
    assert names - VERSIONS.keys() - INSTALLERS == set()


def site() -> list[str]:
    """Return the site-packages folders of this environment."""
    return [path for path in sys.path if path.startswith(sys.prefix) and path.endswith("site-packages")]


@needed
def test_every_file_of_it_is_as_its_maker_packed_it(name: str) -> None:
    assert list(broken_files(NEEDED[name])) == []


def broken_files(one: Distribution) -> Iterator[str]:
    """Return the files of a package that differ from its RECORD."""
    for row in csv.reader((one.read_text("RECORD") or "").splitlines()):
        path, digest = row[0], row[1]
        if digest and not path.startswith(".."):  # commands in bin/ carry this machine's own path
            data = Path(str(one.locate_file(path))).read_bytes()
            if digest != "sha256=" + urlsafe_b64encode(sha256(data).digest()).rstrip(b"=").decode():
                yield path


@needed
def test_its_licence_is_one_that_we_may_use(name: str) -> None:
    says = licence_of(NEEDED[name])
    is_known = BY_NAME[name] in says if name in BY_NAME else any(re.search(rf"\b{word}", says) for word in ALLOWED)
    assert is_known, f"{name}: not a licence that a program under the MIT licence may use: {says or 'none is named'}"


def test_what_a_program_under_the_mit_licence_serves_with_allows_it() -> None:
    assert PROJECT["license"] == "MIT"
    assert (ROOT / "LICENSE").read_text("utf-8").startswith("MIT License\n")
    assert TO_SERVE.keys() & BY_NAME.keys() == {"num2words"}


def licence_of(one: Distribution) -> str:
    """Return the licence of a package, from any of the three places."""
    about = one.metadata
    classified = [text for text in about.get_all("Classifier") or () if text.startswith("License ::")]
    written = [text[:80] for name in ("License-Expression", "License") for text in about.get_all(name) or ()]
    return " ".join([*written, *classified])


def test_nothing_is_asked_for_that_is_not_used() -> None:
    used = {name.partition(".")[0] for path in (*modules(), *(ROOT / "tests").rglob("*.py")) for name in imported(path)}
    asked = {canonicalize_name(Requirement(text).name) for text in (*PROJECT["dependencies"], *of_extras())} - {"ivr"}
    assert {name for name in asked - NOT_IMPORTED.keys() if not used & modules_of(name)} - drivers() == set()


def modules_of(name: str) -> set[str]:
    """Return the modules of a package."""
    files = distribution(name).files or ()
    return {file.parts[0].removesuffix(".py") for file in files if file.suffix == ".py"}


def drivers() -> set[str]:
    """Named in the URL of a database, and imported by SQLAlchemy."""
    source = (ROOT / "ivr/store/database.py").read_text("utf-8")
    return {name for name in ("aiosqlite", "asyncpg") if f"+{name}" in source}
