"""Patterns of paths: which names their parts match."""

from __future__ import annotations

import fnmatch
import re
from typing import FrozenSet, Iterable, List, Set, Tuple

_WILD = frozenset("*?[")


class Pattern:
    """A path whose parts may be patterns, as in a shell: ``core*/interfaces/*/ifOperStatus``.

    How far a path has matched is a set of places: of those parts that its next name may match. A set, as ``**``
    stands for any number of names, none too.

    :ivar parts: its parts
    :raises TypeError: if it is no text
    :raises ValueError: if it has no parts, or NUL
    """

    def __init__(self, text: str) -> None:
        if not isinstance(text, str):
            raise TypeError(f"{text!r} is no pattern; expected a str such as 'core*/interfaces/*/ifOperStatus'")
        self.parts = [part for part in text.split("/") if part]
        if not self.parts or "\0" in text:
            raise ValueError(f"{text!r} is no pattern of paths; expected one such as 'core*/interfaces/*/ifOperStatus'")
        self.end = len(self.parts)
        self._wild = [not _WILD.isdisjoint(part) for part in self.parts]
        self._matches = [re.compile(fnmatch.translate(part)).match for part in self.parts]

    @property
    def fixed(self) -> int:
        """How many parts are names, before the first that is none."""
        return self._wild.index(True) if True in self._wild else self.end

    def places(self, places: Iterable[int]) -> FrozenSet[int]:
        """The same places, and those behind each ``**``, which may stand for nothing."""
        found: Set[int] = set()
        for place in places:
            found.add(place)
            while place < self.end and self.parts[place] == "**":
                place += 1
                found.add(place)
        return frozenset(found)

    def apart(self, places: Iterable[int]) -> Tuple[List[int], List[int]]:
        """Those places whose parts are names, and those whose parts are none; without the end."""
        names = [place for place in places if place < self.end and not self._wild[place]]
        return names, [place for place in places if place < self.end and self._wild[place]]

    def behind(self, name: str, places: Iterable[int]) -> FrozenSet[int]:
        """Where a path is that goes on with a name; empty if that does not match."""
        return self.places(self._next(place) for place in places if place < self.end and self._is_match(place, name))

    def is_attribute(self, name: str, places: Iterable[int]) -> bool:
        """Whether what ends in a name may be an attribute, if it matches: ``**`` may be no name of a directory only."""
        return self.parts[-1] != "**" or any(
            place < self.end and self.parts[place] == "**" and self.end in self.places([place])
            and self._is_match(place, name)
            for place in places
        )  # fmt: skip

    def behind_system(self, name: str, first: int) -> FrozenSet[int]:
        """The same for the name of a system below a folder, which is one name and may have slashes."""
        found: Set[int] = set()
        for begin in self.places([first]):
            for end in range(begin + 1, min(self.end, begin + name.count("/") + 1) + 1):
                if fnmatch.fnmatchcase(name, "/".join(self.parts[begin:end])):
                    found.add(self._next(end - 1))
        return self.places(found)

    def _next(self, place: int) -> int:
        return place if self.parts[place] == "**" else place + 1

    def _is_match(self, place: int, name: str) -> bool:
        if name.startswith(".") and not self.parts[place].startswith("."):
            return False  # as in a shell
        return self._matches[place](name) is not None
