"""Deadlines of requests that the daemon does not see to: of an older daemon, which knows none."""

from __future__ import annotations

import heapq
import math
import time
from typing import Any, List, NamedTuple, Optional, Tuple

from ._entry import Entry
from ._request import Sink, ended

#: What a request says that has ended by its deadline, as the daemon has it.
PASSED = "its deadline passed"

#: Later than any.
_NEVER = 1 << 63

#: How many are kept before those that have ended are looked for.
_MANY = 1024


def deadline_in(timeout: Optional[float]) -> int:
    """The deadline of what may take so many seconds, in nanoseconds of ``CLOCK_MONOTONIC``; 0 for none.

    :raises ValueError: if that is no number of seconds
    """
    if timeout is None or timeout == math.inf:
        return 0
    if timeout != timeout:
        raise ValueError(f"timeout={timeout} is no number of seconds")
    deadline = time.monotonic_ns() + int(max(timeout, 0) * 1e9)
    return deadline if deadline < _NEVER else 0


class Timed:
    """The sink of requests with the same deadline.

    :ivar left: how many have not ended
    :ivar is_over: whether the deadline has passed; what is cancelled then has ended by that
    """

    __slots__ = ("_sink", "left", "is_over")

    def __init__(self, sink: Sink, count: int) -> None:
        self._sink = sink
        self.left = count
        self.is_over = False

    def __call__(self, context: Any, entry: Entry, more: bool) -> None:
        self.left -= 1
        if self.is_over and entry.reason == "cancelled":
            entry = ended(entry.path, "timeout", PASSED)
        self._sink(context, entry, more)


class _Deadline(NamedTuple):
    at: int
    first: int
    many: int
    sink: Timed


class Deadlines:
    """Those of requests that were made, by numbers."""

    def __init__(self) -> None:
        self._all: List[_Deadline] = []
        self._many = _MANY

    @property
    def next(self) -> int:
        """When the next one passes; 0 if there is none."""
        return self._all[0].at if self._all else 0

    def add(self, at: int, first: int, count: int, sink: Timed) -> None:
        """Of so many requests in a row."""
        if len(self._all) >= self._many:
            self._all = [each for each in self._all if each.sink.left > 0]
            heapq.heapify(self._all)
            self._many = 2 * len(self._all) + _MANY
        heapq.heappush(self._all, _Deadline(at, first, count, sink))

    def passed(self, now: int) -> List[Tuple[int, int]]:
        """First number and count of those that have passed, and not all of them have ended."""
        numbers = []
        while self._all and self._all[0].at <= now:
            _, first, count, sink = heapq.heappop(self._all)
            if sink.left > 0:
                sink.is_over = True
                numbers.append((first, count))
        return numbers
