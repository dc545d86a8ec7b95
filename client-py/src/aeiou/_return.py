"""Finding a daemon again that has gone: when to try, and how often."""

from __future__ import annotations

import time
from typing import Optional

from ._connection import Connection, connect
from ._errors import AttachError
from ._greeting import Geometry

# Seconds between two attempts to attach again, and how long one may take.
_LEAST_PAUSE, _MOST_PAUSE, _ATTEMPT = 0.1, 5.0, 1.0


class Return:
    """The attempts of an attachment."""

    def __init__(self, place: str, geometry: Geometry) -> None:
        self._place = place
        self._geometry = geometry
        self._pause = _LEAST_PAUSE
        self._at = 0.0

    def left(self) -> float:
        """In how many seconds :meth:`look` has something to do."""
        return max(0.0, self._at - time.monotonic())

    def wait(self, seconds: float) -> None:
        """Sleeps until then, but not longer than this."""
        time.sleep(min(seconds, self.left()))

    def look(self) -> Optional[Connection]:
        """Attaches, if it is time for an attempt; None if that is not possible now."""
        if self.left():
            return None
        try:
            connection = connect(self._place, self._geometry, _ATTEMPT)
        except AttachError:
            self._at = time.monotonic() + self._pause
            self._pause = min(2 * self._pause, _MOST_PAUSE)
            return None
        # Not at once again, if it goes because of what it is asked.
        self._pause, self._at = _LEAST_PAUSE, time.monotonic() + _LEAST_PAUSE
        return connection
