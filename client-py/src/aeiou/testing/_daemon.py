"""The fake daemon: what a test tells it, and how it serves its clients."""

from __future__ import annotations

import errno
import os
import selectors
import shutil
import socket
import struct
import tempfile
import threading
import time
from contextlib import suppress
from typing import Any, List, Mapping, Optional, Tuple, Union

from .. import _layout as layout
from ._answers import Answers
from ._memory import Broken, FakeClient, problem
from ._network import FakeNetwork, canonical, name_of
from ._table import FakeTable

_SECOND = 1_000_000_000
_FIELDS_OF_NO_CLIENT = (0,) * 8


class FakeDaemon(Answers):
    """A daemon that serves what it is told to.

    Any thread may tell it. Paths are as in :class:`aeiou.Group`.

    :param values: the attributes there are, by path
    :param ttl: for how many seconds a reading is fresh, and then stale
    :ivar socket: what to attach to
    :ivar completions: how many requests had an outcome, or a watch a change
    """

    def __init__(self, values: Mapping[str, str], ttl: float = 60.0) -> None:
        self._network = FakeNetwork(values)
        self._version = layout.VERSION  # what it says that it speaks
        self._ttl = int(ttl * _SECOND)
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

    def __repr__(self) -> str:
        state = f"{len(self._clients)} attached" if self._is_running else "stopped"
        return f"<FakeDaemon {self.socket}: {state}>"

    @property
    def asked(self) -> List[str]:
        """The paths that were read, in order: what was cached is not among them."""
        return self._network.asked

    # What a test tells it.

    def set(self, path: str, value: str) -> None:
        """Gives an attribute another value, or lets there be one; watches of it are told."""
        name = canonical(path)
        with self._lock:
            is_new = self._network.set(name, value)
            if is_new:
                self._forget(name)
            if self._table.has(name):
                self._network.publish(name, self._table)
            self._tell_watches([name])

    def remove(self, path: str) -> None:
        """Takes an attribute away, or a directory with all below it: as a reload does that removes a system.

        Watches are told ``unknown name``, and go on when :meth:`set` brings the attribute back.
        """
        with self._lock:
            gone = self._network.remove(canonical(path))
            for name in gone:
                self._forget(name)
            self._tell_watches(gone)

    def _forget(self, name: str) -> None:
        """A name came or went: what the table has of it, and of the directories above it, holds no more."""
        while True:
            self._table.withdraw(name)
            if not name:
                return
            name = name.rpartition("/")[0]

    def fail(self, path: str, reason: str, message: str = "") -> None:
        """Lets reads and writes of an attribute, or lists of a directory, fail until :meth:`set`.

        :param reason: one of those of :class:`aeiou.NoReading`
        :param message: a sentence about it
        :raises ValueError: if there is no such reason
        """
        reasons = ("absent", *layout.REASONS[1:])
        if reason not in reasons:
            raise ValueError(f"{reason!r} is not one of {', '.join(reasons)}")
        with self._lock:
            self._network.fail(canonical(path), reason, message or reason)
            if reason == "absent" or not self._table.has(canonical(path)):
                self._table.withdraw(canonical(path))

    def allow(self, path: str) -> None:
        """Lets an attribute be written; it takes any text, and ends otherwise while :meth:`fail` says so."""
        with self._lock:
            self._network.writable.add(canonical(path))

    def describe(
        self,
        path: str,
        *,
        raw: Union[int, bytes, str, None] = None,
        oid: Optional[str] = None,
        type: Optional[str] = None,
        units: Optional[str] = None,
    ) -> None:
        """Says what else is known of an attribute, for :meth:`aeiou.Group.describe`."""
        with self._lock:
            self._network.describe(canonical(path), {"oid": oid, "type": type, "units": units}, raw)
            self._table.withdraw(canonical(path))

    def hold(self, path: str) -> None:
        """Answers reads of an attribute, or lists of a directory, only after :meth:`release`."""
        with self._lock:
            self._network.held.add(canonical(path))

    def release(self, path: str) -> None:
        """Answers what waits."""
        name = canonical(path)
        with self._lock:
            self._network.held.discard(name)
            for client in self._clients:
                for request in list(client.pending.values()):
                    if request.is_held and name_of(request) == name:
                        request.is_held = False
                        self._answer(client, request)

    def cache(self, path: str, age: float = 0.0) -> None:
        """Puts an attribute, or the listing of a directory, into the value table, as if it had been read so long ago.

        An attribute that :meth:`fail` made absent is put in as that.

        :param age: in seconds; it is stale if that is more than the TTL, and of no use after twice the TTL
        """
        with self._lock:
            self._network.publish(canonical(path), self._table, int(age * _SECOND))

    def cut_off(self, why: str) -> None:
        """Ends every attachment, as the real one does with a program that breaks the protocol."""
        with self._lock:
            for client in list(self._clients):
                self._part(client, errno.EPROTO, why)

    def restart(self) -> None:
        """Goes away and comes back, with another epoch and an empty table."""
        self.stop()
        self.start()

    def stop(self, killed: bool = False) -> None:
        """Goes away, as a daemon does that is ended; :meth:`start` lets it come back.

        :param killed: without a word to its clients
        """
        if not self._is_running:
            return
        self._is_running = False
        os.write(self._waker, b"x")
        self._thread.join(5)
        for client in list(self._clients):
            self._part(client, 0 if killed else errno.ESHUTDOWN, "the daemon stops")
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

    # How it serves.

    def _serve(self) -> None:
        while self._is_running:
            with self._lock:
                for client in list(self._clients):
                    client.into.words[layout.ASLEEP // 8] = 1
                    try:
                        for request in client.take():
                            self._begin(client, request)
                    except Broken as e:
                        self._part(client, errno.EPROTO, str(e))
            ready = self._selector.select(self._expire())
            with self._lock:
                for key, _ in ready:
                    if key.fileobj is self._listening:
                        self._greet(self._listening.accept()[0])
                    elif key.data is not None and key.data in self._clients:
                        self._hear(key.data)

    def _hear(self, client: FakeClient) -> None:
        with suppress(OSError):
            if client.sock.recv(4096):
                return
        self._part(client)

    def _part(self, client: FakeClient, error: int = 0, why: str = "") -> None:
        """Ends an attachment; with an error, it is told why."""
        self._selector.unregister(client.sock)
        self._clients.remove(client)
        if error:
            with suppress(OSError):
                client.sock.send(self._message(error, _FIELDS_OF_NO_CLIENT, why), socket.MSG_DONTWAIT)
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
        head = (layout.WELCOME_MAGIC, self._version, self._epoch, self._connections, error, *fields, len(sentence))
        return (struct.pack(layout.WELCOME, *head) + sentence).ljust(layout.WELCOME_BYTES, b"\0")
