"""What an attachment wants of an event loop."""

from __future__ import annotations

from typing import Any, Callable

from ._connection import Connection


class Dispatcher:
    """Lets a loop run closures when the bell rings.

    :ivar target: the loop, as it was given
    """

    def __init__(self, target: Any) -> None:
        self.target = target
        self._stopped = False

    def watch(self, connection: Connection) -> None:
        """Has the loop call when the bell of a connection rings or its daemon goes; of no other any more."""
        raise NotImplementedError

    def unwatch(self) -> None:
        """Watches no connection any more."""
        raise NotImplementedError

    def later(self, seconds: float) -> None:
        """Has the loop call after so many seconds, or earlier if that was asked for. Any thread."""
        raise NotImplementedError

    def soon(self, what: Callable[[], None]) -> None:
        """Has the loop do something in its next turn, which a drain does, too. Any thread."""
        self.later(0)

    def stop(self) -> None:
        """Has the loop call no more."""
        raise NotImplementedError
