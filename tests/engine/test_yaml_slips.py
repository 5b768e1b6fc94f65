"""A slip of the pen is named as what it is, in the line where it is, and the file is read as it was meant."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.engine.yaml_slips import MOST_SLIPS, mended

FLOW = """\
topic: matter

hello:
  kind: say
  states: [two_months]
  go: menu

menu:
  kind: menu
  choices:
    1: {say: soup, go: bye}
    2: {say: bread, go: bye}
  otherwise: ring

bye:
  kind: hangup
"""
PROMPTS = """\
matter: the town

menu:
  soup: For soup, press {key}.
  shorter:
    For soup, press {soup}.
    For bread, press {bread}.

bye: Goodbye.
"""
TOO_FAR = "this line stands too far"


@pytest.mark.parametrize(
    ("text", "old", "new", "line", "says"),
    [
        (FLOW, "  states", "\tstates", 5, "this line begins with a tab, and YAML wants spaces: begin it with 2 spaces"),
        (FLOW, "    1:", "  \t1:", 11, "this line begins with a tab, and YAML wants spaces: begin it with 4 spaces"),
        (PROMPTS, "For soup, press {key}", "For soup: press {key}", 4, "a colon is read as the end of a name"),
        (PROMPTS, "    For bread, press", "    For bread: press", 7, "a colon is read as the end of a name"),
        (PROMPTS, "    For soup, press", "    For soup: press", 6, "a colon is read as the end of a name"),
        (PROMPTS, "soup: For", 'soup: "For', 4, 'a quote (") is opened here and not closed'),
        (PROMPTS, "the town", "'the town", 1, "a quote (') is opened here and not closed"),
        (
            PROMPTS,
            "Goodbye.",
            '"Goodbye.""',
            9,
            'a quote (") is opened here and not closed, or is one too many: quote both ends, or neither',
        ),
        (PROMPTS, "Goodbye.", "{name}, goodbye.", 9, "a text that begins with “{” must stand in quotes"),
        (FLOW, "[two_months]", "[two_months", 5, "a bracket “[” is opened here and not closed"),
        (FLOW, "go: bye}\n    2", "go: bye}}\n    2", 11, "a bracket “}” is closed here and not opened"),
        (FLOW, "  go: menu", "    go: menu", 6, f"{TOO_FAR} right: begin it with 2 spaces instead of 4"),
        (FLOW, "hello:\n  kind", "hello:\n    kind", 4, f"{TOO_FAR} right: begin it with 2 spaces instead of 4"),
        (FLOW, "  choices", " choices", 10, f"{TOO_FAR} left: begin it with 2 spaces instead of 1"),
        (FLOW, "  states", "states", 5, f"{TOO_FAR} left: begin it with 2 spaces instead of none"),
        (FLOW, "    2:", "  2:", 12, f"{TOO_FAR} left: begin it with 4 spaces instead of 2"),
        (FLOW, "menu:\n", "  menu:\n", 8, f"{TOO_FAR} right: begin it with no space instead of 2"),
        (FLOW, "menu:\n", "# They choose.\n  menu:\n", 9, f"{TOO_FAR} right: begin it with no space instead of 2"),
        (PROMPTS, "    For bread", "For bread", 7, f"{TOO_FAR} left: begin it with 4 spaces instead of none"),
        (FLOW, "hello:\n  kind: say", "hello:\n  kind:say", 4, "a space is missing after “kind:”"),
        (FLOW, "  kind: hangup", "  kind:hangup", 16, "a space is missing after “kind:”"),
        (FLOW, "  go: menu", "  go:: menu", 6, "there is a colon too many after “go:”"),
        (FLOW, "  go: menu", "  go menu", 6, "a colon is missing after “go”"),
        (FLOW, "bye:\n", "bye\n", 15, "a colon is missing after “bye”"),
    ],
)
def test_a_slip_is_named_in_the_line_where_it_is(text: str, old: str, new: str, line: int, says: str) -> None:
    assert text.count(old) == 1
    ((told_line, told),) = mended(text.replace(old, new))[1]
    assert told_line == line
    assert told.startswith(says)


def test_what_is_in_order_is_left_as_it_is() -> None:
    assert mended(FLOW) == (FLOW, [])
    assert mended(PROMPTS) == (PROMPTS, [])


def test_several_slips_of_a_file_are_all_named_one_inside_another_too() -> None:
    text = PROMPTS.replace("the town", '"the town').replace("For soup, press {key}", "For soup: press {key}")
    assert [slip.line for slip in mended(text)[1]] == [1, 4]


def test_an_empty_sentence_is_not_taken_for_a_line_that_slipped() -> None:
    text = "menu:\n  soup:\n  shorter: Press.\n\nbye: Goodbye.\n"
    assert mended(text) == (text, [])


def test_what_is_no_slip_of_single_lines_is_left_to_the_parser() -> None:
    text = "a: 1\n" + "\n".join(f"{'  ' * (line % 3)}x{line}: y\n" for line in range(4 * MOST_SLIPS))
    assert mended(text) == (text, [])


@settings(max_examples=200, deadline=None)
@given(st.text("ab:-[]{}&*!?|>'\"#, \n\t", max_size=60))
def test_no_text_breaks_the_mending_and_lines_stay_where_they_are(text: str) -> None:
    after, slips = mended(text)
    assert after.count("\n") == text.count("\n")
    assert all(1 <= slip.line <= text.count("\n") + 1 for slip in slips)
