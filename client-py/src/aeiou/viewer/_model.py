"""What the viewer shows, whatever shows it: rows are systems, columns attributes, cells their states.

Nothing here waits. Systems, columns and values come when they come, in generator closures; until then there is
something to show all the same: grey cells, and how far it is.
"""

from __future__ import annotations

from bisect import bisect
from fnmatch import fnmatchcase
from operator import itemgetter
from typing import Any, Callable, Dict, List, Optional, Sequence, Set, Tuple

from .._attachment import Attachment
from .._entry import Entry
from .._errors import Detached, NoReading, Stopped
from .._glob import systems
from .._group import Group
from .._want import Steps, list_names
from ._looks import duration, is_bad, natural, printable

#: The states of a cell.
PENDING = "pending"
FRESH = "fresh"
STALE = "stale"
ABSENT = "absent"
FAILED = "failed"
STATES = (PENDING, FRESH, STALE, ABSENT, FAILED)


class Column:
    """An attribute of systems; or a pattern of them, while none that it means is known.

    :ivar name: the path below a system
    :ivar given: which of the columns that were asked for it comes from
    :ivar head: what stands above it
    :ivar kind: the same for columns of the same attribute, in different rows of a table
    :ivar is_ticks: whether its numbers are hundredths of seconds
    """

    __slots__ = ("name", "given", "head", "kind", "is_ticks", "key")

    def __init__(self, name: str, given: int) -> None:
        self.name = name
        self.given = given
        self.is_ticks = False
        # Its last part, or all but its first.
        self.head = printable(name.rsplit("/", 1)[-1] if name.count("/") < 2 else name.split("/", 1)[1])
        self.kind = given, name.rsplit("/", 1)[-1]
        self.key = given, natural(name)


class Row:
    """A system.

    :ivar cells: by the names of columns, those that are asked for
    :ivar looking: whether its columns are looked for
    :ivar failures: by column as it was given, why its names could not be listed
    """

    __slots__ = ("name", "shown", "cells", "looking", "failures")

    def __init__(self, name: str) -> None:
        self.name = name
        self.shown = printable(name)
        self.cells: Dict[str, Cell] = {}
        self.looking = True
        self.failures: Dict[int, Entry] = {}


class Cell:
    """One attribute of one system.

    :ivar state: ``pending``, ``fresh``, ``stale``, ``absent`` or ``failed``
    :ivar text: what is shown
    :ivar reason: of a failed cell, why; else empty
    :ivar is_bad: whether it is shown as what wants attention
    """

    __slots__ = ("row", "column", "entry", "is_asked")

    def __init__(self, row: Row, column: Column, is_asked: bool = False) -> None:
        self.row = row
        self.column = column
        self.is_asked = is_asked
        self.entry: Optional[Entry] = None if is_asked else row.failures.get(column.given)

    @property
    def path(self) -> str:
        return f"{self.row.name}/{self.column.name}"

    @property
    def state(self) -> str:
        entry = self.entry
        if entry is None:
            return PENDING if self.is_asked or self.row.looking else ABSENT
        if entry.ok:
            return STALE if entry.stale else FRESH
        return ABSENT if entry.reason == "absent" else FAILED

    @property
    def text(self) -> str:
        entry = self.entry
        if entry is None:
            return "…" if self.state == PENDING else "–"
        if not entry.ok:
            return "–" if self.state == ABSENT else f"({entry.reason})"
        if self.column.is_ticks:
            number = entry.number
            if number is not None:
                return duration(number / 100)
        return printable(entry.value)

    @property
    def is_bad(self) -> bool:
        return self.entry is not None and (self.state == FAILED or self.entry.ok and is_bad(self.entry.value))

    @property
    def reason(self) -> str:
        if self.entry is None or self.state != FAILED:
            return ""
        return printable(self.entry.message or self.entry.reason)

    @property
    def key(self) -> Tuple[int, Any]:
        """What rows are sorted by: numbers, then texts, then what has no reading."""
        if self.entry is None or not self.entry.ok:
            return 2, self.text
        number = self.entry.number
        return (1, natural(self.entry.value)) if number is None else (0, number)


class Model:
    """The cells of a table, filled by one group.

    :ivar rows: in the order in which they are shown
    :ivar columns: the same
    :ivar problem: why there is nothing to show; empty if there is, or may be yet
    :ivar changed: is told of each cell that has another outcome
    :ivar grown: is told when there are more rows or columns, or others
    :param patterns: of systems' names, as in a shell
    :param columns: paths below a system; a part may be a pattern
    """

    def __init__(self, net: Attachment, patterns: Sequence[str], columns: Sequence[str]) -> None:
        self._net = net
        self._patterns = patterns
        self._given = [tuple(filter(None, column.split("/"))) for column in columns]
        self.changed: Callable[[Cell], None] = lambda cell: None
        self.grown: Callable[[], None] = lambda: None
        self.rows: List[Row] = []
        self.columns: List[Column] = []
        self.problem = ""
        self.group: Group = net.begin(context="the viewer")
        self.is_listed = False
        self.sorted_by: Optional[Column] = None
        self.is_reversed = False
        self._by_name: Dict[str, Column] = {}
        self._described: Set[Tuple[int, str]] = set()
        self._live = True
        self._keys: List[Any] = []  # of the columns
        self._ticks: Set[Tuple[int, str]] = set()
        # By column as it was given: a pattern has its place until what it means is known.
        self._patterns_left: Dict[int, Column] = {}
        for given, parts in enumerate(self._given):
            column = self._column("/".join(parts), given)
            if any(map(_is_pattern, parts)):
                self._patterns_left[given] = column

    def start(self, live: bool = True) -> None:
        """Asks for everything, and returns: rows, columns and cells come when they come.

        :param live: whether to go on with whatever changes
        """
        self._live = live
        self.group.run(self._find())
        self.group.end()

    # Finding.

    def _find(self) -> Steps:
        while True:
            try:
                names = yield systems()
                break
            except Stopped:  # the next daemon will say
                if self._net.closed:
                    return
            except NoReading as e:
                self.problem = str(e)
                break
        if not self.problem:
            found = [name for name in names if any(fnmatchcase(name, pattern) for pattern in self._patterns)]
            self.rows = [Row(name) for name in sorted(found, key=natural)]
            if not found:
                self.problem = f"no system is called {','.join(self._patterns)}"
            self.grown()
            try:
                yield [self._look(row) for row in self.rows]
            except Detached:
                if self._net.closed:  # while it was finding
                    return
                raise
        self.is_listed = True
        self.grown()

    def _look(self, row: Row) -> Steps:
        yield self._walk(row, "", list(enumerate(self._given)))
        row.looking = False
        self.grown()

    def _walk(self, row: Row, path: str, ways: List[Tuple[int, Tuple[str, ...]]]) -> Steps:
        """Goes on with the parts that are left of columns; a directory is listed once for all of them."""
        deeper: Dict[str, List[Tuple[int, Tuple[str, ...]]]] = {}
        wild = [(given, parts) for given, parts in ways if _is_pattern(parts[0])]
        for given, parts in ways:
            if not _is_pattern(parts[0]):
                deeper.setdefault(parts[0], []).append((given, parts[1:]))
        if wild:
            listing: Entry = yield list_names(_below(row.name, path))
            while listing.reason == "stopped" and not self._net.closed:
                listing = yield list_names(_below(row.name, path))
            if listing.ok:
                for name in listing.names:
                    for given, parts in wild:
                        if fnmatchcase(name, parts[0]):
                            deeper.setdefault(name, []).append((given, parts[1:]))
            elif listing.reason not in ("absent", "unknown name", "not a directory"):
                row.failures.update((given, listing) for given, _ in wild)
        for name, left in deeper.items():
            for given, parts in left:
                if not parts:
                    self._ask(row, self._column(_below(path, name), given))
        walks = [
            self._walk(row, _below(path, name), [(given, parts) for given, parts in left if parts])
            for name, left in deeper.items()
            if any(parts for _, parts in left)
        ]
        if walks:
            yield walks

    def _column(self, name: str, given: int) -> Column:
        pattern = self._patterns_left.pop(given, None)
        if pattern is not None:
            self.columns.remove(pattern)
            self._keys.remove(pattern.key)
            self.grown()
        column = self._by_name.get(name)
        if column is None:
            column = self._by_name[name] = Column(name, given)
            column.is_ticks = column.kind in self._ticks
            at = bisect(self._keys, column.key)
            self._keys.insert(at, column.key)
            self.columns.insert(at, column)
            self.grown()
        return column

    # Asking.

    def _ask(self, row: Row, column: Column) -> None:
        if column.name in row.cells:
            return
        cell = row.cells[column.name] = Cell(row, column, True)
        cached = self._net.cached(cell.path)
        if cached is not None:
            self._take(cell, cached)
        if self._live:
            self.group.watch(cell.path, self._outcome, cell)
        elif cached is None:
            self.group.read(cell.path, self._outcome, cell)

    def _outcome(self, delayed: bool, entry: Entry) -> None:
        self._take(entry.context, entry)

    def _take(self, cell: Cell, entry: Entry) -> None:
        cell.entry = entry
        if entry.ok and cell.column.kind not in self._described:
            # What they are, asked once for all columns that are called so.
            self._described.add(cell.column.kind)
            self.group.describe(cell.path, self._type, cell.column.kind)
        self.changed(cell)

    def _type(self, delayed: bool, entry: Entry) -> None:
        if entry.ok and entry.type == "TimeTicks":
            self._ticks.add(entry.context)
            for column in self.columns:
                column.is_ticks = column.kind in self._ticks
            self.grown()

    # Showing.

    def cell(self, row: int, column: int) -> Cell:
        """What stands at a place."""
        of, at = self.rows[row], self.columns[column]
        return of.cells.get(at.name) or Cell(of, at)

    def look_again(self) -> None:
        """Takes what is fresh again: a watch tells of no reading that has the same value. Sorts, too."""
        for row in self.rows:
            for cell in row.cells.values():
                if cell.entry is not None and cell.entry.stale:
                    cell.entry = self._net.cached(cell.path) or cell.entry
        if self.sorted_by is not None:
            self._sort()

    def sort(self, column: Optional[int]) -> None:
        """Sorts rows by a column, and by the same once more the other way round; by None, by their names."""
        chosen = None if column is None else self.columns[column]
        self.is_reversed = chosen is self.sorted_by and not self.is_reversed
        self.sorted_by = chosen
        self._sort()

    def _sort(self) -> None:
        column = self.sorted_by
        if column is None:
            self.rows.sort(key=lambda row: natural(row.name), reverse=self.is_reversed)
            return
        # What has no reading is last, whichever way round.
        kinds: Tuple[List[Tuple[Any, Row]], ...] = ([], [], [])
        for row in self.rows:
            kind, key = (row.cells.get(column.name) or Cell(row, column)).key
            kinds[kind].append((key, row))
        for rows in kinds:
            rows.sort(key=itemgetter(0), reverse=self.is_reversed)
        numbers, texts, others = kinds
        first, second = (texts, numbers) if self.is_reversed else (numbers, texts)
        self.rows = [row for _, row in (*first, *second, *others)]

    def head(self, column: int) -> str:
        """What stands above a column, with a sign if rows are sorted by it."""
        return self.columns[column].head + self.sign(self.columns[column])

    def sign(self, column: Optional[Column]) -> str:
        """Whether rows are sorted by a column, or None for their names, and which way round."""
        return (" ▼" if self.is_reversed else " ▲") if column is self.sorted_by else ""

    def summary(self) -> str:
        """How many cells are in each state, and what there is to wait for."""
        parts = [f"{count} {state}" for state, count in self.count().items() if count]
        if not self.is_listed:
            looking = sum(row.looking for row in self.rows)
            parts.insert(0, f"listing {looking} of {len(self.rows)} systems" if self.rows else "looking for systems")
        if self.problem:
            parts.append(self.problem)
        return ", ".join(parts if self._net.connected else [*parts, "not connected: the daemon is gone"])

    def count(self) -> Dict[str, int]:
        """How many cells are in each state."""
        counts = dict.fromkeys(STATES, 0)
        for row in self.rows:
            for cell in row.cells.values():
                counts[cell.state] += 1
            rest = len(self.columns) - len(row.cells)
            if rest and row.failures:
                failed = sum(each.given in row.failures and each.name not in row.cells for each in self.columns)
                counts[FAILED] += failed
                rest -= failed
            counts[PENDING if row.looking else ABSENT] += rest
        return counts

    def reasons(self) -> List[str]:
        """Why cells have failed, each once."""
        cells = {cell.reason for row in self.rows for cell in row.cells.values()}
        listings = {printable(entry.message or entry.reason) for row in self.rows for entry in row.failures.values()}
        return sorted((cells | listings) - {""})


def _is_pattern(part: str) -> bool:
    return any(c in part for c in "*?[")


def _below(path: str, name: str) -> str:
    return f"{path}/{name}" if path and name else path or name
