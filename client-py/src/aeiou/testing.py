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
import select
import shutil
import socket
import struct
import tempfile
import threading
import time
import zlib
from typing import Any, Dict, List, Set, Tuple

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


class _Client:
    """One attachment."""

    def __init__(self, sock: socket.socket, number: int, epoch: int, hello: Tuple[int, ...]) -> None:
        _, _, self.pages, self.page_bytes, self.outcome_bytes, self.arena_bytes = hello
        self.sock = sock
        self.entries = 1 << max(0, self.pages - 1).bit_length()
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
        self.pending: Dict[int, Tuple[int, int, int, str, int]] = {}
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
    """

    def __init__(self, values: Dict[str, str], ttl: float = 60.0) -> None:
        self._values = dict(values)
        self._failures: Dict[str, Tuple[int, str]] = {}
        self._held: Set[str] = set()
        self._ttl = int(ttl * _SECOND)
        self.asked: List[str] = []
        self._folder = tempfile.mkdtemp(prefix="aeiou-fake-")
        self.socket = os.path.join(self._folder, "attach.sock")
        self._lock = threading.RLock()
        self._clients: List[_Client] = []
        self._connections = 0
        self._slots: Dict[str, Tuple[int, int]] = {}
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
                for page, (operation, _, _, watched, _) in list(client.pending.items()):
                    if operation == layout.WATCH and watched == path:
                        self._answer(client, page)

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
                for page, request in list(client.pending.items()):
                    if request[3] == path:
                        self._answer(client, page)

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
            at = client.pages_at + page * client.page_bytes
            operation, flags, cookie, number, target, group, length, _ = struct.unpack_from(
                layout.PAGE_HEAD, client.out.bytes, at
            )
            path = bytes(client.out.bytes[at + 64 : at + 64 + length]).decode()
            client.pending[page] = (operation, cookie, number, path, group)
            client.highest = max(client.highest, number)
            self._start_request(client, page, operation, path, target)
        client.into.words[layout.SUBMISSION_HEAD // 8] = client.head
        ring.release()

    def _start_request(self, client: _Client, page: int, operation: int, path: str, target: int) -> None:
        if operation in (layout.CANCEL_REQUEST, layout.CANCEL_GROUP):
            self._cancel(client, page, operation, target)
            return
        if operation == layout.READ:
            self.asked.append(path)
        if path not in self._held:
            self._answer(client, page)

    def _cancel(self, client: _Client, page: int, operation: int, target: int) -> None:
        field = 2 if operation == layout.CANCEL_REQUEST else 4
        found = [each for each, request in client.pending.items() if each != page and request[field] == target]
        for each in found:
            self._post(client, each, layout.FAILURE, 5, b"withdrawn")
        late = operation == layout.CANCEL_REQUEST and 0 < target <= client.highest
        self._post(client, page, layout.CANCEL, 1 if found else 2 if late else 3, b"")

    def _answer(self, client: _Client, page: int) -> None:
        operation, _, _, path, _ = client.pending[page]
        failure = self._failures.get(path)
        more = operation == layout.WATCH
        if operation == layout.LIST and failure is None:
            names = self._names(path)
            if names:
                self._post(client, page, layout.READING, 0, "".join(name + "\0" for name in names).encode())
            else:
                self._post(client, page, layout.FAILURE, 9, f"there is no '{path}'".encode())
        elif failure is not None:
            self._post(client, page, layout.FAILURE, failure[0], failure[1].encode(), more)
        elif path not in self._values:
            self._post(client, page, layout.FAILURE, 9, f"there is no '{path}'".encode())
        else:
            self._publish(path)
            self._post(client, page, layout.READING, 0, self._values[path].encode(), more)

    def _names(self, path: str) -> List[str]:
        prefix = path + "/" if path else ""
        names: Dict[str, None] = {}
        for each in self._values:
            if each.startswith(prefix):
                name, slash, _ = each[len(prefix) :].partition("/")
                names[name + slash] = None
        return list(names)

    def _post(
        self, client: _Client, page: int, kind: int, reason: int, value: bytes, more: bool = False
    ) -> None:
        _, cookie, number, _, _ = client.pending[page]
        if not more:
            del client.pending[page]
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
            "<IIQQQQIIQ",
            client.into.bytes,
            at + 8,
            kind,
            reason,
            millis,
            millis,
            now + self._ttl,
            now + 2 * self._ttl,
            len(value),
            unit,
            client.times[page],
        )
        client.into.words[at // 8] = number
        entry = layout.RING // 8 + 2 * (client.tail & (client.entries - 1))
        client.into.words[entry] = page | kind << 32 | (layout.MORE if more else 0) << 48
        client.into.words[entry + 1] = cookie
        client.tail += 1
        client.into.words[layout.COMPLETION_TAIL // 8] = client.tail
        try:
            os.write(client.bell, b"12345678")
        except BlockingIOError:
            pass

    def _publish(self, path: str) -> None:
        name, value = path.encode(), self._values[path].encode()
        crc = zlib.crc32(name)
        slot, sequence = self._slots.get(path, (-1, 0))
        if slot < 0:
            taken = {each for each, _ in self._slots.values()}
            slot = next(s for s in ((crc + i) & (_SLOTS - 1) for i in range(64)) if s not in taken)
        at = layout.FIRST_SLOT // 8 + slot * 8
        words = self._table.words
        words[at] = sequence + 1
        begin = self._data + self._unit * 64
        words[at + 6] = len(value) | self._unit << 32
        self._unit += (len(name) + len(value) + 63) // 64
        self._table.bytes[begin : begin + len(name) + len(value)] = name + value
        now, millis = time.monotonic_ns(), int(time.time() * 1000)
        words[at + 1] = crc | len(name) << 32 | layout.READING << 48
        words[at + 2], words[at + 3] = now + self._ttl, now + 2 * self._ttl
        words[at + 4] = words[at + 5] = millis
        words[at] = sequence + 2
        self._slots[path] = (slot, sequence + 2)


__all__ = ["FakeDaemon"]

