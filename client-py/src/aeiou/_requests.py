"""What a group has asked for: how it is counted, and what runs at the outcomes."""

from __future__ import annotations

import time
from _thread import get_ident
from collections import deque
from typing import Any, Deque, NamedTuple, Optional

from . import _layout as layout
from ._closures import Closure, check_closure, check_result
from ._entry import Entry, described
from ._exchange import Exchange
from ._grouped import grouped
from ._reply import Waiters
from ._request import Sink

_monotonic_ns = time.monotonic_ns


class Progress(NamedTuple):
    """How far a group is. ``submitted`` is ``immediate + delayed``.

    :ivar pending: of the delayed ones, how many still wait; watches do so until they are cancelled
    :ivar failed: how many ended in neither a reading nor an absence
    :ivar stale: how many of the immediate ones were past their TTL
    """

    submitted: int
    immediate: int
    delayed: int
    pending: int
    failed: int
    stale: int


class Requests:
    """The requests of a group."""

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
        self._stale = 0
        self._ended = False
        self._checked: Optional[Closure] = None  # the one that was asked with last
        self._ready: Deque[Entry] = deque()
        self._waiters = Waiters()

    def _answer(self, operation: int, path: str, closure: Optional[Closure], context: Any) -> bool:
        """Runs the closure, if the value table has the outcome; whether it has."""
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
            self._is_stale(path, entry, operation)
        if entry.reason:
            self._has_failed(entry)
        if context is not None:
            entry = entry._of(context)
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

    def _is_stale(self, path: str, entry: Entry, operation: int = layout.READ) -> None:
        self._stale += 1
        self._exchange.refresh(path, entry, operation)
        if self._ended:
            self._link.send()

    def _has_failed(self, entry: Entry) -> None:
        if entry.reason != "absent":
            self._failed += 1

    def _ask(
        self,
        operation: int,
        path: str,
        closure: Optional[Closure],
        context: Any,
        flags: int = 0,
        sink: Optional[Sink] = None,
    ) -> int:
        if closure is not None and closure is not self._checked:
            check_closure(closure)
            self._checked = closure
        exchange = self._exchange
        number = exchange.submit(operation, path, sink or self._outcome, (closure, context), flags, self._number)
        # A closure may ask on a loop's thread while the program does so on its own.
        with exchange.counting:
            self._delayed += 1
        if self._ended:
            self._link.send()
        return number

    def _asked(self, count: int) -> None:
        with self._exchange.counting:
            self._delayed += count
        if self._ended:
            self._link.send()

    def _description(self, request: Any, entry: Entry, more: bool) -> None:
        self._outcome(request, described(entry), more)

    def _grouping(self, request: Any, entry: Entry, more: bool) -> None:
        self._outcome(request, grouped(entry), more)

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

