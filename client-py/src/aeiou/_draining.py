"""Where closures run: in what waits, and on loops."""

from __future__ import annotations

import errno
import math
import time
from _thread import get_ident
from typing import Any, Callable, Optional

from . import _layout as layout
from ._closures import Runner
from ._deadlines import PASSED, Deadlines
from ._link import Link
from ._loops import dispatcher
from ._request import Request, Step, ignore
from ._signals import Signals

#: How many closures a loop runs before it gets its turn again.
_TURN = 4096

#: For how many seconds a waiting call sleeps while a loop's thread may take what it waits for.
_BESIDE_A_LOOP = 0.05

#: In a burst, after outcomes have come: the share of those to come, and the most, that one wake-up is for, and for how
#: many seconds they may have to wait for it. A wake-up costs as much as taking ten of them.
_SHARE, _MOST_AT_ONCE, _MOMENT = 32, 64, 0.001

#: Seconds between two looks for pages that come back without a completion.
_LOOK_FOR_PAGES = 0.05

#: Seconds between two looks for signals while there is no daemon.
_LOOK_FOR_SIGNALS = 0.05


class Draining:
    """Takes what comes, and lets its sinks run.

    Whatever ends, here or in the daemon, goes through the connection's ``due``; draining alone takes it from there.

    :ivar link: the way to the daemon
    :ivar runner: runs closures
    :ivar deadlines: those that the daemon does not see to
    """

    def __init__(self, link: Link, runner: Runner) -> None:
        self.link = link
        self.runner = runner
        self.deadlines = Deadlines()

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
                self._end_what_is_over()
                return link.connection.drain(most)
            finally:
                link.submit_waiting()
                link.flush()
                link.running = before

    def _end_what_is_over(self) -> None:
        """Ends what has passed its deadline here, or at a daemon that does not see to that."""
        link = self.link
        now = time.monotonic_ns() if link.backlog.deadline or self.deadlines.next else 0
        if now:
            for each in link.backlog.expire(now):
                each.end(link.connection.due, "timeout", PASSED)
            for first, count in self.deadlines.passed(now):
                for number in sorted(link.connection.submissions.numbers()):
                    if first <= number < first + count:
                        step = Step(layout.CANCEL_REQUEST, "", 0, number)
                        own = link.connection.submissions.reserve(1)
                        link.backlog.put(Request(own, (step,), ignore, None, 0))

    def _until_deadline(self) -> float:
        """In how many seconds there is something of that kind to do."""
        both = [at for at in (self.link.backlog.deadline, self.deadlines.next) if at]
        return max(0.0, (min(both) - time.monotonic_ns()) / 1e9) if both else math.inf

    def pump(self, done: Callable[[], bool], timeout: Optional[float], signals: Optional[Signals] = None) -> bool:
        """Drains and sleeps until something is so.

        :param timeout: for so many seconds at the most; what has come already is run even if it is 0
        :param signals: what tells of those that end it
        :return: whether it is so; not if the time is over, or nothing can come any more
        :raises Detached: in a process that was forked after attaching
        :raises InterruptedError: if a signal came
        """
        link = self.link
        link.check_thread()
        deadline = None if timeout is None else time.monotonic() + timeout
        try:
            while True:
                drained = self._drain(_TURN)
                if done():
                    return True
                if signals is not None and signals.came():
                    raise InterruptedError(errno.EINTR, "a signal came while this waited")
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
                self._sleep(math.inf if left is None else left, signals)
        finally:
            self._listen()

    def _sleep(self, left: float, signals: Optional[Signals]) -> None:
        link = self.link
        left = min(left, self._until_deadline())
        if link.connection.abandoned:
            link.again.wait(left if signals is None else min(left, _LOOK_FOR_SIGNALS))
            return
        if link.dispatcher is not None:
            left = min(left, _BESIDE_A_LOOP)
        if link.backlog and link.connection.submissions.silent:
            left = min(left, _LOOK_FOR_PAGES)
        link.connection.wait(left, also=signals)

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
        until = self._until_deadline()
        if until < math.inf:
            loop.later(until)
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
