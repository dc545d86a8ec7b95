"""Attaching: the door of this package."""

from __future__ import annotations

import asyncio
import os
import time
from collections import deque
from typing import TYPE_CHECKING, Any, Callable, Deque, Generator, List, Optional, Set, Tuple, Type, Union

from . import _layout as layout
from ._closures import ErrorHandler, Runner, log_error
from ._connection import Connection, Geometry, Sink, connect
from ._entry import Entry
from ._errors import AttachError, Detached
from ._group import Group
from ._loops import Dispatcher, dispatcher
from ._table import Table

if TYPE_CHECKING:
    from types import TracebackType

_Request = Tuple[int, str, Sink, Any, int, int, int]


class Reply:
    """The outcome of one request, when it is there. Awaitable; or see :meth:`result`."""

    def __init__(self, attachment: Attachment) -> None:
        self._attachment = attachment
        self._entry: Optional[Entry] = None
        self._waiter: Optional[asyncio.Future[Entry]] = None

    @property
    def done(self) -> bool:
        """Whether the outcome is there."""
        return self._entry is not None

    def result(self, timeout: Optional[float] = None) -> Entry:
        """Waits for the outcome on this thread.

        :raises TimeoutError: if it has not come in so many seconds
        """
        if self._entry is None:
            self._attachment.runner.check("Reply.result()")
            self._attachment.flush()
            if not self._attachment.pump(lambda: self._entry is not None, timeout):
                raise TimeoutError(f"no outcome within {timeout} s")
        assert self._entry is not None
        return self._entry

    def _come(self, context: Any, entry: Entry, more: bool) -> None:
        self._entry = entry
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(entry)

    def __await__(self) -> Generator[Any, None, Entry]:
        if self._entry is not None:
            return self._entry
        self._attachment.dispatch_here()
        self._attachment.flush()
        self._waiter = asyncio.get_running_loop().create_future()
        return (yield from self._waiter.__await__())


class Attachment:
    """A program's hold on a network; see :func:`attach`.

    One thread uses it: the one that waits, or the loop it dispatches to.
    """

    def __init__(self, place: str, geometry: Geometry, reconnect: bool, debug: bool, on_error: ErrorHandler) -> None:
        self._place = place
        self._geometry = geometry
        self._reconnect = reconnect
        self.runner = Runner(on_error, debug)
        self.refreshing: Set[str] = set()
        self._connection = connect(place, geometry)
        self._backlog: Deque[_Request] = deque()
        self._unrung = 0
        self._groups = 0
        self._dispatcher: Optional[Dispatcher] = None
        self._closed = False

    # What a program asks.

    def begin(self, context: Any = None) -> Group:
        """Begins a group: ``with net.begin() as group: group.read(…)``.

        :param context: what the contexts of its requests are; for people who read the program
        """
        return Group(self, context)

    def read(self, path: str) -> Reply:
        """Asks for one value: ``(await net.read(path)).value``, or ``net.read(path).result(2)``."""
        reply = Reply(self)
        entry = self.cached(path)
        if entry is not None:
            reply._come(None, entry, False)
        else:
            self.submit(layout.READ, path, reply._come, None)
        return reply

    def listing(self, path: str = "") -> Reply:
        """Asks for the names in a directory: ``(await net.listing("core1")).names``."""
        reply = Reply(self)
        self.submit(layout.LIST, path.strip("/"), reply._come, None)
        return reply

    def list(self, path: str = "", timeout: float = 60.0) -> List[str]:
        """The names in a directory; those of directories, without their slash. Waits.

        :raises NoReading: if it cannot be listed
        :raises TimeoutError: if that takes longer
        """
        self.runner.check("net.list()")
        return [name.rstrip("/") for name in self.listing(path).result(timeout).names]

    def cached(self, path: str) -> Optional[Entry]:
        """What is cached of an attribute, fresh or stale; None if nothing usable. Asks nobody."""
        entry = self._connection.table.find(path)
        return entry if entry is not None and time.monotonic_ns() < entry._usable else None

    @property
    def epoch(self) -> int:
        """Another number for each start of the daemon."""
        return self._connection.epoch

    # What groups use.

    def table(self) -> Table:
        """The value table of the daemon that is there now."""
        return self._connection.table

    def next_group(self) -> int:
        """A number for a group."""
        self._groups += 1
        return self._groups

    def submit(
        self, operation: int, path: str, sink: Sink, context: Any, flags: int = 0, group: int = 0, target: int = 0
    ) -> None:
        """Submits a request, or keeps it until there is a page for it; :meth:`flush` sends it off."""
        connection = self._here()
        if self._backlog or not connection.submit(operation, path, sink, context, flags, group, target):
            self._backlog.append((operation, path, sink, context, flags, group, target))
        self._unrung += 1

    def submit_chain(self, steps: List[Tuple[int, str, int]], sink: Sink, context: Any, group: int) -> None:
        """Submits a chain.

        :raises BlockingIOError: if all pages are in use
        """
        if not self._here().submit_chain(steps, sink, context, group):
            raise BlockingIOError(f"{len(steps)} pages are needed and not free: attach with more, or wait")
        self._unrung += 1

    def _here(self) -> Connection:
        if self._closed:
            raise Detached("this attachment was closed")
        if self._connection.gone:
            self._lose()
            if not self._reconnect:
                raise Detached(f"{self._place}: the daemon is gone; attach again, or attach(reconnect=True)")
            try:
                self._connect_again()
            except AttachError as e:
                raise Detached(f"{self._place}: the daemon is gone and not back yet: {e}") from e
        return self._connection

    def _lose(self) -> None:
        """Ends what is pending at a daemon that is gone."""
        self._connection.abandon()
        backlog, self._backlog = self._backlog, deque()
        for _, path, sink, context, *_ in backlog:
            sink(context, Entry(path, "stopped", b"the daemon is gone", 0, 0, 0, 0), False)

    def _connect_again(self) -> None:
        fresh = connect(self._place, self._geometry)
        target = self._dispatcher.target if self._dispatcher else None
        self._stop_dispatching()
        self._connection.close()
        self._connection = fresh
        self.refreshing.clear()
        if target is not None:
            self.dispatch_to(target)

    def flush(self) -> None:
        """Sends off what was submitted."""
        if self._unrung and not self._connection.gone:
            self._unrung = 0
            self._connection.ring()

    # Who runs what comes.

    def drain(self) -> int:
        """Runs the closures of what has come, on this thread; returns how many."""
        connection = self._connection
        drained = connection.drain()
        if connection.gone:
            self._lose()
        elif self._backlog and drained:
            while self._backlog and connection.submit(*self._backlog[0]):
                self._backlog.popleft()
                self._unrung += 1
        if drained:
            self.flush()
        return drained

    def pump(self, done: Callable[[], bool], timeout: Optional[float]) -> bool:
        """Drains and sleeps until something is so."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while not done():
            if self.drain():
                continue
            if self._connection.gone:
                self._lose()
                return done()
            left = None if deadline is None else deadline - time.monotonic()
            if left is not None and left <= 0:
                return False
            self._connection.wait(left)
        return True

    def dispatch_to(self, target: Any) -> None:
        """Runs delayed closures on an event loop from now on, instead of in :meth:`Group.wait`.

        :param target: an asyncio loop, the ``wx`` module, a tkinter widget, a Qt object, the
            ``GLib`` module, a queue, or a callable that is given a function to call; None for
            nobody any more. The loop is woken once for a batch of outcomes.
        """
        self._stop_dispatching()
        if target is not None:
            self._dispatcher = dispatcher(target, self)

    def dispatch_here(self) -> None:
        """Dispatches to the running asyncio loop, if nobody else is dispatched to."""
        loop = asyncio.get_running_loop()
        if self._dispatcher is None or self._dispatcher.target is not loop:
            self.dispatch_to(loop)

    def _stop_dispatching(self) -> None:
        if self._dispatcher is not None:
            self._dispatcher.stop()
            self._dispatcher = None

    @property
    def connection(self) -> Connection:
        """The rings; for loops."""
        return self._connection

    def rung(self) -> None:
        """The bell rang, or the daemon went: drains until there is nothing left."""
        connection = self._connection
        connection.silence()
        connection.listen()
        while self.drain() or (not connection.gone and not connection.asleep()):
            pass

    def close(self) -> None:
        """Detaches; what is pending ends as ``stopped``."""
        if not self._closed:
            self._closed = True
            self._stop_dispatching()
            self._connection.gone = True
            self._lose()
            self._connection.close()

    def __enter__(self) -> Attachment:
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self.close()


def attach(
    place: Union[str, os.PathLike[str]],
    *,
    geometry: Geometry = Geometry(),
    reconnect: bool = False,
    debug: bool = False,
    on_error: ErrorHandler = log_error,
) -> Attachment:
    """Attaches to a mounted network.

    :param place: the mount point, or the daemon's socket
    :param geometry: how much room is wanted
    :param reconnect: whether to attach again when the daemon comes back; requests that were pending
        end as ``stopped`` all the same
    :param debug: refuses calls that wait in delayed closures, with an explanation
    :param on_error: is told what closures raise
    :raises AttachError: if that is not possible, with the reason
    """
    return Attachment(os.fspath(place), geometry, reconnect, debug, on_error)
