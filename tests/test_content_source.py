"""Content is replaced while calls go on: a caller keeps their place, and hears the new words from the next key on."""

import shutil
from datetime import datetime
from pathlib import Path

import pytest

from ivr.app import build
from ivr.config import CONTENT
from ivr.content_source import ContentSource
from ivr.errors import ContentError
from ivr.helpline.timezone import LONDON
from ivr.loader import Helpline, load
from ivr.simulator.phone import Phone
from tests.phone_calls import NOW, goes_on, rings, telephone
from tests.test_calls import settings


@pytest.fixture
def ours() -> ContentSource:
    return ContentSource(CONTENT, load())


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    """Another folder, with our content in it."""
    for name in ("flows", "prompts"):
        shutil.copytree(CONTENT / name, tmp_path / name)
    return tmp_path


def telephone_of(content: ContentSource) -> Phone:
    now = datetime.fromisoformat(NOW).replace(tzinfo=LONDON)
    return telephone(app=build(settings(), lambda: now, content=content))


def changed(folder: Path, file: str, before: str, after: str) -> None:
    path = folder / file
    text = path.read_text("utf-8")
    assert text.count(before) == 1, (file, before)
    path.write_text(text.replace(before, after), "utf-8")


async def test_a_caller_goes_on_in_another_folder_at_the_same_step(ours: ContentSource, theirs: Path) -> None:
    phone = await rings(telephone_of(ours), "4")
    changed(theirs, "prompts/en-GB/school.yaml", "For how to write a complaint,", "To complain aloud,")
    assert ours.reload(theirs)
    (await goes_on(phone, "*")).hears("To complain aloud")
    (await goes_on(phone, "#")).hears("For a school, college or nursery")


async def test_a_new_call_begins_in_the_new_words(ours: ContentSource, theirs: Path) -> None:
    phone = telephone_of(ours)
    changed(theirs, "prompts/en-GB/welcome.yaml", "Devon's special needs helpline", "Dorset's special needs helpline")
    ours.reload(theirs)
    (await rings(phone)).hears("Dorset's")


async def test_a_caller_whose_step_is_gone_hears_so_and_reaches_a_person(ours: ContentSource, theirs: Path) -> None:
    phone = await rings(telephone_of(ours), "3", "5", "1")
    ours.reload(Path(__file__).parents[1] / "examples/westshire")
    (await goes_on(phone, "1")).hears("we lost our place")


async def test_content_with_a_mistake_is_refused_and_the_call_goes_on_as_it_was(
    ours: ContentSource, theirs: Path
) -> None:
    phone = await rings(telephone_of(ours))
    version = ours.current.version
    changed(theirs, "flows/welcome.yaml", "otherwise: person/ring", "otherwise: nowhere")
    with pytest.raises(ContentError, match=r"flows/welcome.yaml:\d+: .*nowhere"):
        ours.reload(theirs)
    assert (ours.current.version, ours.folder) == (version, CONTENT)
    (await goes_on(phone, "4")).hears("how to write a complaint")


def test_equal_files_are_the_same_version_wherever_they_are(ours: ContentSource, theirs: Path) -> None:
    assert not ours.reload(theirs)
    (theirs / "flows/welcome.yaml").write_text((theirs / "flows/welcome.yaml").read_text("utf-8") + "\n", "utf-8")
    assert ours.reload()
    assert ours.current.version != load().version


def test_what_is_prepared_of_the_content_is_prepared_once_for_each_version(ours: ContentSource, theirs: Path) -> None:
    prepared: list[str] = []

    def prepare(helpline: Helpline) -> str:
        prepared.append(helpline.version)
        return helpline.version

    version = ours.prepared(prepare)
    assert {version(), version()} == {load().version}
    changed(theirs, "prompts/en-GB/school.yaml", "For how to write a complaint", "To complain aloud")
    ours.reload(theirs)
    assert {version(), version()} == {ours.current.version}
    assert prepared == [load().version, ours.current.version]
