"""docs/console.md: its table of who may what is that of the program, and its pictures are there."""

from pathlib import Path
from re import findall

from ivr.console.page import Page
from ivr.console.pages import PAGES

DOCS = Path(__file__).parents[2] / "docs"
TEXT = (DOCS / "console.md").read_text("utf-8")


def row(page: Page) -> str:
    """Return the line of the table for a page."""
    what = "looks at" if page.method == "GET" else "sends"
    return f"| `{page.path}` | {what} | {page.least or 'anybody'} |"


def test_the_table_is_that_of_the_program() -> None:
    assert [line for line in TEXT.splitlines() if line.startswith("| `/console")] == [row(page) for page in PAGES]


def test_every_picture_is_there_and_shown() -> None:
    shown = set(findall(r"\(pictures/(console-[a-z-]+\.png)\)", TEXT))
    assert shown <= {path.name for path in (DOCS / "pictures").glob("console-*.png")}
    assert len(shown) >= 5
