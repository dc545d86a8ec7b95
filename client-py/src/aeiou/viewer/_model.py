"""What the viewer shows, whatever shows it: rows are systems, columns attributes, cells their states."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Callable, Dict, List, Optional, Sequence, Tuple

from .._attachment import Attachment
from .._entry import Entry
from .._errors import NoReading
from .._group import Group

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

    __slots__ = ("row", "column", "path", "entry")

    def __init__(self, row: int, column: int, path: str) -> None:
        self.row = row
        self.column = column
        self.path = path
        self.entry: Optional[Entry] = None

    @property
    def state(self) -> str:
        entry = self.entry
        if entry is None:
            return PENDING
        if entry.ok:
            return STALE if entry.stale else FRESH
        return ABSENT if entry.reason == "absent" else FAILED

    @property
    def text(self) -> str:
        if self.entry is None:
            return "…"
        if self.entry.ok:
            return self.entry.value
        return "–" if self.entry.reason == "absent" else f"({self.entry.reason})"

    @property
    def reason(self) -> str:
        return self.entry.message or self.entry.reason if self.entry is not None and self.state == FAILED else ""


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
        self.systems = [name for name in systems(net) if any(fnmatchcase(name, row) for row in rows)]
        self.columns: List[str] = []
        expanded = [self._expand(column) for column in columns]
        for names in expanded:
            self.columns.extend(name for name in names if name not in self.columns)
        self.cells: List[List[Cell]] = [
            [Cell(r, c, f"{system}/{column}") for c, column in enumerate(self.columns)]
            for r, system in enumerate(self.systems)
        ]
        self.group: Optional[Group] = None

    def _expand(self, column: str) -> List[str]:
        if not any(c in column for c in "*?["):
            return [column]
        found: Dict[str, None] = {}
        for system in self.systems:
            for name in expand(self._net, system, column):
                found[name] = None
        return list(found)

    def fill(self, live: bool = True) -> None:
        """Asks for every cell; what is cached is there when this returns.

        :param live: whether to go on with whatever changes
        """
        group = self._net.begin(context=Cell)
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

    def count(self) -> Dict[str, int]:
        """How many cells are in each state."""
        counts = dict.fromkeys((PENDING, FRESH, STALE, ABSENT, FAILED), 0)
        for row in self.cells:
            for cell in row:
                counts[cell.state] += 1
        return counts


def systems(net: Attachment, below: str = "") -> List[str]:
    """The names of all systems, those with a slash in them too: each has a file ``.health``."""
    names = [name.rstrip("/") for name in _names(net, below) if not name.startswith(".")]
    paths = [f"{below}/{name}" if below else name for name in names]
    replies = [net.listing(path) for path in paths]
    found: List[str] = []
    for path, reply in zip(paths, replies):
        entry = reply.result(60)
        # One that does not answer is a system, too.
        found.extend(systems(net, path) if entry.ok and ".health" not in entry.names else [path])
    return found


def _names(net: Attachment, path: str) -> List[str]:
    reply = net.listing(path)
    try:
        return reply.result(60).names
    except NoReading:
        return []


def expand(net: Attachment, system: str, column: str) -> List[str]:
    """The paths below a system that a column with patterns means."""
    found: List[Tuple[str, ...]] = [()]
    parts = column.split("/")
    for part in parts:
        following: List[Tuple[str, ...]] = []
        for path in found:
            if any(c in part for c in "*?["):
                names = [name.rstrip("/") for name in _names(net, "/".join((system, *path)))]
                following.extend((*path, name) for name in names if fnmatchcase(name, part))
            else:
                following.append((*path, part))
        found = following
    return ["/".join(path) for path in found]
