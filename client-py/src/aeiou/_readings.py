"""What a group read found: values by name, taken apart all at once when the first is wanted."""

from __future__ import annotations

import re
import struct
import time
from typing import Dict, Iterator, List, Mapping, Optional, Protocol, Sequence, Set, Tuple, Union

from . import _layout as layout
from ._errors import BadAnswer

#: What reads as a number: no spaces, no other digits, and no more of them than any number has.
_NUMBER = re.compile(r"[-+]?[0-9]{1,40}(\.[0-9]{1,40})?([eE][-+]?[0-9]{1,3})?")

_KINDS = {layout.READING: "reading", layout.ABSENT: "absent"}
_HEAD = struct.Struct(layout.GROUP_HEAD)

#: Names of columns and rows by what they are made of, and how many columns there are: those of a group are the same each time, and for many systems.
_names: Dict[Tuple[bytes, int], Tuple[Tuple[str, ...], Tuple[str, ...]]] = {}
_MOST_NAMES = 256
_LONGEST_NAMES = 16384


class Facts(Protocol):
    """What is known of a column: the entry of a ``describe`` of one of its attributes."""

    @property
    def raw(self) -> Union[int, bytes, str, None]: ...
    @property
    def type(self) -> Optional[str]: ...
    @property
    def units(self) -> Optional[str]: ...


class Readings(Dict[str, Optional[str]]):
    """Values by name, as text; None where there is no reading, and :attr:`reasons` has why.

    Of a group of scalars or a row, by the names of the attributes; of a column, by those of the rows. It is a
    dictionary, of its own each time: ``readings["sysName"]``, ``for name, text in readings.items()``.
    """

    __slots__ = ("_of", "_names", "_places")

    def __init__(self, of: Table, names: Tuple[str, ...], places: slice) -> None:
        super().__init__(zip(names, of._texts()[places]))
        self._of = of
        self._names = names
        self._places = places

    @property
    def numbers(self) -> Dict[str, Union[int, float, None]]:
        """The values as numbers, as :attr:`Entry.number`; None where there is no reading, or it is none."""
        return {name: None if text is None else number_of(text) for name, text in self.items()}

    @property
    def typed(self) -> Dict[str, Union[str, int, float, None]]:
        """The values as what their columns are: numbers where those are numbers, else text; see :attr:`Table.types`.

        :raises ValueError: if the table was not described
        """
        of = self._of
        numbers = of._numeric()
        numeric = [column in numbers for column in of.columns]
        return {
            name: _typed(text) if text is not None and numeric[place % len(numeric)] else text
            for (name, text), place in zip(self.items(), range(of._count)[self._places])
        }

    def _kinds(self) -> List[int]:
        kinds: List[int] = self._of._kinds[self._places].tolist()
        return kinds

    @property
    def kinds(self) -> Dict[str, str]:
        """For each name ``reading``, ``absent`` or ``failure``."""
        return {name: _KINDS.get(kind & 0xFF, "failure") for name, kind in zip(self._names, self._kinds())}

    @property
    def reasons(self) -> Dict[str, str]:
        """For each name that has no reading, why: a reason as in :attr:`Entry.reason`."""
        return {
            name: reason_of(kind & 0xFF, kind >> 8)
            for name, kind in zip(self._names, self._kinds())
            if kind != layout.READING
        }

    @property
    def messages(self) -> Dict[str, str]:
        """For each name that failed a sentence about it."""
        failed = [kind & 0xFF == layout.FAILURE for kind in self._kinds()]
        sentences = self._of._sentences()[self._places] if any(failed) else []
        return {name: sentence for name, sentence, is_failed in zip(self._names, sentences, failed) if is_failed}

    @property
    def ages(self) -> Dict[str, float]:
        """For each name that did not fail, how many seconds ago that was taken."""
        times = self._of._times[self._places].tolist()
        newest = time.time() - self._of._taken
        return {
            name: max(0.0, newest + before / 1000)
            for name, kind, before in zip(self._names, self._kinds(), times)
            if kind & 0xFF != layout.FAILURE
        }

    def __repr__(self) -> str:
        return f"<Readings {self._of.path}: {len(self)} attributes>"


class Table(Mapping[str, Readings]):
    """The rows of a table by name, each with its values by column: ``table["eth0"]["ifOperStatus"]``. Immutable.

    A group of scalars is one row, whose name is empty.

    :ivar path: what was asked for
    :ivar columns: the names of what each row has, in order
    """

    __slots__ = ("path", "columns", "_bytes", "_count", "_form", "_facts", "_known", "_places", "_rows", "_taken", "_values_at")

    def __init__(self, path: str, value: bytes, taken: float) -> None:
        self.path = path
        self._bytes = value
        self._taken = taken
        if len(value) < layout.GROUP_KINDS:
            raise self._wrong()
        rows, columns, self._form, name_bytes = _HEAD.unpack_from(value)
        count: int = rows * columns
        self._count = count
        names_at = self._times_at + 4 * count
        self._values_at = values_at = names_at + name_bytes
        if values_at + count > len(value):
            raise self._wrong()
        named = value[names_at:values_at]
        known = _names.get((named, columns))
        if known is None:
            known = _taken_apart(named, columns)
        self.columns, self._rows = known
        if len(self.columns) != columns or len(self._rows) != rows:
            raise self._wrong()
        self._facts: Dict[str, Facts] = {}
        self._known: Optional[Sequence[Optional[str]]] = None
        self._places: Optional[Dict[str, int]] = None

    def _wrong(self) -> BadAnswer:
        return BadAnswer(self.path, "bad answer", f"these {len(self._bytes)} bytes are no values of a group")

    @property
    def _times_at(self) -> int:
        return layout.GROUP_KINDS + (2 * self._count + 3 & ~3)

    @property
    def _kinds(self) -> memoryview:
        """Kind and reason of each attribute, row by row, in the low and the high byte."""
        return memoryview(self._bytes)[layout.GROUP_KINDS : layout.GROUP_KINDS + 2 * self._count].cast("H")

    @property
    def _times(self) -> memoryview:
        """How many milliseconds before the newest each attribute was taken, row by row."""
        return memoryview(self._bytes)[self._times_at : self._times_at + 4 * self._count].cast("I")

    def _is_whole(self) -> bool:
        """Whether each attribute has a reading."""
        count = self._count
        return self._bytes[layout.GROUP_KINDS : layout.GROUP_KINDS + 2 * count] == b"\1\0" * count

    def _sentences(self) -> List[str]:
        """The text of each attribute, row by row: a value, or a sentence."""
        texts = self._bytes[self._values_at :].decode("utf-8", "replace").split("\0")
        if len(texts) != self._count + 1:
            raise self._wrong()
        del texts[-1]
        return texts

    def _texts(self) -> Sequence[Optional[str]]:
        """The value of each attribute, row by row; None where there is no reading."""
        texts = self._known
        if texts is None:
            texts = sentences = self._sentences()
            if not self._is_whole():
                kinds = self._kinds.tolist()
                texts = [text if kind == layout.READING else None for text, kind in zip(sentences, kinds)]
            self._known = texts
        return texts

    def __getitem__(self, row: str) -> Readings:
        places = self._places
        if places is None:
            places = self._places = {name: place for place, name in enumerate(self._rows)}
        begin = places[row] * len(self.columns)
        return Readings(self, self.columns, slice(begin, begin + len(self.columns)))

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def column(self, name: str) -> Readings:
        """The values of a column by row.

        :raises KeyError: if there is no such column
        """
        if name not in self.columns:
            raise KeyError(name)
        return Readings(self, self._rows, slice(self.columns.index(name), None, len(self.columns)))

    # What net.table(…, describe=True) asks for, too.

    @property
    def types(self) -> Dict[str, Optional[str]]:
        """For each column that was described, its type as its MIB says it, such as ``Counter32``."""
        return {column: facts.type for column, facts in self._facts.items()}

    @property
    def units(self) -> Dict[str, Optional[str]]:
        """For each column that was described, its units as its MIB says them, such as ``octets``."""
        return {column: facts.units for column, facts in self._facts.items()}

    @property
    def typed(self) -> Dict[str, Dict[str, Union[str, int, float, None]]]:
        """The rows with values as what their columns are: see :attr:`Readings.typed`.

        :raises ValueError: if this was not described
        """
        return {row: self[row].typed for row in self}

    def _describe(self, facts: Dict[str, Facts]) -> None:
        self._facts = facts

    def _numeric(self) -> Set[str]:
        """The columns whose values are numbers on the wire; of an enumeration the text is none."""
        if not self._facts and self._count:
            raise ValueError(f"{self.path}: was read without its types: net.table(…, describe=True) asks for them")
        return {column for column, facts in self._facts.items() if isinstance(facts.raw, int)}

    @property
    def lists(self) -> List[Tuple[Optional[str], ...]]:
        """The values of each row, in the order of :attr:`columns`: what ``csv`` and data frames take."""
        return list(zip(*[iter(self._texts())] * len(self.columns)))

    @property
    def reasons(self) -> Dict[Tuple[str, str], str]:
        """For each row and column without a reading, why."""
        if self._is_whole():
            return {}
        return {(row, column): reason for row in self for column, reason in self[row].reasons.items()}

    def _only(self) -> Readings:
        """What is by one name."""
        if self._form == layout.GROUP_ATTRIBUTES:
            return Readings(self, self.columns, slice(None))
        if self._form == layout.GROUP_COLUMN:
            return Readings(self, self._rows, slice(None))
        raise ValueError(f"{self.path}: this is a table; its entry's rows, or net.table(), have its readings")

    def __repr__(self) -> str:
        return f"<Table {self.path}: {len(self)} rows of {len(self.columns)} columns>"


def _taken_apart(named: bytes, columns: int) -> Tuple[Tuple[str, ...], Tuple[str, ...]]:
    names = named.decode("utf-8", "surrogateescape").split("\0")
    apart = tuple(names[:columns]), tuple(names[columns:-1])
    if len(named) <= _LONGEST_NAMES:
        if len(_names) >= _MOST_NAMES:
            _names.clear()
        _names[named, columns] = apart
    return apart


def _typed(text: str) -> Union[str, int, float]:
    """A value of a column of numbers; of an enumeration, its text is not."""
    number = number_of(text)
    return text if number is None else number


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
