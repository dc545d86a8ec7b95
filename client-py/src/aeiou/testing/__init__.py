"""A daemon without a network, so that programs can be tested without a mount.

::

    with aeiou.testing.FakeDaemon({"core1/system/sysName": "core1"}) as daemon:
        with aeiou.attach(daemon.socket) as net:
            assert net.read("core1/system/sysName").result(1).value == "core1"

It speaks the same protocol over the same kind of memory, on a thread of its own, and rings as rarely
as the real one.
"""

from __future__ import annotations

import errno
import os
import re
import selectors
import shutil
import socket
import stat
import struct
import tempfile
import threading
import time
from contextlib import suppress
from typing import Any, Dict, List, Optional, Set, Tuple

from .. import _layout as layout
from ._memory import Broken, FakeClient, FakeRequest, FakeTable, problem

_SECOND = 1_000_000_000
_FIELDS_OF_NO_CLIENT = (0,) * 8

#: Kind, reason and value of an outcome.
_Outcome = Tuple[int, int, bytes]


class FakeDaemon:
    """A daemon that serves what it is told to.

    Any thread may tell it. Paths are without a slash at their beginning.

    :param values: the attributes there are, by path
    :param ttl: for how many seconds a reading is fresh, and then stale
    :ivar socket: what to attach to
    :ivar asked: the paths that were read, in order: what was cached is not among them
    :ivar completions: how many requests had an outcome, or a watch a change
    """

    def __init__(self, values: Dict[str, str], ttl: float = 60.0) -> None:
        self._values = dict(values)
        self._failures: Dict[str, Tuple[str, str]] = {}
        self._held: Set[str] = set()
        self._ttl = int(ttl * _SECOND)
        self.asked: List[str] = []
        self.completions = 0
        self._folder = tempfile.mkdtemp(prefix="aeiou-fake-")
        self.socket = os.path.join(self._folder, "attach.sock")
        self._lock = threading.RLock()
        self._clients: List[FakeClient] = []
        self._connections = 0
        self._is_running = False
        self.start()

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
            if self._table.has(path):
                self._publish(path)
            for client in self._clients:
                for request in list(client.pending.values()):
                    if request.operation == layout.WATCH and _name(request) == path:
                        self._answer(client, request)

    def fail(self, path: str, reason: str, message: str = "") -> None:
        """Lets reads of an attribute, or lists of a directory, fail.

        :param reason: one of those of :class:`aeiou.NoReading`
        :param message: a sentence about it
        :raises ValueError: if there is no such reason
        """
        reasons = ("absent", *layout.REASONS[1:])
        if reason not in reasons:
            raise ValueError(f"{reason!r} is not one of {', '.join(reasons)}")
        with self._lock:
            self._failures[path] = (reason, message or reason)

    def hold(self, path: str) -> None:
        """Answers reads of an attribute, or lists of a directory, only after :meth:`release`."""
        with self._lock:
            self._held.add(path)

    def release(self, path: str) -> None:
        """Answers those who wait."""
        with self._lock:
            self._held.discard(path)
            for client in self._clients:
                for request in list(client.pending.values()):
                    if request.is_held and _name(request) == path:
                        request.is_held = False
                        self._answer(client, request)

    def cache(self, path: str, age: float = 0.0) -> None:
        """Puts an attribute into the value table, as if somebody had read it so many seconds ago.

        It is stale if that is more than the TTL, and of no use after twice the TTL.
        """
        with self._lock:
            self._publish(path, int(age * _SECOND))

    def restart(self) -> None:
        """Goes away and comes back, with another epoch and an empty table."""
        self.stop()
        self.start()

    def stop(self) -> None:
        """Goes away, as a daemon does that is ended; :meth:`start` lets it come back."""
        if not self._is_running:
            return
        self._is_running = False
        os.write(self._waker, b"x")
        self._thread.join(5)
        for client in self._clients:
            client.close()
        self._clients.clear()
        self._selector.close()
        self._listening.close()
        os.unlink(self.socket)
        self._table.file.close()
        os.close(self._wakes)
        os.close(self._waker)

    def start(self) -> None:
        """Comes back after :meth:`stop`, at the same socket."""
        if self._is_running:
            return
        self._is_running = True
        self._epoch = time.monotonic_ns()
        self._table = FakeTable(self._epoch, self._ttl)
        self._listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listening.bind(self.socket)
        self._listening.listen(128)
        self._wakes, self._waker = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._wakes, selectors.EVENT_READ)
        self._selector.register(self._listening, selectors.EVENT_READ)
        self._thread = threading.Thread(target=self._serve, name="aeiou-fake", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Goes away for good. Once is enough."""
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    # What it does.

    def _serve(self) -> None:
        while self._is_running:
            with self._lock:
                for client in list(self._clients):
                    client.into.words[layout.ASLEEP // 8] = 1
                    try:
                        for request in client.take():
                            self._begin(client, request)
                    except Broken:
                        self._part(client)
            ready = self._selector.select(0.05)
            with self._lock:
                for key, _ in ready:
                    if key.fileobj is self._listening:
                        self._greet(self._listening.accept()[0])
                    elif key.data is not None:
                        self._hear(key.data)

    def _hear(self, client: FakeClient) -> None:
        with suppress(OSError):
            if client.sock.recv(4096):
                return
        self._part(client)

    def _part(self, client: FakeClient) -> None:
        self._selector.unregister(client.sock)
        self._clients.remove(client)
        client.close()

    def _greet(self, sock: socket.socket) -> None:
        sock.settimeout(1)
        hello = b""
        with suppress(OSError):
            hello = sock.recv(struct.calcsize(layout.HELLO), socket.MSG_WAITALL)
        if len(hello) != struct.calcsize(layout.HELLO):
            sock.close()
            return
        magic, version, *geometry = struct.unpack(layout.HELLO, hello)
        with suppress(OSError):
            if magic != layout.HELLO_MAGIC or version >> 32 != layout.MAJOR:
                why = f"this daemon speaks version {layout.MAJOR}; use a client of that version"
                self._refuse(sock, errno.EPROTONOSUPPORT, why)
                return
            wrong = problem(tuple(geometry))
            if wrong is not None:
                self._refuse(sock, errno.EINVAL, wrong)
                return
            self._welcome(sock, FakeClient(sock, self._epoch, self._ttl, tuple(geometry)))

    def _refuse(self, sock: socket.socket, error: int, why: str) -> None:
        sock.sendall(self._message(error, _FIELDS_OF_NO_CLIENT, why))
        sock.close()

    def _welcome(self, sock: socket.socket, client: FakeClient) -> None:
        self._connections += 1
        fds = struct.pack("4i", client.out.fd, client.into.fd, self._table.file.fd, client.hears)
        # Before it knows: it may ask at once.
        self._clients.append(client)
        self._selector.register(sock, selectors.EVENT_READ, client)
        sock.sendmsg([self._message(0, client.numbers, "")], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, fds)])
        client.welcomed()

    def _message(self, error: int, fields: Tuple[int, ...], why: str) -> bytes:
        sentence = why.encode()
        head = (layout.WELCOME_MAGIC, layout.VERSION, self._epoch, self._connections, error, *fields, len(sentence))
        return (struct.pack(layout.WELCOME, *head) + sentence).ljust(layout.WELCOME_BYTES, b"\0")

    def _begin(self, client: FakeClient, request: FakeRequest) -> None:
        if request.operation in (layout.CANCEL_REQUEST, layout.CANCEL_GROUP):
            self._cancel(client, request)
            return
        name = _name(request)
        is_cached = not request.flags & layout.FORCE_MISS and self._table.is_fresh(name)
        if request.operation == layout.READ and not request.flags & (layout.EACH | layout.HIT_ONLY) and not is_cached:
            self.asked.append(name)
        request.is_held = name in self._held and not is_cached and not request.flags & layout.HIT_ONLY
        if not request.is_held:
            self._answer(client, request)

    def _cancel(self, client: FakeClient, request: FakeRequest) -> None:
        of_one = request.operation == layout.CANCEL_REQUEST
        found = [
            each
            for each in client.pending.values()
            if each is not request and (each.number if of_one else each.group) == request.target
        ]
        for each in found:
            self._withdraw(client, each, b"withdrawn")
        late = of_one and 0 < request.target <= client.highest
        self._post(client, request, (layout.CANCEL, 1 if found else 2 if late else 3, b""))

    def _withdraw(self, client: FakeClient, request: Optional[FakeRequest], message: bytes) -> None:
        """Ends a request and what follows it in its chain."""
        while request is not None and client.pending.get(request.page) is request:
            self._post(client, request, (layout.FAILURE, layout.REASONS.index("cancelled"), message))
            request = request.next

    def _answer(self, client: FakeClient, request: FakeRequest) -> None:
        outcome = self._outcome(request)
        kind, reason, value = outcome
        if request.operation == layout.WATCH and layout.REASONS[reason] != "unknown name":
            if request.told != (kind, value):
                request.told = (kind, value)
                self._post(client, request, outcome, True)
            return
        self._post(client, request, outcome)
        if request.next is not None:
            self._go_on(client, request, request.next, kind, value)

    def _outcome(self, request: FakeRequest) -> _Outcome:
        path, name = request.path, _name(request)
        if path is None or not request.cookie or not request.number:
            return _failure("unknown name", "a path in UTF-8 that fits its page, a cookie and a number are needed")
        if request.operation == layout.WRITE:
            return _failure("not writable", "nothing can be written yet")
        if name in self._failures:
            reason, message = self._failures[name]
            return (layout.ABSENT, 0, b"") if reason == "absent" else _failure(reason, message)
        names = self._names(name)
        is_there = name in self._values
        if not names and not is_there:
            return _failure("unknown name", f"{path}: there is no '{name}'")
        if request.operation == layout.STAT:
            return layout.READING, 0, self._stat(name, bool(names))
        if request.operation == layout.LIST:
            if names:
                return layout.READING, 0, "".join(each + "\0" for each in names).encode()
            return _failure("unknown name", f"{path}: is not a directory")
        if request.operation not in (layout.READ, layout.WATCH):
            return _failure("bad answer", f"operation {request.operation} is not known")
        if not is_there:
            return _failure("unknown name", f"{path}: is a directory")
        if request.flags & layout.HIT_ONLY:
            if not self._table.is_usable(name):
                return _failure("not cached", f"{path}: is not cached")
        elif not request.flags & layout.FORCE_MISS or self._table.has(name):
            self._publish(name)
        return layout.READING, 0, self._values[name].encode()

    def _stat(self, path: str, is_directory: bool) -> bytes:
        mode = stat.S_IFDIR | 0o555 if is_directory else stat.S_IFREG | 0o444
        size = 0 if is_directory else len(self._values[path].encode()) + 1
        millis = int(time.time() * 1000)
        return struct.pack("<8Q", mode, os.getuid(), os.getgid(), size, millis, millis, 1, 0)

    def _go_on(self, client: FakeClient, step: FakeRequest, following: FakeRequest, kind: int, value: bytes) -> None:
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
            following.path = (following.path or "").replace("{}", value.decode())
            self._begin(client, following)

    def _each(self, client: FakeClient, step: FakeRequest, kind: int, listing: bytes) -> None:
        path = step.path or ""
        if kind != layout.READING or "{}" not in path:
            outcome = _failure("unknown name", "there is no listing before it, or no {} in its path")
        else:
            value = b""
            for name in filter(None, listing.decode().split("\0")):
                each = _canonical(path.replace("{}", name.rstrip("/")))
                self.asked.append(each)
                if each in self._values:
                    self._publish(each)
                value += f"{name.rstrip('/')}\0{self._values.get(each, '')}\0".encode()
            outcome = (layout.READING, 0, value)
        self._post(client, step, outcome)
        if step.next is not None:
            self._go_on(client, step, step.next, outcome[0], outcome[2])

    def _names(self, path: str) -> List[str]:
        prefix = path + "/" if path else ""
        names: Dict[str, None] = {}
        for each in self._values:
            if each.startswith(prefix):
                name, slash, _ = each[len(prefix) :].partition("/")
                names[name + slash] = None
        return list(names)

    def _publish(self, path: str, age: int = 0) -> None:
        self._table.publish(path, self._values[path].encode(), age)

    def _post(self, client: FakeClient, request: FakeRequest, outcome: _Outcome, more: bool = False) -> None:
        self.completions += 1
        client.post(request, *outcome, more)


def _name(request: FakeRequest) -> str:
    """What a request's path names."""
    return _canonical(request.path or "")


def _canonical(path: str) -> str:
    """A path without empty parts."""
    return "/".join(filter(None, path.split("/")))


def _failure(reason: str, message: str) -> _Outcome:
    return layout.FAILURE, layout.REASONS.index(reason), message.encode()


__all__ = ["FakeDaemon"]
