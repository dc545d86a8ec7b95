"""One attachment to one daemon: both rings, the value table, the bell, and the socket whose end is the end."""

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
from typing import List, Optional, Tuple

from . import _layout as layout
from ._completions import Completions
from ._fence import LOCK_IS_FENCE, LONGEST_SLEEP
from ._greeting import Geometry, greet
from ._request import Due, Request, ended
from ._signals import Signals
from ._submissions import Submissions
from ._table import Table


class Connection:
    """Made by :func:`connect`. What comes is taken, and its sinks run, by one thread at a time.

    :ivar submissions: the way out
    :ivar completions: the way in
    :ivar table: what is cached
    :ivar pages: how many requests of the program may be pending at once
    :ivar epoch: another number for each start of the daemon
    :ivar number: of this connection, as the daemon counts them
    :ivar minor: the minor version that the daemon speaks
    :ivar since: when it began, in seconds of ``time.monotonic``
    :ivar bell: a descriptor that is readable when what was asked for has come
    :ivar due: what has come, and whose sink has not run yet: every drain goes on with it, also one
        inside a sink, and one after a sink that has raised
    :ivar draining: is held while sinks run
    :ivar gone: whether the daemon is gone, or this was closed
    :ivar why: of a daemon that is gone, what it said, or that it is
    :ivar abandoned: whether what was pending then has been ended
    """

    def __init__(self, sock: socket.socket, numbers: Tuple[int, ...], fds: List[int]) -> None:
        self.minor = numbers[1] & 0xFFFFFFFF
        self.epoch, self.number = numbers[2:4]
        self.since = time.monotonic()
        self._socket = sock
        submissions, completions, table, self.bell = fds
        # An attachment that is forgotten without being closed lets go of these then.
        self._let_go = weakref.finalize(self, _let_go, sock, self.bell)
        try:
            self._memories = [_map(submissions, True), _map(completions, False), _map(table, False)]
        finally:
            for fd in (submissions, completions, table):
                os.close(fd)
        self.table = Table(self._memories[2])
        self.completions = Completions(self._memories[1], numbers)
        self.submissions = Submissions(memoryview(self._memories[0]), numbers, self.completions.number_of)
        self.pages = self.submissions.pages
        self._fence = threading.Lock()
        self.draining = threading.RLock()
        self.due: Due = deque()
        self.gone = False
        self.why = "the daemon is gone"
        self.abandoned = False
        self._closed = False

    def follow(self, before: Connection) -> None:
        """Goes on where a connection that is lost has ended: with its numbers, and what is due."""
        self.submissions.follow(before.submissions)
        self.due = before.due
        self.draining = before.draining

    def ring(self) -> None:
        """Hands over what was submitted, all at once, and wakes the daemon if it sleeps."""
        if not self.submissions.publish():
            return
        # A full fence (see _fence) between publishing the tail and looking whether the daemon sleeps.
        # Pairs with the daemon's fence between saying that it sleeps and looking.
        with self._fence:
            pass
        if self.completions.sleeps or not LOCK_IS_FENCE:
            try:
                self._socket.send(b"\1", socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL)
            except (BlockingIOError, InterruptedError):
                pass  # it has bells enough
            except OSError:
                self.look()

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
                # An interrupt such as Ctrl-C comes with a call, and in between there is none.
                sink, context, entry, more = due[0]
                del due[0]
                drained += 1
                sink(context, entry, more)
        return drained

    def _take(self) -> bool:
        return not self._closed and self.completions.take(self.submissions, self.due)

    def take_all(self) -> None:
        """Lets whatever has come be due."""
        with self.draining:
            while self._take():
                pass

    # Sleeping.

    def asleep(self, later: int = 0) -> bool:
        """Asks for the bell; False if there is something to do already.

        :param later: how many outcomes may come without it
        """
        return not self.due and not self.gone and self.completions.is_empty_at(self.submissions, later)

    def wait(self, timeout: Optional[float], later: int = 0, also: Optional[Signals] = None) -> bool:
        """Sleeps until something has come or the daemon is gone; False if the time is over.

        It may also wake up for nothing.

        :param later: for how many outcomes not to wake up; they are looked for when the time is over
        :param also: what else wakes it up
        """
        if not self.asleep(later):
            return True
        deadline = None if timeout is None else time.monotonic() + timeout
        poller = select.poll()
        poller.register(self.bell, select.POLLIN)
        poller.register(self._socket, select.POLLIN)
        if also is not None:
            poller.register(also, select.POLLIN)
        while True:
            left = LONGEST_SLEEP
            if deadline is not None:
                left = min(left, deadline - time.monotonic())
                if left <= 0:
                    return False
            woken = poller.poll(max(1, int(left * 1000 + 0.999)))
            if woken:
                self.hear(any(fd != self.bell for fd, _ in woken))
                return True
            if not self.asleep():
                return True

    def hear(self, look: bool = True) -> None:
        """Takes back the bell.

        :param look: whether to look, too, if the socket says that the daemon is gone; the bell's end always says so
        """
        is_over = False
        with suppress(BlockingIOError, InterruptedError):
            # However often it rang. The end of the pipe is the end of the daemon.
            is_over = not os.read(self.bell, 4096)
        if look or is_over:
            self.look()
        self.gone |= is_over

    def look(self) -> bool:
        """Whether the daemon is still there. Takes nothing, so that any thread may look."""
        try:
            # A daemon says nothing here but why it ends this, laid out as a welcome, and then ends.
            said = self._socket.recv(layout.WELCOME_BYTES, socket.MSG_DONTWAIT | socket.MSG_PEEK)
        except (BlockingIOError, InterruptedError):
            return not self.gone
        except OSError:
            said = b""
        if len(said) == layout.WELCOME_BYTES and not self.gone:
            numbers = struct.unpack_from(layout.WELCOME, said)
            sentence = said[layout.WELCOME_SENTENCE : layout.WELCOME_SENTENCE + numbers[13]]
            self.why = f"the daemon ended this attachment: {sentence.decode('utf-8', 'replace')}"
        self.gone = True
        return False

    def fileno(self) -> int:
        """The socket, which becomes readable when the daemon goes."""
        return self._socket.fileno()

    # Ending.

    def abandon(self, why: str, keep_watches: bool) -> List[Request]:
        """Lets whatever is pending be due as stopped.

        :param keep_watches: whether watches are for the next daemon, and are not ended
        :return: those
        """
        with self.draining:
            self.gone = self.abandoned = True
            watches, rest = self.submissions.end(keep_watches)
            for path, sink, context in rest:
                self.due.append((sink, context, ended(path, "stopped", why), False))
            return watches

    def close(self) -> None:
        """Lets go of everything; the daemon then forgets what is pending."""
        with self.draining:
            if not self._closed:
                self.gone = self._closed = True
                self._let_go()
                self.table.close()
                self.completions.close()
                self.submissions.close()
                for memory in self._memories:
                    memory.close()

    def leave(self) -> None:
        """Lets go of the daemon, but not of the memory, which another thread may be reading."""
        self.gone = self._closed = True
        self._let_go()

    def forked(self) -> None:
        """Lets go of everything in a child: it is the parent's, and so are the locks and what is due."""
        self.draining = threading.RLock()
        self.due = deque()
        self.submissions.forked()
        self.abandoned = True
        with suppress(BufferError):  # another thread of the parent was just reading
            self.close()


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
