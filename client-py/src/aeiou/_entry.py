"""What a request ends in."""

from __future__ import annotations

import struct
import time
from typing import Any, Dict, List, NamedTuple, Optional, Sequence

from . import _layout as layout
from ._errors import no_reading


class Stat(NamedTuple):
    """What is known of a name without fetching anything, as in ``os.stat``; times in seconds."""

    st_mode: int
    st_uid: int
    st_gid: int
    st_size: int
    st_atime: float
    st_mtime: float
    st_nlink: int


class Entry:
    """The outcome of one request: a reading, an absence or a failure. Immutable.

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

    def of(self, context: Any) -> Entry:
        """The same outcome, for another request."""
        entry = Entry.__new__(Entry)
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
    def message(self) -> str:
        """Of a failure, a sentence about it."""
        return self._value.decode("utf-8", "replace") if self.reason else ""

    @property
    def raw(self) -> bytes:
        """The value as the file has it, without the newline.

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
        return self.raw.decode("utf-8", "replace")

    @property
    def number(self) -> float:
        """The value as a number; an ``int`` where it is one.

        :raises NoReading: if there is no reading
        :raises ValueError: if the value is no number
        """
        text = self.value
        try:
            return int(text)
        except ValueError:
            return float(text)

    @property
    def names(self) -> List[str]:
        """Of a ``list``: the names in the directory; directories end with a slash.

        :raises NoReading: if there is no listing
        """
        return self.raw.decode("utf-8", "surrogateescape").split("\0")[:-1]

    @property
    def stat(self) -> Stat:
        """Of a ``stat``: what it shows.

        :raises NoReading: if there is no such name
        """
        mode, uid, gid, size, taken, changed, links = struct.unpack_from("<7Q", self.raw)
        return Stat(mode, uid, gid, size, taken / 1000, changed / 1000, links)

    @property
    def table(self) -> Dict[str, str]:
        """Of an :func:`aeiou.each`: the values by name; empty where there is no reading.

        :raises NoReading: if it did not come to that
        """
        parts = self.raw.decode("utf-8", "surrogateescape").split("\0")
        return dict(zip(parts[:-1:2], parts[1::2]))

    def get(self, otherwise: Optional[str] = None) -> Optional[str]:
        """The value as text, or something else if there is no reading."""
        return otherwise if self.reason else self.value

    def __str__(self) -> str:
        return self.value if self.ok else f"({self.reason})"

    def __repr__(self) -> str:
        return f"<Entry {self.path}: {self!s}>"


def of_words(path: str, outcome: Sequence[int], value: bytes) -> Entry:
    """The entry of an outcome, whose eight words are given."""
    kind_reason = outcome[layout.OUTCOME_KIND_FLAGS_REASON]
    kind = kind_reason & 0xFFFF
    if kind == layout.READING:
        reason = ""
    elif kind == layout.ABSENT:
        reason = "absent"
    elif kind == layout.CANCEL:
        reason = layout.CANCEL_ANSWERS[min(kind_reason >> 32, 3)]
    else:
        number = kind_reason >> 32
        reason = layout.REASONS[number] if 0 < number < len(layout.REASONS) else "bad answer"
    return Entry(
        path,
        reason,
        value,
        outcome[layout.OUTCOME_TAKEN] / 1000,
        outcome[layout.OUTCOME_CHANGED] / 1000,
        outcome[layout.OUTCOME_FRESH],
        outcome[layout.OUTCOME_USABLE],
    )
