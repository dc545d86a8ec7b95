"""The socket and the rings: requests go out, outcomes come in."""

from __future__ import annotations

import array
import mmap
import os
import select
import socket
import struct
import threading
import time
from typing import Any, Callable, List, NamedTuple, Optional, Tuple

from . import _layout as layout
from ._entry import Entry, of_words
from ._errors import AttachError, Detached
from ._table import Table


_TRIES = 1000


class Geometry(NamedTuple):
    """How much room an attachment has.

    :ivar pages: how many requests may be pending at once
    :ivar page_bytes: 64, and the longest path; a multiple of 64
    :ivar outcome_bytes: 64, and the longest value that needs no arena; a multiple of 64
    :ivar arena_bytes: for values that are longer
    """

    pages: int = 16384
    page_bytes: int = 256
    outcome_bytes: int = 256
    arena_bytes: int = 8 << 20


#: Called at an outcome: with the request's context, the entry, and whether more will come.
Sink = Callable[[Any, Entry, bool], None]


def find_socket(place: str) -> str:
    """The socket of a mount point; a socket's own path is taken as it is."""
    if os.path.isdir(place):
        note = os.path.join(place, ".aeiou", "attach")
        try:
            with open(note, encoding="utf-8") as file:
                found = file.read().strip()
        except OSError as e:
            raise AttachError(f"{place}: is not a mounted network: {note}: {e.strerror}") from e
        if not found:
            raise AttachError(f"{place}: its daemon lets no program attach; see 'attach' in its configuration")
        return found
    return place


class Connection:
    """One attachment: rings, pages and the table. Made by :func:`connect`.

    Any thread may submit; one thread at a time drains.
    """

    def __init__(self, sock: socket.socket, numbers: Tuple[int, ...], fds: List[int]) -> None:
        (_, _, self.epoch, self.number, _, entries, self.pages, page_bytes, outcome_bytes, _) = numbers[:10]
        self._pages_at, self._outcomes_at, self._arena_at = numbers[10], numbers[11], numbers[12]
        sock.setblocking(False)
        self._socket = sock
        submissions, completions, table, self.bell = fds
        try:
            self._submissions = _map(submissions, True)
            self._completions = _map(completions, False)
            self._table_memory = _map(table, False)
        finally:
            for fd in (submissions, completions, table):
                os.close(fd)
        self.table = Table(self._table_memory)
        self._mask = entries - 1
        self.page_bytes = page_bytes
        self._outcome_bytes = outcome_bytes
        self._page_memory = memoryview(self._submissions)
        self._out = self._page_memory.cast("Q")
        self._ring = self._page_memory.cast("I")
        self._in_bytes = memoryview(self._completions)
        self._in = self._in_bytes.cast("Q")
        self._free = list(range(self.pages - 1, -1, -1))

        # By page: the path, the request's sink and context, and its number.
        self._pending: List[Optional[Tuple[str, Sink, Any, int]]] = [None] * self.pages
        self._tail = 0
        self._head = 0
        self._numbers = 0
        self._lock = threading.Lock()
        self._fence = threading.Lock()
        self.gone = False

    def submit(
        self, operation: int, path: str, sink: Sink, context: Any, flags: int = 0, group: int = 0, target: int = 0
    ) -> int:
        """Puts a request into the ring; :meth:`ring` lets the daemon know.

        :return: the number of the request; 0 if all pages are in use
        :raises Detached: if the daemon is gone
        :raises ValueError: if the path does not fit a page
        """
        name = self._name(path)
        with self._lock:
            if self.gone:
                raise Detached("the daemon is gone")
            if not self._free:
                return 0
            page = self._free.pop()
            number = self._write(page, operation, path, name, sink, context, flags, group, target, 0)
            self._enter(page)
            return number

    def submit_chain(self, steps: List[Tuple[int, str, int]], sink: Sink, context: Any, group: int = 0) -> int:
        """Puts a chain of operations, paths and flags into the ring, as :meth:`submit` does one request."""
        names = [self._name(path) for _, path, _ in steps]
        with self._lock:
            if self.gone:
                raise Detached("the daemon is gone")
            if len(self._free) < len(steps):
                return 0
            pages = [self._free.pop() for _ in steps]
            following = [page + 1 for page in pages[1:]] + [0]
            number = 0
            for (operation, path, flags), name, page, after in zip(steps, names, pages, following):
                chained = flags | layout.CHAINED if after else flags
                number = self._write(page, operation, path, name, sink, context, chained, group, 0, after)
            self._enter(pages[0])
            return number

    def _name(self, path: str) -> bytes:
        name = path.encode("utf-8", "surrogateescape")
        if len(name) > self.page_bytes - layout.PAGE_PATH:
            raise ValueError(
                f"{path[:80]}…: is {len(name)} bytes long; a page has room for "
                f"{self.page_bytes - layout.PAGE_PATH}: attach with larger pages"
            )
        return name

    def _write(
        self,
        page: int,
        operation: int,
        path: str,
        name: bytes,
        sink: Sink,
        context: Any,
        flags: int,
        group: int,
        target: int,
        following: int,
    ) -> int:
        self._numbers += 1
        number = self._numbers
        self._pending[page] = (path, sink, context, number)
        at = self._pages_at + page * self.page_bytes
        struct.pack_into(
            layout.PAGE_HEAD,
            self._page_memory,
            at,
            operation,
            flags,
            page + 1,
            number,
            target,
            group,
            len(name),
            following,
        )
        self._page_memory[at + layout.PAGE_PATH : at + layout.PAGE_PATH + len(name)] = name
        return number

    def _enter(self, page: int) -> None:
        self._ring[layout.RING // 4 + (self._tail & self._mask)] = page
        self._tail += 1

    def ring(self) -> None:
        """Hands over what was submitted, all at once, and wakes the daemon if it sleeps."""
        with self._lock:
            # One store of a whole word; the daemon acquires it and finds pages and ring written.
            self._out[layout.SUBMISSION_TAIL // 8] = self._tail
        # Taking a lock is a full fence: between publishing the tail and looking whether the daemon
        # sleeps. Pairs with the daemon's fence between saying that it sleeps and looking.
        with self._fence:
            pass
        if self._in[layout.ASLEEP // 8]:
            try:
                self._socket.send(b"\1", socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL)
            except (BlockingIOError, InterruptedError):
                pass  # it has bells enough
            except OSError:
                self.lost()

    def drain(self, most: int = 1 << 30) -> int:
        """Runs the sinks of what has come; returns how many."""
        drained = 0
        while drained < most:
            words = self._in
            tail = words[layout.COMPLETION_TAIL // 8]
            if tail == self._head:
                break
            head = self._head
            end = min(tail, head + most - drained, (head | self._mask) + 1)
            begin = layout.RING // 8 + 2 * (head & self._mask)
            taken = words[begin : begin + 2 * (end - head) : 2].tolist()
            self._head = end
            self._out[layout.COMPLETION_HEAD // 8] = end
            # A full fence between taking and reading: what a watch wrote before it looked at the
            # head is read now; what it writes later comes with another entry.
            with self._fence:
                pass
            self._deliver(taken)
            drained += len(taken)
        return drained

    def _deliver(self, taken: List[int]) -> None:
        pending = self._pending
        finished = []
        calls = []
        for word in taken:
            page = word & 0xFFFFFFFF
            request = pending[page] if page < self.pages else None
            if request is None:
                continue
            entry = self._outcome(page, request[0])
            more = bool(word >> 48 & layout.MORE)
            if more:
                if not self._goes_on(page):
                    continue
            else:
                pending[page] = None
                finished.append(page)
            calls.append((request[1], request[2], entry, more))
        if finished:
            with self._lock:
                self._free.extend(finished)
        for sink, context, entry, more in calls:
            sink(context, entry, more)

    def _goes_on(self, page: int) -> bool:
        """Whether what was read of a watch is not its end yet, which comes with a completion of its own."""
        at = (self._outcomes_at + page * self._outcome_bytes) // 8 + layout.OUTCOME_KIND_FLAGS_REASON
        return bool(self._in[at] >> 16 & layout.MORE)

    def _outcome(self, page: int, path: str) -> Entry:
        words = self._in
        offset = self._outcomes_at + page * self._outcome_bytes
        at = offset // 8
        # A watch's outcome may be written anew meanwhile; a daemon that died in the middle never ends.
        for _ in range(_TRIES):
            number = words[at]
            times = words[at + layout.OUTCOME_TIMES]
            length_unit = words[at + layout.OUTCOME_LENGTH_UNIT]
            length = length_unit & 0xFFFFFFFF
            unit = length_unit >> 32
            begin = self._arena_at + (unit - 1) * layout.UNIT if unit else offset + layout.OUTCOME_VALUE
            entry = of_words(path, words, at, bytes(self._in_bytes[begin : begin + length]))
            if number and words[at] == number and words[at + layout.OUTCOME_TIMES] == times:
                break
        return entry

    def asleep(self) -> bool:
        """Asks for the bell; False if something has come meanwhile."""
        self._out[layout.WAKE_AT // 8] = self._head
        with self._fence:  # pairs with the daemon's fence between publishing and looking
            pass
        return bool(self._in[layout.COMPLETION_TAIL // 8] == self._head) and not self.gone

    def wait(self, timeout: Optional[float]) -> bool:
        """Sleeps until something has come, or the daemon is gone; False if the time is over."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while self.asleep():
            left = None if deadline is None else deadline - time.monotonic()
            if left is not None and left <= 0:
                return False
            poller = select.poll()
            poller.register(self.bell, select.POLLIN)
            poller.register(self._socket, select.POLLIN)
            for fd, _ in poller.poll(None if left is None else max(1, int(left * 1000 + 0.999))):
                if fd == self.bell:
                    self.silence()
                else:
                    self.listen()
        return True

    def silence(self) -> None:
        """Takes back the bell."""
        try:
            os.read(self.bell, 8)
        except (BlockingIOError, ValueError):
            pass

    def listen(self) -> None:
        """Looks whether the daemon is gone."""
        try:
            if not self._socket.recv(64, socket.MSG_DONTWAIT):
                self.lost()
        except (BlockingIOError, InterruptedError):
            pass
        except OSError:
            self.lost()

    def fileno(self) -> int:
        """The socket, which becomes readable when the daemon goes."""
        return self._socket.fileno()

    def lost(self) -> None:
        """The daemon is gone: whatever is pending has had its chance."""
        self.gone = True

    def abandon(self) -> None:
        """Ends whatever is pending: the daemon stopped. What has come before that is delivered."""
        self.drain()
        ended = []
        with self._lock:
            for page, request in enumerate(self._pending):
                if request is not None:
                    self._pending[page] = None
                    ended.append(request)
        for path, sink, context, _ in ended:
            sink(context, Entry(path, "stopped", b"the daemon is gone", 0, 0, 0, 0), False)

    def close(self) -> None:
        """Lets go of everything; the daemon then forgets what is pending."""
        self.gone = True
        self._socket.close()
        os.close(self.bell)
        self.table.close()
        for view in (self._ring, self._out, self._page_memory, self._in, self._in_bytes):
            view.release()
        for memory in (self._submissions, self._completions, self._table_memory):
            memory.close()


def _map(fd: int, writable: bool) -> mmap.mmap:
    access = mmap.PROT_READ | mmap.PROT_WRITE if writable else mmap.PROT_READ
    return mmap.mmap(fd, os.fstat(fd).st_size, mmap.MAP_SHARED, access)


def connect(place: str, geometry: Geometry, timeout: float = 5.0) -> Connection:
    """Attaches to the daemon of a mount point, or at a socket.

    :raises AttachError: if that is not possible, with the reason
    """
    path = find_socket(place)
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        sock.settimeout(timeout)
        sock.connect(path)
        sock.sendall(
            struct.pack(
                layout.HELLO,
                layout.HELLO_MAGIC,
                layout.VERSION,
                geometry.pages,
                geometry.page_bytes,
                geometry.outcome_bytes,
                geometry.arena_bytes,
            )
        )
        message, fds = _receive(sock)
        numbers = struct.unpack_from(layout.WELCOME, message)
        if numbers[0] != layout.WELCOME_MAGIC or numbers[1] >> 32 != layout.MAJOR:
            _close_all(fds)
            raise AttachError(f"{path}: what answers there does not speak version {layout.MAJOR}")
        if numbers[4]:
            length = numbers[13]
            sentence = message[layout.WELCOME_SENTENCE : layout.WELCOME_SENTENCE + length].decode("utf-8", "replace")
            _close_all(fds)
            raise AttachError(f"{path}: {sentence} ({os.strerror(numbers[4])})")
        if len(fds) != 4:
            _close_all(fds)
            raise AttachError(f"{path}: the daemon sent {len(fds)} descriptors instead of 4")
        return Connection(sock, numbers, fds)
    except OSError as e:
        sock.close()
        raise AttachError(f"{path}: cannot be attached to: {e.strerror or e}") from e
    except BaseException:
        sock.close()
        raise


def _receive(sock: socket.socket) -> Tuple[bytes, List[int]]:
    message = b""
    fds = array.array("i")
    while len(message) < layout.WELCOME_BYTES:
        data, ancillary, _, _ = sock.recvmsg(
            layout.WELCOME_BYTES - len(message), socket.CMSG_SPACE(8 * fds.itemsize), socket.MSG_CMSG_CLOEXEC
        )
        for level, kind, content in ancillary:
            if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
                fds.frombytes(content[: len(content) - len(content) % fds.itemsize])
        if not data:
            _close_all(list(fds))
            raise AttachError("the daemon hung up before it answered")
        message += data
    return message, list(fds)


def _close_all(fds: List[int]) -> None:
    for fd in fds:
        os.close(fd)
