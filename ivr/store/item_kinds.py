"""The kinds of items that staff work on."""

from enum import StrEnum


class ItemKind(StrEnum):
    """What an item is: a caller to be rung back, a message, a text that came in, a talk with an adviser, or a complaint
    about data.
    """

    callback = "callback"
    message = "message"
    text = "text"
    talk = "talk"
    complaint = "complaint"
