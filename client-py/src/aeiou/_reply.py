"""The outcome of one request, for what waits for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generator, List, Optional

from ._entry import Entry
from ._exchange import Exchange

if TYPE_CHECKING:
    from asyncio import Future


class Waiters:
    """Tasks that wait for the same thing; any number.

    :ivar waiting: them
    """

    def __init__(self) -> None:
        self.waiting: List[Future[None]] = []

    def __await__(self) -> Generator[Any, None, None]:
        import asyncio

        future = asyncio.get_running_loop().create_future()
        self.waiting.append(future)
        try:
            yield from future.__await__()
        finally:
            self.waiting.remove(future)

    def wake(self) -> None:
        """Lets all of them go on."""
        for future in self.waiting:
            if not future.done():
                future.set_result(None)


class Reply:
    """The outcome of one request, when it is there: ``await`` it, also in several tasks, or see :meth:`result`.

    An ``await`` that is cancelled cancels the request, if no other task awaits it. Used by the thread that attached.

    :ivar path: what was asked for; of a cancel, empty
    """

    def __init__(self, exchange: Exchange, path: str) -> None:
        self.path = path
        self._exchange = exchange
        self._entry: Optional[Entry] = None
        self._waiters = Waiters()
        self._number = 0

    def __repr__(self) -> str:
        if self._entry is not None:
            return f"<Reply {self._entry!r}>"
        return f"<Reply {self.path}: pending>"

    @property
    def id(self) -> int:
        """The id of the request, for :meth:`Group.wait` and :meth:`Attachment.cancel`; 0 if it was a hit."""
        return self._number and self._exchange.link.identity | self._number

    @property
    def done(self) -> bool:
        """Whether the outcome is there. Does not look for it: that is done by what waits, and by loops."""
        return self._entry is not None

    def result(self, timeout: Optional[float] = None) -> Entry:
        """Waits for the outcome on this thread, and runs the closures of others that come meanwhile.

        :param timeout: for so many seconds at the most; None for as long as it takes
        :raises TimeoutError: if it has not come by then
        :raises WrongThread: on another thread than the one that attached
        :raises Detached: in a process that was forked after attaching
        """
        if self._entry is None:
            self._exchange.runner.check("Reply.result()")
            if not self._exchange.pump(lambda: self._entry is not None, timeout):
                link = self._exchange.link
                where = "" if link.connected else f"; {link.place}: {link.state}"
                raise TimeoutError(f"{self.path or 'a cancel'}: no outcome within {timeout} s{where}")
        assert self._entry is not None
        return self._entry

    def cancel(self) -> Reply:
        """Withdraws the request, which then ends as ``cancelled``.

        :return: the answer: its entry has the reason ``cancelled``, ``too late`` or ``unknown``
        :raises WrongThread: on another thread than the one that attached
        """
        return cancel(self._exchange, self._number, 0)

    def _come(self, context: Any, entry: Entry, more: bool) -> None:
        self._entry = entry
        self._waiters.wake()

    def __await__(self) -> Generator[Any, None, Entry]:
        import asyncio

        if self._entry is None:
            self._exchange.dispatch_here()
            self._exchange.link.flush()
        while self._entry is None:
            try:
                yield from self._waiters.__await__()
            except asyncio.CancelledError:
                if self._entry is None and not self._waiters.waiting:
                    self.cancel()
                raise
        return self._entry


def cancel(exchange: Exchange, number: int, group: int) -> Reply:
    """Withdraws a request by its number, or if that is 0, all of a group."""
    reply = Reply(exchange, "")
    reply._number = exchange.cancel(number, group, lambda entry: reply._come(None, entry, False))
    return reply
