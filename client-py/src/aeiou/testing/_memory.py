"""What the fake daemon shares with one client: sealed files, the rings in them."""

from __future__ import annotations

import fcntl
import mmap
import os
import socket
import struct
import time
from typing import Dict, Iterator, List, Optional, Tuple

from .. import _layout as layout

_F_ADD_SEALS = 1033
_SEAL, _SHRINK, _GROW, _FUTURE_WRITE = 1, 2, 4, 16
_MOST_PAGES = 1 << 17
_MOST_ARENA = 1 << 28
_MOST_FILE = 1 << 30


class File:
    """A sealed memory file."""

    def __init__(self, magic: int, size: int, epoch: int, writable: bool) -> None:
        self.fd = os.memfd_create("aeiou-fake", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        os.ftruncate(self.fd, size)
        self.memory = mmap.mmap(self.fd, size)
        self.bytes = memoryview(self.memory)
        self.words = self.bytes.cast("Q")
        seals = _SEAL | _SHRINK | _GROW | (0 if writable else _FUTURE_WRITE)
        fcntl.fcntl(self.fd, _F_ADD_SEALS, seals)
        self.words[0] = magic
        self.words[2] = epoch
        self.words[3] = size
        self.words[1] = layout.VERSION

    def close(self) -> None:
        """Lets go of it; a client that was given it still has it."""
        os.close(self.fd)
        self.words.release()
        self.bytes.release()
        self.memory.close()


_WITHOUT_DEADLINE = (layout.WATCH, layout.CANCEL_REQUEST, layout.CANCEL_GROUP)


class Broken(Exception):
    """A client that does not keep to the layouts."""


class FakeRequest:
    """What a client has asked for.

    :ivar path: as it was asked for; None if that is not UTF-8, or too long
    :ivar is_too_long: whether it does not fit its page
    :ivar deadline: in nanoseconds; 0 for none
    :ivar next: the step behind it in a chain
    :ivar is_step: whether it is one of a chain
    :ivar follows_listing: whether the step before it is a listing
    :ivar is_held: whether it waits to be released
    :ivar told: of a watch, what was told last
    """

    def __init__(self, page: int, head: Tuple[int, ...], path: Optional[str], is_too_long: bool) -> None:
        self.page, self.path, self.is_too_long = page, path, is_too_long
        self.operation, self.flags, self.cookie, self.number, self.target, self.group, _, self.next_page = head
        self.next: Optional[FakeRequest] = None
        self.deadline = 0 if self.operation in _WITHOUT_DEADLINE else self.target
        self.is_step = bool(self.flags & layout.CHAINED)
        self.follows_listing = False
        self.is_held = False
        self.told: Optional[Tuple[int, int, bytes]] = None


class FakeArena:
    """Where the values are that do not fit an outcome: by page, until its client needs them no more."""

    def __init__(self, units: int) -> None:
        self._units = units
        self._of: Dict[int, Tuple[int, int]] = {}

    def place(self, page: int, units: int) -> Optional[int]:
        """The first unit of a stretch for a page; None if there is none."""
        begin, length = self._of.pop(page, (0, 0))
        if length < units:
            begin = 0
            for taken, length in sorted(self._of.values()):
                if taken - begin >= units:
                    break
                begin = taken + length
            if begin + units > self._units:
                return None
        self._of[page] = (begin, units)
        return begin

    def free(self, page: int) -> None:
        """The page's value is needed no more."""
        self._of.pop(page, None)

    def pages(self) -> List[int]:
        """The pages that have some of it."""
        return list(self._of)


class FakeClient:
    """One attachment: its rings, and what it waits for."""

    def __init__(self, sock: socket.socket, epoch: int, ttl: int, geometry: Tuple[int, ...]) -> None:
        self.pages, self._page_bytes, self._outcome_bytes, self._arena_bytes = geometry
        self._ttl = ttl
        self.sock = sock
        self._entries = _entries(self.pages)
        self._pages_at = _aligned(layout.RING + 4 * self._entries)
        self._outcomes_at = _aligned(layout.RING + 16 * self._entries)
        self._arena_at = _aligned(self._outcomes_at + self.pages * self._outcome_bytes)
        submissions = _aligned(self._pages_at + self.pages * self._page_bytes)
        self.out = File(layout.SUBMISSION_MAGIC, submissions, epoch, True)
        self.into = File(layout.COMPLETION_MAGIC, _aligned(self._arena_at + self._arena_bytes), epoch, False)
        self.hears, self._bell = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        self._head = self._tail = 0
        self._arena = FakeArena(self._arena_bytes // layout.UNIT)
        self._times: Dict[int, int] = {}
        self._posted: Dict[int, int] = {}
        self.pending: Dict[int, FakeRequest] = {}
        self.highest = 0

    @property
    def numbers(self) -> Tuple[int, ...]:
        """What the welcome says about it."""
        return (
            *(self._entries, self.pages, self._page_bytes, self._outcome_bytes, self._arena_bytes),
            *(self._pages_at, self._outcomes_at, self._arena_at),
        )

    def take(self) -> Iterator[FakeRequest]:
        """What it has asked for since, chains by their first step."""
        tail = self.out.words[layout.SUBMISSION_TAIL // 8]
        if not 0 <= tail - self._head <= self._entries:
            raise Broken(f"its tail is {tail}, and {self._head} were taken")
        while self._head < tail:
            at = layout.RING + 4 * (self._head & (self._entries - 1))
            self._head += 1
            first = last = self._accept(int.from_bytes(self.out.bytes[at : at + 4], "little"))
            while last.flags & layout.CHAINED and last.next_page:
                following = self._accept(last.next_page - 1)
                following.is_step = True
                following.follows_listing = last.operation == layout.LIST
                last.next = last = following
            yield first
        self.into.words[layout.SUBMISSION_HEAD // 8] = self._head

    def _accept(self, page: int) -> FakeRequest:
        if not 0 <= page < self.pages:
            raise Broken(f"it submits page {page} of {self.pages}")
        if page in self.pending:
            raise Broken(f"it submits page {page}, which is still in use")
        at = self._pages_at + page * self._page_bytes
        head = struct.unpack_from(layout.PAGE_HEAD, self.out.bytes, at)
        path: Optional[str] = None
        fits = head[6] <= self._page_bytes - layout.PAGE_PATH
        if fits:
            try:
                path = bytes(self.out.bytes[at + layout.PAGE_PATH : at + layout.PAGE_PATH + head[6]]).decode()
            except UnicodeDecodeError:
                pass
        request = self.pending[page] = FakeRequest(page, head, path, not fits)
        self.highest = max(self.highest, request.number)
        self._posted.pop(page, None)
        self._arena.free(page)
        return request

    def post(self, request: FakeRequest, kind: int, reason: int, value: bytes, more: bool) -> None:
        """Lets a request have an outcome."""
        if not more:
            del self.pending[request.page]
        page, flags = request.page, layout.MORE if more else 0
        self._write(request, kind, flags, reason, value)
        if request.flags & layout.NO_COMPLETION:
            return
        if more and self.out.words[layout.COMPLETION_HEAD // 8] <= self._posted.get(page, -1):
            return  # what takes the last one finds this
        entry = layout.RING // 8 + 2 * (self._tail & (self._entries - 1))
        self.into.words[entry] = page | kind << 32 | flags << 48
        self.into.words[entry + 1] = request.cookie
        self._posted[page] = self._tail
        self._tail += 1
        self.into.words[layout.COMPLETION_TAIL // 8] = self._tail
        if self.out.words[layout.WAKE_AT // 8] == self._tail - 1:
            try:
                os.write(self._bell, b"\1")
            except OSError:
                pass  # it has rung often enough, or there is no client any more

    def _write(self, request: FakeRequest, kind: int, flags: int, reason: int, value: bytes) -> None:
        page = request.page
        at = self._outcomes_at + page * self._outcome_bytes
        self.into.words[at // 8] = 0
        unit = 0
        begin = at + layout.OUTCOME_VALUE
        room = self._outcome_bytes - layout.OUTCOME_VALUE
        if len(value) > room and kind == layout.FAILURE:
            value = value[:room]
        elif len(value) > room and request.flags & layout.NO_COMPLETION:
            value = b""  # it is in the table
        elif len(value) > room:
            place = self._place(page, len(value))
            if place is None:
                kind, reason = layout.FAILURE, layout.REASONS.index("overloaded")
                value = f"{len(value)} bytes do not fit; attach with larger outcomes or a larger arena".encode()[:room]
            else:
                unit = place + 1
                begin = self._arena_at + place * layout.UNIT
        if not unit:
            self._arena.free(page)
        self.into.bytes[begin : begin + len(value)] = value
        now, millis = time.monotonic_ns(), int(time.time() * 1000)
        self._times[page] = self._times.get(page, 0) + 1
        fresh, usable = now + self._ttl, now + 2 * self._ttl
        times = self._times[page]
        outcome = (kind, flags, reason, millis, millis, fresh, usable, len(value), unit, times)
        struct.pack_into("<HHIQQQQIIQ", self.into.bytes, at + 8, *outcome)
        self.into.words[at // 8] = request.number

    def _place(self, page: int, length: int) -> Optional[int]:
        """A place in the arena, with what the client has done with taken back."""
        done = self.out.words[layout.COMPLETIONS_DONE // 8]
        for other in self._arena.pages():
            if other not in self.pending and self._posted.get(other, done) < done:
                self._arena.free(other)
        return self._arena.place(page, -(-length // layout.UNIT))

    def welcomed(self) -> None:
        """The client has its end of the bell."""
        os.close(self.hears)
        self.hears = -1

    def close(self) -> None:
        """Lets go of it: the client finds its socket and its bell at their ends."""
        self.out.close()
        self.into.close()
        if self.hears >= 0:
            os.close(self.hears)
        os.close(self._bell)
        self.sock.close()


def _entries(pages: int) -> int:
    return 1 << (2 * pages - 1).bit_length()


def _aligned(size: int) -> int:
    return (size + 4095) & -4096


def problem(geometry: Tuple[int, ...]) -> Optional[str]:
    """What a daemon has against a geometry; None if nothing."""
    pages, page_bytes, outcome_bytes, arena_bytes = geometry
    if not 1 <= pages <= _MOST_PAGES:
        return f"pages: {pages} is not from 1 to {_MOST_PAGES}"
    for what, size in (("a page", page_bytes), ("an outcome", outcome_bytes)):
        if not 128 <= size <= 65536 or size % 64:
            return f"bytes of {what}: {size} is not a multiple of 64 from 128 to 65536"
    if not 0 <= arena_bytes <= _MOST_ARENA or arena_bytes % 64:
        return f"bytes of the arena: {arena_bytes} is not a multiple of 64 from 0 to {_MOST_ARENA}"
    files = (4 * _entries(pages) + pages * page_bytes, 16 * _entries(pages) + pages * outcome_bytes + arena_bytes)
    if max(files) + 4 * 4096 > _MOST_FILE:
        return f"{pages} pages of that size are more than a client may have"
    return None
