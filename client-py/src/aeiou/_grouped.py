"""The entry of a group read, and the path that asks for one."""

from __future__ import annotations

from typing import Optional, Sequence

from ._entry import Entry
from ._readings import Readings, Table
from ._want import Steps, describe, read_group


class _Grouped(Entry):
    """The outcome of a group read."""

    __slots__ = ("_table",)
    _table: Optional[Table]

    @property
    def value(self) -> str:
        table = self.rows
        return "\n".join(
            f"{row}{'/' if row else ''}{column}: {text}"
            for row, readings in table.items()
            for column, text in readings.items()
            if text is not None
        )

    @property
    def rows(self) -> Table:
        table = self._table
        if table is None:
            table = self._table = Table(self.path, bytes(self), self.taken)
        return table

    @property
    def readings(self) -> Readings:
        return self.rows._only()

    def _of(self, context: object) -> Entry:
        entry = grouped(super()._of(context))
        entry.context = context
        return entry

    def __repr__(self) -> str:
        return f"<Entry {self.path}: {self.rows!r}>" if self.ok else super().__repr__()


def grouped(told: Entry) -> Entry:
    """The entry of a ``read_group``."""
    if told.reason:
        if told.reason == "bad request" and "is not known" in told.message:
            why = f"this daemon cannot read groups ({told.message}); use a newer one"
            return Entry(told.path, told.reason, why.encode(), 0, 0, 0, 0)
        return told
    entry = _Grouped(told.path, "", told._value, told.taken, told.changed, told._fresh, told._usable)
    entry._table = None
    return entry


def path_of(path: str, columns: Optional[Sequence[str]]) -> str:
    """What names some columns of a directory, or all.

    :raises ValueError: if there are none, or one is no name of a column
    :raises TypeError: if they are one name
    """
    if columns is None:
        return path
    if isinstance(columns, str):
        raise TypeError(f"{columns!r} is one name; net.table() takes a list of them")
    names = list(columns)
    if not names:
        raise ValueError(f"{path}: no columns are wanted; leave them out for all")
    for name in names:
        if not name or not set(name).isdisjoint("{},/\0"):
            raise ValueError(f"{path}: {name!r} is no name of a column")
    return f"{path}/*/{{{','.join(names)}}}"


def table(path: str, columns: Optional[Sequence[str]], described: bool) -> Steps:
    """Reads a table, and returns it; described, with what is known of its columns."""
    entry: Entry = yield read_group(path_of(path, columns))
    rows = entry.rows
    if described:
        directory = "/".join(filter(None, path.split("/")))
        # In each column, one that has a reading: what has none may have no description either.
        places = {
            column: "/".join(filter(None, (directory, row, column)))
            for row, readings in reversed(list(rows.items()))
            for column, text in readings.items()
            if text is not None
        }
        entries = yield [describe(place) for place in places.values()]
        rows._describe({column: each for column, each in zip(places, entries) if each.ok})
    return rows
