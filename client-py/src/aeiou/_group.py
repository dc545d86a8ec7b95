"""Groups: a burst of requests of one requester.

The file is long as it is one object with every way to ask, each with its documentation.
"""

from __future__ import annotations

import time
from _thread import get_ident
from typing import TYPE_CHECKING, Any, AsyncIterator, Optional, Sequence, Type

from . import _layout as layout
from ._closures import Closure, check_closure, check_result
from ._entry import Entry
from ._read_many import ManyReads
from ._reply import Reply, cancel
from ._request import Step, ended
from ._requests import Progress
from ._table import ANSWERED
from ._want import Steps, Want, chain_steps, generator, want

if TYPE_CHECKING:
    from types import TracebackType

_monotonic_ns = time.monotonic_ns


class Group(ManyReads):
    """A burst of requests: begin, any number of requests, end; then wait, or let a loop deliver.

    Made by :meth:`Attachment.begin`. A hit runs its closure inside the call that asks; a miss runs it
    delayed, in :meth:`wait` or on the loop the attachment dispatches to. What is asked for after the
    end is sent off at once; inside a closure, when the others that are due have run.

    Whatever asks raises :class:`Detached` if the attachment was closed or its daemon is gone for
    good, :class:`NameTooLong` if a path does not fit a page, :class:`WrongThread` on another thread than the
    one that attached unless in a closure, and TypeError for what is no path or no closure, such as a
    coroutine function; it counts nothing then. Paths are below the mount point; slashes at their ends,
    and two together, mean nothing.

    :ivar context: as it was given to :meth:`Attachment.begin`
    """

    def __enter__(self) -> Group:
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        if kind is None:
            self.end()
        else:
            self.cancel()

    def __repr__(self) -> str:
        of = "" if self.context is None else f" of {self.context!r}"
        return f"<Group {self._number}{of}: {self._immediate + self._delayed} submitted, {self._pending} pending>"

    # Asking.

    def read(self, path: str, closure: Optional[Closure] = None, context: Any = None) -> bool:
        """Asks for the value of an attribute. An absence that is known is a hit, too, and so is a name that there is not.

        :param closure: runs at the outcome; without one, the entry waits for ``async for``
        :param context: the requester's own; comes back as ``entry.context``
        :return: whether the closure has run, inside this call
        """
        link = self._link
        if get_ident() != link.thread:
            link.check_thread()
        table = link.table
        # As Table.find, without the call: this is what most requests come to.
        known = table.known.get(path)
        entry = known[2] if known is not None and table.words[known[0]] == known[1] else table.look(path)
        if entry is not None:
            now = _monotonic_ns()
            if now < entry._usable:
                self._immediate += 1
                if now > entry._fresh:
                    self._is_stale(path, entry)
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
        self._ask(layout.READ, path, closure, context)
        return False

    def cached(self, path: str, closure: Optional[Closure] = None, context: Any = None) -> bool:
        """Asks for what is cached, here or in the daemon; the network is left alone, also if that is stale.

        Otherwise as :meth:`read`. Without anything cached it fails, delayed, as ``not cached``.
        """
        entry = self._exchange.cached(path)
        if entry is None:
            self._ask(layout.READ, path, closure, context, layout.HIT_ONLY)
            return False
        self._immediate += 1
        self._stale += entry.stale
        entry = entry._of(context)
        if closure is None:
            self._ready.append(entry)
        else:
            self._runner.run_immediately(closure, entry)
        return True

    def fetch(self, path: str, closure: Optional[Closure] = None, context: Any = None) -> int:
        """Asks for the value as it is now, whatever is cached. Always delayed.

        :return: its number, for :meth:`cancel`
        """
        return self._ask(layout.READ, path, closure, context, layout.FORCE_MISS)

    def describe(self, path: str, closure: Optional[Closure] = None, context: Any = None) -> int:
        """Asks for the value, and what else is known: the entry has ``raw``, ``oid``, ``type`` and ``units``, too.

        As :meth:`read`. What was described before is there at once. A daemon that is older than this fails it, and says so.

        :return: its number, for :meth:`cancel`; 0 if the closure has run, inside this call
        """
        if self._answer(layout.DESCRIBE, path, closure, context):
            return 0
        return self._ask(layout.DESCRIBE, path, closure, context, sink=self._description)

    def read_group(self, path: str, closure: Optional[Closure] = None, context: Any = None) -> int:
        """Asks for many values as one request; see :attr:`Entry.readings` and :attr:`Entry.rows`. Always delayed.

        What is cached will do. Each attribute has an outcome of its own; the entry fails only if nothing was found
        out. What may be asked for is in :meth:`Attachment.read_group`.

        :return: its number, for :meth:`cancel`
        """
        return self._ask(layout.READ_GROUP, path, closure, context, sink=self._grouping)

    def list(self, path: str, closure: Optional[Closure] = None, context: Any = None) -> int:
        """Asks for the names in a directory; see :attr:`Entry.names` and :attr:`Entry.kinds`. As :meth:`read`.

        :return: its number, for :meth:`cancel`; 0 if the closure has run, inside this call
        """
        if self._answer(layout.LIST, path, closure, context):
            return 0
        return self._ask(layout.LIST, path, closure, context)

    def stat(self, path: str, closure: Optional[Closure] = None, context: Any = None) -> int:
        """Asks for what ``os.stat`` shows, which fetches nothing; see :attr:`Entry.stat`. As :meth:`read`.

        What is in a listing that is cached, and was not read, is there at once, too.

        :return: its number, for :meth:`cancel`; 0 if the closure has run, inside this call
        """
        if self._answer(layout.STAT, path, closure, context):
            return 0
        return self._ask(layout.STAT, path, closure, context)

    def write(self, path: str, value: str, closure: Optional[Closure] = None, context: Any = None) -> int:
        """Asks to write a value. Nothing can be written yet: ends as ``not writable``. Always delayed.

        :return: its number, for :meth:`cancel`
        """
        return self._ask(layout.WRITE, path, closure, context)

    def watch(self, path: str, closure: Closure, context: Any = None) -> int:
        """Runs a closure for the value of an attribute, and again at each change, until it is cancelled.

        Always delayed. Changes that come faster than closures run are told as one. An attribute that cannot be read is
        an entry without a reading, and the watch goes on; so it does over a reload of the configuration.
        With ``attach(reconnect=True)`` it goes on with the next daemon, too, whose first value is told
        even if it is the same.

        :return: its number, for :meth:`cancel`
        """
        check_closure(closure)
        number = self._exchange.submit_steps(
            (Step(layout.WATCH, path),), self._outcome, (closure, context), self._number
        )
        self._asked(1)
        return number

    def chain(self, steps: Sequence[Want], closure: Closure, context: Any = None) -> None:
        """Asks for one thing after another, in the daemon: nothing comes back here between two of them.

        A step may use the value of the one before it, as ``{}`` in its path, and end the chain; the steps behind
        that end as ``cancelled``. The closure runs for each step.

        :param steps: at most 16 of :func:`read`, :func:`list_names` and :func:`each`
        :raises ValueError: if there are none, or more than that or than there are pages
        """
        check_closure(closure)
        wanted = chain_steps(steps)
        self._exchange.submit_steps(wanted, self._outcome, (closure, context), self._number)
        self._asked(len(wanted))

    def run(self, steps: Steps) -> None:
        """Runs a generator closure: straight through what is cached, later what is not.

        What asking raises is raised at its ``yield``; what it raises itself goes to ``on_error``.

        :raises TypeError: if it is no generator
        """
        self._link.check_thread()
        self._step(generator(steps), None)

    def _step(self, steps: Steps, entry: Optional[Entry]) -> None:
        refused: Optional[Exception] = None
        try:
            while True:
                if refused is not None:
                    given = steps.throw(refused)
                else:
                    given = next(steps) if entry is None else steps.send(entry)
                refused = None
                try:
                    entry = self._want(steps, want(given))
                except Exception as e:  # noqa: BLE001 - the generator gets whatever it is
                    refused = e
                else:
                    if entry is None:
                        return
        except StopIteration:
            pass
        except Exception as e:  # noqa: BLE001 - the handler gets whatever it is
            self._runner.report(e, entry or ended("", "bad answer", "a generator closure failed"))

    def _want(self, steps: Steps, wanted: Want) -> Optional[Entry]:
        """What is cached of what a generator wants; None if it goes on later."""
        if wanted.operation in ANSWERED:
            entry = self._exchange.hit(wanted.path, wanted.operation)
            if entry is not None:
                self._immediate += 1
                self._stale += entry.stale
                if entry.reason:
                    self._has_failed(entry)
                if self._ended:
                    self._link.send()
                return entry
        sinks = {layout.READ_GROUP: self._grouping, layout.DESCRIBE: self._description}
        sink = sinks.get(wanted.operation)
        self._ask(wanted.operation, wanted.path, lambda delayed, got: self._step(steps, got), None, sink=sink)
        return None

    # Waiting.

    def progress(self) -> Progress:
        """How far the group is. Asks nothing and runs nothing: that does :meth:`wait`, also with no time, or a loop."""
        return Progress(
            self._immediate + self._delayed, self._immediate, self._delayed, self._pending, self._failed, self._stale
        )

    def end(self) -> None:
        """Sends off what was asked for."""
        self._ended = True
        self._link.flush()

    def wait(self, timeout: Optional[float] = None, some: Optional[int] = None) -> bool:
        """Runs delayed closures on this thread until all requests have their outcome, which watches never have.

        :param timeout: for so many seconds at the most; None for as long as it takes
        :param some: until so many closures have run since this call, for outcomes and for events of watches,
            or nothing is pending any more
        :return: whether that is so; not if the time is over, or nothing can come any more
        :raises BlockedInClosure: in a delayed closure, in debug mode
        :raises WrongThread: on another thread than the one that attached, unless in a closure
        :raises Detached: in a process that was forked after attaching
        """
        self._runner.check("group.wait()")
        goal = None if some is None else self._done + self._events + some
        return self._exchange.pump(
            lambda: not self._pending or goal is not None and self._done + self._events >= goal, timeout
        )

    def cancel(self, number: int = 0) -> Reply:
        """Withdraws what is pending; each closure runs once more, with the reason ``cancelled``.

        :param number: of one request, as :meth:`fetch` and others return it; 0 for all of the group
        :return: the answer: its entry has the reason ``cancelled``, ``too late`` or ``unknown``
        :raises WrongThread: on another thread than the one that attached, unless in a closure
        """
        return cancel(self._exchange, number, 0 if number else self._number)

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
