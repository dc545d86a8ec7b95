"""Requests that wait: for pages, or for the daemon."""

from __future__ import annotations

from collections import deque
from typing import Deque, List, Set, Union

from ._request import Request, Run
from ._submissions import Submissions


class Backlog:
    """Cancels first, then the others as they were asked for.

    Its owner holds :attr:`Connection.draining` when it calls anything that changes it.

    :param kept: how many pages only cancels may use, so that one is possible when all others wait
    """

    def __init__(self, kept: int) -> None:
        self._kept = kept
        self._waiting: Deque[Union[Request, Run]] = deque()
        #: When the first of them may be over, in nanoseconds; 0 if that is not known.
        self.deadline = 0

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def put(self, request: Request) -> None:
        """Adds one."""
        if request.is_cancel:
            self._waiting.appendleft(request)
        else:
            self._waiting.append(request)
            self._note(request.deadline)

    def put_run(self, run: Run) -> None:
        """Adds some reads."""
        self._waiting.append(run)
        self._note(run.deadline)

    def _note(self, deadline: int) -> None:
        if deadline and (not self.deadline or deadline < self.deadline):
            self.deadline = deadline

    def put_back(self, requests: List[Request]) -> None:
        """Adds some that were there before all others."""
        self._waiting.extendleft(reversed(requests))

    def submit(self, submissions: Submissions) -> bool:
        """Submits them as far as there are pages; whether there were any."""
        submitted = False
        while self._waiting:
            first = self._waiting[0]
            if isinstance(first, Run):
                count = submissions.submit_run(first, self._kept)
                submitted = submitted or count > 0
                if first.at < len(first.paths):
                    break
            elif not submissions.submit_request(first, 0 if first.is_cancel else self._kept):
                break
            else:
                submitted = True
            self._waiting.popleft()
        return submitted

    def withdraw(self, number: int, group: int) -> List[Request]:
        """Takes out the request with a number; or if that is 0, those of a group."""
        waiting = self._single()
        return self._take_out(waiting, [each for each in waiting if each.is_meant(number, group)])

    def expire(self, now: int) -> List[Request]:
        """Takes out those whose deadline has passed."""
        if not 0 < self.deadline <= now:
            return []
        waiting = self._single()
        expired = self._take_out(waiting, [each for each in waiting if 0 < each.deadline <= now])
        self.deadline = min((each.deadline for each in waiting if each.deadline > now), default=0)
        return expired

    def numbers(self) -> Set[int]:
        """The numbers of what waits; of a chain, of its steps."""
        return {number for each in self._single() for number in range(each.number, each.number + len(each.steps))}

    def lose(self, everything: bool) -> List[Request]:
        """Takes out what is of no use to another daemon: cancels; or everything."""
        first = self._waiting[0] if self._waiting else None
        if not everything and not (isinstance(first, Request) and first.is_cancel):
            return []  # cancels are the first
        waiting = self._single()
        return self._take_out(waiting, [each for each in waiting if everything or each.is_cancel])

    def _single(self) -> List[Request]:
        """What waits, one by one."""
        waiting: List[Request] = []
        for each in self._waiting:
            waiting += each.left() if isinstance(each, Run) else [each]
        return waiting

    def _take_out(self, waiting: List[Request], those: List[Request]) -> List[Request]:
        if those:
            numbers = {each.number for each in those}
            self._waiting = deque(each for each in waiting if each.number not in numbers)
        return those
