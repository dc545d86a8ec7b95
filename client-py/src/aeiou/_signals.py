"""A wait that a signal ends."""

from __future__ import annotations

import os
import signal
import socket
import threading
from typing import Any


class Signals:
    """Tells whether a signal was handled meanwhile: ``with Signals() as signals``. Only on the main thread.

    :raises ValueError: on any other
    """

    def __init__(self) -> None:
        if threading.current_thread() is not threading.main_thread():
            raise ValueError("interruptible=True: Python handles signals on the main thread, and no other wait sees one")
        self._reads, self._writes = socket.socketpair()
        self._before = -1

    def __enter__(self) -> Signals:
        self._reads.setblocking(False)
        self._writes.setblocking(False)
        self._before = signal.set_wakeup_fd(self._writes.fileno(), warn_on_full_buffer=False)
        return self

    def __exit__(self, *_: Any) -> None:
        signal.set_wakeup_fd(self._before)
        self.came()
        self._reads.close()
        self._writes.close()

    def fileno(self) -> int:
        """A descriptor that is readable then."""
        return self._reads.fileno()

    def came(self) -> bool:
        """Whether one was; tells what was to be told before, such as asyncio."""
        try:
            numbers = self._reads.recv(4096)
        except BlockingIOError:
            return False
        if self._before >= 0:
            try:
                os.write(self._before, numbers)
            except OSError:
                pass  # it has been told of others
        return True
