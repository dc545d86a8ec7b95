"""What a request ends in."""

from __future__ import annotations

import stat as _stat
import struct
import time
from typing import Any, Dict, List, NamedTuple, Optional, Sequence, Union

from . import _layout as layout
from ._errors import no_reading
from ._readings import Readings, Table, number_of, reason_of

#: How many characters of a value are shown to a person who looks at the entry.
_SHOWN = 60

_new: Any = object.__new__


class Stat(NamedTuple):
    """What is known of a name without fetching anything, as in ``os.stat``; times in seconds since the epoch."""

    st_mode: int
    st_uid: int
    st_gid: int
    st_size: int
    st_atime: float
    st_mtime: float
    st_nlink: int


class Entry:
    """The outcome of one request: a reading, an absence or a failure. Immutable; any thread may look at it.

    :ivar path: what was asked for
    :ivar reason: empty for a reading, else why there is none, as in :class:`NoReading`
    :ivar taken: when the reading was taken, in seconds since the epoch; 0 if there is none
    :ivar changed: when the value last changed, the same
    :ivar context: the requester's own, as it was given with the request
    """

    __slots__ = ("path", "reason", "taken", "changed", "context", "_value", "_fresh", "_usable")

    def __init__(
        self,
        path: str,
        reason: str,
        value: bytes,
        taken: float,
        changed: float,
        fresh: int,
        usable: int,
    ) -> None:
        self.path = path
        self.reason = reason
        self.taken = taken
        self.changed = changed
        self.context: Any = None
        self._value = value
        self._fresh = fresh
        self._usable = usable

    def _of(self, context: Any) -> Entry:
        """The same outcome, for another request."""
        entry: Entry = _new(self.__class__)
        entry.path = self.path
        entry.reason = self.reason
        entry.taken = self.taken
        entry.changed = self.changed
        entry.context = context
        entry._value = self._value
        entry._fresh = self._fresh
        entry._usable = self._usable
        return entry

    @property
    def ok(self) -> bool:
        """Whether it is a reading."""
        return not self.reason

    @property
    def stale(self) -> bool:
        """Whether the reading is past its TTL by now."""
        return not self.reason and time.monotonic_ns() > self._fresh

    @property
    def ttl(self) -> float:
        """For how many seconds from now the reading stays fresh; 0 if it is stale, or none."""
        return 0.0 if self.reason else max(0.0, (self._fresh - time.monotonic_ns()) / 1e9)

    @property
    def message(self) -> str:
        """Of a failure, a sentence about it; else empty."""
        return self._value.decode("utf-8", "replace") if self.reason else ""

    def __bytes__(self) -> bytes:
        """The value as the file has it, without the newline; :attr:`value` is the same as text.

        :raises NoReading: if there is no reading
        """
        if self.reason:
            raise no_reading(self.path, self.reason, self.message)
        return self._value

    @property
    def value(self) -> str:
        """The value as text.

        :raises NoReading: if there is no reading
        """
        return bytes(self).decode("utf-8", "replace")

    @property
    def number(self) -> Union[int, float, None]:
        """The value as a number: an ``int`` if it is a whole one, else a ``float``; None if the text is no number.

        The label of an enumeration is none: ``up`` has the number 1 only on the wire, see :attr:`raw`.

        :raises NoReading: if there is no reading
        """
        return number_of(self.value)

    # What only group.describe() and net.describe() ask for.

    @property
    def raw(self) -> Union[int, bytes, str, None]:
        """The value as it was on the wire: an ``int``, the ``bytes`` of an octet string, or an OID as ``str``.

        None in an entry that did not come from ``describe``, which alone asks for it.
        """
        return None

    @property
    def oid(self) -> Optional[str]:
        """The OID it was read from, as ``1.3.6.1…``. None as for :attr:`raw`, and for what has none."""
        return None

    @property
    def type(self) -> Optional[str]:
        """The type as its MIB says it, such as ``Counter32`` or ``DisplayString``. None as for :attr:`raw`."""
        return None

    @property
    def units(self) -> Optional[str]:
        """The units as its MIB says them, such as ``octets``. None as for :attr:`raw`, and where there are none."""
        return None

    @property
    def written(self) -> Dict[str, Any]:
        """Of a ``write``: for each attribute, by name, what was before and what was read back. Empty of all else."""
        return {}

    # What only lists, stats and chains have.

    @property
    def names(self) -> List[str]:
        """Of a ``list``: the names in the directory, as they are put into paths; those of directories, too.

        :raises NoReading: if there is no listing
        :raises ValueError: of anything else
        """
        return [name[:-1] if name.endswith("/") else name for name in self._listed()]

    @property
    def kinds(self) -> Dict[str, str]:
        """Of a ``list``: for each name, ``directory`` or ``attribute``.

        :raises NoReading: if there is no listing
        :raises ValueError: of anything else
        """
        return {
            name[:-1] if name.endswith("/") else name: "directory" if name.endswith("/") else "attribute"
            for name in self._listed()
        }

    def _listed(self) -> List[str]:
        text = bytes(self).decode("utf-8", "surrogateescape")
        if text and not text.endswith("\0"):
            raise ValueError(f"{self.path}: this is no listing; ask for one with net.list() or group.list()")
        return text.split("\0")[:-1]

    @property
    def stat(self) -> Stat:
        """Of a ``stat``: what it shows.

        :raises NoReading: if there is no such name
        :raises ValueError: of anything else
        """
        value = bytes(self)
        if len(value) != struct.calcsize(layout.STAT_VALUE) or not _stat.S_IFMT(value[0] | value[1] << 8):
            raise ValueError(f"{self.path}: this is no stat; ask for one with group.stat()")
        mode, uid, gid, size, taken, changed, links = struct.unpack(layout.STAT_VALUE, value)
        return Stat(mode, uid, gid, size, taken / 1000, changed / 1000, links)

    @property
    def table(self) -> Dict[str, str]:
        """Of an :func:`aeiou.each`: the values by name; empty where there is no reading.

        :raises NoReading: if it did not come to that
        :raises ValueError: of anything else
        """
        parts = bytes(self).decode("utf-8", "surrogateescape").split("\0")
        if parts.pop() or len(parts) % 2:
            raise ValueError(f"{self.path}: these are no values by name; a chain's aeiou.each() has them")
        return dict(zip(parts[::2], parts[1::2]))

    @property
    def readings(self) -> Readings:
        """Of a ``read_group`` of a group of scalars, of a row or of one column: the values by name.

        :raises NoReading: if nothing was found out
        :raises ValueError: of anything else
        """
        bytes(self)
        raise ValueError(f"{self.path}: these are no values by name; group.read_group() and net.read_group() have them")

    @property
    def rows(self) -> Table:
        """Of a ``read_group``: the rows by name, each with its values by column.

        :raises NoReading: if nothing was found out
        :raises ValueError: of anything else
        """
        bytes(self)
        raise ValueError(f"{self.path}: this has no rows; net.table(), group.read_group() and net.read_group() do")

    def get(self, otherwise: Optional[str] = None) -> Optional[str]:
        """The value as text, or something else if there is no reading."""
        return otherwise if self.reason else self.value

    def __str__(self) -> str:
        """The value as text, or the reason in parentheses."""
        return self.value if self.ok else f"({self.reason})"

    def __repr__(self) -> str:
        if self.reason:
            shown = f"({self.reason})"
        else:
            value = self.value
            shown = repr(value if len(value) <= _SHOWN else value[:_SHOWN] + "…")
        return f"<Entry {self.path}: {shown}{' stale' if self.stale else ''}>"


class _Described(Entry):
    """A reading together with what else is known of its attribute."""

    __slots__ = ("_facts",)
    _facts: Dict[str, str]

    def _of(self, context: Any) -> Entry:
        entry = super()._of(context)
        assert isinstance(entry, _Described)
        entry._facts = self._facts
        return entry

    @property
    def raw(self) -> Union[int, bytes, str, None]:
        raw, syntax = self._facts.get("raw"), self._facts.get("syntax")
        if raw is None:
            return None
        return int(raw) if syntax == "number" else bytes.fromhex(raw) if syntax == "octets" else raw

    @property
    def oid(self) -> Optional[str]:
        return self._facts.get("oid")

    @property
    def type(self) -> Optional[str]:
        return self._facts.get("type")

    @property
    def units(self) -> Optional[str]:
        return self._facts.get("units")


def described(told: Entry) -> Entry:
    """The entry of a ``describe``, whose value is what is known, by name."""
    if told.reason in ("bad request", "bad answer") and "is not known" in told.message:
        why = f"this daemon cannot describe ({told.message}); use a newer one"
        return Entry(told.path, told.reason, why.encode(), 0, 0, 0, 0)
    if told.reason:
        return told
    try:
        facts = told.table
    except ValueError as e:
        return Entry(told.path, "bad answer", str(e).encode("utf-8", "replace"), 0, 0, 0, 0)
    value = facts.get("value", "").encode("utf-8", "surrogateescape")
    entry = _Described(told.path, "", value, told.taken, told.changed, told._fresh, told._usable)
    entry._facts = facts
    return entry


def reason_in(kind: int) -> str:
    """Why there is no reading; empty if there is one.

    :param kind: the word of an outcome that has its kind, flags and reason
    """
    number = kind >> 32
    kind &= 0xFFFF
    return layout.CANCEL_ANSWERS[min(number, 3)] if kind == layout.CANCEL else reason_of(kind, number)


def of_words(path: str, outcome: Sequence[int], value: bytes) -> Entry:
    """The entry of an outcome, whose eight words are given."""
    return Entry(
        path,
        reason_in(outcome[layout.OUTCOME_KIND_FLAGS_REASON]),
        value,
        outcome[layout.OUTCOME_TAKEN] / 1000,
        outcome[layout.OUTCOME_CHANGED] / 1000,
        outcome[layout.OUTCOME_FRESH],
        outcome[layout.OUTCOME_USABLE],
    )
