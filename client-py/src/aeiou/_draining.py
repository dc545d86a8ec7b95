"""Where closures run: in what waits, and on loops."""

from __future__ import annotations

import math
import time
from _thread import get_ident
from typing import Any, Callable, Optional

from ._closures import Runner
from ._link import Link
from ._loops import dispatcher

#: How many closures a loop runs before it gets its turn again.
_TURN = 4096

#: For how many seconds a waiting call sleeps while a loop's thread may take what it waits for.
_BESIDE_A_LOOP = 0.05

#: In a burst, after outcomes have come: the share of those to come, and the most, that one wake-up is for, and for how
#: many seconds they may have to wait for it. A wake-up costs as much as taking ten of them.
_SHARE, _MOST_AT_ONCE, _MOMENT = 32, 64, 0.001

#: Seconds between two looks for pages that come back without a completion.
_LOOK_FOR_PAGES = 0.05


class Draining:
    """Takes what comes, and lets its sinks run.

    Whatever ends, here or in the daemon, goes through the connection's ``due``; draining alone takes it from there.

    :ivar link: the way to the daemon
    :ivar runner: runs closures
    """

    def __init__(self, link: Link, runner: Runner) -> None:
        self.link = link
        self.runner = runner

    def drain(self) -> int:
        """Runs the closures of what has come, on this thread; returns how many."""
        try:
            return self._drain(1 << 30)
        finally:
            self._listen()

    def _drain(self, most: int) -> int:
        link = self.link
        link.check_process()
        with link.connection.draining:
            before, link.running = link.running, get_ident()
            try:
                link.flush()
                link.look_after()
                return link.connection.drain(most)
            finally:
                link.submit_waiting()
                link.flush()
                link.running = before

    def pump(self, done: Callable[[], bool], timeout: Optional[float]) -> bool:
        """Drains and sleeps until something is so.

        :param timeout: for so many seconds at the most; what has come already is run even if it is 0
        :return: whether it is so; not if the time is over, or nothing can come any more
        :raises Detached: in a process that was forked after attaching
        """
        link = self.link
        link.check_thread()
        deadline = None if timeout is None else time.monotonic() + timeout
        try:
            while True:
                drained = self._drain(_TURN)
                if done():
                    return True
                left = None if deadline is None else deadline - time.monotonic()
                if left is not None and left <= 0:
                    return False
                if link.connection.due:
                    continue
                if drained:
                    later = min(link.connection.submissions.underway // _SHARE, _MOST_AT_ONCE)
                    if later > 0 and not link.connection.gone:
                        link.connection.wait(_MOMENT if left is None else min(left, _MOMENT), later)
                    continue
                if link.connection.abandoned and (link.ended is not None or not link.reconnect):
                    return False
                self._sleep(math.inf if left is None else left)
        finally:
            self._listen()

    def _sleep(self, left: float) -> None:
        link = self.link
        if link.connection.abandoned:
            link.again.wait(left)
            return
        if link.dispatcher is not None:
            left = min(left, _BESIDE_A_LOOP)
        if link.backlog and link.connection.submissions.silent:
            left = min(left, _LOOK_FOR_PAGES)
        link.connection.wait(left)

    # Event loops.

    def dispatch_to(self, target: Any) -> None:
        """Runs delayed closures on an event loop from now on; see :meth:`Attachment.dispatch_to`."""
        link = self.link
        link.check_thread()
        if link.ended is not None and target is not None:
            link.check()
        made = None if target is None else dispatcher(target, self._rung, self.runner.report)
        link.stop_dispatching()
        link.dispatcher = made
        if made is not None:
            if not link.connection.abandoned:
                made.watch(link.connection)
            made.later(0)  # what came before the loop was to know

    def dispatch_here(self) -> None:
        """Dispatches to the running asyncio loop, and to nothing else any more."""
        import asyncio

        loop = asyncio.get_running_loop()
        if self.link.dispatcher is None or self.link.dispatcher.target is not loop:
            self.dispatch_to(loop)

    def _listen(self) -> None:
        """Has the loop woken by the next outcome; or called, if there is something to do before that."""
        link = self.link
        loop, connection = link.dispatcher, link.connection
        if loop is None or link.ended is not None:
            return
        if connection.abandoned and not connection.due:
            if link.reconnect:
                loop.later(link.again.left())
        elif not connection.asleep():
            loop.later(0)
        elif link.backlog and connection.submissions.silent:
            loop.later(_LOOK_FOR_PAGES)

    def _rung(self) -> None:
        """The bell rang, or the daemon went, or it is time to look: drains some. Called by loops."""
        link = self.link
        with link.connection.draining:
            if link.ended is None:
                if not link.connection.gone:
                    link.connection.hear()
                try:
                    self._drain(_TURN)
                finally:
                    self._listen()
