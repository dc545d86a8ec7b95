"""Attaching with a time limit, whatever hangs: the daemon, or the mount that names its socket."""

from __future__ import annotations

import errno
import threading
import time
from typing import Optional

from ._connection import Connection, connect
from ._errors import AttachError
from ._greeting import Geometry


class Attempt:
    """One try to attach, on a thread of its own: looking at a mount point may take for ever.

    :ivar place: what is attached to
    """

    def __init__(self, place: str, geometry: Geometry, timeout: float) -> None:
        geometry.check()
        self.place = place
        self._geometry = geometry
        self._timeout = timeout
        self._end = time.monotonic() + timeout
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._given_up = False
        self._connection: Optional[Connection] = None
        self._error: Optional[BaseException] = None
        threading.Thread(target=self._try, name="aeiou-attach", daemon=True).start()

    def _try(self) -> None:
        try:
            connection = connect(self.place, self._geometry, self._timeout)
            with self._lock:
                if not self._given_up:
                    self._connection = connection
            if self._connection is None:
                connection.close()
        except BaseException as e:  # noqa: BLE001 - is raised where the result is wanted
            self._error = e
        self._over.set()

    @property
    def over(self) -> bool:
        """Whether it has come to something, or its time is over."""
        return self._over.is_set() or time.monotonic() >= self._end

    @property
    def ended(self) -> bool:
        """Whether its thread has come to an end."""
        return self._over.is_set()

    def wait(self, seconds: float) -> None:
        """Sleeps until it is over, or for so long."""
        self._over.wait(min(seconds, self._end - time.monotonic()))

    def result(self) -> Connection:
        """What it has come to, when it is over. Once.

        :raises AttachError: if that is nothing, with the reason
        """
        self.give_up()
        if self._connection is not None:
            return self._connection
        error, self._error = self._error, None
        if error is not None:
            raise error
        raise AttachError(
            errno.ETIMEDOUT, f"no answer within {self._timeout:g} s: its daemon or its mount hangs", self.place
        )

    def give_up(self) -> None:
        """Lets what comes later be closed."""
        with self._lock:
            self._given_up = True


def attach_within(place: str, geometry: Geometry, timeout: float) -> Connection:
    """Attaches, or says within so many seconds why not.

    :raises AttachError: if that is not possible, with the reason
    :raises ValueError: if the geometry cannot be told
    """
    attempt = Attempt(place, geometry, timeout)
    try:
        while not attempt.over:
            attempt.wait(timeout)
        return attempt.result()
    except BaseException:
        attempt.give_up()
        raise
