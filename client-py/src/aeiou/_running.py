"""A generator closure whose return value is wanted."""

from __future__ import annotations

from typing import Any, Generator, Optional

from ._entry import Entry
from ._exchange import Exchange
from ._generators import Generators
from ._group import Group
from ._reply import Waiters
from ._want import Steps, generator


class Running:
    """A generator closure that runs: ``await`` what it returns, or see :meth:`result`.

    An ``await`` that is cancelled ends it. Used by the thread that attached.

    :ivar group: of its requests
    """

    def __init__(self, exchange: Exchange, group: Group, steps: Steps) -> None:
        self.group = group
        self._exchange = exchange
        self._value: Any = None
        self._error: Optional[BaseException] = None
        self._is_done = False
        self._waiters = Waiters()
        self._steps = Generators(group, self._ended)
        self._steps.start(generator(steps))
        group.end()

    def __repr__(self) -> str:
        return f"<Running {'done' if self._is_done else self.group!r}>"

    @property
    def done(self) -> bool:
        """Whether it has ended. Does not look for outcomes: that is done by what waits, and by loops."""
        return self._is_done

    def result(self, timeout: Optional[float] = None) -> Any:
        """Waits until it has ended, and gives what it returned.

        :param timeout: for so many seconds at the most, then it is ended; None for as long as it takes
        :raises TimeoutError: if it has not ended by then
        :raises Exception: what it raised
        """
        if not self._is_done:
            self._exchange.runner.check("Running.result()")
            if not self._exchange.pump(lambda: self._is_done, timeout):
                self.cancel()
                link = self._exchange.link
                where = "" if link.connected else f"; {link.place}: {link.state}"
                raise TimeoutError(f"{self.group.progress().pending} outcomes did not come within {timeout} s{where}")
        return self._outcome()

    def cancel(self) -> None:
        """Ends it: what it waits for is withdrawn, and it is closed instead of going on."""
        if not self._is_done:
            self._ended(None, RuntimeError("this generator was cancelled"), None)
            self._steps.stop()
            if self._exchange.link.ended is None:
                self.group.cancel()

    def _outcome(self) -> Any:
        if self._error is not None:
            raise self._error
        return self._value

    def _ended(self, value: Any, error: Optional[BaseException], last: Optional[Entry]) -> None:
        if not self._is_done:
            self._value, self._error, self._is_done = value, error, True
            self._waiters.wake()

    def __await__(self) -> Generator[Any, None, Any]:
        import asyncio

        if not self._is_done:
            self._exchange.dispatch_here()
        while not self._is_done:
            try:
                yield from self._waiters.__await__()
            except asyncio.CancelledError:
                if not self._is_done and not self._waiters.waiting:
                    self.cancel()
                raise
        return self._outcome()
