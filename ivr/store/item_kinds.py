"""The kinds of items that staff work on."""

from enum import StrEnum


class ItemKind(StrEnum):
    """What an item is: a caller to be rung back, a message, a text that came in, or a talk with an adviser."""

    callback = "callback"
    message = "message"
    text = "text"
    talk = "talk"
