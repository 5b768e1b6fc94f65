"""Renders the prompt script as one HTML page without external resources, for screen and print."""

from html import escape
from typing import Final

from ivr.prompt_script.script import Chapter, Line, Part, PromptScript

STYLE: Final = """
body { font: 16px/1.5 system-ui, "Segoe UI", Arial, sans-serif; color: #1b1f24; background: #fff; max-width: 46rem;
  margin: 2rem auto; padding: 0 1rem; }
h1 { line-height: 1.2; } h2 { margin-top: 3rem; border-bottom: 2px solid #8ba6c1; }
h3 { margin: 1.8rem 0 .3rem; font-size: 1rem; } h3 small, dt, .leads { color: #57606a; font-weight: normal; }
dl { margin: 0; } dt { font-size: .8rem; }
dd { margin: 0 0 .6rem; padding-left: .8rem; border-left: 3px solid #d5e0ea; white-space: pre-line; }
.adviser dd { border-color: #c9a94a; } .read dd { border-color: #8fb98f; }
.young_person { margin-left: 1.5rem; } .young_person dt { color: #7a3e9d; }
.leads { font-size: .85rem; margin: .2rem 0; } .sign { margin: 1.5rem 0; padding: .8rem; border: 1px solid #6b7785; }
table { border-collapse: collapse; width: 100%; } td, th { border: 1px solid #c8d1da; padding: .4rem; text-align: left;
  vertical-align: top; overflow-wrap: anywhere; }
nav li { display: inline-block; margin-right: 1rem; } nav ul { padding: 0; }
@media print { body { font-size: 11pt; margin: 0; max-width: none; } h2 { break-before: page; } nav { display: none; }
  h3 { break-after: avoid; } dl, tr, .sign { break-inside: avoid; } }
"""
SIGN = '<p class="sign">Read and agreed: name ______________________ date ____________</p>'
TITLE = "Every word that the helpline can say"


def html(document: PromptScript) -> str:
    """Return the HTML page."""
    links = "".join(f'<li><a href="#{escape(one.name)}">{escape(one.name)}</a></li>' for one in document.chapters)
    chapters = "".join(map(_chapter, document.chapters))
    return f"""<!DOCTYPE html>
<html lang="en-GB"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{TITLE}</title><style>{STYLE}</style></head><body>
<h1>{TITLE}</h1>
<p>As of {document.as_of:%d %B %Y}.
Fingerprint: <strong>{document.fingerprint}</strong>; it changes with every word and every fact.
A [blank] is filled during a call.</p>
{SIGN}<nav aria-label="Flows"><ul>{links}<li><a href="#facts">facts</a></li></ul></nav>
<main>{chapters}{_facts(document)}</main></body></html>
"""


def _chapter(chapter: Chapter) -> str:
    parts = "".join(map(_part, chapter.parts))
    return f'<section><h2 id="{escape(chapter.name)}">{escape(chapter.name)}</h2>{parts}{SIGN}</section>\n'


def _part(part: Part) -> str:
    kind = f" <small>{escape(part.kind)}</small>" if part.kind else ""
    lines = "".join(map(_line, part.lines))
    leads = f'<p class="leads">Leads on: {escape("; ".join(part.keys))}</p>' if part.keys else ""
    names = f'<p class="leads">Names: {escape("; ".join(part.facts))}</p>' if part.facts else ""
    return f"<h3>{escape(part.name)}{kind}</h3>{lines}{leads}{names}\n"


def _line(line: Line) -> str:
    css_class = "read" if "reads" in line.who else "adviser" if "adviser" in line.who else "caller"
    classes, title = f"{css_class} {line.audience}".strip(), escape(line.title)
    return f'<dl class="{classes}" id="{escape(line.id)}"><dt>{title}</dt><dd>{escape(line.words)}</dd></dl>\n'


def _facts(document: PromptScript) -> str:
    rows = "".join(
        f"<tr><td>{escape(one.name)}</td><td>{escape(one.text)}</td><td>{escape(one.source)}</td></tr>\n"
        for one in document.facts
    )
    head = "<tr><th>Who</th><th>What is said of them</th><th>How we know</th></tr>"
    return f'<section><h2 id="facts">The facts that are said</h2><table>{head}{rows}</table>{SIGN}</section>'
