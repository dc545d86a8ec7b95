"""What a group has asked for: how it is counted, what runs at the outcomes, and waiting for them."""

from __future__ import annotations

import time
from _thread import get_ident
from collections import deque
from typing import Any, AsyncIterator, Callable, Deque, Iterable, NamedTuple, Optional, Union

from . import _layout as layout
from ._awaited import Awaited
from ._closures import Closure, check_closure, check_result
from ._deadlines import deadline_in
from ._entry import Entry, described
from ._exchange import Exchange
from ._grouped import grouped
from ._reply import Reply, Waiters, cancel
from ._request import Sink
from ._signals import Signals
from ._written import written

_monotonic_ns = time.monotonic_ns


class _Counts(NamedTuple):
    submitted: int
    immediate: int
    delayed: int
    pending: int
    failed: int
    stale: int


class Progress(_Counts):
    """How far a group is: six numbers. ``submitted`` is ``immediate + delayed``.

    :ivar pending: of the delayed ones, how many still wait; watches do so until they are cancelled
    :ivar failed: how many ended in neither a reading nor an absence
    :ivar stale: how many of the immediate ones were past their TTL
    :ivar error: of the failed ones, the outcome that came first; None if there is none. It is not one of the numbers
    """

    error: Optional[Entry] = None

    def __repr__(self) -> str:
        return f"{super().__repr__()[:-1]}, error={self.error!r})"


class Requests:
    """The requests of a group, however they were made."""

    def __init__(self, exchange: Exchange, number: int, context: Any) -> None:
        self.context = context
        self._exchange = exchange
        self._link = exchange.link
        self._runner = exchange.runner
        self._number = number
        self._immediate = 0
        self._delayed = 0
        self._done = 0  # of the delayed ones; counted by what drains, the others by what asks
        self._events = 0  # of watches
        self._failed = 0
        self._error: Optional[Entry] = None
        self._last = 0  # the number of the request that was made last
        self._stale = 0
        self._ended = False
        self._checked: Optional[Closure] = None  # the one that was asked with last
        self._ready: Deque[Entry] = deque()
        self._waiters = Waiters()

    def _answer(
        self, operation: int, path: str, closure: Optional[Closure], context: Any, renews: bool = True
    ) -> bool:
        """Runs the closure, if the value table has the outcome; whether it has.

        :param renews: whether what is stale is asked for anew
        """
        link = self._link
        if get_ident() != link.thread:
            link.check_thread()
        entry = link.table.find(path, operation)
        if entry is None:
            return False
        now = _monotonic_ns()
        if now >= entry._usable:
            return False
        self._immediate += 1
        if now > entry._fresh:
            self._is_stale(path, entry, operation, renews)
        if context is not None:
            entry = entry._of(context)
        if entry.reason:
            self._has_failed(entry)
        if closure is None:
            self._ready.append(entry)
            return True
        try:
            result: Any = closure(False, entry)
        except Exception as e:  # noqa: BLE001 - the handler gets whatever it is
            self._runner.failed(closure, e, entry)
        else:
            if result is not None:
                check_result(closure, result)
        return True

    def _is_stale(self, path: str, entry: Entry, operation: int = layout.READ, renews: bool = True) -> None:
        self._stale += 1
        if renews:
            self._exchange.refresh(path, entry, operation)
        if self._ended:
            self._link.send()

    def _has_failed(self, entry: Entry) -> None:
        if entry.reason != "absent":
            self._failed += 1
            if self._error is None:
                self._error = entry

    def _ask(
        self,
        operation: int,
        path: str,
        closure: Optional[Closure],
        context: Any,
        flags: int = 0,
        sink: Optional[Sink] = None,
        timeout: Optional[float] = None,
        deadline: int = 0,
    ) -> int:
        if closure is not None and closure is not self._checked:
            check_closure(closure)
            self._checked = closure
        exchange = self._exchange
        if timeout is not None:
            deadline = deadline_in(timeout)
        sink = sink or self._outcome
        number = exchange.submit(operation, path, sink, (closure, context), flags, self._number, deadline)
        self._last = number
        # A closure may ask on a loop's thread while the program does so on its own.
        with exchange.counting:
            self._delayed += 1
        if self._ended:
            self._link.send()
        return self._link.identity | number

    def _asked(self, number: int, count: int) -> int:
        self._last = number
        with self._exchange.counting:
            self._delayed += count
        if self._ended:
            self._link.send()
        return self._link.identity | number

    def _description(self, request: Any, entry: Entry, more: bool) -> None:
        self._outcome(request, described(entry), more)

    def _writing(self, request: Any, entry: Entry, more: bool) -> None:
        self._outcome(request, written(entry), more)

    def _grouping(self, request: Any, entry: Entry, more: bool) -> None:
        self._outcome(request, grouped(entry), more)

    def _told(self, watched: Any, entry: Entry, more: bool) -> None:
        if more:
            watched.events += 1
        else:
            watched.has_ended = True
            self._exchange.watching.pop(watched.number, None)
        self._outcome(watched.request, entry, more)

    def _outcome(self, request: Any, entry: Entry, more: bool) -> None:
        closure, entry.context = request
        if more:
            self._events += 1
        else:
            self._done += 1
            if entry.reason:
                self._has_failed(entry)
        if closure is None:
            self._ready.append(entry)
        elif self._runner.debug:
            self._runner.run(closure, entry)
        else:
            # As Runner.run, without the call.
            try:
                result = closure(True, entry)
                if result is not None:
                    check_result(closure, result)
            except Exception as e:  # noqa: BLE001 - the handler gets whatever it is
                self._runner.report(e, entry)
        if self._waiters.waiting:
            self._waiters.wake()

    @property
    def _pending(self) -> int:
        # An outcome may come on another thread before what asked has counted it.
        return max(0, self._delayed - self._done)

    # Waiting.

    def progress(self) -> Progress:
        """How far the group is. Asks nothing and runs nothing: that does :meth:`wait`, also with no time, or a loop."""
        submitted = self._immediate + self._delayed
        counts = submitted, self._immediate, self._delayed, self._pending, self._failed, self._stale
        progress = Progress(*counts)
        progress.error = self._error
        return progress

    def end(self) -> None:
        """Sends off what was asked for."""
        self._ended = True
        self._link.flush()

    @property
    def last_id(self) -> int:
        """The id of what was asked for last of what is delayed, as by :meth:`read`; 0 if nothing was."""
        return self._last and self._link.identity | self._last

    def wait(
        self,
        timeout: Optional[float] = None,
        some: Optional[int] = None,
        *,
        requests: Optional[Iterable[Union[int, Reply]]] = None,
        interruptible: bool = False,
    ) -> bool:
        """Runs delayed closures on this thread until all requests have their outcome, which watches never have.

        :param timeout: for so many seconds at the most; None for as long as it takes
        :param some: until so many closures have run since this call, for outcomes and for events of watches,
            or nothing is pending any more; of given requests, until so many of those have ended
        :param requests: until these have ended, or if they are watches, have an event: ids, and replies, of any
            group of this attachment
        :param interruptible: whether a signal ends it, when its handler has returned; only on the main thread
        :return: whether that is so; not if the time is over, or nothing can come any more
        :raises InterruptedError: if a signal came
        :raises BlockedInClosure: in a delayed closure, in debug mode
        :raises WrongThread: on another thread than the one that attached, unless in a closure
        :raises Detached: in a process that was forked after attaching
        """
        self._runner.check("group.wait()")
        if requests is None:
            goal = None if some is None else self._done + self._events + some
            done: Callable[[], bool] = lambda: not self._pending or goal is not None and self._done + self._events >= goal
        else:
            awaited = Awaited(self._exchange, requests)
            most = awaited.count if some is None else min(some, awaited.count)
            done = lambda: awaited.ended >= most  # noqa: E731 - as above
        if not interruptible:
            return self._exchange.pump(done, timeout)
        with Signals() as signals:
            return self._exchange.pump(done, timeout, signals)

    def cancel(self, request: Optional[int] = None) -> Reply:
        """Withdraws what is pending; each closure runs once more, with the reason ``cancelled``.

        :param request: the id of one request of this attachment, as :meth:`fetch` and others return it; None for
            all of the group
        :return: the answer: its entry has the reason ``cancelled``, ``too late`` (also of 0, which was a hit) or
            ``unknown``
        :raises WrongThread: on another thread than the one that attached, unless in a closure
        """
        if request is None:
            return cancel(self._exchange, 0, self._number)
        return cancel(self._exchange, self._exchange.number_of(request), 0)

    async def __aiter__(self) -> AsyncIterator[Entry]:
        """The entries of what was asked for without a closure, as they come."""
        self._exchange.dispatch_here()
        self._link.flush()
        while True:
            while self._ready:
                yield self._ready.popleft()
            if not self._pending:
                return
            await self._waiters
