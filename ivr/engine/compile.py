"""Makes of the content of a folder the flows that calls go through."""

from ivr.engine.call_flows import CallFlows
from ivr.engine.content import Content, Entries


def compiled(content: Content) -> CallFlows:
    """Return the flows, ready for calls; only when the content has no problems."""
    wordings = content.wordings()
    first = wordings.pop(("", ""))
    answer, person, lost, broken = (content.entries[name] for name in Entries.model_fields)
    return CallFlows(answer, person, lost, broken, content.steps, content.topics, first, wordings)
