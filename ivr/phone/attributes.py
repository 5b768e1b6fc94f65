"""The attributes of one element of a document: read, checked, and refused where Twilio has no such thing."""

import re
from inspect import signature
from xml.etree.ElementTree import Element

from twilio.twiml import TwiML, lower_camel, voice_response

from ivr.phone.failure import TwimlError

_KEYS = frozenset("0123456789*#")


def known_to_twilio(name: str) -> bool:
    """Whether Twilio has a verb or noun of this name at all."""
    return hasattr(voice_response, name) and issubclass(getattr(voice_response, name), TwiML)


def allowed(parent: type[TwiML], builder: str) -> frozenset[str]:
    """The attributes Twilio's own library offers for the element that `parent.builder` makes.

    The library says it by the builder's parameters, less those that are the element's content; taken
    from there, the list grows with the library.

    >>> sorted(allowed(voice_response.VoiceResponse, "pause"))
    ['length']
    """
    prefix = "ssml" if parent is voice_response.Say else ""
    content = signature(_twilio_class(prefix + builder.replace("_", ""))).parameters
    offered = signature(getattr(parent, builder)).parameters
    names = offered.keys() - content.keys() - {"self"}
    return frozenset(lower_camel(TwiML.MAP.get(name, name)) for name in names)


def _twilio_class(name: str) -> type[TwiML]:
    kinds: dict[str, type[TwiML]] = {known.casefold(): kind for known, kind in vars(voice_response).items()}
    return kinds[name]


class Attributes:
    """Reads the attributes of one element.

    Raises TwimlError, with a sentence naming the element, for an unknown attribute or a bad value.
    """

    def __init__(self, element: Element, names: frozenset[str]) -> None:
        self._tag = element.tag
        self._given = {_plain(name): value for name, value in element.attrib.items()}
        for name in sorted(self._given.keys() - names):
            raise TwimlError(f"<{self._tag}> has no attribute {name}.")

    def refuse(self, name: str, why: str) -> TwimlError:
        return TwimlError(f'<{self._tag} {name}="{self._given.get(name, "")}">: {why}.')

    def unplayed(self, *names: str) -> None:
        """Twilio knows these, this telephone does not: better refused than quietly left out."""
        for name in names:
            if name in self._given:
                raise self.refuse(name, "this telephone does not play it")

    def text(self, name: str, pattern: str = r".+") -> str | None:
        value = self._given.get(name)
        if value is not None and not re.fullmatch(pattern, value):
            raise self.refuse(name, "not a value it can have")
        return value

    def address(self, name: str) -> str | None:
        return self.text(name, r"\S+")

    def one_of(self, name: str, first: str, *others: str) -> str:
        """One of the values; the first when it is not given."""
        value = self._given.get(name, first)
        if value not in (first, *others):
            raise self.refuse(name, f"only {', '.join((first, *others))}")
        return value

    def several(self, name: str, first: str, *others: str) -> frozenset[str]:
        """Any of the values, with spaces between; the first when nothing is given."""
        values = self._given.get(name, first).split()
        if not values or not {first, *others}.issuperset(values):
            raise self.refuse(name, f"any of {', '.join((first, *others))}")
        return frozenset(values)

    def flag(self, name: str) -> bool:
        return self.one_of(name, "false", "true") == "true"

    def whole(self, name: str, otherwise: int, *, least: int = 1, most: int | None = None) -> int:
        value = self._given.get(name, str(otherwise))
        if not re.fullmatch(r"[0-9]{1,9}", value) or int(value) < least or (most and int(value) > most):
            raise self.refuse(name, f"a whole number from {least}" + (f" to {most}" if most else ""))
        return int(value)

    def keys(self, name: str, otherwise: str, *, most: int = len(_KEYS)) -> str:
        value = self._given.get(name, otherwise)
        if len(value) > most or not _KEYS.issuperset(value):
            raise self.refuse(name, "keys are 0 to 9, * and #")
        return value


def _plain(name: str) -> str:
    """`xml:lang` as it is written, not as the parser spells it out."""
    return name.replace("{http://www.w3.org/XML/1998/namespace}", "xml:")
