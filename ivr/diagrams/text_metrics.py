"""Estimates of text width, for a typeface that is not known yet."""

NARROW, WIDE = frozenset("iljtfrI.,:;'’“”|!() "), frozenset("mwMW@…")


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Return the width in pixels, on the safe side for the usual sans serif typefaces.

    >>> text_width("ill", 10) < text_width("low", 10) < text_width("MOW", 10)
    True
    """
    hundredths = sum(38 if c in NARROW else 95 if c in WIDE else 72 if c.isupper() else 61 for c in text)
    return hundredths / 100 * size * (1.08 if bold else 1.0)


def wrap(text: str, size: float, room: float, lines: int = 99) -> list[str]:
    """Return the words in lines that fit, cut with an ellipsis after the last line."""
    done: list[str] = []
    words = text.split()
    while words:
        line = words.pop(0)
        while words and text_width(f"{line} {words[0]}", size) <= room:
            line = f"{line} {words.pop(0)}"
        done.append(line)
        if len(done) == lines and words:
            while text_width(f"{line} …", size) > room and " " in line:
                line = line.rpartition(" ")[0]
            done[-1] = f"{line.rstrip('.,')} …"
            return done
    return done
