"""The requests by which the page changes sentences, under /phone/sentences."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ivr.simulator.browser.localhost_only import GUEST
from ivr.simulator.browser.request_fields import RequestFields, read_fields
from ivr.simulator.browser.sentences import ChangedMeanwhile, ChangeRefused, SentenceEditor

NOT_FOR_GUESTS = "Words are changed on the machine that serves this telephone only."

Answer = Callable[[SentenceEditor, RequestFields], Awaitable[Any]]

ANSWERS: dict[str, Answer] = {
    "open": lambda editor, fields: editor.open(fields.names("place")),
    "check": lambda editor, fields: editor.check(fields.names("place"), fields.text("words")),
    "save": lambda editor, fields: editor.save(fields.names("place"), fields.text("words"), fields.text("version")),
    "undo": lambda editor, fields: editor.undo(),
}


class SentencePages:
    """Answers what the page asks of sentences."""

    def __init__(self, editor: SentenceEditor) -> None:
        self._editor = editor

    async def answer(self, request: Request) -> Response:
        """Return a sentence, what the linter says of it, or what was written; an error with status 400."""
        answer = ANSWERS.get(request.path_params["action"])
        if answer is None:
            return JSONResponse({"error": "Nothing of that name can be done with a sentence."}, 404)
        fields = await read_fields(request)
        if request.scope.get(GUEST):
            raise ChangeRefused(NOT_FOR_GUESTS)
        try:
            return JSONResponse(asdict(await answer(self._editor, fields)))
        except ChangedMeanwhile as changed:
            return JSONResponse({"error": str(changed), "words": changed.words, "version": changed.version}, 409)
