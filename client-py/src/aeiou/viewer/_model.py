"""What the viewer shows, whatever shows it: rows are systems, columns attributes, cells their states."""

from __future__ import annotations

import time
from fnmatch import fnmatchcase
from typing import Callable, Dict, List, Optional, Sequence, Tuple

from .._attachment import Attachment
from .._entry import Entry
from .._group import Group

#: For how many seconds the names of systems and columns may take.
_PATIENCE = 60.0

#: The states of a cell.
PENDING = "pending"
FRESH = "fresh"
STALE = "stale"
ABSENT = "absent"
FAILED = "failed"


class Cell:
    """One attribute of one system.

    :ivar state: ``pending``, ``fresh``, ``stale``, ``absent`` or ``failed``
    :ivar text: what is shown
    :ivar reason: of a failed cell, why; else empty
    """

    __slots__ = ("row", "column", "path", "optional", "entry")

    def __init__(self, row: int, column: int, path: str, optional: bool = False) -> None:
        self.row = row
        self.column = column
        self.path = path
        #: Whether its column comes from a pattern: what other systems have, this one need not.
        self.optional = optional
        self.entry: Optional[Entry] = None

    @property
    def state(self) -> str:
        entry = self.entry
        if entry is None:
            return PENDING
        if entry.ok:
            return STALE if entry.stale else FRESH
        return ABSENT if self._is_absent(entry) else FAILED

    def _is_absent(self, entry: Entry) -> bool:
        return entry.reason == "absent" or self.optional and entry.reason == "unknown name"

    @property
    def text(self) -> str:
        if self.entry is None:
            return "…"
        if self.entry.ok:
            return printable(self.entry.value)
        return "–" if self._is_absent(self.entry) else f"({self.entry.reason})"

    @property
    def reason(self) -> str:
        if self.entry is None or self.state != FAILED:
            return ""
        return printable(self.entry.message or self.entry.reason)


def printable(text: str) -> str:
    """A text of a device without whatever would move a cursor or change a terminal."""
    return "".join(c if c.isprintable() else "·" for c in text)


class Model:
    """The cells of a table, filled by one group: cached ones inside :meth:`fill`, the others later.

    :param rows: patterns of systems' names, as in a shell
    :param columns: paths below a system; a part may be a pattern, and is then expanded
    :param changed: is told of each cell that has another outcome
    """

    def __init__(
        self, net: Attachment, rows: Sequence[str], columns: Sequence[str], changed: Callable[[Cell], None]
    ) -> None:
        self._net = net
        self.changed = changed
        self.systems = systems(net, rows)
        self.columns: List[str] = []
        optional = set()
        for column, names in zip(columns, expand(net, self.systems, columns)):
            self.columns.extend(name for name in names if name not in self.columns)
            if _is_pattern(column):
                optional.update(names)
        self.cells: List[List[Cell]] = [
            [Cell(r, c, f"{system}/{column}", column in optional) for c, column in enumerate(self.columns)]
            for r, system in enumerate(self.systems)
        ]
        self.group: Optional[Group] = None

    def fill(self, live: bool = True) -> None:
        """Asks for every cell; what is cached is there when this returns.

        :param live: whether to go on with whatever changes
        """
        group = self._net.begin(context="the viewer")
        self.group = group
        for row in self.cells:
            for cell in row:
                cached = self._net.cached(cell.path)
                if cached is not None:
                    self._take(cell, cached)
                if live:
                    group.watch(cell.path, self._outcome, cell)
                elif cached is None:
                    group.read(cell.path, self._outcome, cell)
        group.end()

    def _outcome(self, delayed: bool, entry: Entry) -> None:
        self._take(entry.context, entry)

    def _take(self, cell: Cell, entry: Entry) -> None:
        cell.entry = entry
        self.changed(cell)

    def look_again(self) -> None:
        """Takes what is fresh again: a watch tells of no reading that has the same value."""
        for row in self.cells:
            for cell in row:
                if cell.entry is not None and cell.entry.stale:
                    cell.entry = self._net.cached(cell.path) or cell.entry

    def summary(self) -> str:
        """How many cells are in each state, and whether the daemon is there."""
        parts = [f"{count} {state}" for state, count in self.count().items() if count]
        return ", ".join(parts if self._net.connected else [*parts, "not connected: the daemon is gone"])

    def count(self) -> Dict[str, int]:
        """How many cells are in each state."""
        counts = dict.fromkeys((PENDING, FRESH, STALE, ABSENT, FAILED), 0)
        for row in self.cells:
            for cell in row:
                counts[cell.state] += 1
        return counts


def systems(net: Attachment, rows: Sequence[str] = ("*",)) -> List[str]:
    """The names of the systems that a pattern matches."""
    return [name for name in net.systems(timeout=_PATIENCE) if any(fnmatchcase(name, row) for row in rows)]


def expand(net: Attachment, below: Sequence[str], columns: Sequence[str]) -> List[List[str]]:
    """For each column, the paths below any of some systems that it means; all of them are asked at once."""
    # Of each column and system, what was found of it so far.
    found: List[List[Tuple[str, List[str]]]] = [[(system, [""]) for system in below] for _ in columns]
    for depth in range(max((column.count("/") + 1 for column in columns), default=0)):
        parts = [column.split("/")[depth : depth + 1] for column in columns]
        wanted = [
            _below(system, path)
            for part, ways in zip(parts, found)
            if part and _is_pattern(part[0])
            for system, paths in ways
            for path in paths
        ]
        unique = list(dict.fromkeys(wanted))
        names = dict(zip(unique, _names(net, unique)))
        for i, part in enumerate(parts):
            if part:
                found[i] = [(system, _deeper(system, paths, part[0], names)) for system, paths in found[i]]
    return [list(dict.fromkeys(path for _, paths in ways for path in paths)) for ways in found]


def _deeper(system: str, paths: Sequence[str], part: str, names: Dict[str, Optional[List[str]]]) -> List[str]:
    if not _is_pattern(part):
        return [_below(path, part) for path in paths]
    return [
        _below(path, name)
        for path in paths
        for name in names[_below(system, path)] or []
        if fnmatchcase(name, part)
    ]


def _is_pattern(part: str) -> bool:
    return any(c in part for c in "*?[")


def _below(path: str, name: str) -> str:
    return f"{path}/{name}" if path and name else path or name


def _names(net: Attachment, paths: Sequence[str]) -> List[Optional[List[str]]]:
    """The names in each directory; None for one that cannot be listed."""
    replies = [net.listing(path) for path in paths]
    end = time.monotonic() + _PATIENCE
    entries = [reply.result(max(0.0, end - time.monotonic())) for reply in replies]
    return [entry.names if entry.ok else None for entry in entries]
