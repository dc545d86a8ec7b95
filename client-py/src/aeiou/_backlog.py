"""Requests that wait: for pages, or for the daemon."""

from __future__ import annotations

from collections import deque
from typing import Any, Deque, List, NamedTuple, Sequence

from . import _layout as layout
from ._connection import Connection, Sink, Step, ended

_CANCELS = (layout.CANCEL_REQUEST, layout.CANCEL_GROUP)


class Waiting(NamedTuple):
    """A request that waits; a chain waits as one.

    :ivar number: of its first step, as :meth:`Connection.reserve` gave it
    """

    number: int
    steps: Sequence[Step]
    sink: Sink
    context: Any
    group: int

    @property
    def is_cancel(self) -> bool:
        """Whether it withdraws others."""
        return self.steps[0].operation in _CANCELS

    def end(self, connection: Connection, reason: str, why: str) -> None:
        """Lets it be due with what has become of it here."""
        for step in self.steps:
            connection.due.append((self.sink, self.context, ended(step.path, reason, why), False))


class Backlog:
    """Cancels first, then the others as they were asked for.

    Its owner holds :attr:`Connection.draining` when it calls anything that changes it.

    :param kept: how many pages only cancels may use, so that one is possible when all others wait
    """

    def __init__(self, kept: int) -> None:
        self._kept = kept
        self._waiting: Deque[Waiting] = deque()

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def put(self, waiting: Waiting) -> None:
        """Adds one."""
        if waiting.is_cancel:
            self._waiting.appendleft(waiting)
        else:
            self._waiting.append(waiting)

    def submit(self, connection: Connection) -> bool:
        """Submits them as far as there are pages; whether there were any."""
        submitted = False
        while self._waiting:
            number, steps, sink, context, group = first = self._waiting[0]
            if not connection.submit_steps(number, steps, sink, context, group, 0 if first.is_cancel else self._kept):
                break
            self._waiting.popleft()
            submitted = True
        return submitted

    def withdraw(self, number: int, group: int) -> List[Waiting]:
        """Takes out the request with a number; or if that is 0, those of a group."""
        return self._take_out(
            [
                each
                for each in self._waiting
                if not each.is_cancel and (each.number == number if number else each.group == group)
            ]
        )

    def lose(self, everything: bool) -> List[Waiting]:
        """Takes out what is of no use to another daemon: cancels; or everything."""
        return self._take_out([each for each in self._waiting if everything or each.is_cancel])

    def _take_out(self, those: List[Waiting]) -> List[Waiting]:
        numbers = {each.number for each in those}
        self._waiting = deque(each for each in self._waiting if each.number not in numbers)
        return those
