"""Groups: a burst of requests of one requester.

The file is long as it is one object with every way to ask, each with its documentation.
"""

from __future__ import annotations

import time
from _thread import get_ident
from typing import TYPE_CHECKING, Any, Generator, Mapping, Optional, Sequence, Type

from . import _layout as layout
from ._chains import ChainSink
from ._closures import Closure, check_closure, check_result
from ._deadlines import deadline_in
from ._entry import Entry
from ._generators import Generators
from ._glob import Glob, Reads
from ._read_many import ManyReads
from ._request import Step, Watched, ended
from ._requests import Progress
from ._want import Steps, Want, chain_steps, generator
from ._written import text_of

if TYPE_CHECKING:
    from types import TracebackType

_monotonic_ns = time.monotonic_ns


def _flags(background: bool) -> int:
    return layout.BACKGROUND if background else 0


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

    Most ways to ask take a ``timeout``: after so many seconds the request ends with the reason ``timeout``, while what
    was asked for goes on for others, and is cached. What is asked for with ``background=True`` goes behind all that is
    not, of all programs.

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

    def read(
        self,
        path: str,
        closure: Optional[Closure] = None,
        context: Any = None,
        timeout: Optional[float] = None,
        background: bool = False,
    ) -> bool:
        """Asks for the value of an attribute. An absence that is known is a hit, too, and so is a name that there is not.

        :param closure: runs at the outcome; without one, the entry waits for ``async for``
        :param context: the requester's own; comes back as ``entry.context``
        :param timeout: ends it as ``timeout`` after so many seconds
        :param background: lets it go behind all that is not, of all programs
        :return: whether the closure has run, inside this call
        """
        # Its arguments may be given by position, as hits would pay a twentieth for keywords.
        link = self._link
        if get_ident() != link.thread:
            link.check_thread()
        table = link.table
        # As _answer, without the call: this is what most requests come to. None of these has failed.
        known = table.known.get(path)
        if known is None or table.words[known[0]] != known[1]:
            if self._answer(layout.READ, path, closure, context):
                return True
        else:
            entry = known[2]
            now = _monotonic_ns()
            if now < entry._usable:
                self._immediate += 1
                if now > entry._fresh:
                    self._is_stale(path, entry)
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
        self._ask(layout.READ, path, closure, context, _flags(background), timeout=timeout)
        return False

    def cached(self, path: str, closure: Optional[Closure] = None, context: Any = None) -> bool:
        """Asks for what is cached, here or in the daemon; the network is left alone, also if that is stale.

        Otherwise as :meth:`read`. Without anything cached it fails, delayed, as ``not cached``.
        """
        if self._answer(layout.READ, path, closure, context, False):
            return True
        self._ask(layout.READ, path, closure, context, layout.HIT_ONLY)
        return False

    def fetch(
        self,
        path: str,
        closure: Optional[Closure] = None,
        context: Any = None,
        *,
        timeout: Optional[float] = None,
        background: bool = False,
    ) -> int:
        """Asks for the value as it is now, whatever is cached. Always delayed.

        :return: its id, for :meth:`cancel` and :meth:`wait`
        """
        return self._ask(
            layout.READ, path, closure, context, layout.FORCE_MISS | _flags(background), timeout=timeout
        )

    def describe(
        self,
        path: str,
        closure: Optional[Closure] = None,
        context: Any = None,
        *,
        timeout: Optional[float] = None,
        background: bool = False,
    ) -> int:
        """Asks for the value, and what else is known: the entry has ``raw``, ``oid``, ``type`` and ``units``, too.

        As :meth:`read`. What was described before is there at once. A daemon that is older than this fails it, and says so.

        :return: its id, for :meth:`cancel` and :meth:`wait`; 0 if the closure has run, inside this call
        """
        if self._answer(layout.DESCRIBE, path, closure, context):
            return 0
        return self._ask(
            layout.DESCRIBE, path, closure, context, _flags(background), self._description, timeout
        )

    def read_group(
        self,
        path: str,
        closure: Optional[Closure] = None,
        context: Any = None,
        *,
        timeout: Optional[float] = None,
        background: bool = False,
    ) -> int:
        """Asks for many values as one request; see :attr:`Entry.readings` and :attr:`Entry.rows`. Always delayed.

        What is cached will do. Each attribute has an outcome of its own; the entry fails only if nothing was found
        out. What may be asked for is in :meth:`Attachment.read_group`.

        :return: its id, for :meth:`cancel` and :meth:`wait`
        """
        return self._ask(layout.READ_GROUP, path, closure, context, _flags(background), self._grouping, timeout)

    def list(
        self,
        path: str,
        closure: Optional[Closure] = None,
        context: Any = None,
        *,
        timeout: Optional[float] = None,
        background: bool = False,
    ) -> int:
        """Asks for the names in a directory; see :attr:`Entry.names` and :attr:`Entry.kinds`. As :meth:`read`.

        :return: its id, for :meth:`cancel` and :meth:`wait`; 0 if the closure has run, inside this call
        """
        if self._answer(layout.LIST, path, closure, context):
            return 0
        return self._ask(layout.LIST, path, closure, context, _flags(background), timeout=timeout)

    def stat(
        self,
        path: str,
        closure: Optional[Closure] = None,
        context: Any = None,
        *,
        timeout: Optional[float] = None,
        background: bool = False,
    ) -> int:
        """Asks for what ``os.stat`` shows, which fetches nothing; see :attr:`Entry.stat`. As :meth:`read`.

        What is in a listing that is cached, and was not read, is there at once, too.

        :return: its id, for :meth:`cancel` and :meth:`wait`; 0 if the closure has run, inside this call
        """
        if self._answer(layout.STAT, path, closure, context):
            return 0
        return self._ask(layout.STAT, path, closure, context, _flags(background), timeout=timeout)

    def write(
        self,
        path: str,
        text: str,
        closure: Optional[Closure] = None,
        context: Any = None,
        *,
        also: Optional[Mapping[str, str]] = None,
        timeout: Optional[float] = None,
    ) -> int:
        """Writes an attribute: in one question to its system, once, and reads it back. Always delayed.

        The entry's value is what was read back, as text, which may be another one than was written;
        :attr:`Entry.written` has what was before, too. A write that ends as ``timeout`` may have happened; so may one
        that was cancelled, or whose deadline has passed. It is never sent again.

        :param text: as the file has it: a label or a number, with a newline at its end or without
        :param also: further attributes of the same directory, by name: all of them are set, or none
        :return: its id, for :meth:`cancel` and :meth:`wait`
        :raises NameTooLong: if all of it does not fit a page
        :raises ValueError: if a text or a name has a NUL in it
        """
        if closure is not None:
            check_closure(closure)
        texts = text_of(text, also)
        deadline = 0 if timeout is None else deadline_in(timeout)
        step = Step(layout.WRITE, path, 0, deadline, texts)
        number = self._exchange.submit_steps((step,), self._writing, (closure, context), self._number)
        return self._asked(number, 1)

    def watch(self, path: str, closure: Closure, context: Any = None, *, background: bool = False) -> int:
        """Runs a closure for the value of an attribute, and again at each change, until it is cancelled.

        Always delayed. Changes that come faster than closures run are told as one. An attribute that cannot be read is
        an entry without a reading, and the watch goes on; so it does over a reload of the configuration.
        With ``attach(reconnect=True)`` it goes on with the next daemon, too, whose first value is told
        even if it is the same.

        :return: its id, for :meth:`cancel` and :meth:`wait`
        """
        check_closure(closure)
        watched = Watched((closure, context))
        step = Step(layout.WATCH, path, _flags(background))
        watched.number = self._exchange.submit_steps((step,), self._told, watched, self._number)
        if not watched.has_ended:
            self._exchange.watching[watched.number] = watched
        return self._asked(watched.number, 1)

    def chain(
        self,
        steps: Sequence[Want],
        closure: Closure,
        context: Any = None,
        *,
        timeout: Optional[float] = None,
        background: bool = False,
    ) -> int:
        """Asks for one thing after another, in the daemon: nothing comes back here between two of them.

        A step may use the value of the one before it, as ``{}`` in its path, and end the chain; the steps behind
        that end as ``cancelled``. The closure runs for each step.

        :param steps: at most 16 of :func:`read`, :func:`fetch`, :func:`stat`, :func:`list_names`, :func:`describe`
            and :func:`each`, with conditions such as :meth:`Want.stop_on_error`
        :return: the id of the first step, which stands for all
        :raises ValueError: if there are none, or more than that or than there are pages
        """
        check_closure(closure)
        deadline, flags = deadline_in(timeout), _flags(background)
        wanted = [step._replace(flags=step.flags | flags, target=deadline) for step in chain_steps(steps)]
        sink = ChainSink(wanted, self._outcome)
        number = self._exchange.submit_steps(wanted, sink, (closure, context), self._number)
        return self._asked(number, len(wanted))

    def glob(
        self, pattern: str, closure: Optional[Closure] = None, context: Any = None, most: int = 1_000_000
    ) -> Glob:
        """Reads each attribute whose path a pattern matches, as :meth:`read` does, as soon as it is found.

        What patterns are, and ``most``, is in :meth:`Attachment.glob`. Directories that match are not read.

        :return: what to cancel the search with, and where its failures are; there are no paths to be taken from it
        """
        if closure is not None:
            check_closure(closure)
        reads = Reads(self._runner, self, closure, context)
        glob = Glob(self._exchange, self, pattern, most, found=reads)
        reads.is_later = True
        return glob

    def run(self, steps: Steps) -> None:
        """Runs a generator closure: straight through what is cached, later what is not.

        It yields what it wants and is sent the entry: ``entry = yield aeiou.read(path)``; likewise
        :func:`fetch`, :func:`stat`, :func:`list_names`, :func:`describe` and :func:`read_group`. A list is asked for all
        at once, and a list comes back, in its order. Another generator runs first, and what it returns comes back,
        or what it raises is raised; in a list, generators run beside each other, and what one raised is raised
        when all have ended. :meth:`Attachment.run` waits, and has what it returns.

        What asking raises is raised at its ``yield``; what it raises itself goes to ``on_error``.

        :raises TypeError: if it is no generator
        """
        self._link.check_thread()
        Generators(self, self._ended_steps).start(generator(steps))

    def _ended_steps(self, value: Any, error: Optional[BaseException], last: Optional[Entry]) -> None:
        if error is not None:
            self._runner.report(error, last or ended("", "bad answer", "a generator closure failed"))

    def __await__(self) -> Generator[Any, None, Progress]:
        """Waits until all requests have their outcome, as :meth:`wait`: ``progress = await group``."""
        self._exchange.dispatch_here()
        self._link.flush()
        while self._pending:
            yield from self._waiters.__await__()
        return self.progress()
