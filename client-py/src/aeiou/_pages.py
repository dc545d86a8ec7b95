"""The pages of the submission file: what is written into one, and which numbers they have."""

from __future__ import annotations

import struct
from typing import List

from . import _layout as layout

_HEAD = struct.Struct(layout.PAGE_HEAD)

#: Where a page has the number of its request.
_NUMBER = 16


class Pages:
    """All of them.

    :ivar words: the file as words
    :ivar begin: where the first page is
    """

    def __init__(self, memory: memoryview, begin: int, page_bytes: int) -> None:
        self._memory = memory
        self.words = memory.cast("Q")
        self.begin = begin
        self._page_bytes = page_bytes

    def write(
        self,
        page: int,
        number: int,
        operation: int,
        name: bytes,
        flags: int,
        group: int,
        target: int,
        following: int,
    ) -> None:
        """Puts a request into one.

        :param name: the path
        :param target: of a cancel, what it withdraws; of others, their deadline
        :param following: the page of the next step plus 1, or 0
        """
        at = self.begin + page * self._page_bytes
        _HEAD.pack_into(self._memory, at, operation, flags, page + 1, number, target, group, len(name), following)
        at += layout.PAGE_PATH
        self._memory[at : at + len(name)] = name

    def number(self, page: int) -> int:
        """The number of the request that was put into one last."""
        return self.words[(self.begin + page * self._page_bytes + _NUMBER) >> 3]

    def numbers(self, count: int) -> List[int]:
        """Those of so many pages, from the first on."""
        begin, step = (self.begin + _NUMBER) >> 3, self._page_bytes >> 3
        return self.words[begin : begin + count * step : step].tolist()
