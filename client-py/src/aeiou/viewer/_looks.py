"""How texts are shown: safe for a terminal, in the order a person expects, times as times."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import List, Tuple, Union

_DIGITS = re.compile(r"(\d+)")

#: Labels of enumerations, in the standard MIBs, that a person is to see at once. In small letters.
_BAD = frozenset(
    "down lowerlayerdown notpresent failed faulty critical emergency shutdown nonoperational unreachable alarm".split()
)

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def printable(text: str) -> str:
    """A text of a device without whatever would move a cursor or change a terminal."""
    return text if text.isprintable() else "".join(c if c.isprintable() else "·" for c in text)


@lru_cache(maxsize=1 << 16)
def natural(text: str) -> Tuple[Tuple[int, Union[int, str]], ...]:
    """What to sort texts by, so that ``eth2`` is before ``eth10``."""
    parts = _DIGITS.split(text)
    # Every second part is digits; a number is before a word.
    return tuple((0, int(part)) if i % 2 else (1, part.casefold()) for i, part in enumerate(parts) if part)


def is_bad(text: str) -> bool:
    """Whether a value is one that wants attention, as ``down`` is."""
    return text.casefold() in _BAD


def duration(seconds: float) -> str:
    """So many seconds as a person says it, in two units: ``3 d 4 h``."""
    whole = int(seconds)
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        return f"{whole // _MINUTE} min {whole % _MINUTE} s"
    if whole < _DAY:
        return f"{whole // _HOUR} h {whole % _HOUR // _MINUTE} min"
    return f"{whole // _DAY} d {whole % _DAY // _HOUR} h"


def width(text: str) -> int:
    """How many places of a terminal a text takes."""
    if text.isascii():
        return len(text)
    return sum(_places(c) for c in text)


def _places(c: str) -> int:
    if unicodedata.combining(c) or unicodedata.category(c) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(c) in "WF" else 1


def cut(text: str, places: int) -> str:
    """A text in exactly so many places: filled up with spaces, or cut with a sign that it was."""
    used = width(text)
    if used <= places:
        return text + " " * (places - used)
    kept: List[str] = []
    left = places - 1
    for c in text:
        left -= _places(c)
        if left < 0:
            break
        kept.append(c)
    shown = "".join(kept) + "…" if places > 0 else ""
    return shown + " " * (places - width(shown))
