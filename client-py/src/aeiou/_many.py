"""Many reads whose outcomes are wanted together, in order."""

from __future__ import annotations

import time
from typing import Any, Generator, Iterable, List, Optional

from ._entry import Entry
from ._exchange import Exchange
from ._glob import Glob
from ._group import Group
from ._prepared import Prepared
from ._request import ended


class Many:
    """The outcomes of many reads: wait for them with :meth:`result`, or ``await`` them."""

    def __init__(self, exchange: Exchange, group: Group, paths: Iterable[str]) -> None:
        if isinstance(paths, str):
            raise TypeError(f"{paths!r} is one path; net.read() reads that, and read_many() a list of them")
        self._exchange = exchange
        self._group = group
        self._given = paths
        self._paths: List[str] = []
        self._entries: List[Optional[Entry]] = []

    def result(self, timeout: float) -> List[Entry]:
        """Waits for the outcomes; what has none by then fails as ``timeout``."""
        end = time.monotonic() + timeout
        if isinstance(self._given, Glob):
            # As they are found: what is read meanwhile has its outcomes when the last of them is.
            for some in iter(self._given.take, []):
                self._read(some)
                self._group.end()
        else:
            self._read(self._given)
        self._group.end()
        if not self._group.wait(max(0.0, end - time.monotonic())):
            self._group.cancel()
        why = f"no outcome within {timeout} s"
        return [entry or ended(path, "timeout", why) for path, entry in zip(self._paths, self._entries)]

    def __await__(self) -> Generator[Any, None, List[Entry]]:
        return self._all().__await__()

    async def _all(self) -> List[Entry]:
        try:
            if isinstance(self._given, Glob):
                async for path in self._given:
                    self._read([path, *self._given.found()])
                    self._group.end()
            else:
                self._read(self._given)
            self._group.end()
            await self._group
        except BaseException:
            self._group.cancel()
            raise
        return [entry for entry in self._entries if entry is not None]

    def _read(self, paths: Iterable[str]) -> None:
        some = paths if isinstance(paths, Prepared) else list(paths)
        begin = len(self._paths)
        self._paths += some
        self._entries += [None] * len(some)
        _, why = self._group.read_many(some, self._take, range(begin, len(self._paths)))
        if why is not None:
            self._group.cancel()
            raise why

    def _take(self, delayed: bool, entry: Entry) -> None:
        place, entry.context = entry.context, None
        self._entries[place] = entry
