"""Makes text from outside harmless to print: texts, names, words of the provider, the contents of files.

Control characters move the cursor, colour or clear a terminal, and add lines that look like ours; characters of
direction turn around what stands beside them (https://www.unicode.org/reports/tr36/, https://trojansource.codes).
"""

from unicodedata import category

JOINERS = "\u200c\u200d"
"""Scripts such as Persian, and emoji of several parts, are written with them; they show nothing and move nothing."""


def printable_line(text: str) -> str:
    r"""Return text of one line, whatever it holds: what cannot be seen is written as Python writes it.

    >>> printable_line("help\n\x1b[2J\u202eme")
    'help\\n\\x1b[2J\\u202eme'
    """
    return text if text.isprintable() else "".join(map(_printable, text))


def printable(text: str) -> str:
    """Return text whose line breaks are ours, and all else as `printable_line` returns it."""
    return "\n".join(map(printable_line, text.split("\n")))


def is_printable(character: str) -> bool:
    """Return whether a character shows something, or a space, and does nothing else."""
    return character.isprintable() or character in JOINERS or category(character) == "Zs"


def _printable(character: str) -> str:
    return character if is_printable(character) else character.encode("unicode_escape").decode()
