"""Attaching: the door of this package."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any, Iterable, List, Optional, Type, Union

from . import _layout as layout
from ._closures import ErrorHandler, Runner, log_error
from ._entry import Entry
from ._exchange import Exchange
from ._greeting import Geometry
from ._group import Group
from ._reply import Reply

if TYPE_CHECKING:
    from types import TracebackType


class Attachment(Exchange):
    """A program's hold on a network; see :func:`attach`.

    One thread uses it: the one that waits, or the loop it dispatches to. A process that is forked
    attaches again.
    """

    def __init__(
        self, place: str, geometry: Geometry, timeout: float, reconnect: bool, debug: bool, on_error: ErrorHandler
    ) -> None:
        super().__init__(place, geometry, timeout, reconnect, Runner(on_error, debug))
        self._groups = 0

    def begin(self, context: Any = None) -> Group:
        """Begins a group: ``with net.begin() as group: group.read(…)``.

        :param context: what the contexts of its requests are; for people who read the program
        """
        self._groups += 1
        return Group(self, self._groups, context)

    def read(self, path: str) -> Reply:
        """Asks for one value: ``(await net.read(path)).value``, or ``net.read(path).result(2)``.

        A cached one is there at once; if it is stale, it is also asked for.

        :raises Detached: if this was closed, or the daemon is gone for good
        :raises ValueError: if the path does not fit a page
        """
        reply = Reply(self)
        entry = self.hit(path)
        if entry is not None:
            reply._come(None, entry, False)
            self.send()
        else:
            reply._number = self.submit(layout.READ, path, reply._come, None)
        return reply

    def listing(self, path: str = "") -> Reply:
        """Asks for the names in a directory: ``(await net.listing("core1")).names``.

        :raises Detached: if this was closed, or the daemon is gone for good
        :raises ValueError: if the path does not fit a page
        """
        reply = Reply(self)
        reply._number = self.submit(layout.LIST, path.strip("/"), reply._come, None)
        return reply

    def list(self, path: str = "", timeout: float = 60.0) -> List[str]:
        """The names in a directory; those of directories, without their slash. Waits.

        :raises NoReading: if it cannot be listed
        :raises TimeoutError: if that takes longer
        :raises Detached: if this was closed, or the daemon is gone for good
        """
        self.runner.check("net.list()")
        return [name.rstrip("/") for name in self.listing(path).result(timeout).names]

    def cached(self, path: str) -> Optional[Entry]:
        """What is cached of an attribute, fresh or stale; None if nothing usable. Asks nobody.

        :raises Detached: if this was closed
        """
        entry = self.table.find(path)
        return entry if entry is not None and time.monotonic_ns() < entry._usable else None

    def prefetch(self, paths: Iterable[str]) -> None:
        """Asks for values so that they are cached. Nobody is told, also not of failures; does not wait.

        :raises Detached: if this was closed, or the daemon is gone for good
        :raises ValueError: if a path does not fit a page; those before it are asked for
        """
        try:
            for path in paths:
                entry = self.table.find(path)
                if entry is None or entry.stale:
                    self.ask_silently(path)
        finally:
            self.send()

    @property
    def epoch(self) -> int:
        """Another number for each start of the daemon."""
        return self._connection.epoch

    def __enter__(self) -> Attachment:
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self.close()


def attach(
    place: Union[str, os.PathLike[str]],
    *,
    geometry: Geometry = Geometry(),
    timeout: float = 5.0,
    reconnect: bool = False,
    debug: bool = False,
    on_error: ErrorHandler = log_error,
) -> Attachment:
    """Attaches to a mounted network.

    :param place: the mount point, or the daemon's socket
    :param geometry: how much room is wanted
    :param timeout: for how many seconds to try, also if the daemon or its mount hangs
    :param reconnect: whether to attach again when the daemon comes back. Requests that it had end as
        ``stopped`` all the same; those that are made while it is away wait for it. Whoever waits, or
        the loop that is dispatched to, tries again after 0.1 s, and then ever more rarely up to 5 s
    :param debug: refuses calls that wait in delayed closures, with an explanation
    :param on_error: is told what closures raise
    :raises AttachError: if that is not possible, with the reason
    :raises ValueError: if the geometry has a number that cannot be told
    """
    return Attachment(os.fsdecode(place), geometry, timeout, reconnect, debug, on_error)
