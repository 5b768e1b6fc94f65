"""What stands on a page, without its tags."""

from html.parser import HTMLParser


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._hidden += tag in ("script", "style", "noscript")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("script", "style", "noscript")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.found.append(data)


def text_of(page: str) -> str:
    """Return the words of a page, with one space between.

    >>> text_of("<p>We are <b>open</b></p><p>now</p>")
    'We are open now'
    """
    words = _Words()
    words.feed(page)
    return " ".join(" ".join(words.found).split())
