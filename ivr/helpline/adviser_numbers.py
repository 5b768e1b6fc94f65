"""Which numbers are rung for callers: people's own in the United Kingdom, at no extra cost, and never ours."""

from collections.abc import Collection

from ivr.helpline.phone_numbers import NumberKind, can_ring_back, kind_of

NEVER_RUNG = {
    NumberKind.foreign: "That number is abroad: we only ring numbers of the United Kingdom.",
    NumberKind.premium: "Ringing that number costs extra: take a mobile, or a number that begins 01, 02 or 03.",
    NumberKind.personal: "That is a personal number (070), which can cost extra: "
    "take a mobile, or one that begins 01 or 02.",
    NumberKind.pager: "That is a pager, and nobody can be talked to on it.",
}
NO_NUMBER = "Nobody can be rung there: take a mobile, or a number that begins 01, 02 or 03."
OURS = "That is a number of the helpline itself, which would ring us."


def why_never_rung(number: str, ours: Collection[str] = ()) -> str | None:
    """Return why an adviser cannot be rung at a number (E.164), or None if they can; `ours` are the helpline's own.

    >>> why_never_rung("+447700900001"), why_never_rung("+441632960000", {"+441632960000"}) == OURS
    (None, True)
    """
    if number in ours:
        return OURS
    return None if can_ring_back(number) else NEVER_RUNG.get(kind_of(number), NO_NUMBER)
