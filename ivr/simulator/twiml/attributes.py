"""The attributes and the content of one element, refused where Twilio has no such thing."""

import re
from functools import cache
from inspect import signature
from xml.etree.ElementTree import Element

from twilio.twiml import TwiML, lower_camel, voice_response

from ivr.simulator.twiml.errors import TwimlError

INFINITE_LOOP = 1000
"""How often loop="0" repeats."""
MAX_CALL_SECONDS = 14400
_KEYS = frozenset("0123456789*#")


def is_twiml_element(name: str) -> bool:
    """Return whether Twilio's own library has a verb or noun of this name."""
    return hasattr(voice_response, name) and issubclass(getattr(voice_response, name), TwiML)


def allowed_attributes(parent: type[TwiML], builder: str) -> frozenset[str]:
    """Return the attributes that Twilio's own library offers for the element that `parent.builder` makes.

    They are the builder's parameters, less those that are the element's content; so the list grows with the library.

    >>> sorted(allowed_attributes(voice_response.VoiceResponse, "pause"))
    ['length']
    """
    prefix = "ssml" if parent is voice_response.Say else ""
    content = signature(_twilio_class(prefix + builder.replace("_", ""))).parameters
    offered = signature(getattr(parent, builder)).parameters
    names = offered.keys() - content.keys() - {"self"}
    return frozenset(lower_camel(TwiML.MAP.get(name, name)) for name in names)


def _twilio_class(name: str) -> type[TwiML]:
    classes: dict[str, type[TwiML]] = {known.casefold(): one for known, one in vars(voice_response).items()}
    return classes[name]


class Attributes:
    """Reads the attributes of one element.

    Raises TwimlError, with a sentence naming the element, for an unknown attribute or a bad value.
    """

    def __init__(self, element: Element, names: frozenset[str]) -> None:
        self._tag = element.tag
        self._values = {_qualified(name): value for name, value in element.attrib.items()}
        for name in sorted(self._values.keys() - names):
            raise TwimlError(f"<{self._tag}> has no attribute {name}.")

    def error(self, name: str, reason: str) -> TwimlError:
        """Return an error about one attribute, to be raised."""
        return TwimlError(f'<{self._tag} {name}="{self._values.get(name, "")}">: {reason}.')

    def refuse_unsupported(self, *names: str) -> None:
        """Refuse attributes that Twilio has and the simulator does not support, rather than ignore them."""
        for name in names:
            if name in self._values:
                raise self.error(name, "this telephone does not play it")

    def text(self, name: str, pattern: str = r".+") -> str | None:
        """Return a value that matches a pattern."""
        value = self._values.get(name)
        if value is not None and not re.fullmatch(pattern, value):
            raise self.error(name, "not a value it can have")
        return value

    def url(self, name: str) -> str | None:
        """Return a URL, absolute or relative."""
        return self.text(name, r"\S+")

    def method(self, name: str = "method") -> str:
        """Return an HTTP method, POST by default."""
        return self.one_of(name, "POST", "GET")

    def one_of(self, name: str, default: str, *others: str) -> str:
        """Return one of the values."""
        value = self._values.get(name, default)
        if value not in (default, *others):
            raise self.error(name, f"only {', '.join((default, *others))}")
        return value

    def several_of(self, name: str, default: str, *others: str) -> frozenset[str]:
        """Return any of the values, which are separated by spaces."""
        values = self._values.get(name, default).split()
        if not values or not {default, *others}.issuperset(values):
            raise self.error(name, f"any of {', '.join((default, *others))}")
        return frozenset(values)

    def flag(self, name: str) -> bool:
        """Return true or false, false by default."""
        return self.one_of(name, "false", "true") == "true"

    def integer(self, name: str, default: int, *, minimum: int = 1, maximum: int | None = None) -> int:
        """Return an integer in a range."""
        value = self._values.get(name, str(default))
        if not re.fullmatch(r"[0-9]{1,9}", value) or int(value) < minimum or (maximum and int(value) > maximum):
            raise self.error(name, f"a whole number from {minimum}" + (f" to {maximum}" if maximum else ""))
        return int(value)

    def loop(self) -> int:
        """Return how often the element is repeated."""
        return self.integer("loop", 1, minimum=0) or INFINITE_LOOP

    def keys(self, name: str, default: str, *, maximum: int = len(_KEYS)) -> str:
        """Return keys of a telephone."""
        value = self._values.get(name, default)
        if len(value) > maximum or not _KEYS.issuperset(value):
            raise self.error(name, "keys are 0 to 9, * and #")
        return value


def _qualified(name: str) -> str:
    """Return `xml:lang` as it is written, for what the parser makes of it."""
    return name.replace("{http://www.w3.org/XML/1998/namespace}", "xml:")


def verb_attributes(element: Element) -> Attributes:
    """Return the attributes of a verb."""
    return Attributes(element, _verb_attribute_names(element.tag))


@cache
def _verb_attribute_names(verb: str) -> frozenset[str]:
    return allowed_attributes(voice_response.VoiceResponse, verb.lower())


def text_content(element: Element) -> str:
    """Return the text of an element that has only text, before the nouns in a `<Dial>`."""
    if len(element) and element.tag != "Dial":
        raise TwimlError(f"<{element[0].tag}> cannot stand inside <{element.tag}>.")
    return (element.text or "").strip()


def refuse_text(element: Element) -> None:
    """Refuse text between child elements, which nobody would speak."""
    stray = [element.text, *(child.tail for child in element)]
    if any(text and text.strip() for text in stray):
        raise TwimlError(f"<{element.tag}> has words that no verb speaks.")


def refuse_content(element: Element) -> None:
    """Refuse any content."""
    if len(element) or re.search(r"\S", element.text or ""):
        raise TwimlError(f"<{element.tag}> must be empty.")
