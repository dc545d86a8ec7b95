"""The way to the daemon: the connection that is there now, and what becomes of requests when it goes."""

from __future__ import annotations

import os
import threading
import time
import weakref
from _thread import get_ident
from typing import Any, Optional, Union

from ._attempt import attach_within
from ._backlog import Backlog
from ._closures import ConnectionHandler, Runner
from ._dispatcher import Dispatcher
from ._entry import Entry
from ._errors import Detached, WrongThread
from ._greeting import Geometry
from ._ids import identity_of
from ._request import ended
from ._return import Return
from ._table import NoTable, Table


class Link:
    """One connection after another, to the same place.

    :ivar place: what was attached to
    :ivar thread: the one that attached, and that may ask
    :ivar running: the thread that runs closures now; None if none does
    :ivar identity: what the ids of its requests have in common
    :ivar connection: to the daemon that is there, or was there last
    :ivar table: its value table
    :ivar kept: how many pages only cancels may use
    :ivar backlog: what waits for pages, or for the daemon
    :ivar reconnect: whether to attach again when the daemon comes back
    :ivar again: the attempts to do so
    :ivar unrung: whether something was submitted and not handed over
    :ivar dispatcher: the loop that runs closures, if one does
    :ivar ended: why this has ended here: closed, or forked; None if it has not
    """

    def __init__(
        self,
        place: str,
        geometry: Geometry,
        timeout: float,
        reconnect: bool,
        runner: Runner,
        on_connection: Optional[ConnectionHandler],
    ) -> None:
        self.place = place
        self.thread = get_ident()
        self._thread_name = threading.current_thread().name
        self.running: Optional[int] = None
        self._runner = runner
        self._on_connection = on_connection
        self.connection = attach_within(place, geometry, timeout)
        self.table: Union[Table, NoTable] = self.connection.table
        self.identity = identity_of(self.connection.epoch, self.connection.number)
        # One page is kept for cancelling, so that it is possible when all others wait.
        self.kept = 1 if self.connection.pages > 1 else 0
        self.backlog = Backlog(self.kept)
        self.reconnect = reconnect
        self.again = Return(place, geometry)
        self.dispatcher: Optional[Dispatcher] = None
        self.ended: Optional[str] = None
        self._is_forked = False
        self.unrung = False
        _all.add(self)

    @property
    def connected(self) -> bool:
        """Whether the daemon is there, as far as is known without asking it. Any thread."""
        return self.ended is None and self.connection.look()

    @property
    def state(self) -> str:
        """What a person wants to know of it, in a few words. Any thread."""
        if self.ended is not None:
            return self.ended
        if self.connected:
            return "connected"
        if not self.reconnect:
            return self.connection.why
        return f"{self.connection.why}; waiting for it" + (f" ({self.again.why})" if self.again.why else "")

    def check_thread(self) -> None:
        """Refuses another thread than the one that attached; closures may ask wherever they run.

        :raises WrongThread: on any other
        """
        here = get_ident()
        if here != self.thread and here != self.running and not self._is_forked:
            raise WrongThread(
                f"{self.place}: was attached by the thread '{self._thread_name}' and is used by "
                f"'{threading.current_thread().name}': one thread uses an attachment, so call aeiou.attach() in each "
                "(closures may ask on whichever thread they run)"
            )

    def check(self) -> None:
        """Refuses what nothing will ever answer.

        :raises Detached: if this has ended, or the daemon is gone for good
        """
        if self.ended is not None:
            raise Detached(f"{self.place}: {self.ended}")
        if self.connection.gone and not self.reconnect:
            raise Detached(f"{self.place}: {self.connection.why}; attach again, or attach(reconnect=True)")

    def check_process(self) -> None:
        """Refuses to run closures in a child.

        :raises Detached: there
        """
        if self._is_forked:
            self.check()

    # Handing over.

    def submitted(self) -> None:
        """Something is in the ring; a loop hands it over in its next turn, if nothing does it before."""
        if not self.unrung:
            self.unrung = True
            if self.dispatcher is not None and self.running != get_ident():
                self.dispatcher.soon(self.flush)

    def submit_waiting(self) -> None:
        """Submits what waits, as far as there are pages."""
        if self.backlog:
            with self.connection.draining:
                if self.backlog.submit(self.connection.submissions):
                    self.submitted()

    def flush(self) -> None:
        """Hands over what was submitted."""
        if self.unrung and not self.connection.gone:
            self.unrung = False
            self.connection.ring()

    def send(self) -> None:
        """The same; inside a closure, when the others have run that are due."""
        if self.running != get_ident():
            self.flush()

    # Losing the daemon, and finding it again.

    def look_after(self) -> None:
        """Does what is to be done if the daemon is gone; its caller holds ``draining``. Does not wait."""
        if self.connection.gone:
            self._lose()
            self._find_again()

    def _lose(self) -> None:
        """Ends what the daemon had of ours; what has not reached it waits for the next one, and so do watches."""
        connection = self.connection
        why = self.ended or connection.why
        goes_on = self.ended is None and self.reconnect
        watches = []
        if not connection.abandoned:
            if self.dispatcher is not None:
                self.dispatcher.unwatch()  # a socket at its end is readable for ever
            connection.take_all()
            if self.ended is None:
                self._tell(False, why)
            watches = connection.abandon(why, goes_on)
            self.again.lost(time.monotonic() - connection.since)
        for each in self.backlog.lose(not goes_on):
            each.end(connection.due, "stopped", why)
        self.backlog.put_back(watches)

    def _find_again(self) -> None:
        """Attaches again, if that is wanted, as soon as it is possible."""
        fresh = self.again.look() if self.ended is None and self.reconnect else None
        if fresh is None:
            return
        fresh.follow(self.connection)
        self.connection.leave()
        self.connection = fresh
        self.table = fresh.table
        self._tell(True, "")
        if self.dispatcher is not None:
            self.dispatcher.watch(fresh)
        self.submit_waiting()
        self.flush()

    def _tell(self, connected: bool, why: str) -> None:
        """Lets the program's own handler be due, in its turn among the closures."""
        handler = self._on_connection
        if handler is not None:
            tell = handler

            def run(context: Any, entry: Entry, more: bool) -> None:
                self._runner.tell(tell, connected, why)

            self.connection.due.append((run, None, ended("", "", why), False))

    def close(self) -> None:
        """Detaches; what is pending ends as ``stopped``, inside this call. Once is enough."""
        if self.ended is None:
            self.check_thread()
            self.ended = "this attachment was closed"
            self.again.give_up()
            self.stop_dispatching()
            with self.connection.draining:
                self._lose()
                self.table = NoTable(f"{self.place}: {self.ended}")
                self.connection.close()
                self.connection.drain()

    def stop_dispatching(self) -> None:
        """Leaves the loop alone from now on."""
        stopped, self.dispatcher = self.dispatcher, None
        if stopped is not None:
            stopped.stop()

    def forked(self) -> None:
        """Lets go of what the parent has attached to, in a child; runs no closure."""
        self._is_forked = True
        self.ended = "attached before a fork; attach again here"
        self.dispatcher = None  # its loop is the parent's, too
        self.backlog = Backlog(self.kept)
        self.table = NoTable(f"{self.place}: {self.ended}")
        self.connection.forked()


_all: weakref.WeakSet[Link] = weakref.WeakSet()


def _after_fork() -> None:
    for each in list(_all):
        each.forked()


os.register_at_fork(after_in_child=_after_fork)
