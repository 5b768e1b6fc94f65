"""A sentence is changed in its file: checked by the linter, written where it stands, and taken back."""

import os
from pathlib import Path

import pytest

from ivr.commands.sentence_editor import ContentSentences
from ivr.simulator.browser.sentences import ChangedMeanwhile, ChangeRefused, Place
from tests.lint.helplines import TODAY, copied

HELLO: Place = ("prompts/en-GB/front.yaml", "hello")
LETTER: Place = ("prompts/en-GB/front.yaml", "main", "letter")
ASK: Place = ("prompts/en-GB/school.yaml", "steps", "ask")
TEXT: Place = ("prompts/en-GB/texts.yaml", "text", "general")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copied(tmp_path)


@pytest.fixture
def sentences(folder: Path) -> ContentSentences:
    return ContentSentences(folder, lambda: TODAY)


async def findings(sentences: ContentSentences, place: Place, words: str) -> list[tuple[bool, str]]:
    return [(one.blocks, one.says) for one in (await sentences.check(place, words)).findings]


async def save(sentences: ContentSentences, place: Place, words: str) -> str:
    return (await sentences.save(place, words, (await sentences.open(place)).version)).version


async def test_a_sentence_is_opened_as_it_stands_with_its_line_and_its_blanks(sentences: ContentSentences) -> None:
    opened = await sentences.open(LETTER)
    assert (opened.file, opened.line) == ("prompts/en-GB/front.yaml", 5)
    assert opened.words == "For a letter from the council, press {key}."
    assert (list(opened.blanks), opened.is_text) == (["key"], False)
    assert (await sentences.open(TEXT)).words.splitlines()[
        1
    ] == "The Owl, {owl}. Town helpline, {helpline}. No reply needed."


async def test_only_what_a_change_brings_is_told_and_the_cause_alone(sentences: ContentSentences) -> None:
    assert await findings(sentences, LETTER, "For a letter from the council, press {key}.") == []
    assert await findings(sentences, LETTER, "For a letter, press {kay}.") == [
        (True, "nothing fills {kay} here; this sentence has {key}"),
    ]
    assert await findings(sentences, LETTER, "For a letter, press 1.") == [
        (True, "{key} is left out, so the caller would not hear it"),
    ]
    assert await findings(sentences, LETTER, "  ") == [(True, "this sentence has no words")]


async def test_what_is_about_the_sentence_comes_before_what_is_about_its_step_and_the_rest(
    sentences: ContentSentences,
) -> None:
    words = f"Hello, this is the town's helpline{', and we are glad of it' * 12}. For a person, press 0."
    found = await findings(sentences, HELLO, words)
    says = [one for _, one in found]
    assert "this sentence has 78 words, and 25 are the most: “Hello, this is the town's helpline, and …”" in says[:2]
    assert set(says[2:4]) == {
        "front/hello speaks for 33 seconds without a stop, and 30 are the most",
        "the greeting lasts 33 seconds, and 10 are the most",
    }
    assert says[4:]
    assert all(one.startswith(("the topic", "a person", "the last day")) for one in says[4:])


async def test_a_warning_is_told_and_may_be_saved(sentences: ContentSentences, folder: Path) -> None:
    words = (
        "Ask for a meeting with the teacher whom your child likes best of all in the school and at home and at play."
        " Take a friend. Say what you need. If that does not help, you can complain."
    )
    assert await findings(sentences, ASK, words) == [
        (False, "this sentence has 23 words: “Ask for a meeting with the teacher whom …”")
    ]
    await save(sentences, ASK, words)
    assert words.split()[9] in (folder / ASK[0]).read_text("utf-8")


async def test_the_measures_have_their_limits(sentences: ContentSentences) -> None:
    measured = (await sentences.check(HELLO, "Hello. For a person, press 0.")).measures
    assert [(one.what, one.most) for one in measured] == [
        ("Words of the longest sentence", 25),
        ("Seconds of this prompt", None),
        ("Seconds of the greeting", 10.0),
    ]
    assert all(one.amount > 0 for one in measured)
    (parts,) = (
        await sentences.check(TEXT, "As you asked. The Owl, {owl}, {helpline}.\nNo reply needed." + " Yes." * 120)
    ).measures
    assert (parts.what, parts.most) == ("Parts of the text, at the longest", 3)
    assert parts.amount > 3


async def test_saving_changes_the_bytes_of_the_sentence_and_nothing_else(
    sentences: ContentSentences, folder: Path
) -> None:
    file = folder / LETTER[0]
    before = file.read_bytes()
    await save(sentences, LETTER, "For a council letter, press {key}.")
    assert file.read_bytes() == before.replace(b"For a letter from the council, press", b"For a council letter, press")
    assert (await sentences.open(LETTER)).words == "For a council letter, press {key}."
    assert sorted(file.parent.iterdir()) == sorted(file.parent.glob("*.yaml"))


async def test_undo_brings_back_the_bytes_of_before_one_change_after_another(
    sentences: ContentSentences, folder: Path
) -> None:
    file = folder / HELLO[0]
    before = file.read_bytes()
    await save(sentences, HELLO, "Hello, this is us. For a person, press 0.")
    between = file.read_bytes()
    await save(sentences, LETTER, "For a council letter, press {key}.")
    assert (await sentences.undo()).place == LETTER
    assert file.read_bytes() == between
    assert (await sentences.undo()).words == "Hello, this is the town's helpline. For a person, press 0."
    assert file.read_bytes() == before
    with pytest.raises(ChangeRefused, match="There is no change to take back"):
        await sentences.undo()


async def test_nothing_is_written_over_the_change_of_somebody_else(sentences: ContentSentences, folder: Path) -> None:
    version = (await sentences.open(HELLO)).version
    file = folder / HELLO[0]
    file.write_text(file.read_text("utf-8").replace("Hello, this", "Good day, this"), "utf-8")
    with pytest.raises(ChangedMeanwhile, match="changed meanwhile") as changed:
        await sentences.save(HELLO, "Hello. For a person, press 0.", version)
    assert changed.value.words == "Good day, this is the town's helpline. For a person, press 0."
    assert "Good day" in file.read_text("utf-8")
    await sentences.save(HELLO, "Hello. For a person, press 0.", changed.value.version)
    assert "hello: Hello. For a person, press 0.\n" in file.read_text("utf-8")


async def test_a_change_is_not_taken_back_over_that_of_somebody_else(sentences: ContentSentences, folder: Path) -> None:
    await save(sentences, HELLO, "Hello. For a person, press 0.")
    file = folder / HELLO[0]
    file.write_text(file.read_text("utf-8") + "# theirs\n", "utf-8")
    with pytest.raises(ChangeRefused, match="has been changed since"):
        await sentences.undo()
    assert file.read_text("utf-8").endswith("# theirs\n")


async def test_what_blocks_is_not_written(sentences: ContentSentences, folder: Path) -> None:
    before = (folder / LETTER[0]).read_bytes()
    with pytest.raises(ChangeRefused, match="mend first"):
        await save(sentences, LETTER, "For a letter, press {kay}.")
    assert (folder / LETTER[0]).read_bytes() == before


@pytest.mark.parametrize(
    "place",
    [
        ("prompts/en-GB/front.yaml", "main", "nothing"),
        ("prompts/en-GB/front.yaml", "main"),
        ("prompts/en-GB/front.yaml",),
        ("flows/front.yaml", "main", "otherwise"),
        ("flows/contacts.yaml", "owl", "name"),
        ("prompts/languages.yaml", "en-GB", "name"),
        ("../outside.yaml", "hello"),
        ("prompts/en-GB/../../../outside.yaml", "hello"),
        ("/etc/passwd", "root"),
        ("prompts/en-GB/unread.txt", "hello"),
    ],
)
async def test_only_sentences_that_are_read_can_be_changed(sentences: ContentSentences, place: Place) -> None:
    with pytest.raises(ChangeRefused, match="no such sentence"):
        await sentences.open(place)
    with pytest.raises(ChangeRefused):
        await sentences.save(place, "Hello.", "0" * 16)


async def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path, folder: Path) -> None:
    file, outside = folder / HELLO[0], tmp_path / "outside.yaml"
    file.rename(outside)
    file.symlink_to(outside)
    before = outside.read_bytes()
    with pytest.raises(ChangeRefused, match="no file of this folder"):
        await ContentSentences(folder, lambda: TODAY).open(HELLO)
    assert outside.read_bytes() == before


async def test_words_in_a_read_only_folder_cannot_be_changed_and_it_says_how_they_can(
    sentences: ContentSentences, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # whoever is root may write anything
    with pytest.raises(ChangeRefused, match=r"is read only here.*ivr phone --folder COPY"):
        await sentences.open(HELLO)


async def test_the_translations_that_a_change_makes_stale_are_named_and_do_not_keep_it_from_being_saved(
    tmp_path: Path,
) -> None:
    folder = copied(tmp_path, translated="cy")
    languages = folder / "prompts/languages.yaml"
    entry = languages.read_text("utf-8").split("\n", 1)[1]
    languages.write_text(f"{languages.read_text('utf-8')}cy:\n{entry}", "utf-8")
    sentences = ContentSentences(folder, lambda: TODAY)
    words = "Hello, this is your helpline. For a person, press 0."
    (found,) = (await sentences.check(HELLO, words)).findings
    assert (found.file, found.blocks) == ("prompts/cy/front.yaml", False)
    assert found.says == f"en-GB has changed since this was translated; it is now: “{words}”"
    await save(sentences, HELLO, words)
    translation = ("prompts/cy/front.yaml", "hello", "text")
    assert (await sentences.open(translation)).line == 3
    await save(sentences, translation, "Helo. For a person, press 0.")
    assert 'text: "Helo. For a person, press 0."' in (folder / translation[0]).read_text("utf-8")
