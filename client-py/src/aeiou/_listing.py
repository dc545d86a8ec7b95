"""What the value table says of names: the listing of a directory, and the stat of a name."""

from __future__ import annotations

import struct
from typing import Any, Dict, List, NamedTuple, Optional, Tuple

from . import _layout as layout
from ._entry import Entry, Stat

_HEAD = struct.Struct(layout.LISTING_HEAD)
_NUMBER = struct.Struct("<I")
_STAT = struct.Struct(layout.STAT_VALUE)


class Place(NamedTuple):
    """Where a listing is in the memory of the table, which the daemon may be writing over just now.

    :ivar end: behind all of it
    """

    memory: memoryview
    begin: int
    end: int


class Names:
    """The names in a directory as they were listed, and what is made of them when it is first wanted."""

    __slots__ = ("_text", "_marks", "_names", "_kinds")

    def __init__(self, text: bytes, marks: bytes) -> None:
        self._text = text
        self._marks = marks
        self._names: Optional[List[str]] = None
        self._kinds: Optional[Dict[str, str]] = None

    def names(self) -> List[str]:
        if self._names is None:
            self._names = self._text.decode("utf-8", "surrogateescape").split("\0")[:-1]
        return self._names

    def kinds(self) -> Dict[str, str]:
        if self._kinds is None:
            kinds = ("attribute", "directory")
            marks = self._marks
            self._kinds = {name: kinds[mark & 1] for name, mark in zip(self.names(), marks)}
        return self._kinds

    def value(self) -> bytes:
        """As a daemon's answer has them."""
        ends = ("\0", "/\0")
        text = "".join([name + ends[mark & 1] for name, mark in zip(self.names(), self._marks)])
        return text.encode("utf-8", "surrogateescape")


class Listed(Entry):
    """The entry of a listing that is in the value table."""

    __slots__ = ("_listing",)
    _listing: Names

    def __bytes__(self) -> bytes:
        if not self._value:
            self._value = self._listing.value()
        return self._value

    @property
    def names(self) -> List[str]:
        return self._listing.names().copy()

    @property
    def kinds(self) -> Dict[str, str]:
        return self._listing.kinds().copy()

    def _of(self, context: Any) -> Entry:
        entry = super()._of(context)
        assert isinstance(entry, Listed)
        entry._listing = self._listing
        return entry


class Stated(Entry):
    """The entry of a stat that is in the value table."""

    __slots__ = ("_stat",)
    _stat: Stat

    def __bytes__(self) -> bytes:
        if not self._value:
            mode, uid, gid, size, taken, changed, links = self._stat
            self._value = _STAT.pack(mode, uid, gid, size, round(taken * 1000), round(changed * 1000), links)
        return self._value

    @property
    def stat(self) -> Stat:
        return self._stat

    def _of(self, context: Any) -> Entry:
        entry = super()._of(context)
        assert isinstance(entry, Stated)
        entry._stat = self._stat
        return entry


def names_at(place: Place) -> Optional[Names]:
    """A copy of the names of a listing; None if there is none that makes sense."""
    memory, begin, end = place
    count, buckets, size, _, _, _ = _HEAD.unpack_from(memory, begin)
    marks = begin + _HEAD.size + 4 * (count + buckets)
    text = marks + count
    if text + size > end:
        return None
    return Names(bytes(memory[text : text + size]), bytes(memory[marks:text]))


def unread(place: Place, crc: int, name: bytes) -> Optional[Tuple[int, int, int, int]]:
    """Looks for a file of which nothing was read in a listing.

    :param crc: the CRC-32 of its whole path
    :return: where its mark is, and mode, taken and changed as stat shows them; None if it is none
    """
    memory, begin, end = place
    count, buckets, size, mode, taken, changed = _HEAD.unpack_from(memory, begin)
    offsets = begin + _HEAD.size
    first = offsets + 4 * count
    marks = first + 4 * buckets
    text = marks + count
    if text + size > end or not buckets:
        return None
    for i in range(buckets):
        number: int = _NUMBER.unpack_from(memory, first + 4 * ((crc + i) & (buckets - 1)))[0]
        if not 0 < number <= count:
            return None
        at = text + _NUMBER.unpack_from(memory, offsets + 4 * (number - 1))[0]
        over = at + len(name)
        if over < end and memory[at:over] == name and not memory[over]:
            mark = marks + number - 1
            return (mark, mode, taken, changed) if memory[mark] & layout.UNREAD_MARK else None
    return None
