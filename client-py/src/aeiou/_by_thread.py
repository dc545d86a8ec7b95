"""Loops that watch no descriptors, but can be given something to call: wx, queues, callables."""

from __future__ import annotations

import math
import os
import select
import threading
import time
from typing import Any, Callable, Optional

from ._closures import ErrorHandler
from ._connection import Connection
from ._dispatcher import Dispatcher
from ._fence import LONGEST_SLEEP
from ._request import ended

#: Seconds until a target that raised is asked again.
_PAUSE = 0.2


class ByThread(Dispatcher):
    """A thread sleeps on the bell and has the target called; the next time when that has run.

    The thread ends with :meth:`stop`, and with nothing else.
    """

    def __init__(
        self,
        target: Any,
        rung: Callable[[], None],
        call: Callable[[Callable[[], None]], Any],
        report: ErrorHandler,
    ) -> None:
        super().__init__(target)
        self._rung = rung
        self._call = call
        self._report = report
        self._connection: Optional[Connection] = None
        self._at = math.inf
        self._ran = threading.Event()
        self._lock = threading.Lock()
        self._wakes, self._waker = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        self._thread = threading.Thread(target=self._sleep, name="aeiou-bell", daemon=True)
        self._thread.start()

    def watch(self, connection: Connection) -> None:
        self._connection = connection
        self._wake()

    def unwatch(self) -> None:
        self._connection = None
        self._wake()

    def later(self, seconds: float) -> None:
        at = time.monotonic() + seconds
        with self._lock:
            if at >= self._at:
                return
            self._at = at
        self._wake()

    def stop(self) -> None:
        self._stopped = True
        self._ran.set()
        self._wake()
        if self._thread is not threading.current_thread():
            self._thread.join(1)

    def _wake(self) -> None:
        with self._lock:
            if self._waker >= 0:
                try:
                    os.write(self._waker, b"\1")
                except BlockingIOError:
                    pass  # it was told often enough

    def _sleep(self) -> None:
        try:
            while not self._stopped:
                if self._is_needed():
                    self._have_it_run()
        finally:
            with self._lock:
                os.close(self._wakes)
                os.close(self._waker)
                self._waker = -1

    def _is_needed(self) -> bool:
        """Sleeps a while; whether there is something to run."""
        connection = self._connection
        poller = select.poll()
        poller.register(self._wakes, select.POLLIN)
        if connection is not None and not connection.gone:
            try:
                poller.register(connection.bell, select.POLLIN)
                poller.register(connection.fileno(), select.POLLIN)
            except ValueError:
                return False  # it was closed just now: there will be another one, or none
        left = max(0.0, min(self._at - time.monotonic(), LONGEST_SLEEP))
        ready = [fd for fd, _ in poller.poll(math.ceil(left * 1000))]
        if self._wakes in ready:
            os.read(self._wakes, 4096)
            ready.remove(self._wakes)
        return bool(ready) or time.monotonic() >= self._at or (connection is not None and left == LONGEST_SLEEP)

    def _have_it_run(self) -> None:
        with self._lock:
            self._at = math.inf
        self._ran.clear()
        try:
            self._call(self._run)
        except BaseException as e:  # noqa: BLE001 - no thread may end of that: nothing would come any more
            if not self._stopped:
                self._report(e, ended("", "stopped", "the target of dispatch_to refused to be called"))
                time.sleep(_PAUSE)
                self.later(0)
            return
        # At a stop it is set, too.
        while not self._stopped and not self._ran.wait(1):
            pass

    def _run(self) -> None:
        try:
            if not self._stopped:
                self._rung()
        finally:
            self._ran.set()
