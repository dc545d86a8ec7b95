"""The value table: what is cached, found without asking the daemon."""

from __future__ import annotations

import errno
import mmap
import stat as _stat
import struct
import time
import zlib
from typing import Callable, Dict, Optional, Sequence, Tuple

from . import _burst as burst
from . import _layout as layout
from ._entry import Entry, Stat, described
from ._errors import AttachError, Detached, no_path
from ._listing import Listed, Place, Stated, names_at, unread

_TRIES = 100

#: Kinds of slots whose value is that of the outcome of a read, with its reason.
_REASONS = {layout.READING: "", layout.ABSENT: "absent", layout.UNKNOWN_NAME: "unknown name"}

#: Kinds of slots that files have.
_OF_FILES = (layout.READING, layout.ABSENT, layout.KNOWN)


#: What was made of a slot: the index of its sequence, that sequence, the entry, and where the listing that it was found in
#: has its mark, or 0. As long as the sequence is the same, so is all else in the slot; marks say themselves if they change.
Known = Tuple[int, int, Entry, int]

#: What is found of a kind: an entry and a mark, as above.
_Found = Optional[Tuple[Entry, int]]

#: Makes an entry of a slot: is given the kind, the index of the slot, and where its value is.
_Make = Callable[[int, int, Place], _Found]

#: What can be answered from the table.
ANSWERED = (layout.READ, layout.STAT, layout.LIST, layout.DESCRIBE)


class Table:
    """Reads the table that the daemon writes. Any thread may call.

    :ivar words: it, as words
    :ivar known: by path, what was found for reads: readings and absences
    """

    def __init__(self, memory: mmap.mmap) -> None:
        self._bytes = memoryview(memory)
        self.words = self._bytes.cast("Q")
        if (
            self.words[layout.VERSION_WORD // 8] >> 32 != layout.MAJOR
            or self.words[layout.MAGIC // 8] != layout.TABLE_MAGIC
        ):
            raise AttachError(errno.EPROTO, f"what the daemon shares is no value table of version {layout.MAJOR}")
        self._slots = int.from_bytes(self._bytes[layout.TABLE_SLOTS : layout.TABLE_SLOTS + 4], "little")
        self._mask = self._slots - 1
        self._data = self.words[layout.TABLE_DATA // 8]
        self._data_bytes = self.words[layout.TABLE_DATA_BYTES // 8]

        # No more of all of these than the table has room for.
        self.known: Dict[str, Known] = {}
        self._known: Dict[int, Dict[str, Known]] = {operation: {} for operation in ANSWERED}
        self._known[layout.READ] = self.known
        # Reads of what has no reading to be: apart, so that those of the others need not be asked whether they failed.
        self._failed: Dict[str, Known] = {}
        self._makes: Dict[int, _Make] = {layout.READ: self._read, layout.STAT: self._stat, layout.LIST: self._list}
        self._known_count = self._known_bytes = 0

    def find(self, path: str, operation: int = layout.READ) -> Optional[Entry]:
        """What the table has of a path, however old; None if nothing.

        :param operation: what is to be answered, of :data:`ANSWERED`
        """
        known = self._known[operation].get(path)
        if known is None and operation == layout.READ:
            known = self._failed.get(path)
        if known is not None:
            at, sequence, entry, mark = known
            if self.words[at] == sequence and (not mark or self._bytes[mark] & layout.UNREAD_MARK):
                return entry
        return self.look(path, operation)

    def misses(self, paths: Sequence[str], wanted: Optional[Sequence[int]], begin: int, end: int, now: int) -> int:
        """How far paths have no usable reading.

        :param wanted: for each path, what its slot has of it, if that is known
        :return: the index of the first one that may have one, or is perhaps no path; ``end`` if none
        """
        return burst.misses(self.words, self._slots, paths, wanted, begin, end, now)

    def look(self, path: str, operation: int = layout.READ) -> Optional[Entry]:
        """The same for a path whose entry is not known, or is not what it was.

        :raises TypeError: if that is no path
        """
        if not isinstance(path, str):
            raise no_path(path)
        name = _canonical(path).encode("utf-8", "surrogateescape")
        crc = zlib.crc32(name)
        found = None
        if b"\0" not in name:  # is no name, but in the keys of descriptions
            if operation == layout.DESCRIBE:
                found = self._description(path, name, crc)
            else:
                found = self._slot(path, name, crc, self._makes[operation])
                if operation == layout.STAT and (found is None or found[2]._usable <= time.monotonic_ns()):
                    found = self._stat_in_listing(path, name, crc) or found
        kept = self._known[operation]
        if operation == layout.READ:
            self._failed.pop(path, None)
        if found is None:
            kept.pop(path, None)
            return None
        if operation == layout.READ and found[2].reason not in ("", "absent"):
            kept.pop(path, None)
            kept = self._failed
        self._known_count += path not in kept
        self._known_bytes += len(path) + len(found[2]._value)
        if self._known_count > self._slots or self._known_bytes > self._data_bytes:
            self._forget()
            self._known_count = 1
            self._known_bytes = len(path) + len(found[2]._value)
        kept[path] = found
        return found[2]

    def _slot(self, path: str, name: bytes, crc: int, make: _Make) -> Optional[Known]:
        """Looks for a name's slot, and makes something of it while it is not written."""
        wanted = crc | len(name) << 32
        words = self.words
        for i in range(layout.PROBES):
            at = layout.FIRST_SLOT // 8 + ((crc + i) & self._mask) * layout.SLOT_WORDS
            for _ in range(_TRIES):
                sequence = words[at]
                if sequence == 0:
                    return None
                if sequence & 1:
                    continue
                found = None
                head = words[at + layout.SLOT_HASH_LENGTH_KIND]
                if head & 0xFFFFFFFFFFFF == wanted and head >> 48:
                    found = self._made(path, name, at, head >> 48, make)
                if words[at] == sequence:
                    if found is not None:
                        return at, sequence, found[0], found[1]
                    break
        return None

    def _made(self, path: str, name: bytes, at: int, kind: int, make: _Make) -> _Found:
        length_unit = self.words[at + layout.SLOT_LENGTH_UNIT]
        length = length_unit & 0xFFFFFFFF
        key = (length_unit >> 32) * layout.UNIT
        # A listing is of words, and its value aligned as these are.
        value = key + (len(name) + 7 & ~7 if kind == layout.LISTING else len(name))
        if value + length > self._data_bytes:
            return None
        if length > (layout.LONGEST_LISTING if kind == layout.LISTING else layout.LONGEST_VALUE):
            return None
        begin = self._data + key
        if self._bytes[begin : begin + len(name)] != name:
            return None
        begin = self._data + value
        try:
            found = make(kind, at, Place(self._bytes, begin, begin + length))
        except (IndexError, ValueError, struct.error):
            return None  # it is being written over
        if found is not None:
            found[0].path = path
        return found

    # What becomes of a slot, by operation.

    def _entry(self, at: int, reason: str, value: bytes) -> Entry:
        return self._timed(Entry("", reason, value, 0, 0, 0, 0), at)

    def _timed(self, entry: Entry, at: int) -> Entry:
        words = self.words
        entry.taken = words[at + layout.SLOT_TAKEN] / 1000
        entry.changed = words[at + layout.SLOT_CHANGED] / 1000
        entry._fresh = words[at + layout.SLOT_FRESH]
        entry._usable = words[at + layout.SLOT_USABLE]
        return entry

    def _read(self, kind: int, at: int, place: Place) -> _Found:
        if kind in _REASONS:
            return self._entry(at, _REASONS[kind], bytes(self._bytes[place.begin : place.end])), 0
        return self._directory(kind, at)

    def _directory(self, kind: int, at: int) -> _Found:
        """Of a directory, that it is one."""
        if kind == layout.LISTING or kind == layout.KNOWN and self._is_directory(at):
            return self._entry(at, "is a directory", b"is a directory"), 0
        return None

    def _is_directory(self, at: int) -> bool:
        return _stat.S_ISDIR(self.words[at + layout.SLOT_MODE_SIZE] & 0xFFFFFFFF)

    def _list(self, kind: int, at: int, place: Place) -> _Found:
        if kind == layout.LISTING:
            names = names_at(place)
            if names is None:
                return None
            entry = Listed("", "", b"", 0, 0, 0, 0)
            entry._listing = names
            return self._timed(entry, at), 0
        if kind == layout.UNKNOWN_NAME:
            return self._read(kind, at, place)
        if kind in _OF_FILES and not self._is_directory(at):
            return self._entry(at, "not a directory", b"is not a directory"), 0
        return None

    def _stat(self, kind: int, at: int, place: Place) -> _Found:
        if kind == layout.UNKNOWN_NAME:
            return self._read(kind, at, place)
        words = self.words
        mode_size = words[at + layout.SLOT_MODE_SIZE]
        mode, size = mode_size & 0xFFFFFFFF, mode_size >> 32
        if not mode or kind not in _OF_FILES and kind != layout.LISTING:
            return None  # of a daemon that does not say it
        taken, changed = words[at + layout.SLOT_TAKEN], words[at + layout.SLOT_CHANGED]
        if kind in (layout.ABSENT, layout.LISTING):
            taken = changed  # it was taken when that was found out
        links = 1
        if _stat.S_ISDIR(mode):
            size, links = 0, size
        return self._timed(self._stated(mode, size, taken, changed, links), at), 0

    def _stated(self, mode: int, size: int, taken: int, changed: int, links: int) -> Stated:
        entry = Stated("", "", b"", 0, 0, 0, 0)
        owner = self.words[layout.TABLE_OWNER // 8]
        entry._stat = Stat(mode, owner & 0xFFFFFFFF, owner >> 32, size, taken / 1000, changed / 1000, links)
        return entry

    def _stat_in_listing(self, path: str, name: bytes, crc: int) -> Optional[Known]:
        """The stat of a file of which nothing was read, as the listing of its directory has it."""
        parent, _, last = name.rpartition(b"/")

        def make(kind: int, at: int, place: Place) -> _Found:
            found = unread(place, crc, last) if kind == layout.LISTING else None
            if found is None:
                return None
            mark, mode, taken, changed = found
            return self._timed(self._stated(mode, layout.UNREAD_SIZE, taken, changed, 1), at), mark

        return self._slot(path, parent, zlib.crc32(parent), make) if name else None

    def _description(self, path: str, name: bytes, crc: int) -> Optional[Known]:
        """What is known of an attribute, which has a slot of its own; of others, that they are none."""

        def make(kind: int, at: int, place: Place) -> _Found:
            told = self._read(kind, at, place) if kind in (layout.READING, layout.ABSENT) else None
            return told and (described(told[0]), 0)

        def is_none(kind: int, at: int, place: Place) -> _Found:
            return self._read(kind, at, place) if kind == layout.UNKNOWN_NAME else self._directory(kind, at)

        key = name + layout.DESCRIBED
        return self._slot(path, key, zlib.crc32(layout.DESCRIBED, crc), make) or self._slot(path, name, crc, is_none)

    def _forget(self) -> None:
        for each in (*self._known.values(), self._failed):
            each.clear()

    def close(self) -> None:
        """Lets go of the memory."""
        self._forget()
        self.words.release()
        self._bytes.release()


def _canonical(path: str) -> str:
    """The path as the daemon has it in the table: without empty parts."""
    if "//" in path or path.startswith("/") or path.endswith("/"):
        return "/".join(filter(None, path.split("/")))
    return path


class NoTable:
    """In the place of a table whose attachment has ended."""

    words: Sequence[int] = ()

    def __init__(self, why: str) -> None:
        self._why = why
        self.known: Dict[str, Known] = {}

    def find(self, path: str, operation: int = layout.READ) -> Optional[Entry]:
        """Refuses.

        :raises Detached: always
        """
        raise Detached(self._why)

    look = find

    def misses(self, paths: Sequence[str], wanted: Optional[Sequence[int]], begin: int, end: int, now: int) -> int:
        """Refuses.

        :raises Detached: always
        """
        raise Detached(self._why)
