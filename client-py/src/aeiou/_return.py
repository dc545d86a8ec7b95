"""Finding a daemon again that has gone: when to try, and how often."""

from __future__ import annotations

import time
from typing import List, Optional

from ._attempt import Attempt
from ._connection import Connection
from ._greeting import Geometry

# Seconds between two attempts: at first, and at the most. A program is to be back within a second of the daemon.
_LEAST_PAUSE, _MOST_PAUSE = 0.05, 0.4

#: How many seconds an attempt may take: a daemon that starts may be slow, and one that hangs is not waited for.
_PATIENCE = 5.0

#: Seconds between two looks at an attempt, of a loop that nothing wakes when it is over.
_LOOK = 0.02

#: How many attempts may hang at a time, each with its thread: at a mount that hangs, for instance.
_MOST_HANGING = 8

#: After how many seconds a connection counts as a good one: if it is lost then, the next attempt is made at once.
_STEADY = 2.0


class Return:
    """The attempts of an attachment. One thread at a time calls, but for :meth:`wait`.

    :ivar why: why the last attempt failed; empty if none did
    """

    def __init__(self, place: str, geometry: Geometry) -> None:
        self._place = place
        self._geometry = geometry
        self._pause = _LEAST_PAUSE
        self._at = 0.0
        self._attempt: Optional[Attempt] = None
        self._hanging: List[Attempt] = []
        self.why = ""

    def lost(self, lasted: float) -> None:
        """A connection was lost that had lasted so many seconds."""
        if lasted >= _STEADY:
            self._pause = _LEAST_PAUSE
            self._at = 0.0
        else:
            # It may be lost because of what is asked of it: not again and again at once.
            self._again_later()

    def left(self) -> float:
        """In how many seconds :meth:`look` has something to do."""
        if self._attempt is not None:
            return 0.0 if self._attempt.over else _LOOK
        left = max(0.0, self._at - time.monotonic())
        return left if len(self._hanging) < _MOST_HANGING else max(left, _MOST_PAUSE)

    def wait(self, seconds: float) -> None:
        """Sleeps until then, but not longer than this."""
        attempt = self._attempt
        if attempt is not None:
            attempt.wait(seconds)
        else:
            time.sleep(min(seconds, self.left()))

    def look(self) -> Optional[Connection]:
        """Begins an attempt, if it is time for one; gives the connection that one has come to. Does not wait."""
        if self._attempt is None:
            self._hanging = [each for each in self._hanging if not each.ended]
            if time.monotonic() < self._at or len(self._hanging) >= _MOST_HANGING:
                return None
            try:
                self._attempt = Attempt(self._place, self._geometry, _PATIENCE)
            except RuntimeError as e:  # no thread can be started
                self.why = str(e)
                self._again_later()
            return None
        if not self._attempt.over:
            return None
        attempt, self._attempt = self._attempt, None
        if not attempt.ended:
            self._hanging.append(attempt)
        try:
            connection = attempt.result()
        except OSError as e:
            self.why = str(e)
            self._again_later()
            return None
        self.why = ""
        return connection

    def _again_later(self) -> None:
        self._at = time.monotonic() + self._pause
        self._pause = min(2 * self._pause, _MOST_PAUSE)

    def give_up(self) -> None:
        """Lets go of an attempt that is being made."""
        if self._attempt is not None:
            self._attempt.give_up()
            self._attempt = None
