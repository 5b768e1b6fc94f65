"""`ivr demo` writes a folder that plays the calls of the tour, the same each time, and says what it is."""

import json
import re
import shutil
import wave
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ivr.cli import app
from ivr.config import CONTENT, EXAMPLE

AT = ("--at", "2026-12-01")
SILENT = ("--no-voice", *AT)


def demo(folder: Path, *options: str) -> Result:
    return CliRunner().invoke(app, ["demo", str(folder), *options])


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def data(folder: Path) -> dict[str, object]:
    script = (folder / "data.js").read_text("utf-8")
    found: dict[str, object] = json.loads(script.removeprefix("const DEMO = ").removesuffix(";\n"))
    return found


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """A demonstration with sounds, and what the command told of it."""
    folder = tmp_path_factory.mktemp("demo") / "spoken"
    return folder, demo(folder, *AT, "--json")


@pytest.fixture(scope="module")
def spoken(written: tuple[Path, Result]) -> Path:
    """A demonstration with sounds."""
    folder, told = written
    assert told.exit_code == 0
    return folder


def test_the_same_content_on_the_same_day_is_the_same_to_the_byte(spoken: Path, tmp_path: Path) -> None:
    assert demo(tmp_path / "again", *AT).exit_code == 0
    assert files(tmp_path / "again") == files(spoken)
    assert len(files(spoken)) > 20


def test_everything_that_is_said_and_heard_has_a_small_sound_beside_the_page(spoken: Path) -> None:
    sounds = list((spoken / "sounds").iterdir())
    for path in sounds:
        with wave.open(str(path)) as sound:
            assert (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) == (1, 1, 11025)
            assert sound.getnframes() > 5_000
    named = set(re.findall(r'"sound": "(\w+)"', (spoken / "data.js").read_text("utf-8")))
    assert named == {path.stem for path in sounds}
    assert sum(path.stat().st_size for path in spoken.rglob("*")) < 5_000_000


def test_it_says_when_it_was_made_until_when_it_holds_and_whose_voice_is_heard(spoken: Path) -> None:
    told = data(spoken)
    assert (told["made"], told["voiceHere"], told["voiceOfCalls"]) == ("2026-12-01", "eSpeak NG", "Polly.Amy-Neural")
    earliest = min(re.findall(r"good_until: (\S+)", "".join(p.read_text() for p in (CONTENT / "flows").glob("*.yaml"))))
    assert str(told["goodUntil"]) >= earliest
    assert re.fullmatch(r"202[67]-\d\d-\d\d", str(told["goodUntil"]))


def test_the_page_loads_nothing_from_elsewhere_and_no_module(spoken: Path) -> None:
    page = (spoken / "index.html").read_text("utf-8")
    assert 'http-equiv="Content-Security-Policy"' in page
    assert not re.search(r"https?://|type=\"module\"|style=|onclick|<style", page)
    for script in spoken.glob("*.js"):
        assert not re.search(r"^(import|export) ", script.read_text("utf-8"), re.MULTILINE)
    linked = re.findall(r'(?:src|href)="([^"#]+)"', page)
    assert all((spoken / name).is_file() for name in linked)


def test_the_calls_stand_there_in_words_too(spoken: Path) -> None:
    page = (spoken / "index.html").read_text("utf-8")
    for words in ("By Monday the fourteenth of December", "A caller wants to talk about", "Ring 07700 900 123 back"):
        assert words in page


def test_without_a_voice_the_browser_speaks_and_the_command_says_so(tmp_path: Path) -> None:
    written = demo(tmp_path / "silent", *SILENT)
    assert "Voice: the browser's own. It stands in for the one that callers hear, Polly.Amy-Neural." in written.output
    assert not (tmp_path / "silent/sounds").exists()
    assert data(tmp_path / "silent")["voiceHere"] == ""


def test_with_a_voice_the_command_says_which_and_how_much_it_comes_to(written: tuple[Path, Result]) -> None:
    folder, result = written
    told = json.loads(result.stdout)
    assert (told["voice"], told["calls"]) == ("eSpeak NG", ["A letter that says no", "0 for a person", "Nobody there"])
    assert told["bytes"] == sum(len(content) for content in files(folder).values())
    assert {Path(path) for path in told["files"]} == {path for path in folder.rglob("*") if path.is_file()}


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    refused = demo(tmp_path, *SILENT)
    assert (refused.exit_code, "There is something in" in refused.output) == (2, True)
    assert list(files(tmp_path)) == ["mine.txt"]


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    refused = demo(tmp_path / "mine.txt", *SILENT)
    said = " ".join(refused.output.replace("│", " ").split())  # a long path moves where lines are broken
    assert (refused.exit_code, "is a file" in said) == (2, True)


def test_forced_it_replaces_a_demonstration_and_touches_nothing_else(spoken: Path, tmp_path: Path) -> None:
    shutil.copytree(spoken, tmp_path / "demo")
    (tmp_path / "demo/sounds/jingle.wav").write_text("mine")
    (tmp_path / "demo/notes.txt").write_text("mine")
    assert demo(tmp_path / "demo", "--force", *SILENT).exit_code == 0
    assert {name for name in files(tmp_path / "demo") if name.startswith("sounds")} == {"sounds/jingle.wav"}
    assert "notes.txt" in files(tmp_path / "demo")


def test_another_countys_words_are_played_and_what_cannot_be_is_told(tmp_path: Path) -> None:
    written = demo(tmp_path / "demo", "--folder", str(EXAMPLE), *SILENT)
    assert written.exit_code == 0
    assert "plays 2 calls" in written.stdout
    assert "“Nobody there” cannot be played, as the call goes otherwise now" in written.stderr
    page = (tmp_path / "demo/index.html").read_text("utf-8")
    assert ("Westshire" in page, "Devon" in page) == (True, False)


def test_a_county_plays_its_own_calls(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLE, tmp_path / "ours")
    (tmp_path / "ours/tour").mkdir()
    own = "title: Ours\nlisten_for: Hear us. Just us.\nat: 2026-11-24T10:00\ncall: [dials, hangs_up]\n"
    (tmp_path / "ours/tour/1.yaml").write_text(own)
    written = demo(tmp_path / "demo", "--folder", str(tmp_path / "ours"), *SILENT, "--json")
    assert json.loads(written.stdout)["calls"] == ["Ours"]


def test_where_no_call_can_be_played_nothing_is_written(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLE, tmp_path / "ours")
    (tmp_path / "ours/tour").mkdir()
    refused = demo(tmp_path / "demo", "--folder", str(tmp_path / "ours"), *SILENT)
    assert (refused.exit_code, "There is no tour of this helpline" in refused.stderr) == (1, True)
    assert not (tmp_path / "demo").exists()


def test_after_the_day_until_which_it_holds_the_command_warns(tmp_path: Path) -> None:
    late = demo(tmp_path / "demo", "--no-voice", "--at", "2040-01-01")
    assert (late.exit_code, "it may be out of date" in late.stderr) == (0, True)
