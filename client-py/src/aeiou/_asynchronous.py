"""An attachment for programs of asyncio: what waits there is awaited here."""

from __future__ import annotations

from typing import Any, Iterable, List, Mapping, Optional, Protocol, Sequence

from ._entry import Entry
from ._exchange import Exchange
from ._glob import Glob, systems
from ._group import Group
from ._grouped import table
from ._many import Many
from ._prepared import Prepared
from ._readings import Table
from ._reply import Reply
from ._running import Running
from ._want import Steps


class _Attachment(Protocol):
    """What does not wait of an attachment."""

    _exchange: Exchange

    def begin(self, context: Any = None) -> Group: ...
    def read(self, path: str, *, timeout: Optional[float] = ..., background: bool = ...) -> Reply: ...
    def describe(self, path: str, *, timeout: Optional[float] = ..., background: bool = ...) -> Reply: ...
    def read_group(self, path: str, *, timeout: Optional[float] = ..., background: bool = ...) -> Reply: ...
    def write(
        self, path: str, text: str, *, also: Optional[Mapping[str, str]] = ..., timeout: Optional[float] = ...
    ) -> Reply: ...
    def listing(self, path: str = "", *, timeout: Optional[float] = ..., background: bool = ...) -> Reply: ...
    def glob(self, pattern: str, most: int = ..., timeout: Optional[float] = ...) -> Glob: ...
    def prepare(self, paths: Iterable[str]) -> Prepared: ...
    def cached(self, path: str) -> Optional[Entry]: ...
    def prefetch(self, paths: Iterable[str]) -> None: ...
    def cancel(self, request: int) -> Reply: ...
    def close(self) -> None: ...
    @property
    def connected(self) -> bool: ...
    @property
    def closed(self) -> bool: ...
    @property
    def epoch(self) -> int: ...


class AsyncAttachment:
    """What ``async with aeiou.attach(…) as net`` gives: an :class:`Attachment` whose every wait is an ``await``.

    Methods are those of :class:`Attachment`, and raise what those raise; instead of a timeout,
    :func:`asyncio.wait_for` ends a wait, and what is underway is cancelled then. Closures run on the loop that entered,
    and one thread uses it: that loop's.
    """

    def __init__(self, net: _Attachment) -> None:
        self._net = net

    def __repr__(self) -> str:
        return f"<Async{repr(self._net)[1:]}"

    # What waits.

    async def list(self, path: str = "") -> List[str]:
        """As :meth:`Attachment.list`: ``names = await net.list("core1")``."""
        return (await self._net.listing(path)).names

    async def systems(self) -> List[str]:
        """As :meth:`Attachment.systems`."""
        return sorted(await self.run(systems()))

    async def table(
        self, path: str, columns: Optional[Sequence[str]] = None, describe: bool = False
    ) -> Table:
        """As :meth:`Attachment.table`."""
        rows: Table = await self.run(table(path, columns, describe))
        return rows

    async def read_many(self, paths: Iterable[str]) -> List[Entry]:
        """As :meth:`Attachment.read_many`; waits for all."""
        return await Many(self._net._exchange, self.begin(), paths)

    async def run(self, steps: Steps) -> Any:
        """As :meth:`Attachment.run`."""
        return await Running(self._net._exchange, self.begin(), steps)

    # What can be awaited as it is.

    def read(self, path: str, *, timeout: Optional[float] = None, background: bool = False) -> Reply:
        """As :meth:`Attachment.read`: ``entry = await net.read(path)``."""
        return self._net.read(path, timeout=timeout, background=background)

    def describe(self, path: str, *, timeout: Optional[float] = None, background: bool = False) -> Reply:
        """As :meth:`Attachment.describe`."""
        return self._net.describe(path, timeout=timeout, background=background)

    def read_group(self, path: str, *, timeout: Optional[float] = None, background: bool = False) -> Reply:
        """As :meth:`Attachment.read_group`."""
        return self._net.read_group(path, timeout=timeout, background=background)

    def write(
        self, path: str, text: str, *, also: Optional[Mapping[str, str]] = None, timeout: Optional[float] = None
    ) -> Reply:
        """As :meth:`Attachment.write`."""
        return self._net.write(path, text, also=also, timeout=timeout)

    def listing(self, path: str = "", *, timeout: Optional[float] = None, background: bool = False) -> Reply:
        """As :meth:`Attachment.listing`."""
        return self._net.listing(path, timeout=timeout, background=background)

    def cancel(self, request: int) -> Reply:
        """As :meth:`Attachment.cancel`."""
        return self._net.cancel(request)

    def begin(self, context: Any = None) -> Group:
        """As :meth:`Attachment.begin`: ``async for entry in group``, and ``progress = await group``."""
        return self._net.begin(context)

    def glob(self, pattern: str, most: int = 1_000_000) -> Glob:
        """As :meth:`Attachment.glob`: ``async for path in net.glob(…)``."""
        return self._net.glob(pattern, most, None)

    # What does not wait.

    def prepare(self, paths: Iterable[str]) -> Prepared:
        """As :meth:`Attachment.prepare`."""
        return self._net.prepare(paths)

    def cached(self, path: str) -> Optional[Entry]:
        """As :meth:`Attachment.cached`."""
        return self._net.cached(path)

    def prefetch(self, paths: Iterable[str]) -> None:
        """As :meth:`Attachment.prefetch`."""
        self._net.prefetch(paths)

    @property
    def connected(self) -> bool:
        """As :attr:`Attachment.connected`."""
        return self._net.connected

    @property
    def closed(self) -> bool:
        """As :attr:`Attachment.closed`."""
        return self._net.closed

    @property
    def epoch(self) -> int:
        """As :attr:`Attachment.epoch`."""
        return self._net.epoch

    def close(self) -> None:
        """As :meth:`Attachment.close`, which is done at the end of ``async with``."""
        self._net.close()
