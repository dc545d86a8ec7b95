"""A daemon without a network, so that programs can be tested without a mount.

::

    with aeiou.testing.FakeDaemon({"core1/system/sysName": "core1"}) as daemon:
        with aeiou.attach(daemon.socket) as net:
            assert net.read("core1/system/sysName").result(1).value == "core1"

It speaks the same protocol over the same kind of memory, on a thread of its own.
"""

from __future__ import annotations

import fcntl
import mmap
import os
import re
import select
import shutil
import socket
import stat
import struct
import tempfile
import threading
import time
import zlib
from typing import Any, Dict, List, Optional, Set, Tuple

from . import _layout as layout

_SLOTS = 4096
_DATA_BYTES = 1 << 20
_F_ADD_SEALS = 1033
_SEAL, _SHRINK, _GROW, _FUTURE_WRITE = 1, 2, 4, 16
_SECOND = 1_000_000_000


class _File:
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
        os.close(self.fd)
        self.words.release()
        self.bytes.release()
        self.memory.close()


class _Slot:
    """Where the table has a path."""

    def __init__(self, slot: int) -> None:
        self.slot = slot
        self.sequence = self.unit = self.units = 0


class _Request:
    """What a client has asked for."""

    def __init__(self, page: int, head: Tuple[int, ...], path: str) -> None:
        self.page, self.path = page, path
        self.operation, self.flags, self.cookie, self.number, self.target, self.group, _, self.next_page = head
        #: The step behind it in a chain.
        self.next: Optional[_Request] = None


class _Client:
    """One attachment."""

    def __init__(self, sock: socket.socket, number: int, epoch: int, hello: Tuple[int, ...]) -> None:
        _, _, self.pages, self.page_bytes, self.outcome_bytes, self.arena_bytes = hello
        self.sock = sock
        self.entries = 1 << (2 * self.pages - 1).bit_length()
        self.pages_at = _aligned(layout.RING + 4 * self.entries)
        self.outcomes_at = _aligned(layout.RING + 16 * self.entries)
        self.arena_at = _aligned(self.outcomes_at + self.pages * self.outcome_bytes)
        self.out = _File(
            layout.SUBMISSION_MAGIC, _aligned(self.pages_at + self.pages * self.page_bytes), epoch, True
        )
        self.into = _File(layout.COMPLETION_MAGIC, _aligned(self.arena_at + self.arena_bytes), epoch, False)
        self.hears, self.bell = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        self.head = 0
        self.tail = 0
        self.unit = 0
        self.times: Dict[int, int] = {}
        self.posted: Dict[int, int] = {}
        self.pending: Dict[int, _Request] = {}
        self.highest = 0

    def close(self) -> None:
        self.out.close()
        self.into.close()
        os.close(self.hears)
        os.close(self.bell)
        self.sock.close()


def _aligned(size: int) -> int:
    return (size + 4095) & -4096


class FakeDaemon:
    """A daemon that serves what it is told to.

    :param values: the attributes there are, by path
    :param ttl: for how many seconds a reading is fresh, and then stale
    :ivar socket: what to attach to
    :ivar asked: the paths that were read, in order: what was cached is not among them
    :ivar completions: how many requests had an outcome, or a watch a change
    """

    def __init__(self, values: Dict[str, str], ttl: float = 60.0) -> None:
        self._values = dict(values)
        self._failures: Dict[str, Tuple[int, str]] = {}
        self._held: Set[str] = set()
        self._ttl = int(ttl * _SECOND)
        self.asked: List[str] = []
        self.completions = 0
        self._folder = tempfile.mkdtemp(prefix="aeiou-fake-")
        self.socket = os.path.join(self._folder, "attach.sock")
        self._lock = threading.RLock()
        self._clients: List[_Client] = []
        self._connections = 0
        self._slots: Dict[str, _Slot] = {}
        self._taken: Set[int] = set()
        self._unit = 0
        self._start()

    def _start(self) -> None:
        self._epoch = time.monotonic_ns()
        self._table = _File(
            layout.TABLE_MAGIC, layout.FIRST_SLOT + _SLOTS * 64 + _DATA_BYTES, self._epoch, False
        )
        self._data = layout.FIRST_SLOT + _SLOTS * 64
        struct.pack_into("<IIQQ", self._table.bytes, layout.TABLE_SLOTS, _SLOTS, 64, self._data, _DATA_BYTES)
        self._listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listening.bind(self.socket)
        self._listening.listen()
        self._wakes, self._waker = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        self._stopped = False
        self._thread = threading.Thread(target=self._serve, name="aeiou-fake", daemon=True)
        self._thread.start()

    def __enter__(self) -> FakeDaemon:
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    # What a test tells it.

    def set(self, path: str, value: str) -> None:
        """Gives an attribute another value; those who watch it are told."""
        with self._lock:
            self._values[path] = value
            self._failures.pop(path, None)
            if path in self._slots:
                self._publish(path)
            for client in self._clients:
                for request in list(client.pending.values()):
                    if request.operation == layout.WATCH and request.path == path:
                        self._answer(client, request)

    def fail(self, path: str, reason: str, message: str = "") -> None:
        """Lets reads of an attribute, or lists of a directory, fail, for one of the reasons of :class:`aeiou.NoReading`."""
        with self._lock:
            self._failures[path] = (layout.REASONS.index(reason), message or reason)

    def hold(self, path: str) -> None:
        """Answers reads of an attribute only after :meth:`release`."""
        with self._lock:
            self._held.add(path)

    def release(self, path: str) -> None:
        """Answers those who wait."""
        with self._lock:
            self._held.discard(path)
            for client in self._clients:
                for request in list(client.pending.values()):
                    if request.path == path:
                        self._answer(client, request)

    def cache(self, path: str) -> None:
        """Puts an attribute into the value table, as if somebody had read it."""
        with self._lock:
            self._publish(path)

    def restart(self) -> None:
        """Goes away and comes back, with another epoch and an empty table."""
        self._stop()
        self._start()

    def close(self) -> None:
        """Goes away for good."""
        self._stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _stop(self) -> None:
        self._stopped = True
        os.write(self._waker, b"x")
        self._thread.join(5)
        for client in self._clients:
            client.close()
        self._clients.clear()
        self._slots.clear()
        self._taken.clear()
        self._unit = 0
        self._listening.close()
        os.unlink(self.socket)
        self._table.close()
        os.close(self._wakes)
        os.close(self._waker)

    # What it does.

    def _serve(self) -> None:
        while not self._stopped:
            with self._lock:
                for client in self._clients:
                    client.into.words[layout.ASLEEP // 8] = 1
                    self._take(client)
                fds = [self._wakes, self._listening.fileno()] + [client.sock.fileno() for client in self._clients]
            ready, _, _ = select.select(fds, [], [], 0.05)
            with self._lock:
                for client in list(self._clients):
                    if client.sock.fileno() in ready:
                        self._hear(client)
                if self._listening.fileno() in ready:
                    self._greet(self._listening.accept()[0])

    def _hear(self, client: _Client) -> None:
        try:
            if client.sock.recv(4096):
                return
        except OSError:
            pass
        self._clients.remove(client)
        client.close()

    def _greet(self, sock: socket.socket) -> None:
        sock.settimeout(5)
        hello = struct.unpack(layout.HELLO, sock.recv(64, socket.MSG_WAITALL))
        self._connections += 1
        client = _Client(sock, self._connections, self._epoch, hello)
        welcome = struct.pack(
            layout.WELCOME,
            layout.WELCOME_MAGIC,
            layout.VERSION,
            self._epoch,
            self._connections,
            0,
            client.entries,
            client.pages,
            client.page_bytes,
            client.outcome_bytes,
            client.arena_bytes,
            client.pages_at,
            client.outcomes_at,
            client.arena_at,
            0,
        )
        fds = struct.pack("4i", client.out.fd, client.into.fd, self._table.fd, client.hears)
        sock.sendmsg(
            [welcome.ljust(layout.WELCOME_BYTES, b"\0")], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, fds)]
        )
        self._clients.append(client)

    def _take(self, client: _Client) -> None:
        ring = client.out.bytes.cast("I")
        tail = client.out.words[layout.SUBMISSION_TAIL // 8]
        while client.head < tail:
            page = ring[layout.RING // 4 + (client.head & (client.entries - 1))]
            client.head += 1
            request = self._accept(client, page)
            last = request
            while last.flags & layout.CHAINED and last.next_page:
                last.next = last = self._accept(client, last.next_page - 1)
            self._begin(client, request)
        client.into.words[layout.SUBMISSION_HEAD // 8] = client.head
        ring.release()

    def _accept(self, client: _Client, page: int) -> _Request:
        at = client.pages_at + page * client.page_bytes
        head = struct.unpack_from(layout.PAGE_HEAD, client.out.bytes, at)
        path = bytes(client.out.bytes[at + 64 : at + 64 + head[6]]).decode()
        request = client.pending[page] = _Request(page, head, path)
        client.highest = max(client.highest, request.number)
        client.posted.pop(page, None)
        return request

    def _begin(self, client: _Client, request: _Request) -> None:
        if request.operation in (layout.CANCEL_REQUEST, layout.CANCEL_GROUP):
            self._cancel(client, request)
            return
        if request.operation == layout.READ and not request.flags & layout.EACH:
            self.asked.append(request.path)
        if request.path not in self._held:
            self._answer(client, request)

    def _cancel(self, client: _Client, request: _Request) -> None:
        of_one = request.operation == layout.CANCEL_REQUEST
        found = [
            each
            for each in client.pending.values()
            if each is not request and (each.number if of_one else each.group) == request.target
        ]
        for each in found:
            self._withdraw(client, each, b"withdrawn")
        late = of_one and 0 < request.target <= client.highest
        self._post(client, request, layout.CANCEL, 1 if found else 2 if late else 3, b"")

    def _withdraw(self, client: _Client, request: Optional[_Request], message: bytes) -> None:
        """Ends a request and what follows it in its chain."""
        while request is not None and client.pending.get(request.page) is request:
            self._post(client, request, layout.FAILURE, layout.REASONS.index("cancelled"), message)
            request = request.next

    def _answer(self, client: _Client, request: _Request) -> None:
        kind, reason, value = self._outcome(request)
        self._post(client, request, kind, reason, value, request.operation == layout.WATCH)
        if request.next is not None:
            self._go_on(client, request, request.next, kind, value)

    def _outcome(self, request: _Request) -> Tuple[int, int, bytes]:
        path = request.path
        if path in self._failures:
            number, message = self._failures[path]
            return layout.FAILURE, number, message.encode()
        if request.operation == layout.WRITE:
            return layout.FAILURE, layout.REASONS.index("not writable"), b"nothing can be written yet"
        names = self._names(path)
        if request.operation == layout.LIST and names:
            return layout.READING, 0, "".join(name + "\0" for name in names).encode()
        if request.operation == layout.STAT and (names or path in self._values):
            return layout.READING, 0, self._stat(path, bool(names))
        if request.operation in (layout.READ, layout.WATCH) and path in self._values:
            self._publish(path)
            return layout.READING, 0, self._values[path].encode()
        return layout.FAILURE, layout.REASONS.index("unknown name"), f"there is no '{path}'".encode()

    def _stat(self, path: str, is_directory: bool) -> bytes:
        mode = stat.S_IFDIR | 0o555 if is_directory else stat.S_IFREG | 0o444
        size = 0 if is_directory else len(self._values[path].encode()) + 1
        millis = int(time.time() * 1000)
        return struct.pack("<8Q", mode, os.getuid(), os.getgid(), size, millis, millis, 1, 0)

    def _go_on(self, client: _Client, step: _Request, following: _Request, kind: int, value: bytes) -> None:
        """Starts the next step of a chain, or ends the rest of it."""
        if kind == layout.READING:
            zero = re.fullmatch(rb"[-+]?0+(\.0*)?", value) is not None
            stop = step.flags & (layout.STOP_ON_ZERO if zero else layout.STOP_ON_NONZERO)
        else:
            stop = step.flags & (layout.STOP_ON_ERROR | layout.STOP_ON_NONZERO | layout.STOP_ON_ZERO)
        if client.pending.get(following.page) is not following:
            return  # withdrawn
        if stop:
            self._withdraw(client, following, b"the chain ended before this step")
        elif following.flags & layout.EACH:
            self._each(client, following, kind, value)
        else:
            following.path = following.path.replace("{}", value.decode())
            self._begin(client, following)

    def _each(self, client: _Client, step: _Request, kind: int, listing: bytes) -> None:
        if kind != layout.READING or "{}" not in step.path:
            message = b"there is no listing before it, or no {} in its path"
            self._post(client, step, layout.FAILURE, layout.REASONS.index("unknown name"), message)
        else:
            value = b""
            for name in filter(None, listing.decode().split("\0")):
                path = step.path.replace("{}", name.rstrip("/"))
                self.asked.append(path)
                if path in self._values:
                    self._publish(path)
                value += f"{name.rstrip('/')}\0{self._values.get(path, '')}\0".encode()
            self._post(client, step, layout.READING, 0, value)
        if step.next is not None:
            self._go_on(client, step, step.next, layout.READING, value if kind == layout.READING else b"")

    def _names(self, path: str) -> List[str]:
        prefix = path + "/" if path else ""
        names: Dict[str, None] = {}
        for each in self._values:
            if each.startswith(prefix):
                name, slash, _ = each[len(prefix) :].partition("/")
                names[name + slash] = None
        return list(names)

    def _post(
        self, client: _Client, request: _Request, kind: int, reason: int, value: bytes, more: bool = False
    ) -> None:
        page = request.page
        if not more:
            del client.pending[page]
        flags = layout.MORE if more else 0
        at = client.outcomes_at + page * client.outcome_bytes
        client.into.words[at // 8] = 0
        unit = 0
        begin = at + layout.OUTCOME_VALUE
        if len(value) > client.outcome_bytes - layout.OUTCOME_VALUE:
            units = (len(value) + 63) // 64
            if (client.unit + units) * 64 > client.arena_bytes:
                client.unit = 0
            unit = client.unit + 1
            client.unit += units
            begin = client.arena_at + (unit - 1) * 64
        client.into.bytes[begin : begin + len(value)] = value
        now, millis = time.monotonic_ns(), int(time.time() * 1000)
        client.times[page] = client.times.get(page, 0) + 1
        struct.pack_into(
            "<HHIQQQQIIQ",
            client.into.bytes,
            at + 8,
            kind,
            flags,
            reason,
            millis,
            millis,
            now + self._ttl,
            now + 2 * self._ttl,
            len(value),
            unit,
            client.times[page],
        )
        client.into.words[at // 8] = request.number
        if more and client.out.words[layout.COMPLETION_HEAD // 8] <= client.posted.get(page, -1):
            return  # who takes the last one finds this
        entry = layout.RING // 8 + 2 * (client.tail & (client.entries - 1))
        client.into.words[entry] = page | kind << 32 | flags << 48
        client.into.words[entry + 1] = request.cookie
        client.posted[page] = client.tail
        self.completions += 1
        client.tail += 1
        client.into.words[layout.COMPLETION_TAIL // 8] = client.tail
        try:
            os.write(client.bell, b"12345678")
        except BlockingIOError:
            pass

    def _publish(self, path: str) -> None:
        name, value = path.encode(), self._values[path].encode()
        crc = zlib.crc32(name)
        units = (len(name) + len(value) + 63) // 64
        place = self._slots.get(path)
        if place is None:
            free = [s for s in ((crc + i) % _SLOTS for i in range(layout.PROBES)) if s not in self._taken]
            if not free:
                return  # it is not cached, then
            place = self._slots[path] = _Slot(free[0])
            self._taken.add(free[0])
        if units > place.units:
            if (self._unit + units) * layout.UNIT > _DATA_BYTES:
                return
            place.unit, place.units = self._unit, units
            self._unit += units
        at = layout.FIRST_SLOT // 8 + place.slot * 8
        words = self._table.words
        words[at] = place.sequence + 1
        begin = self._data + place.unit * layout.UNIT
        words[at + 6] = len(value) | place.unit << 32
        self._table.bytes[begin : begin + len(name) + len(value)] = name + value
        now, millis = time.monotonic_ns(), int(time.time() * 1000)
        words[at + 1] = crc | len(name) << 32 | layout.READING << 48
        words[at + 2], words[at + 3] = now + self._ttl, now + 2 * self._ttl
        words[at + 4] = words[at + 5] = millis
        place.sequence += 2
        words[at] = place.sequence


__all__ = ["FakeDaemon"]

