"""What is done to many requests at once, in Python: looking for them in the table, and writing them.

``_native.c`` has the same functions; ``_burst`` says which of the two are used.
"""

from __future__ import annotations

from array import array
from itertools import repeat
from typing import Any, List, Optional, Sequence, Tuple
from zlib import crc32

from . import _layout as layout
from ._request import Pending, Sink

_FIRST_SLOT = layout.FIRST_SLOT // 8
_SLOT_WORDS = layout.SLOT_WORDS


def misses(
    words: memoryview, slots: int, paths: Sequence[str], wanted: Optional[Sequence[int]], begin: int, end: int, now: int
) -> int:
    """How far paths have nothing usable in the value table.

    :param wanted: for each path, what its slot has of it: see :func:`wanted_of`
    :return: the index of the first path that may have one, or must be looked at by itself; ``end`` if none
    """
    mask = slots - 1
    i = begin
    try:
        for i in range(begin, end):
            if wanted is not None:
                want = wanted[i]
            else:
                path = paths[i]
                if path[0] == "/" or path[-1] == "/" or "//" in path:
                    want = wanted_of(path)
                else:
                    # As wanted_of, without the call.
                    name = path.encode()
                    want = crc32(name) | len(name) << 32
            if words[_FIRST_SLOT + (want & mask) * _SLOT_WORDS] and _is_usable(words, want, mask, now):
                return i
    except (AttributeError, IndexError, TypeError, ValueError):
        return i  # is no path, or no usual one
    return end


def wanted_of(path: str) -> int:
    """What the slot of a path has of it: its CRC-32, and its length above that."""
    if path[:1] == "/" or path[-1:] == "/" or "//" in path:
        path = "/".join(filter(None, path.split("/")))
    name = path.encode("utf-8", "surrogateescape")
    return crc32(name) | len(name) << 32


def _is_usable(words: memoryview, want: int, mask: int, now: int) -> bool:
    """Whether a path may have something usable: another one with the same CRC and length counts, too."""
    for i in range(layout.PROBES):
        at = _FIRST_SLOT + ((want + i) & mask) * layout.SLOT_WORDS
        sequence = words[at]
        if sequence == 0:
            return False
        if sequence & 1:
            return True
        head = words[at + layout.SLOT_HASH_LENGTH_KIND]
        if head & 0xFFFFFFFFFFFF == want and layout.READING <= head >> 48 <= layout.LISTING:
            usable = words[at + layout.SLOT_USABLE]
            return words[at] != sequence or now < usable
    return False


def fill(
    views: Tuple[memoryview, memoryview, memoryview],
    geometry: Tuple[int, int, int],
    free: List[int],
    pending: List[Optional[Pending]],
    paths: Sequence[str],
    names: Optional[Sequence[bytes]],
    begin: int,
    end: int,
    numbers: Tuple[int, int, int, int, int],
    sink: Sink,
    contexts: Sequence[Any],
) -> int:
    """Writes requests into pages, and their pages into the ring.

    :param views: the submission file in bytes, in words of eight bytes, and of four
    :param geometry: where the pages are, how long one is, how many entries the ring has
    :param free: the pages from the end of this are taken
    :param names: the paths as pages have them
    :param end: behind the last path; no more than there are free pages
    :param numbers: operation and flags as the first word of a page has them, the number of the first request, the
        group, how many requests were put into the ring before, the deadline
    :param contexts: one for each path from ``begin`` to ``end``
    :return: how many; fewer than asked for if the next path is to be looked at by itself
    """
    memory, words, ring = views
    pages_at, page_bytes, entries = geometry
    head, number, group, tail, deadline = numbers
    if names is None:
        names = _names(paths[begin:end], page_bytes - layout.PAGE_PATH)
    else:
        names = names[begin:end]
    count = len(names)
    if not count:
        return 0
    pages = free[: -count - 1 : -1]
    first = 0
    while first < count:
        last = _row(pages, first)
        size = last - first
        begin_at = pages_at + pages[first] * page_bytes
        end_at = begin_at + size * page_bytes
        # Of pages in a row, a column of words is one assignment. They are the daemon's when the tail says so, not before.
        row, over, step = begin_at // 8, end_at // 8, page_bytes // 8
        words[row:over:step] = array("Q", (head,)) * size
        words[row + 1 : over : step] = array("Q", range(pages[first] + 1, pages[first] + 1 + size))
        words[row + 2 : over : step] = array("Q", range(number + first, number + last))
        words[row + 3 : over : step] = array("Q", (deadline,)) * size
        words[row + 4 : over : step] = array("Q", (group,)) * size
        words[row + 5 : over : step] = array("Q", map(len, names[first:last]))
        for at, name in zip(range(begin_at + layout.PAGE_PATH, end_at, page_bytes), names[first:last]):
            memory[at : at + len(name)] = name
        first = last
    try:
        for page, request in zip(pages, zip(paths[begin : begin + count], repeat(sink), contexts)):
            pending[page] = request
        at = layout.RING // 4 + (tail & (entries - 1))
        before = min(count, entries - (tail & (entries - 1)))
        ring[at : at + before] = array("I", pages[:before])
        ring[layout.RING // 4 : layout.RING // 4 + count - before] = array("I", pages[before:])
    except BaseException:  # such as Ctrl-C: they were not submitted
        for page in pages:
            pending[page] = None
        raise
    del free[-count:]
    return count


def _row(pages: Sequence[int], first: int) -> int:
    """The end of the pages in a row that begin there."""
    # All that are left, in the usual case; else it is looked for by halves, since pages are in order.
    low, high = first + 1, len(pages)
    while low < high:
        middle = (low + high + 1) // 2
        if pages[middle - 1] - pages[first] == middle - 1 - first:
            low = middle
        else:
            high = middle - 1
    return low


def _names(paths: Sequence[str], room: int) -> List[bytes]:
    """Paths as pages have them, up to the first one that is to be looked at by itself."""
    names: List[bytes] = []
    for path in paths:
        try:
            name = path.encode()
        except (AttributeError, ValueError):
            break
        if len(name) > room:
            break
        names.append(name)
    return names
