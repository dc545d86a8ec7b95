"""Requests on their way to the daemon."""

from __future__ import annotations

import threading
import time
from _thread import get_ident
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple, Union

from . import _layout as layout
from ._closures import Runner
from ._draining import Draining
from ._entry import Entry
from ._link import Link
from ._prepared import Burst
from ._request import Request, Run, Sink, Step, ended

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

        # By path, and operation if that is no read: until when the reading is fresh that was asked for anew, and when
        # that was, in nanoseconds.
        self._refreshing: Dict[Union[str, Tuple[str, int]], Tuple[int, int]] = {}

    # Asking.

    def submit(self, operation: int, path: str, sink: Sink, context: Any, flags: int = 0, group: int = 0) -> int:
        """Submits a request, or keeps it until there is a page, or a daemon; :meth:`Link.flush` hands it over.

        :return: its number
        :raises Detached: if this has ended, or the daemon is gone for good
        :raises NameTooLong: if the path does not fit a page
        """
        link = self.link
        if get_ident() != link.thread:
            link.check_thread()
        connection = link.connection
        if not link.backlog and not connection.gone:
            number = connection.submissions.submit(operation, path, sink, context, flags, group, 0, link.kept)
            if number:
                if not link.unrung:
                    link.submitted()
                return number
        return self._put_off((Step(operation, path, flags),), sink, context, group)

    def submit_many(self, burst: Burst, begin: int, end: int, sink: Sink, contexts: List[Any], group: int) -> int:
        """Submits some reads, or keeps them, as :meth:`submit` does one.

        :param contexts: one for each path from ``begin`` to ``end``
        :return: how many, at least one
        :raises Detached: if none can be: this has ended, or the daemon is gone for good
        :raises NameTooLong: if the first path does not fit a page
        """
        link = self.link
        link.check_thread()
        connection = link.connection
        if not link.backlog and not connection.gone:
            count = connection.submissions.submit_many(
                burst.paths, burst.names, begin, end, sink, contexts, group, link.kept
            )
            if count:
                if not link.unrung:
                    link.submitted()
                return count
            if connection.submissions.has_room(link.kept):
                # The path is none of the usual ones: either it can be asked for by itself, or it is refused.
                self.submit(layout.READ, burst.paths[begin], sink, contexts[0], 0, group)
                return 1
        link.check()
        names = burst.names[begin:end] if burst.names is not None else self._names(burst.paths[begin:end])
        paths = burst.paths[begin : begin + len(names)]
        with connection.draining:
            number = connection.submissions.reserve(len(names))
            link.backlog.put_run(Run(number, paths, names, sink, contexts, group))
            link.look_after()
            self._listen()
        return len(names)

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

        :raises ValueError: if it can never fit, too
        """
        self.link.check_thread()
        pages = self.link.connection.pages - self.link.kept
        if len(steps) > pages:
            raise ValueError(f"a chain of {len(steps)} steps needs as many pages, of {pages}: attach with more")
        number = self._put_off(steps, sink, context, group)
        self.link.submit_waiting()
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
                if submissions.submit(layout.READ, path, _ignore, None, layout.NO_COMPLETION, leave=link.kept):
                    link.submitted()
                    return
        self.submit(layout.READ, path, _ignore, None)

    def refresh(self, path: str, stale: Entry, operation: int = layout.READ) -> None:
        """Asks for what is stale, once for each, and once more if that takes long; never with a page of the program's.

        :param operation: what it was the answer to
        """
        link = self.link
        path, operation = link.table.renewed_by(path, operation)
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


def _ignore(context: Any, entry: Entry, more: bool) -> None:
    """The sink of a request without a closure."""
