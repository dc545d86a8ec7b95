"""The value table: what is cached, found without asking the daemon."""

from __future__ import annotations

import errno
import mmap
import zlib
from typing import Dict, Optional, Sequence, Tuple

from . import _burst as burst
from . import _layout as layout
from ._entry import Entry
from ._errors import AttachError, Detached, no_path

_TRIES = 100


class Table:
    """Reads the table that the daemon writes. Any thread may call."""

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

        # By path: the index of its slot's sequence, that sequence, and what was found. As long as
        # the sequence is the same, so is everything else in the slot. No more than the table has room for.
        self.known: Dict[str, Tuple[int, int, Entry]] = {}
        self._known_bytes = 0

    def find(self, path: str) -> Optional[Entry]:
        """What the table has of a path, however old; None if nothing."""
        words = self.words
        known = self.known.get(path)
        if known is not None and words[known[0]] == known[1]:
            return known[2]
        return self.look(path)

    def misses(self, paths: Sequence[str], wanted: Optional[Sequence[int]], begin: int, end: int, now: int) -> int:
        """How far paths have no usable reading.

        :param wanted: for each path, what its slot has of it, if that is known
        :return: the index of the first one that may have one, or is perhaps no path; ``end`` if none
        """
        return burst.misses(self.words, self._slots, paths, wanted, begin, end, now)

    def look(self, path: str) -> Optional[Entry]:
        """The same for a path whose entry is not known, or is not what it was.

        :raises TypeError: if that is no path
        """
        if not isinstance(path, str):
            raise no_path(path)
        name = _canonical(path).encode("utf-8", "surrogateescape")
        crc = zlib.crc32(name)
        wanted = crc | len(name) << 32
        words = self.words
        for i in range(layout.PROBES):
            at = layout.FIRST_SLOT // 8 + ((crc + i) & self._mask) * layout.SLOT_WORDS
            for _ in range(_TRIES):
                sequence = words[at]
                if sequence == 0:
                    self.known.pop(path, None)
                    return None
                if sequence & 1:
                    continue
                entry = None
                head = words[at + layout.SLOT_HASH_LENGTH_KIND]
                if head & 0xFFFFFFFFFFFF == wanted and head >> 48 == layout.READING:
                    entry = self._copy(path, name, at)
                if words[at] == sequence:
                    if entry is not None:
                        self._remember(path, at, sequence, entry)
                        return entry
                    break
        self.known.pop(path, None)
        return None

    def _remember(self, path: str, at: int, sequence: int, entry: Entry) -> None:
        self._known_bytes += len(path) + len(entry._value)
        if len(self.known) > self._mask or self._known_bytes > self._data_bytes:
            self.known.clear()
            self._known_bytes = len(path) + len(entry._value)
        self.known[path] = (at, sequence, entry)

    def _copy(self, path: str, name: bytes, at: int) -> Optional[Entry]:
        words = self.words
        length_unit = words[at + layout.SLOT_LENGTH_UNIT]
        length = length_unit & 0xFFFFFFFF
        offset = (length_unit >> 32) * layout.UNIT
        if offset + len(name) + length > self._data_bytes:
            return None
        begin = self._data + offset
        value = begin + len(name)
        if self._bytes[begin:value] != name:
            return None
        return Entry(
            path,
            "",
            bytes(self._bytes[value : value + length]),
            words[at + layout.SLOT_TAKEN] / 1000,
            words[at + layout.SLOT_CHANGED] / 1000,
            words[at + layout.SLOT_FRESH],
            words[at + layout.SLOT_USABLE],
        )

    def close(self) -> None:
        """Lets go of the memory."""
        self.known.clear()
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
        self.known: Dict[str, Tuple[int, int, Entry]] = {}

    def find(self, path: str) -> Optional[Entry]:
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
