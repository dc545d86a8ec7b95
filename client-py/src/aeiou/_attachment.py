"""Attaching: the door of this package."""

from __future__ import annotations

import os
import time
import warnings
from typing import TYPE_CHECKING, Any, Callable, Iterable, List, Mapping, Optional, Sequence, Type, Union

from . import _layout as layout
from ._asynchronous import AsyncAttachment
from ._closures import ConnectionHandler, ErrorHandler, Runner, log_error
from ._deadlines import deadline_in
from ._entry import Entry, described
from ._exchange import Exchange
from ._glob import Glob, systems
from ._greeting import Geometry
from ._group import Group
from ._grouped import grouped, table
from ._link import Link
from ._many import Many
from ._prepared import Prepared
from ._readings import Table
from ._reply import Reply, cancel
from ._request import Step
from ._running import Running
from ._table import ANSWERED
from ._want import Steps
from ._written import text_of, written

if TYPE_CHECKING:
    from types import TracebackType


def _same(entry: Entry) -> Entry:
    return entry


class Attachment:
    """A program's hold on a network; made by :func:`attach`.

    One thread uses it: the one that attached. Another is refused with :class:`WrongThread`, but for
    closures, which may ask on whichever thread they run, and for :attr:`connected`, :attr:`closed` and
    :attr:`epoch`. A process that is forked attaches again. Paths are below the mount point; slashes at
    their ends, and two together, mean nothing.
    """

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._link = exchange.link
        self._groups = 0

    # Asking.

    def begin(self, context: Any = None) -> Group:
        """Begins a group: ``with net.begin() as group: group.read(…)``.

        :param context: what the contexts of its requests are; for people who read the program
        """
        self._link.check_thread()
        self._groups += 1
        return Group(self._exchange, self._groups, context)

    def read(self, path: str, *, timeout: Optional[float] = None, background: bool = False) -> Reply:
        """Asks for one value: ``(await net.read(path)).value``, or ``net.read(path).result(2).value``.

        A cached one is there at once; if it is stale, it is also asked for.

        :param timeout: ends as ``timeout`` after so many seconds
        :param background: goes behind all that is not
        :raises Detached: if this was closed, or the daemon is gone for good
        :raises NameTooLong: if the path does not fit a page
        """
        return self._ask(layout.READ, path, timeout, background)

    def _ask(
        self,
        operation: int,
        path: str,
        timeout: Optional[float] = None,
        background: bool = False,
        becomes: Callable[[Entry], Entry] = _same,
    ) -> Reply:
        """Asks for one thing; what is cached is there at once.

        :param becomes: what the entry of a daemon's answer is made
        """
        reply = Reply(self._exchange, path)
        entry = self._exchange.hit(path, operation) if operation in ANSWERED else None
        if entry is not None:
            reply._come(None, entry, False)
            self._link.send()
            return reply

        def come(context: Any, entry: Entry, more: bool) -> None:
            reply._come(context, becomes(entry), more)

        flags = layout.BACKGROUND if background else 0
        reply._number = self._exchange.submit(operation, path, come, None, flags, 0, deadline_in(timeout))
        return reply

    def prepare(self, paths: Iterable[str]) -> Prepared:
        """Looks at paths once, for all the bursts they are read in: ``group.read_many(net.prepare(paths), closure)``.

        :return: a sequence of the same paths
        :raises NameTooLong: if a path does not fit a page
        :raises ValueError: if one is text that is no name
        :raises TypeError: if one is no text, or it is one path instead of several
        """
        return Prepared(paths, self._link.connection.submissions.page_bytes - layout.PAGE_PATH)

    def describe(self, path: str, *, timeout: Optional[float] = None, background: bool = False) -> Reply:
        """Asks for one value, and what else is known: its entry has ``raw``, ``oid``, ``type`` and ``units``, too.

        As :meth:`Group.describe`.

        :raises Detached: if this was closed, or the daemon is gone for good
        :raises NameTooLong: if the path does not fit a page
        """
        return self._ask(layout.DESCRIBE, path, timeout, background, described)

    def read_group(self, path: str, *, timeout: Optional[float] = None, background: bool = False) -> Reply:
        """Asks for many values as one request: ``(await net.read_group("core1/system")).readings["sysName"]``.

        Of a directory, ``core1/system``, ``core1/interfaces/eth0`` or a whole table, ``core1/interfaces``; of all its
        rows, ``core1/interfaces/*/ifInOctets``; of some of its attributes, ``core1/system/{sysName,sysUpTime}`` or
        ``core1/interfaces/*/{ifInOctets,ifOutOctets}``. All of it has to fit the arena.

        :raises Detached: if this was closed, or the daemon is gone for good
        :raises NameTooLong: if the path does not fit a page
        """
        return self._ask(layout.READ_GROUP, path, timeout, background, grouped)

    def write(
        self, path: str, text: str, *, also: Optional[Mapping[str, str]] = None, timeout: Optional[float] = None
    ) -> Reply:
        """Writes an attribute: ``(await net.write("core1/system/sysLocation", "Rack 7")).value`` is what was read back.

        As :meth:`Group.write`, which says what its end means.

        :param also: further attributes of the same directory, by name: all of them are set, or none
        :raises Detached: if this was closed, or the daemon is gone for good
        :raises NameTooLong: if all of it does not fit a page
        :raises ValueError: if a text or a name has a NUL in it
        """
        reply = Reply(self._exchange, path)

        def come(context: Any, entry: Entry, more: bool) -> None:
            reply._come(context, written(entry), more)

        step = Step(layout.WRITE, path, 0, 0 if timeout is None else deadline_in(timeout), text_of(text, also))
        reply._number = self._exchange.submit_steps((step,), come, None, 0)
        self._link.flush()
        return reply

    def table(
        self, path: str, columns: Optional[Sequence[str]] = None, timeout: float = 60.0, describe: bool = False
    ) -> Table:
        """The rows of a table by name, with their values by column; as one request. Waits.

        A group of scalars is one row, whose name is empty.

        :param columns: the names of those that are wanted; None for all
        :param timeout: in seconds
        :param describe: whether to ask for types and units, too: see :attr:`Table.types`
        :raises NoReading: if nothing was found out
        :raises TimeoutError: if that takes longer
        :raises Detached: if this was closed, or the daemon is gone for good
        :raises NameTooLong: if the path and the columns do not fit a page
        :raises ValueError: if what is wanted is no column
        """
        self._exchange.runner.check("net.table()")
        rows: Table = self._running(table(path, columns, describe)).result(timeout)
        return rows

    def listing(self, path: str = "", *, timeout: Optional[float] = None, background: bool = False) -> Reply:
        """Asks for the names in a directory: ``(await net.listing("core1")).names``.

        :raises Detached: if this was closed, or the daemon is gone for good
        :raises NameTooLong: if the path does not fit a page
        """
        return self._ask(layout.LIST, path, timeout, background)

    def list(self, path: str = "", timeout: float = 60.0) -> List[str]:
        """The names in a directory, as in ``os.listdir``: those of directories are not marked. Waits.

        At the top there are also the daemon's own ``.aeiou``, and folders of systems: see :meth:`systems`.

        :param timeout: in seconds
        :raises NoReading: if it cannot be listed
        :raises TimeoutError: if that takes longer
        :raises Detached: if this was closed, or the daemon is gone for good
        """
        self._exchange.runner.check("net.list()")
        return self.listing(path).result(timeout).names

    def systems(self, timeout: float = 60.0) -> List[str]:
        """The names of all systems, sorted; those in folders too, as ``lon/core1``. Waits, but for no system.

        :param timeout: in seconds
        :raises TimeoutError: if that takes longer
        :raises Detached: if this was closed, or the daemon is gone for good
        """
        self._exchange.runner.check("net.systems()")
        names: List[str] = self._running(systems()).result(timeout)
        return sorted(names)

    def glob(self, pattern: str, most: int = 1_000_000, timeout: Optional[float] = 60.0) -> Glob:
        """Finds paths: ``for path in net.glob("core*/interfaces/*/ifOperStatus")``, and ``async for``. Reads nothing.

        Each part of a pattern is as in a shell, and ``**`` is any number of names, none too. The name of a system is
        one name, also with a slash in it: ``*/system/sysName`` finds those of ``lon/core1``, too, and so do
        ``lon/*/system/sysName`` and ``*/*/system/sysName``. Names that begin with a dot match only what does, and if
        they are not listed, only themselves.

        :param most: how many paths it gives at the most
        :param timeout: for how many seconds it looks for them, if it is not iterated by a task; None for no limit
        :return: an iterator, whose paths come as they are found
        :raises TypeError: if the pattern is no text
        :raises ValueError: if it is no pattern
        """
        return Glob(self._exchange, self.begin(), pattern, most, timeout)

    def read_many(self, paths: Iterable[str], timeout: float = 60.0) -> List[Entry]:
        """The outcome of each of many reads, in the order of the paths. Waits.

        What :meth:`glob` finds is read while it looks for more.

        :param timeout: in seconds; what has no outcome by then fails as ``timeout``
        :raises NameTooLong: if a path does not fit a page
        :raises TypeError: if it is one path instead of several
        :raises Detached: if this was closed, or the daemon is gone for good
        """
        self._exchange.runner.check("net.read_many()")
        return Many(self._exchange, self.begin(), paths).result(timeout)

    def run(self, steps: Steps, timeout: float = 60.0) -> Any:
        """What a generator closure returns, which runs as in :meth:`Group.run`. Waits.

        :param timeout: in seconds; then it is closed
        :raises TimeoutError: if it takes longer
        :raises TypeError: if it is no generator
        :raises Exception: what it raises
        """
        self._exchange.runner.check("net.run()")
        return self._running(steps).result(timeout)

    def _running(self, steps: Steps) -> Running:
        return Running(self._exchange, self.begin(), steps)

    def cached(self, path: str) -> Optional[Entry]:
        """What is cached of an attribute, fresh or stale; None if there is no reading. Asks nothing, not even the daemon.

        :raises Detached: if this was closed
        """
        entry = self._exchange.cached(path)
        return entry if entry is not None and not entry.reason else None

    def prefetch(self, paths: Iterable[str]) -> None:
        """Asks for values so that they are cached. No closure runs, also not for failures; does not wait.

        :raises Detached: if this was closed, or the daemon is gone for good
        :raises NameTooLong: if a path does not fit a page; those before it are asked for
        :raises TypeError: if it is one path instead of several
        """
        if isinstance(paths, str):
            raise TypeError(f"{paths!r} is one path; net.prefetch() takes a list of them")
        try:
            for path in paths:
                entry = self._exchange.cached(path)
                if entry is None or time.monotonic_ns() > entry._fresh:
                    self._exchange.ask_silently(path)
        finally:
            self._link.send()

    def cancel(self, request: int) -> Reply:
        """Withdraws one request, of whatever group, by its id; otherwise as :meth:`Group.cancel`."""
        return cancel(self._exchange, self._exchange.number_of(request), 0)

    # Event loops.

    def dispatch_to(self, target: Any) -> None:
        """Runs delayed closures on an event loop from now on, instead of in :meth:`Group.wait`.

        A call that waits still runs what comes meanwhile, on the thread that waits. What was asked for
        and not sent off is sent when the loop has its turn.

        :param target: an asyncio loop, the ``wx`` module, a tkinter widget, a Qt object, the
            ``GLib`` module, a queue, or a callable that is given a function to call; None for
            no loop any more. The loop is woken once for a batch of outcomes.
        :raises TypeError: if it is nothing of that kind
        :raises Detached: if this attachment has ended
        """
        self._exchange.dispatch_to(target)

    # The daemon, and the end.

    @property
    def connected(self) -> bool:
        """Whether the daemon is there, as far as is known without asking it. Any thread."""
        return self._link.connected

    @property
    def closed(self) -> bool:
        """Whether this attachment has ended here: it was closed, or the process was forked. Any thread.

        A closure that asks again when it is ``stopped`` looks at this: if so, there is nothing to ask.
        """
        return self._link.ended is not None

    @property
    def epoch(self) -> int:
        """Another number for each start of the daemon. Any thread."""
        return self._link.connection.epoch

    def close(self) -> None:
        """Detaches; closures of what is pending run inside this call, with the reason ``stopped``. Once is enough."""
        self._link.close()

    async def __aenter__(self) -> AsyncAttachment:
        """With ``async with aeiou.attach(…) as net`` whatever waits is awaited; the running loop runs closures."""
        import asyncio

        self.dispatch_to(asyncio.get_running_loop())
        return AsyncAttachment(self)

    async def __aexit__(self, *_: Any) -> None:
        self.close()

    def __enter__(self) -> Attachment:
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self.close()

    def __del__(self, _warn: Callable[..., None] = warnings.warn) -> None:
        if self._link.ended is None:
            why = f"unclosed attachment to {self._link.place}: its closures do not run any more"
            _warn(why, ResourceWarning, source=self)

    def __repr__(self) -> str:
        return f"<Attachment {self._link.place}: {self._link.state}>"


def attach(
    place: Union[str, os.PathLike[str]],
    *,
    geometry: Geometry = Geometry(),
    timeout: float = 5.0,
    reconnect: bool = False,
    debug: bool = False,
    on_error: ErrorHandler = log_error,
    on_connection: Optional[ConnectionHandler] = None,
) -> Attachment:
    """Attaches to a mounted network.

    :param place: the mount point, or the daemon's socket
    :param geometry: how much room is wanted
    :param timeout: for how many seconds to try, also if the daemon or its mount hangs
    :param reconnect: whether to attach again when the daemon comes back, which is tried again and again by
        whatever waits, asks, or is dispatched to, for as long as it takes. Watches go on then. Requests that the
        daemon had end as ``stopped``; those that are made while it is away wait for it
    :param debug: refuses calls that wait in delayed closures, with an explanation
    :param on_error: is told what closures raise
    :param on_connection: is told ``(False, why)`` when the daemon goes, and ``(True, "")`` when it is back; runs
        as a delayed closure does, before those of what the daemon had
    :raises AttachError: if that is not possible, with the reason
    :raises ValueError: if the geometry has a number that cannot be told
    """
    runner = Runner(on_error, debug)
    link = Link(os.fsdecode(place), geometry, timeout, reconnect, runner, on_connection)
    return Attachment(Exchange(link, runner))
