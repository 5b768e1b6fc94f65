"""Parts of a page that bring themselves up to date; without JavaScript they are as of when the page was loaded.

htmx asks for the part every three seconds and puts what comes in its place. Where nothing has changed the answer is
empty, so that neither a screen reader nor whoever is choosing a button there is disturbed. `?live=off` in the address
of the page stops it (https://www.w3.org/TR/WCAG22/#pause-stop-hide).
"""

from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import urlencode

from markupsafe import Markup
from starlette.responses import HTMLResponse, Response

from ivr.console.visit import Visit

SEEN, SAID, LIVE, OFF = "seen", "said", "live", "off"
UNCHANGED = 204
"""The status for which htmx leaves a part as it is: https://htmx.org/docs/#requests."""


@dataclass(frozen=True)
class LivePart:
    """A part with its template and the path at which it is asked for, with the id of its page in the place of `{id}`.

    What stands in the address of the page under the names `keeps` stands in that of the part.
    """

    path: str
    template: str
    keeps: tuple[str, ...] = ()

    def first(self, visit: Visit, said: str, **context: object) -> Markup:
        """Return the part for its page. `said` is what a screen reader tells when it becomes another sentence."""
        return self._part(visit, visit.rendered(self.template, context), said)

    def again(self, visit: Visit, said: str, **context: object) -> Response:
        """Answer whoever asks for the part anew."""
        inner = visit.rendered(self.template, context)
        if visit.query(SEEN) == _fingerprint(inner):
            return Response(status_code=UNCHANGED)
        news = said if visit.query(SAID) != _fingerprint(said) else ""
        return HTMLResponse(self._part(visit, inner, said) + visit.rendered("live_news.html", {"said": news}))

    def _part(self, visit: Visit, inner: Markup, said: str) -> Markup:
        kept = {name: visit.query(name) for name in self.keeps if visit.query(name)}
        marks = urlencode({**kept, SEEN: _fingerprint(inner), SAID: _fingerprint(said)})
        path = self.path.format(**visit.request.path_params)
        where = None if visit.query(LIVE) == OFF else f"{path}?{marks}"
        return visit.rendered("live_part.html", {"where": where, "inner": inner})


def _fingerprint(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:16]
