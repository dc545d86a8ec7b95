"""Getting requests to the daemon, and running what comes back, also when it goes and returns."""

from __future__ import annotations

import asyncio
import math
import os
import threading
import time
import weakref
from typing import Any, Callable, Dict, Optional, Sequence, Tuple, Union

from . import _layout as layout
from ._attempt import attach_within
from ._backlog import Backlog, Waiting
from ._closures import Runner
from ._connection import Connection, Sink, Step, connect, ended
from ._dispatcher import Dispatcher
from ._entry import Entry
from ._errors import AttachError, Detached
from ._greeting import Geometry
from ._loops import dispatcher
from ._reply import Reply
from ._table import NoTable, Table

#: How many closures a loop runs before it gets its turn again.
_TURN = 4096

# Seconds between two attempts to attach again, and how long one may take.
_LEAST_PAUSE, _MOST_PAUSE, _ATTEMPT = 0.1, 5.0, 1.0

#: For how many seconds one sleeps while another thread may take what one waits for.
_BESIDE_A_LOOP = 0.05

#: After how many nanoseconds a stale reading is asked for again, if asking did not help.
_ASK_AGAIN = 1_000_000_000

#: How many stale readings are remembered to have been asked for.
_MOST_REFRESHING = 1 << 16

#: Seconds between two looks for pages that come back without anybody being told.
_LOOK_FOR_PAGES = 0.05


class Exchange:
    """What an attachment does, whoever asks.

    Requests go into the ring at once if there is a page, else into the backlog. Whatever ends, here
    or in the daemon, goes through the connection's ``due``; :meth:`drain` alone takes it from there.

    :ivar runner: runs closures
    :ivar table: the value table of the daemon that is there now
    """

    def __init__(
        self, place: str, geometry: Geometry, timeout: float, reconnect: bool, runner: Runner
    ) -> None:
        self._place = place
        self._geometry = geometry
        self._reconnect = reconnect
        self.runner = runner
        self._connection = attach_within(place, geometry, timeout)
        self.table: Union[Table, NoTable] = self._connection.table
        # One page is kept for cancelling, so that it is possible when all others wait.
        self._kept = 1 if self._connection.pages > 1 else 0
        self._backlog = Backlog(self._kept)
        self._unrung = False
        self._running: Optional[int] = None
        self._refreshing: Dict[str, Tuple[int, int]] = {}
        self._dispatcher: Optional[Dispatcher] = None
        self._ended: Optional[str] = None
        self._is_forked = False
        self._pause = _LEAST_PAUSE
        self._again_at = 0.0
        _all.add(self)

    @property
    def connection(self) -> Connection:
        """The rings."""
        return self._connection

    @property
    def closed(self) -> bool:
        """Whether this attachment has ended here: it was closed, or the process was forked.

        A closure that asks again when it is ``stopped`` looks at this: then there is nobody to ask.
        """
        return self._ended is not None

    # Asking.

    def submit(
        self, operation: int, path: str, sink: Sink, context: Any, flags: int = 0, group: int = 0, target: int = 0
    ) -> int:
        """Submits a request, or keeps it until there is a page, or a daemon; :meth:`flush` sends it off.

        :return: its number
        :raises Detached: if this has ended, or the daemon is gone for good
        :raises NameTooLong: if the path does not fit a page
        """
        if not self._backlog:
            number = self._connection.submit(operation, path, sink, context, flags, group, target, self._kept)
            if number:
                self._unrung = True
                return number
        return self._put_off((Step(operation, path, flags, target),), sink, context, group)

    def submit_chain(self, steps: Sequence[Step], sink: Sink, context: Any, group: int) -> int:
        """Submits a chain, as :meth:`submit` does one request.

        :raises ValueError: if it can never fit, too
        """
        pages = self._connection.pages - self._kept
        if len(steps) > pages:
            raise ValueError(f"a chain of {len(steps)} steps needs as many pages, of {pages}: attach with more")
        number = self._put_off(steps, sink, context, group)
        self._send_waiting()
        return number

    def _put_off(self, steps: Sequence[Step], sink: Sink, context: Any, group: int) -> int:
        self._check()
        with self._connection.draining:
            for step in steps:
                self._connection.name(step.path)
            number = self._connection.reserve(len(steps))
            self._backlog.put(Waiting(number, steps, sink, context, group))
            if self._connection.gone:
                self._return()
            self._listen()
            return number

    def _check(self) -> None:
        if self._ended is not None:
            raise Detached(self._ended)
        if self._connection.gone and not self._reconnect:
            raise Detached(f"{self._place}: the daemon is gone; attach again, or attach(reconnect=True)")

    def _send_waiting(self) -> None:
        """Submits what waits, as far as there are pages."""
        if self._backlog:
            with self._connection.draining:
                if self._backlog.submit(self._connection):
                    self._unrung = True

    def ask_silently(self, path: str) -> None:
        """Submits a read that nobody is told of: what comes is in the table then."""
        connection = self._connection
        # They end without a completion, so whoever waits for a page would never be told that one
        # is free. With some pages for others, there is always one that ends with a completion.
        if not self._backlog and not connection.gone and connection.silent < (connection.pages - self._kept) // 2:
            if connection.submit(layout.READ, path, _ignore, None, layout.NO_COMPLETION, leave=self._kept):
                self._unrung = True
                return
        self.submit(layout.READ, path, _ignore, None)

    def refresh(self, path: str, stale: Entry) -> None:
        """Asks for what is stale, once for each reading, and once more if that takes long."""
        fresh, at = self._refreshing.get(path, (0, 0))
        now = time.monotonic_ns()
        if fresh == stale._fresh and now - at < _ASK_AGAIN:
            return
        if len(self._refreshing) >= _MOST_REFRESHING:
            self._refreshing.clear()
        self._refreshing[path] = (stale._fresh, now)
        if not self._connection.gone:
            try:
                self.ask_silently(path)
            except (ValueError, Detached):
                pass  # too long for a page of ours, or just gone: the reading is served all the same

    def hit(self, path: str) -> Optional[Entry]:
        """What is cached of a path, if it is usable; if it is stale, it is asked for."""
        entry = self.table.find(path)
        if entry is None:
            return None
        now = time.monotonic_ns()
        if now >= entry._usable:
            return None
        if now > entry._fresh:
            self.refresh(path, entry)
        return entry

    def cancel(self, number: int, group: int) -> Reply:
        """Withdraws a request by its number, or all of a group.

        What has not reached the daemon ends here; for the rest it is asked, ahead of whatever waits.

        :return: the answer: its entry has the reason ``cancelled``, ``too late`` or ``unknown``; or
            ``stopped``, if the daemon goes before it answers
        """
        reply = Reply(self)
        if not number and not group:
            reply._come(None, ended("", "too late", ""), False)  # it was a hit
            return reply
        withdrawn = self._withdraw(number, group)
        if self._connection.gone or (number and withdrawn):
            reply._come(None, ended("", "cancelled" if withdrawn else "unknown", ""), False)
            return reply

        def answered(context: Any, entry: Entry, more: bool) -> None:
            reply._come(None, ended("", "cancelled", "") if withdrawn else entry, more)

        operation = layout.CANCEL_REQUEST if number else layout.CANCEL_GROUP
        reply._number = self._put_off((Step(operation, "", 0, number or group),), answered, None, 0)
        self._send_waiting()
        self.flush()
        return reply

    def _withdraw(self, number: int, group: int) -> bool:
        """Ends what is in the backlog; whether there was any of it."""
        with self._connection.draining:
            withdrawn = self._backlog.withdraw(number, group)
            for each in withdrawn:
                each.end(self._connection, "cancelled", "withdrawn")
        self._listen()
        return bool(withdrawn)

    def flush(self) -> None:
        """Sends off what was submitted."""
        if self._unrung and not self._connection.gone:
            self._unrung = False
            self._connection.ring()

    def send(self) -> None:
        """Sends off what was submitted; inside a closure, when the others have run that are due."""
        if self._running != threading.get_ident():
            self.flush()

    # Running what comes.

    def drain(self) -> int:
        """Runs the closures of what has come, on this thread; returns how many."""
        try:
            return self._drain(1 << 30)
        finally:
            self._listen()

    def _drain(self, most: int) -> int:
        if self._is_forked:
            raise Detached(str(self._ended))
        with self._connection.draining:
            before, self._running = self._running, threading.get_ident()
            try:
                self.flush()
                if self._connection.gone:
                    self._lose()
                    self._return()
                return self._connection.drain(most)
            finally:
                self._send_waiting()
                self.flush()
                self._running = before

    def pump(self, done: Callable[[], bool], timeout: Optional[float]) -> bool:
        """Drains and sleeps until something is so.

        :param timeout: for so many seconds at the most; what has come already is run even if it is 0
        :return: whether it is so; not if the time is over, or nothing can come any more
        :raises Detached: in a process that was forked after attaching
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        try:
            while True:
                drained = self._drain(_TURN)
                if done():
                    return True
                left = None if deadline is None else deadline - time.monotonic()
                if left is not None and left <= 0:
                    return False
                if drained or self._connection.due:
                    continue
                if self._connection.abandoned and (self._ended is not None or not self._reconnect):
                    return False
                self._sleep(left)
        finally:
            self._listen()

    def _sleep(self, left: Optional[float]) -> None:
        if self._connection.abandoned:
            pause = max(0.0, self._again_at - time.monotonic())
            time.sleep(pause if left is None else min(left, pause))
        else:
            most = math.inf
            if self._dispatcher is not None:
                most = _BESIDE_A_LOOP
            if self._backlog and self._connection.silent:
                most = min(most, _LOOK_FOR_PAGES)
            self._connection.wait(most if left is None else min(left, most))

    # Losing the daemon, and finding it again.

    def _lose(self) -> None:
        """Ends what a daemon that is gone has of ours; what has not reached it waits for the next one."""
        connection = self._connection
        why = self._ended or "the daemon is gone"
        if not connection.abandoned:
            if self._dispatcher is not None:
                self._dispatcher.unwatch()  # a socket at its end is readable for ever
            connection.abandon(why)
        for each in self._backlog.lose(self._ended is not None or not self._reconnect):
            each.end(connection, "stopped", why)

    def _return(self) -> None:
        """Attaches again, if that is wanted, and not too soon after the last attempt."""
        if self._ended is not None or not self._reconnect or time.monotonic() < self._again_at:
            return
        self._lose()
        try:
            fresh = connect(self._place, self._geometry, _ATTEMPT)
        except (AttachError, OSError):
            self._again_at = time.monotonic() + self._pause
            self._pause = min(2 * self._pause, _MOST_PAUSE)
            return
        fresh.follow(self._connection)
        self._connection.close()
        self._connection = fresh
        self.table = fresh.table
        # Not at once again, if it goes because of what it is asked.
        self._pause, self._again_at = _LEAST_PAUSE, time.monotonic() + _LEAST_PAUSE
        self._refreshing.clear()
        if self._dispatcher is not None:
            self._dispatcher.watch(fresh)
        self._send_waiting()
        self.flush()

    def close(self) -> None:
        """Detaches; what is pending ends as ``stopped``, inside this call. Once is enough."""
        if self._ended is None:
            self._ended = "this attachment was closed"
            self._stop_dispatching()
            with self._connection.draining:
                self._lose()
                self.table = NoTable(self._ended)
                self._connection.close()
                self._connection.drain()

    def forked(self) -> None:
        """Lets go of what the parent has attached to, in a child; tells nobody."""
        self._is_forked = True
        self._ended = "attached before a fork; attach again here"
        self._dispatcher = None  # its loop is the parent's, too
        self._backlog = Backlog(self._kept)
        self.table = NoTable(self._ended)
        self._connection.forked()

    # Event loops.

    def dispatch_to(self, target: Any) -> None:
        """Runs delayed closures on an event loop from now on, instead of in :meth:`Group.wait`.

        A call that waits still runs what comes meanwhile, on the thread that waits.

        :param target: an asyncio loop, the ``wx`` module, a tkinter widget, a Qt object, the
            ``GLib`` module, a queue, or a callable that is given a function to call; None for
            nobody any more. The loop is woken once for a batch of outcomes.
        :raises TypeError: if it is nothing of that kind
        :raises Detached: if this attachment has ended
        """
        if self._ended is not None and target is not None:
            raise Detached(self._ended)
        made = None if target is None else dispatcher(target, self.rung, self.runner.report)
        self._stop_dispatching()
        self._dispatcher = made
        if made is not None:
            if not self._connection.abandoned:
                made.watch(self._connection)
            made.later(0)  # what came before anybody listened

    def dispatch_here(self) -> None:
        """Dispatches to the running asyncio loop, and to nothing else any more."""
        loop = asyncio.get_running_loop()
        if self._dispatcher is None or self._dispatcher.target is not loop:
            self.dispatch_to(loop)

    def _stop_dispatching(self) -> None:
        stopped, self._dispatcher = self._dispatcher, None
        if stopped is not None:
            stopped.stop()

    def _listen(self) -> None:
        """Has the loop woken by the next outcome; or called, if there is something to do before that."""
        loop, connection = self._dispatcher, self._connection
        if loop is None or self._ended is not None:
            return
        if connection.abandoned and not connection.due:
            if self._reconnect:
                loop.later(max(0.0, self._again_at - time.monotonic()))
        elif not connection.asleep():
            loop.later(0)
        elif self._backlog and connection.silent:
            loop.later(_LOOK_FOR_PAGES)

    def rung(self) -> None:
        """The bell rang, or the daemon went, or it is time to look: drains some. Called by loops."""
        with self._connection.draining:
            if self._ended is None:
                if not self._connection.gone:
                    self._connection.hear()
                try:
                    self._drain(_TURN)
                finally:
                    self._listen()


def _ignore(context: Any, entry: Entry, more: bool) -> None:
    """The sink of what nobody waits for."""


_all: weakref.WeakSet[Exchange] = weakref.WeakSet()


def _after_fork() -> None:
    for each in list(_all):
        each.forked()


os.register_at_fork(after_in_child=_after_fork)
