"""The value table of the fake daemon."""

from __future__ import annotations

import os
import stat
import struct
import time
import zlib
from typing import Dict, List, NamedTuple, Optional, Set

from .. import _layout as layout
from ._memory import File

_SLOTS = 4096
_DATA_BYTES = 1 << 20

#: What stat shows of files and directories.
FILE, DIRECTORY = stat.S_IFREG | 0o444, stat.S_IFDIR | 0o555

_MILLION = 1_000_000


class Answer(NamedTuple):
    """What a slot has of a path.

    :ivar mode: as stat shows it, and so is the size, which is the number of links of a directory
    """

    kind: int
    value: bytes = b""
    mode: int = FILE
    size: int = 0


class _Slot:
    """Where the table has a path."""

    def __init__(self, slot: int) -> None:
        self.slot = slot
        self.kind = layout.NOTHING
        self.sequence = self.unit = self.units = self.fresh = self.usable = 0
        self.marks: Dict[str, int] = {}  # of a listing, where its names have theirs


class FakeTable:
    """The value table.

    :param ttl: in nanoseconds
    """

    def __init__(self, epoch: int, ttl: int) -> None:
        self._ttl = ttl
        self._data = layout.FIRST_SLOT + _SLOTS * 64
        self.file = File(layout.TABLE_MAGIC, self._data + _DATA_BYTES, epoch, False)
        struct.pack_into("<IIQQ", self.file.bytes, layout.TABLE_SLOTS, _SLOTS, 64, self._data, _DATA_BYTES)
        struct.pack_into("<II", self.file.bytes, layout.TABLE_OWNER, os.getuid(), os.getgid())
        self._slots: Dict[str, _Slot] = {}
        self._taken: Set[int] = set()
        self._unit = 0

    def kind(self, path: str) -> int:
        """What kind of answer a path has, however old."""
        slot = self._slots.get(path)
        return layout.NOTHING if slot is None else slot.kind

    def has(self, path: str) -> bool:
        """Whether a path has a reading, however old."""
        return self.kind(path) == layout.READING

    def is_fresh(self, path: str) -> bool:
        """Whether a path has a fresh reading."""
        return self.has(path) and time.monotonic_ns() <= self._slots[path].fresh

    def is_usable(self, path: str) -> bool:
        """Whether a path has a reading, fresh or stale."""
        return self.has(path) and time.monotonic_ns() < self._slots[path].usable

    def withdraw(self, path: str) -> None:
        """A path has nothing any more, and nothing described."""
        for key in (path, path + layout.DESCRIBED.decode()):
            place = self._slots.get(key)
            if place is not None and place.kind:
                words, at = self.file.words, layout.FIRST_SLOT // 8 + place.slot * 8
                words[at] = place.sequence + 1
                words[at + 1] &= (1 << 48) - 1  # kind 0: nothing
                place.kind = layout.NOTHING
                place.sequence += 2
                words[at] = place.sequence

    def publish(self, path: str, answer: Answer, age: int = 0) -> None:
        """Puts in what was found out so many nanoseconds ago; if there is no room, it is not cached."""
        key = path.encode("utf-8", "surrogateescape")
        crc = zlib.crc32(key)
        is_listing = answer.kind == layout.LISTING
        block = key + bytes(-len(key) % 8 if is_listing else 0) + answer.value
        units = (len(block) + 63) // 64
        place = self._slots.get(path)
        if place is None:
            free = [s for s in ((crc + i) % _SLOTS for i in range(layout.PROBES)) if s not in self._taken]
            if not free:
                return
            place = self._slots[path] = _Slot(free[0])
            self._taken.add(free[0])
        # A client may be in a listing for a while, so none is written over.
        if units > place.units or is_listing or place.kind == layout.LISTING:
            if (self._unit + units) * layout.UNIT > _DATA_BYTES:
                return
            place.unit, place.units = self._unit, units
            self._unit += units
        at = layout.FIRST_SLOT // 8 + place.slot * 8
        words = self.file.words
        words[at] = place.sequence + 1
        begin = self._data + place.unit * layout.UNIT
        words[at + 6] = len(answer.value) | place.unit << 32
        words[at + 7] = answer.mode | answer.size << 32
        self.file.bytes[begin : begin + len(block)] = block
        now, millis = time.monotonic_ns() - age, int(time.time() * 1000) - age // _MILLION
        place.fresh, place.usable = now + self._ttl, now + 2 * self._ttl
        words[at + 1] = crc | len(key) << 32 | answer.kind << 48
        words[at + 2], words[at + 3] = place.fresh, place.usable
        words[at + 4] = words[at + 5] = millis
        place.kind = answer.kind
        place.sequence += 2
        words[at] = place.sequence
        if is_listing:
            names = block[len(block) - len(answer.value) :]
            place.marks = _marks(names, begin + len(block) - len(answer.value))
        self._was_read(path)

    def _was_read(self, path: str) -> None:
        """What has a slot of its own is no more, for the listing it is in, one of which nothing is known."""
        parent, _, name = path.rpartition("/")
        listing = self._slots.get(parent)
        if listing is not None and listing.kind == layout.LISTING and name in listing.marks:
            self.file.bytes[listing.marks[name]] &= ~layout.UNREAD_MARK

    def listing(self, path: str, names: List[str]) -> Answer:
        """The listing of a directory.

        :param names: those of directories end with a slash
        """
        millis = int(time.time() * 1000)
        plain = [name.rstrip("/") for name in names]
        places = [f"{path}/{name}" if path else name for name in plain]
        marks = bytes(
            layout.DIRECTORY_MARK if name.endswith("/") else 0 if self.kind(place) else layout.UNREAD_MARK
            for name, place in zip(names, places)
        )
        return Answer(layout.LISTING, packed(plain, places, marks, FILE, millis), DIRECTORY, 2)


def packed(names: List[str], places: List[str], marks: bytes, mode: int, millis: int) -> bytes:
    """The value of a listing.

    :param places: the paths of the names
    """
    buckets = [0] * (1 << (4 * len(names) // 3 + 1).bit_length())
    offsets: List[int] = []
    text = b""
    for number, (name, place) in enumerate(zip(names, places), 1):
        offsets.append(len(text))
        text += name.encode("utf-8", "surrogateescape") + b"\0"
        bucket = zlib.crc32(place.encode("utf-8", "surrogateescape"))
        while buckets[bucket % len(buckets)]:
            bucket += 1
        buckets[bucket % len(buckets)] = number
    head = struct.pack(layout.LISTING_HEAD, len(names), len(buckets), len(text), mode, millis, millis)
    return head + struct.pack(f"<{len(offsets) + len(buckets)}I", *offsets, *buckets) + marks + text


def _marks(value: bytes, begin: int) -> Dict[str, int]:
    """Where in the memory the names of a listing have their marks."""
    count, buckets = struct.unpack_from("<II", value)
    at = struct.calcsize(layout.LISTING_HEAD) + 4 * (count + buckets)
    names = value[at + count :].decode("utf-8", "surrogateescape").split("\0")[:-1]
    return {name: begin + at + i for i, name in enumerate(names)}


def unknown(message: str) -> Answer:
    """What there is of a name that there is not."""
    return Answer(layout.UNKNOWN_NAME, message.encode(), 0)
