"""Requests that wait: for pages, or for the daemon."""

from __future__ import annotations

from collections import deque
from typing import Deque, List

from ._request import Request
from ._submissions import Submissions


class Backlog:
    """Cancels first, then the others as they were asked for.

    Its owner holds :attr:`Connection.draining` when it calls anything that changes it.

    :param kept: how many pages only cancels may use, so that one is possible when all others wait
    """

    def __init__(self, kept: int) -> None:
        self._kept = kept
        self._waiting: Deque[Request] = deque()

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, request: Request) -> None:
        """Adds one."""
        if request.is_cancel:
            self._waiting.appendleft(request)
        else:
            self._waiting.append(request)

    def put_back(self, requests: List[Request]) -> None:
        """Adds some that were there before all others."""
        self._waiting.extendleft(reversed(requests))

    def submit(self, submissions: Submissions) -> bool:
        """Submits them as far as there are pages; whether there were any."""
        submitted = False
        while self._waiting:
            first = self._waiting[0]
            if not submissions.submit_request(first, 0 if first.is_cancel else self._kept):
                break
            self._waiting.popleft()
            submitted = True
        return submitted

    def withdraw(self, number: int, group: int) -> List[Request]:
        """Takes out the request with a number; or if that is 0, those of a group."""
        return self._take_out([each for each in self._waiting if each.is_meant(number, group)])

    def lose(self, everything: bool) -> List[Request]:
        """Takes out what is of no use to another daemon: cancels; or everything."""
        if not everything and not (self._waiting and self._waiting[0].is_cancel):
            return []  # cancels are the first
        return self._take_out([each for each in self._waiting if everything or each.is_cancel])

    def _take_out(self, those: List[Request]) -> List[Request]:
        numbers = {each.number for each in those}
        self._waiting = deque(each for each in self._waiting if each.number not in numbers)
        return those
