"""What a group read found: values by name, taken apart all at once when the first is wanted."""

from __future__ import annotations

import re
import struct
import time
from array import array
from typing import Dict, ItemsView, Iterator, KeysView, List, Mapping, Optional, Sequence, Tuple, Union, ValuesView

from . import _layout as layout
from ._errors import BadAnswer

#: What reads as a number: no spaces, no other digits, and no more of them than any number has.
_NUMBER = re.compile(r"[-+]?[0-9]{1,40}(\.[0-9]{1,40})?([eE][-+]?[0-9]{1,3})?")

_KINDS = {layout.READING: "reading", layout.ABSENT: "absent"}
_HEAD = struct.Struct(layout.GROUP_HEAD)


class _Values:
    """The value of a group read, taken apart as far as it was asked for.

    :ivar form: one of :data:`layout.GROUP_ATTRIBUTES`, …
    :ivar columns: the names of what each row has
    :ivar rows: the names of the rows
    """

    __slots__ = ("path", "form", "columns", "rows", "_bytes", "_taken", "_count", "_times_at", "_values_at", "_texts")

    def __init__(self, path: str, value: bytes, taken: float) -> None:
        self.path = path
        try:
            rows, columns, self.form, name_bytes = _HEAD.unpack_from(value)
        except struct.error:
            raise self._wrong(value) from None
        self._bytes = value
        self._taken = taken
        self._count = count = rows * columns
        self._times_at = times_at = layout.GROUP_KINDS + (2 * count + 3 & ~3)
        names_at = times_at + 4 * count
        self._values_at = names_at + name_bytes
        names = value[names_at : self._values_at].decode("utf-8", "surrogateescape").split("\0")
        if self._values_at + count > len(value) or len(names) != columns + rows + 1:
            raise self._wrong(value)
        self.columns = names[:columns]
        self.rows = names[columns:-1]
        self._texts: Optional[Sequence[Optional[str]]] = None

    def _wrong(self, value: bytes) -> BadAnswer:
        return BadAnswer(self.path, "bad answer", f"these {len(value)} bytes are no values of a group")

    @property
    def kinds(self) -> memoryview:
        """Kind and reason of each attribute, row by row, in the low and the high byte."""
        return memoryview(self._bytes)[layout.GROUP_KINDS : layout.GROUP_KINDS + 2 * self._count].cast("H")

    @property
    def times(self) -> memoryview:
        """How many milliseconds before the newest each attribute was taken, row by row."""
        return memoryview(self._bytes)[self._times_at : self._times_at + 4 * self._count].cast("I")

    @property
    def is_whole(self) -> bool:
        """Whether each attribute has a reading."""
        return bool(self.kinds == array("H", [layout.READING]) * self._count)

    def taken(self, milliseconds: int) -> float:
        """When something was taken that is so much older than the newest, in seconds since the epoch."""
        return self._taken - milliseconds / 1000

    def sentences(self) -> List[str]:
        """The text of each attribute, row by row: a value, or a sentence."""
        texts = self._bytes[self._values_at :].decode("utf-8", "replace").split("\0")
        if len(texts) != self._count + 1:
            raise self._wrong(self._bytes)
        texts.pop()
        return texts

    @property
    def texts(self) -> Sequence[Optional[str]]:
        """The value of each attribute, row by row; None where there is no reading."""
        texts = self._texts
        if texts is None:
            texts = sentences = self.sentences()
            if not self.is_whole:
                kinds = self.kinds.tolist()
                texts = [text if kind == layout.READING else None for text, kind in zip(sentences, kinds)]
            self._texts = texts
        return texts


class Readings(Mapping[str, Optional[str]]):
    """Values by name, as text; None where there is no reading, and :attr:`reasons` has why. Immutable.

    Of a group of scalars or a row, by the names of the attributes; of a column, by those of the rows. It is a
    mapping: ``readings["sysName"]``, ``dict(readings)``, ``for name, text in readings.items()``.
    """

    __slots__ = ("_of", "_names", "_places", "_known")

    def __init__(self, of: _Values, names: List[str], places: slice) -> None:
        self._of = of
        self._names = names
        self._places = places
        self._known: Optional[Dict[str, Optional[str]]] = None

    def _dict(self) -> Dict[str, Optional[str]]:
        known = self._known
        if known is None:
            known = self._known = dict(zip(self._names, self._of.texts[self._places]))
        return known

    def __getitem__(self, name: str) -> Optional[str]:
        return self._dict()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    # Those of Mapping come to the same, with a call for each value.

    def keys(self) -> KeysView[str]:
        """The names."""
        return self._dict().keys()

    def values(self) -> ValuesView[Optional[str]]:
        """The values, in the order of the names."""
        return self._dict().values()

    def items(self) -> ItemsView[str, Optional[str]]:
        """Each name with its value."""
        return self._dict().items()

    @property
    def numbers(self) -> Dict[str, Union[int, float, None]]:
        """The values as numbers, as :attr:`Entry.number`; None where there is no reading, or it is none."""
        return {name: None if text is None else number_of(text) for name, text in self.items()}

    @property
    def kinds(self) -> Dict[str, str]:
        """For each name ``reading``, ``absent`` or ``failure``."""
        kinds = self._of.kinds[self._places].tolist()
        return {name: _KINDS.get(kind & 0xFF, "failure") for name, kind in zip(self._names, kinds)}

    @property
    def reasons(self) -> Dict[str, str]:
        """For each name that has no reading, why: a reason as in :attr:`Entry.reason`."""
        kinds = self._of.kinds[self._places].tolist()
        return {
            name: reason_of(kind & 0xFF, kind >> 8) for name, kind in zip(self._names, kinds) if kind != layout.READING
        }

    @property
    def ages(self) -> Dict[str, float]:
        """For each name that did not fail, how many seconds ago that was taken."""
        now = time.time()
        kinds, times = self._of.kinds[self._places].tolist(), self._of.times[self._places].tolist()
        return {
            name: max(0.0, now - self._of.taken(before))
            for name, kind, before in zip(self._names, kinds, times)
            if kind & 0xFF != layout.FAILURE
        }

    @property
    def messages(self) -> Dict[str, str]:
        """For each name that failed a sentence about it."""
        kinds = self._of.kinds[self._places].tolist()
        failed = {name for name, kind in zip(self._names, kinds) if kind & 0xFF == layout.FAILURE}
        sentences = self._of.sentences()[self._places] if failed else []
        return {name: sentence for name, sentence in zip(self._names, sentences) if name in failed}

    def __repr__(self) -> str:
        return f"<Readings {self._of.path}: {len(self)} attributes>"


class Table(Mapping[str, Readings]):
    """The rows of a table by name, each with its values by column: ``table["eth0"]["ifOperStatus"]``. Immutable.

    A group of scalars is one row, whose name is empty.

    :ivar columns: the names of what each row has, in order
    """

    __slots__ = ("columns", "_of", "_places")

    def __init__(self, path: str, value: bytes, taken: float) -> None:
        self._of = _Values(path, value, taken)
        self.columns = self._of.columns
        self._places: Optional[Dict[str, int]] = None

    def __getitem__(self, row: str) -> Readings:
        if self._places is None:
            self._places = {name: place for place, name in enumerate(self._of.rows)}
        begin = self._places[row] * len(self.columns)
        return Readings(self._of, self.columns, slice(begin, begin + len(self.columns)))

    def __iter__(self) -> Iterator[str]:
        return iter(self._of.rows)

    def __len__(self) -> int:
        return len(self._of.rows)

    def column(self, name: str) -> Readings:
        """The values of a column by row.

        :raises KeyError: if there is no such column
        """
        if name not in self.columns:
            raise KeyError(name)
        return Readings(self._of, self._of.rows, slice(self.columns.index(name), None, max(1, len(self.columns))))

    @property
    def lists(self) -> List[Tuple[Optional[str], ...]]:
        """The values of each row, in the order of :attr:`columns`: what ``csv`` and data frames take."""
        values = iter(self._of.texts)
        return list(zip(*[values] * len(self.columns)))

    @property
    def reasons(self) -> Dict[Tuple[str, str], str]:
        """For each row and column without a reading, why."""
        if self._of.is_whole:
            return {}
        return {(row, column): reason for row in self for column, reason in self[row].reasons.items()}

    def _only(self) -> Readings:
        """What is by one name."""
        if self._of.form == layout.GROUP_COLUMN:
            return Readings(self._of, self._of.rows, slice(None))
        if self._of.form == layout.GROUP_ATTRIBUTES:
            return Readings(self._of, self.columns, slice(None))
        raise ValueError(f"{self._of.path}: this is a table; its entry's rows, or net.table(), have its readings")

    def __repr__(self) -> str:
        return f"<Table {self._of.path}: {len(self)} rows of {len(self.columns)} columns>"


def number_of(text: str) -> Union[int, float, None]:
    """A text as a number: an ``int`` if it is a whole one, else a ``float``; None if it is no number."""
    found = _NUMBER.fullmatch(text)
    if found is None:
        return None
    return int(text) if found.lastindex is None else float(text)


def reason_of(kind: int, number: int) -> str:
    """The reason of an outcome that is no answer to a cancel; empty of a reading."""
    if kind == layout.READING:
        return ""
    if kind == layout.ABSENT:
        return "absent"
    return layout.REASONS[number] if 0 < number < len(layout.REASONS) else "bad answer"
