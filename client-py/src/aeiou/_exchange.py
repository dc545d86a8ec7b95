"""Requests on their way to the daemon."""

from __future__ import annotations

import threading
import time
from _thread import get_ident
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple, Union

from . import _layout as layout
from ._closures import Runner
from ._deadlines import Timed
from ._draining import Draining
from ._entry import Entry
from ._ids import number_of
from ._link import Link
from ._prepared import Burst
from ._request import Request, Run, Sink, Step, Watched, ended, ignore

#: After how many nanoseconds a stale reading is asked for again, if asking did not help.
_ASK_AGAIN = 1_000_000_000

#: How many are remembered to have been asked for.
_MOST_REFRESHING = 1 << 16


class Exchange(Draining):
    """What stands behind an attachment.

    Requests go into the ring at once if there is a page, else into the backlog.

    :ivar counting: is held while what several threads count is changed
    """

    def __init__(self, link: Link, runner: Runner) -> None:
        super().__init__(link, runner)
        self.counting = threading.Lock()
        #: By their numbers, those that have not ended.
        self.watching: Dict[int, Watched] = {}

        # By path, and operation if that is no read: until when the reading is fresh that was asked for anew, and when
        # that was, in nanoseconds.
        self._refreshing: Dict[Union[str, Tuple[str, int]], Tuple[int, int]] = {}

    # Asking.

    def submit(
        self,
        operation: int,
        path: str,
        sink: Sink,
        context: Any,
        flags: int = 0,
        group: int = 0,
        deadline: int = 0,
    ) -> int:
        """Submits a request, or keeps it until there is a page, or a daemon; :meth:`Link.flush` hands it over.

        :param deadline: in nanoseconds of ``CLOCK_MONOTONIC``; 0 for none
        :return: its number
        :raises Detached: if this has ended, or the daemon is gone for good
        :raises NameTooLong: if the path does not fit a page
        """
        link = self.link
        if get_ident() != link.thread:
            link.check_thread()
        connection = link.connection
        timed = None
        if deadline and connection.minor < layout.MINOR_OF_DEADLINES:
            sink = timed = Timed(sink, 1)
        number = 0
        if not link.backlog and not connection.gone:
            number = connection.submissions.submit(operation, path, sink, context, flags, group, deadline, link.kept)
            if number and not link.unrung:
                link.submitted()
        if not number:
            number = self._put_off((Step(operation, path, flags, deadline),), sink, context, group)
        if timed is not None:
            self._see_to(deadline, number, 1, timed)
        return number

    def submit_many(
        self,
        burst: Burst,
        begin: int,
        end: int,
        sink: Sink,
        contexts: List[Any],
        group: int,
        flags: int = 0,
        deadline: int = 0,
    ) -> int:
        """Submits some reads, or keeps them, as :meth:`submit` does one.

        :param contexts: one for each path from ``begin`` to ``end``
        :return: how many, at least one
        :raises Detached: if none can be: this has ended, or the daemon is gone for good
        :raises NameTooLong: if the first path does not fit a page
        """
        link = self.link
        link.check_thread()
        connection = link.connection
        number, made, timed = 0, sink, None
        if deadline and connection.minor < layout.MINOR_OF_DEADLINES:
            number = connection.submissions.reserve(end - begin)
            made = timed = Timed(sink, end - begin)
        if not link.backlog and not connection.gone:
            numbers = group, link.kept, flags, deadline, number
            count = connection.submissions.submit_many(burst.paths, burst.names, begin, end, made, contexts, *numbers)
            if count:
                if timed is not None:
                    timed.left -= end - begin - count
                    self._see_to(deadline, number, count, timed)
                if not link.unrung:
                    link.submitted()
                return count
            if connection.submissions.has_room(link.kept):
                # The path is none of the usual ones: either it can be asked for by itself, or it is refused.
                self.submit(layout.READ, burst.paths[begin], sink, contexts[0], flags, group, deadline)
                return 1
        link.check()
        names = burst.names[begin:end] if burst.names is not None else self._names(burst.paths[begin:end])
        paths = burst.paths[begin : begin + len(names)]
        with connection.draining:
            number = number or connection.submissions.reserve(len(names))
            link.backlog.put_run(Run(number, paths, names, made, contexts, group, flags, deadline))
            if timed is not None:
                timed.left -= end - begin - len(names)
                self._see_to(deadline, number, len(names), timed)
            link.look_after()
            self._listen()
        return len(names)

    def _see_to(self, deadline: int, first: int, count: int, timed: Timed) -> None:
        """Sees to the deadline of requests whose daemon does not.

        :param first: the number of the first of them
        """
        self.deadlines.add(deadline, first, count, timed)
        self._listen()

    def _names(self, paths: Sequence[str]) -> List[bytes]:
        """Paths as pages have them, up to the first one that is refused."""
        names: List[bytes] = []
        for path in paths:
            try:
                names.append(self.link.connection.submissions.name(path))
            except (TypeError, ValueError):
                if not names:
                    raise
                break
        return names

    def submit_steps(self, steps: Sequence[Step], sink: Sink, context: Any, group: int) -> int:
        """Submits a chain, or a watch, as :meth:`submit` does one request.

        :return: the number of the first step
        :raises ValueError: if it can never fit, too
        """
        link = self.link
        link.check_thread()
        pages = link.connection.pages - link.kept
        if len(steps) > pages:
            raise ValueError(f"a chain of {len(steps)} steps needs as many pages, of {pages}: attach with more")
        deadline, timed = steps[0].target, None
        if deadline and link.connection.minor < layout.MINOR_OF_DEADLINES:
            sink = timed = Timed(sink, len(steps))
        number = self._put_off(steps, sink, context, group)
        if timed is not None:
            self._see_to(deadline, number, len(steps), timed)
        link.submit_waiting()
        return number

    def _put_off(self, steps: Sequence[Step], sink: Sink, context: Any, group: int) -> int:
        link = self.link
        link.check()
        with link.connection.draining:
            link.connection.submissions.check(steps)
            number = link.connection.submissions.reserve(len(steps))
            link.backlog.put(Request(number, steps, sink, context, group))
            link.look_after()
            self._listen()
            return number

    def ask_silently(self, path: str) -> None:
        """Submits a read without a closure: what comes is in the table then."""
        link = self.link
        connection = link.connection
        # They end without a completion, so whatever waits for a page would not be told that one
        # is free. With some pages for others, there is always one that ends with a completion.
        if not link.backlog and not connection.gone:
            submissions = connection.submissions
            if submissions.silent < (connection.pages - link.kept) // 2:
                if submissions.submit(layout.READ, path, ignore, None, layout.NO_COMPLETION, leave=link.kept):
                    link.submitted()
                    return
        self.submit(layout.READ, path, ignore, None)

    def refresh(self, path: str, stale: Entry, operation: int = layout.READ) -> None:
        """Asks for what is stale, once for each, and once more if that takes long; never with a page of the program's.

        :param operation: what it was the answer to; a stat asks no system, also not this way
        """
        if operation == layout.STAT:
            return
        link = self.link
        key: Union[str, Tuple[str, int]] = path if operation == layout.READ else (path, operation)
        fresh, at = self._refreshing.get(key, (0, 0))
        now = time.monotonic_ns()
        if fresh == stale._fresh and now - at < _ASK_AGAIN:
            return
        if len(self._refreshing) >= _MOST_REFRESHING:
            self._refreshing.clear()
        if not link.connection.gone:
            try:
                if not link.connection.submissions.refresh(operation, path, now):
                    return  # those before it are still underway: when it is looked at again
                if not link.unrung:
                    link.submitted()
            except ValueError:
                pass  # too long for a page of ours: it is served all the same
        self._refreshing[key] = (stale._fresh, now)

    def hit(self, path: str, operation: int = layout.READ) -> Optional[Entry]:
        """What is cached of a path, if it is usable; if it is stale, it is asked for."""
        entry = self.cached(path, operation)
        if entry is not None and time.monotonic_ns() > entry._fresh:
            self.refresh(path, entry, operation)
        return entry

    def cached(self, path: str, operation: int = layout.READ) -> Optional[Entry]:
        """What is cached of a path, if it is usable. Asks nothing."""
        self.link.check_thread()
        entry = self.link.table.find(path, operation)
        return entry if entry is not None and time.monotonic_ns() < entry._usable else None

    def number_of(self, given: int) -> int:
        """The number of a request of this attachment, whose id may be given; 0 if it was a hit, -1 if it is none."""
        return number_of(given, self.link.identity)

    def cancel(self, number: int, group: int, answer: Callable[[Entry], None]) -> int:
        """Withdraws a request by its number, or all of a group.

        What has not reached the daemon ends here; for the rest it is asked, ahead of whatever waits.

        :param answer: is given an entry with the reason ``cancelled``, ``too late`` or ``unknown``, or
            ``stopped`` if the daemon goes before it answers; perhaps inside this call
        :return: the number of the cancel itself; 0 if it has its answer
        """
        link = self.link
        link.check_thread()
        if not number and not group:
            answer(ended("", "too late", ""))  # it was a hit
            return 0
        if number < 0:
            answer(ended("", "unknown", "it is a request of another attachment"))
            return 0
        withdrawn = self._withdraw(number, group)
        if link.connection.gone or (number and withdrawn):
            answer(ended("", "cancelled" if withdrawn else "unknown", ""))
            return 0
        link.connection.submissions.forget_watches(number, group)
        operation = layout.CANCEL_REQUEST if number else layout.CANCEL_GROUP
        step = Step(operation, "", 0, number or group)

        def answered(context: Any, entry: Entry, more: bool) -> None:
            answer(ended("", "cancelled", "") if withdrawn else entry)

        own = self._put_off((step,), answered, None, 0)
        link.submit_waiting()
        link.flush()
        return own

    def _withdraw(self, number: int, group: int) -> bool:
        """Ends what is in the backlog; whether there was any of it."""
        link = self.link
        with link.connection.draining:
            link.look_after()  # watches of a daemon that is gone wait for the next one
            withdrawn = link.backlog.withdraw(number, group)
            for each in withdrawn:
                each.end(link.connection.due, "cancelled", "withdrawn")
        self._listen()
        return bool(withdrawn)
