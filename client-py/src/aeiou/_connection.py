"""The rings: requests go out, outcomes come in."""

from __future__ import annotations

import mmap
import os
import select
import socket
import struct
import threading
import time
import weakref
from collections import deque
from contextlib import suppress
from typing import Any, Callable, Deque, List, NamedTuple, Optional, Sequence, Tuple

from . import _layout as layout
from ._entry import Entry, of_words
from ._errors import NameTooLong
from ._fence import LOCK_IS_FENCE, LONGEST_SLEEP
from ._greeting import Geometry, greet
from ._table import Table

_TRIES = 100
_BATCH = 1024
_PAGE_HEAD = struct.Struct(layout.PAGE_HEAD)

#: Called at an outcome: with the request's context, the entry, and whether more will come.
Sink = Callable[[Any, Entry, bool], None]


class Step(NamedTuple):
    """One operation of a request; a chain has several."""

    operation: int
    path: str
    flags: int = 0
    target: int = 0


class Connection:
    """One attachment: rings, pages and the table. Made by :func:`connect`.

    Any thread may submit. What comes is taken, and its sinks run, by one thread at a time.

    :ivar due: what has come, and whose sink has not run yet: every drain goes on with it, also one
        inside a sink, and one after a sink that has raised
    :ivar draining: is held by whoever drains
    :ivar gone: whether the daemon is gone, or this was closed
    :ivar abandoned: whether what was pending then has been ended
    """

    def __init__(self, sock: socket.socket, numbers: Tuple[int, ...], fds: List[int]) -> None:
        (_, _, self.epoch, self.number, _, entries, self.pages, page_bytes, outcome_bytes, _) = numbers[:10]
        self._pages_at, self._outcomes_at, self._arena_at = numbers[10], numbers[11], numbers[12]
        self._socket = sock
        submissions, completions, table, self.bell = fds
        # An attachment that nobody closes lets go of these when it is forgotten.
        self._let_go = weakref.finalize(self, _let_go, sock, self.bell)
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
        self._in = memoryview(self._completions).cast("Q")
        self._free = list(range(self.pages - 1, -1, -1))

        # By page: the path, the request's sink and context, and its number.
        self._pending: List[Optional[Tuple[str, Sink, Any, int]]] = [None] * self.pages
        # Pages of requests that nobody is told of, and their numbers.
        self._silent: List[Tuple[int, int]] = []
        self._tail = 0
        self._head = 0
        self._numbers = 0
        self._lock = threading.Lock()
        self._fence = threading.Lock()
        self.draining = threading.RLock()
        self.due: Deque[Tuple[Sink, Any, Entry, bool]] = deque()
        self.gone = False
        self.abandoned = False
        self._closed = False

    def follow(self, before: Connection) -> None:
        """Goes on where a connection that is lost has ended: with its numbers, and what is due."""
        self._numbers = before._numbers
        self.due = before.due
        self.draining = before.draining

    # Asking.

    def submit(
        self,
        operation: int,
        path: str,
        sink: Sink,
        context: Any,
        flags: int = 0,
        group: int = 0,
        target: int = 0,
        leave: int = 0,
    ) -> int:
        """Puts a request into the ring; :meth:`ring` lets the daemon know.

        :param leave: how many pages are to stay free
        :return: the number of the request; 0 if there is no page for it, or the daemon is gone
        :raises ValueError: if the path does not fit a page
        """
        name = self.name(path)
        with self._lock:
            if self.gone or len(self._free) <= leave and not self._reclaim(1 + leave):
                return 0
            page = self._free.pop()
            self._numbers = number = self._numbers + 1
            self._write(page, number, operation, path, name, sink, context, flags, group, target, 0)
            self._enter(page)
            return number

    def submit_steps(
        self, number: int, steps: Sequence[Step], sink: Sink, context: Any, group: int = 0, leave: int = 0
    ) -> bool:
        """Puts a request of one step, or a chain, into the ring, as :meth:`submit` does.

        :param number: of its first step: what :meth:`reserve` gave
        :return: whether there were pages for it, and the daemon is there
        """
        names = [self.name(step.path) for step in steps]
        with self._lock:
            if self.gone or len(self._free) < len(steps) + leave and not self._reclaim(len(steps) + leave):
                return False
            pages = [self._free.pop() for _ in steps]
            following = [page + 1 for page in pages[1:]] + [0]
            for i, (step, name, page, after) in enumerate(zip(steps, names, pages, following)):
                flags = step.flags | layout.CHAINED if after else step.flags
                self._write(
                    page, number + i, step.operation, step.path, name, sink, context, flags, group, step.target, after
                )
            self._enter(pages[0])
            return True

    def reserve(self, count: int) -> int:
        """Numbers for steps that are submitted later; gives the first one."""
        with self._lock:
            self._numbers += count
            return self._numbers - count + 1

    def name(self, path: str) -> bytes:
        """A path as its page has it.

        :raises NameTooLong: if it does not fit
        :raises ValueError: if it is no text that has a name
        """
        name = path.encode("utf-8", "surrogateescape")
        room = self.page_bytes - layout.PAGE_PATH
        if len(name) > room:
            why = f"is {len(name)} bytes long; a page has room for {room}: attach with larger pages"
            raise NameTooLong(path, "name too long", why)
        return name

    @property
    def silent(self) -> int:
        """How many pages belong to requests that nobody is told of, and were not looked at since."""
        return len(self._silent)

    def _reclaim(self, wanted: int) -> bool:
        """Takes back the pages whose requests have ended without a completion; whether so many are free now."""
        # Their outcomes have their numbers then: the number is what the daemon writes last.
        words = self._in
        left = []
        for page, number in self._silent:
            if words[(self._outcomes_at + page * self._outcome_bytes) >> 3] == number:
                self._free.append(page)
            else:
                left.append((page, number))
        self._silent = left
        return len(self._free) >= wanted

    def _write(
        self,
        page: int,
        number: int,
        operation: int,
        path: str,
        name: bytes,
        sink: Sink,
        context: Any,
        flags: int,
        group: int,
        target: int,
        following: int,
    ) -> None:
        if flags & layout.NO_COMPLETION:
            self._silent.append((page, number))
        else:
            self._pending[page] = (path, sink, context, number)
        at = self._pages_at + page * self.page_bytes
        _PAGE_HEAD.pack_into(
            self._page_memory, at, operation, flags, page + 1, number, target, group, len(name), following
        )
        at += layout.PAGE_PATH
        self._page_memory[at : at + len(name)] = name

    def _enter(self, page: int) -> None:
        self._ring[layout.RING // 4 + (self._tail & self._mask)] = page
        self._tail += 1

    def ring(self) -> None:
        """Hands over what was submitted, all at once, and wakes the daemon if it sleeps."""
        with self._lock:
            if self._closed:
                return
            # One store of a whole word; the daemon acquires it and finds pages and ring written.
            self._out[layout.SUBMISSION_TAIL // 8] = self._tail
        # A full fence (see _fence) between publishing the tail and looking whether the daemon sleeps.
        # Pairs with the daemon's fence between saying that it sleeps and looking.
        with self._fence:
            pass
        if self._in[layout.ASLEEP // 8] or not LOCK_IS_FENCE:
            try:
                self._socket.send(b"\1", socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL)
            except (BlockingIOError, InterruptedError):
                pass  # it has bells enough
            except OSError:
                self.gone = True

    # What comes.

    def drain(self, most: int = 1 << 30) -> int:
        """Runs the sinks of what has come; returns how many."""
        drained = 0
        due = self.due
        with self.draining:
            while drained < most:
                if not due:
                    if not self._take():
                        break
                    continue
                sink, context, entry, more = due.popleft()
                drained += 1
                sink(context, entry, more)
        return drained

    def _take(self) -> bool:
        """Moves some of what has come from the ring to what is due; False if nothing has."""
        if self._closed:
            return False
        words = self._in
        head = self._head
        tail = words[layout.COMPLETION_TAIL // 8]
        if tail == head:
            return False
        end = min(tail, head + _BATCH, (head | self._mask) + 1)
        begin = layout.RING // 8 + 2 * (head & self._mask)
        taken = words[begin : begin + 2 * (end - head) : 2].tolist()
        self._head = end
        self._out[layout.COMPLETION_HEAD // 8] = end
        # A full fence (see _fence) between taking and reading: what a watch wrote before it looked at
        # the head is read now; what it writes later comes with another entry.
        with self._fence:
            pass
        pending = self._pending
        finished = []
        due = self.due
        for word in taken:
            page = word & 0xFFFFFFFF
            request = pending[page] if page < self.pages else None
            if request is None:
                continue
            path, sink, context, _ = request
            if word >> 48 & layout.MORE:
                change = self._outcome(page, path, True)
                if change is not None:
                    due.append((sink, context, change, True))
            else:
                pending[page] = None
                finished.append(page)
                due.append((sink, context, self._outcome(page, path, False) or _torn(path), False))
        if finished:
            with self._lock:
                self._free.extend(finished)
        return True

    def _outcome(self, page: int, path: str, more: bool) -> Optional[Entry]:
        """What is in an outcome.

        None if that is being written, which ends with another entry; or if more should follow and
        this is the end of a watch, which has an entry of its own.
        """
        words = self._in
        offset = self._outcomes_at + page * self._outcome_bytes
        at = offset >> 3
        last = at + layout.OUTCOME_TIMES
        for _ in range(_TRIES):
            # How often it was written is read before everything else, and both again behind that.
            times = words[last]
            outcome = words[at : at + layout.OUTCOME_WORDS].tolist()
            number = outcome[0]
            length = outcome[layout.OUTCOME_LENGTH_UNIT]
            if length >> 32:
                begin = self._arena_at + ((length >> 32) - 1) * layout.UNIT
            else:
                begin = offset + layout.OUTCOME_VALUE
            value = self._completions[begin : begin + (length & 0xFFFFFFFF)]
            if number and words[at] == number and words[last] == times:
                if more and not outcome[layout.OUTCOME_KIND_FLAGS_REASON] >> 16 & layout.MORE:
                    return None
                return of_words(path, outcome, value)
        return None

    # Sleeping.

    def asleep(self) -> bool:
        """Asks for the bell; False if there is something to do already."""
        if self.due or self.gone:
            return False
        self._out[layout.WAKE_AT // 8] = self._head
        with self._fence:  # see _fence; pairs with the daemon's fence between publishing and looking
            pass
        return bool(self._in[layout.COMPLETION_TAIL // 8] == self._head)

    def wait(self, timeout: Optional[float]) -> bool:
        """Sleeps until something has come or the daemon is gone; False if the time is over.

        It may also wake up for nothing.
        """
        if not self.asleep():
            return True
        deadline = None if timeout is None else time.monotonic() + timeout
        poller = select.poll()
        poller.register(self.bell, select.POLLIN)
        poller.register(self._socket, select.POLLIN)
        while True:
            left = LONGEST_SLEEP
            if deadline is not None:
                left = min(left, deadline - time.monotonic())
                if left <= 0:
                    return False
            woken = poller.poll(max(1, int(left * 1000 + 0.999)))
            if woken:
                self.hear()
                return True
            if not self.asleep():
                return True

    def hear(self) -> None:
        """Takes back the bell, and looks whether the daemon is gone."""
        with suppress(BlockingIOError, InterruptedError):
            # However often it rang. The end of the pipe is the end of the daemon.
            if not os.read(self.bell, 4096):
                self.gone = True
        try:
            if not self._socket.recv(64, socket.MSG_DONTWAIT):
                self.gone = True
        except (BlockingIOError, InterruptedError):
            pass
        except OSError:
            self.gone = True

    def fileno(self) -> int:
        """The socket, which becomes readable when the daemon goes."""
        return self._socket.fileno()

    # Ending.

    def abandon(self, why: str) -> None:
        """Lets whatever is pending be due as stopped, behind what had come before."""
        with self.draining:
            self.gone = self.abandoned = True
            while self._take():
                pass
            for page, request in enumerate(self._pending):
                if request is not None:
                    self._pending[page] = None
                    path, sink, context, _ = request
                    self.due.append((sink, context, ended(path, "stopped", why), False))

    def close(self) -> None:
        """Lets go of everything; the daemon then forgets what is pending."""
        with self.draining, self._lock:
            if not self._closed:
                self.gone = self._closed = True
                self._let_go()
                self.table.close()
                for view in (self._ring, self._out, self._page_memory, self._in):
                    view.release()
                for memory in (self._submissions, self._completions, self._table_memory):
                    memory.close()

    def forked(self) -> None:
        """Lets go of everything in a child: it is the parent's, and so are the locks and what is due."""
        self._lock = threading.Lock()
        self.draining = threading.RLock()
        self.due = deque()
        self._pending = [None] * self.pages
        self.abandoned = True
        with suppress(BufferError):  # another thread of the parent was just reading
            self.close()


def ended(path: str, reason: str, why: str) -> Entry:
    """The entry of a request that ended here, not in the daemon."""
    return Entry(path, reason, why.encode(), 0, 0, 0, 0)


def _torn(path: str) -> Entry:
    return ended(path, "bad answer", "the daemon left its outcome half written")


def _let_go(sock: socket.socket, bell: int) -> None:
    sock.close()
    os.close(bell)


def _map(fd: int, writable: bool) -> mmap.mmap:
    access = mmap.PROT_READ | mmap.PROT_WRITE if writable else mmap.PROT_READ
    return mmap.mmap(fd, os.fstat(fd).st_size, mmap.MAP_SHARED, access)


def connect(place: str, geometry: Geometry, timeout: float = 5.0) -> Connection:
    """Attaches to the daemon of a mount point, or at a socket.

    :raises AttachError: if that is not possible, with the reason
    :raises ValueError: if the geometry cannot be told
    """
    return Connection(*greet(place, geometry, timeout))
