"""Which numbers the operator lets us text: what they cost differs, and somebody else may choose them."""

from dataclasses import dataclass

from ivr.helpline.phone_numbers import costs_more_to_text


@dataclass(frozen=True, slots=True)
class TextDestinations:
    """Numbers that begin with one of `prefixes`, and those of Jersey, Guernsey and the Isle of Man if `islands`."""

    prefixes: tuple[str, ...] = ("+447",)
    islands: bool = False

    def include(self, number: str) -> bool:
        """Return whether a number (E.164) may be texted.

        >>> TextDestinations().include("+447700900123"), TextDestinations().include("+447624900123")
        (True, False)
        """
        return number.startswith(self.prefixes) and (self.islands or not costs_more_to_text(number))
