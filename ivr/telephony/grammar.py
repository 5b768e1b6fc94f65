"""The grammar of TwiML as the provider's own library knows it: which verb has what inside, and with which attributes.

Nothing of it is written down here: it is read off the library's methods, and grows with it.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from inspect import Parameter, isclass, signature
from xml.etree.ElementTree import Element, fromstring

from twilio.twiml import TwiML, lower_camel, voice_response

Grammar = Mapping[str, Mapping[str, frozenset[str]]]
"""By element, what may stand inside it, each with the attributes that it may have."""


@cache
def grammar() -> Grammar:
    """Every element that the library can write.

    >>> sorted(grammar()["Gather"])
    ['Pause', 'Play', 'Say']
    >>> "numDigits" in grammar()["Response"]["Gather"], "numDigits" in grammar()["Response"]["Dial"]
    (True, False)
    """
    kinds = (kind for kind in vars(voice_response).values() if isclass(kind) and issubclass(kind, TwiML))
    made = (_made(kind) for kind in kinds if kind is not TwiML)
    return {parent.name: dict(_children(parent)) for parent in made}


def faults(document: str) -> Iterator[str]:
    """What in a document the library would not write, in sentences."""
    root = fromstring(document)  # noqa: S314 - our own document
    if root.tag != "Response":
        yield f"the root must be <Response>, not <{root.tag}>"
    yield from _inside(root)


def _inside(element: Element) -> Iterator[str]:
    allowed = grammar().get(element.tag, {})
    for child in element:
        if child.tag not in allowed:
            yield f"<{child.tag}> cannot stand inside <{element.tag}>"
            continue
        for name in sorted(child.attrib.keys() - allowed[child.tag]):
            yield f"<{child.tag}> has no attribute {name}"
        yield from _inside(child)


def _children(parent: TwiML) -> Iterator[tuple[str, frozenset[str]]]:
    """What the parent's methods put inside it, each with the attributes that the method takes."""
    for name in sorted(set(dir(type(parent))) - set(dir(TwiML))):
        method = getattr(parent, name)
        offered = signature(method).parameters
        child = method(**{one.name: "x" for one in offered.values() if _is_needed(one)})
        content = signature(type(child)).parameters.keys()
        yield child.name, frozenset(lower_camel(TwiML.MAP.get(one, one)) for one in offered.keys() - content)


def _made(kind: type[TwiML]) -> TwiML:
    return kind(**{one.name: "x" for one in signature(kind).parameters.values() if _is_needed(one)})


def _is_needed(one: Parameter) -> bool:
    return one.default is Parameter.empty and one.kind is Parameter.POSITIONAL_OR_KEYWORD
