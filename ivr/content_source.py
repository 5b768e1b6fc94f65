"""The content of a service, which may be replaced while calls go on."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from ivr.loader import Helpline, read

log = logging.getLogger(__name__)

Prepared = TypeVar("Prepared")


class ContentSource:
    """Holds the content in use. Whoever answers asks for it anew each time, so that a call goes on in the new words."""

    def __init__(self, folder: Path, content: Helpline | None = None, read: Callable[[Path], Helpline] = read) -> None:
        """Content that was read already is not read from its folder; raise ContentError with every mistake in it."""
        self.folder, self._read = folder, read
        self.current = content or read(folder)

    def reload(self, folder: Path | None = None) -> bool:
        """Read the folder again, or another one; return whether its content is another version.

        Raises ContentError with every mistake; the content in use then stays in use.
        """
        before, fresh = self.current, self._read(folder or self.folder)
        self.folder = folder or self.folder
        if fresh.version == before.version:
            return False
        self.current = fresh
        log.info("content replaced: folder=%s version=%s", self.folder, fresh.version)
        return True

    def prepared(self, prepare: Callable[[Helpline], Prepared]) -> Callable[[], Prepared]:
        """Return a function that returns what `prepare` makes of the content in use, made once for each version."""
        content = self.current
        made = prepare(content)

        def current() -> Prepared:
            nonlocal content, made
            if content is not self.current:
                fresh = self.current
                made, content = prepare(fresh), fresh
            return made

        return current
