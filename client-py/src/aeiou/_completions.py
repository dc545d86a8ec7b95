"""The way in: the ring of what has come, with the outcomes and the arena behind it."""

from __future__ import annotations

import mmap
import struct
import threading
from typing import List, Optional, Tuple

from . import _burst as burst
from . import _layout as layout
from ._entry import Entry, of_words, reason_in
from ._request import Due, Pending, ended
from ._submissions import Submissions

_TRIES = 100
_BATCH = 1024
_OUTCOME = struct.Struct("<8Q")
_new = Entry.__new__


class Completions:
    """The daemon's completion file, as its client reads it. One thread at a time takes; any may look.

    :ivar head: how many completions were taken
    """

    def __init__(self, memory: mmap.mmap, numbers: Tuple[int, ...]) -> None:
        self._pages, self._outcome_bytes = numbers[6], numbers[8]
        self._outcomes_at, self._arena_at = numbers[11], numbers[12]
        self._mask = numbers[5] - 1
        self._geometry = (self._pages, self._outcome_bytes, self._outcomes_at, self._arena_at, numbers[5])
        self._memory = memory
        self._words = memoryview(memory).cast("Q")
        self._fence = threading.Lock()
        self.head = 0

    @property
    def sleeps(self) -> bool:
        """Whether the daemon wants its bell for what is submitted."""
        return self._words[layout.ASLEEP // 8] != 0

    @property
    def tail(self) -> int:
        """How many completions there were."""
        return self._words[layout.COMPLETION_TAIL // 8]

    def number_of(self, page: int) -> int:
        """The number of the request whose outcome a page has; 0 while it is being written."""
        return self._words[(self._outcomes_at + page * self._outcome_bytes) >> 3]

    def take(self, submissions: Submissions, due: Due) -> bool:
        """Moves some of what has come to what is due; False if nothing has."""
        words = self._words
        head = self.head
        tail = words[layout.COMPLETION_TAIL // 8]
        if not 0 < tail - head <= self._mask + 1:
            return False  # nothing, or nothing that a daemon writes: its entries could not be there
        if burst.take is not None:
            self.head = head + submissions.take(burst.take, self._memory, self._geometry, head, due)
            if self.head != head:
                return True
        end = min(tail, head + _BATCH, (head | self._mask) + 1)
        begin = layout.RING // 8 + 2 * (head & self._mask)
        taken = words[begin : begin + 2 * (end - head) : 2].tolist()
        self.head = end
        submissions.words[layout.COMPLETION_HEAD // 8] = end
        # A full fence (see _fence) between taking and reading: what a watch wrote before it looked at
        # the head is read now; what it writes later comes with another entry.
        with self._fence:
            pass
        pending = submissions.pending
        pages = {word & 0xFFFFFFFF for word in taken if not word >> 48 & layout.MORE}
        finished = [page for page in pages if page < self._pages and pending[page] is not None]
        interrupt: Optional[BaseException] = None
        for _ in range(_TRIES):
            try:
                self._deliver_all(taken, pending, due)
                break
            except BaseException as e:  # noqa: BLE001 - is raised again
                # A signal that came just now, such as Ctrl-C: the others are not to be lost by that.
                interrupt = e
        with self._fence:
            pass
        submissions.finish(finished, end)
        if interrupt is not None:
            raise interrupt
        return True

    def _deliver_all(self, taken: List[int], pending: List[Optional[Pending]], due: Due) -> None:
        """Lets what entries of the ring announce be due; once, however often it is called."""
        outcomes_at, outcome_bytes, arena_at = self._outcomes_at, self._outcome_bytes, self._arena_at
        memory = self._memory
        for word in taken:
            page = word & 0xFFFFFFFF
            request = pending[page] if page < self._pages else None
            if request is None:
                continue
            if word >> 48 & layout.MORE:
                self._deliver_change(page, request, due)
                continue
            # The page is this client's: nothing in its outcome changes any more.
            at = outcomes_at + page * outcome_bytes
            number, kind, taken_at, changed_at, fresh, usable, length, _ = _OUTCOME.unpack_from(memory, at)
            if not number:
                entry = _torn(request[0])
            else:
                if length >> 32:
                    begin = arena_at + ((length >> 32) - 1) * layout.UNIT
                    value = memory[begin : begin + (length & 0xFFFFFFFF)]
                else:
                    at += layout.OUTCOME_VALUE
                    value = memory[at : at + length]
                # As Entry(…), without the call.
                entry = _new(Entry)
                entry.path = request[0]
                entry.reason = "" if kind & 0xFFFF == layout.READING else reason_in(kind)
                entry.taken = taken_at / 1000
                entry.changed = changed_at / 1000
                entry.context = None
                entry._value = value
                entry._fresh = fresh
                entry._usable = usable
            pending[page] = None
            due.append((request[1], request[2], entry, False))

    def _deliver_change(self, page: int, request: Pending, due: Due) -> None:
        path, sink, context = request
        change = self._change(page, path)
        if change is not None:
            due.append((sink, context, change, True))

    def _change(self, page: int, path: str) -> Optional[Entry]:
        """What a watch is told.

        None if that is being written, which ends with another entry; or if this is the end of the watch,
        which has an entry of its own.
        """
        words = self._words
        offset = self._outcomes_at + page * self._outcome_bytes
        at = offset >> 3
        last = at + layout.OUTCOME_TIMES
        for _ in range(_TRIES):
            # How often it was written is read before everything else, and both again behind that.
            times = words[last]
            outcome = words[at : at + layout.OUTCOME_WORDS].tolist()
            number = outcome[0]
            length = outcome[layout.OUTCOME_LENGTH_UNIT]
            if length >> 32:
                begin = self._arena_at + ((length >> 32) - 1) * layout.UNIT
            else:
                begin = offset + layout.OUTCOME_VALUE
            value = self._memory[begin : begin + (length & 0xFFFFFFFF)]
            if number and words[at] == number and words[last] == times:
                if not outcome[layout.OUTCOME_KIND_FLAGS_REASON] >> 16 & layout.MORE:
                    return None
                return of_words(path, outcome, value)
        return None

    def is_empty_at(self, submissions: Submissions, later: int = 0) -> bool:
        """Asks for the bell at the next completion, or at one that comes later; False if that is there already."""
        submissions.words[layout.WAKE_AT // 8] = self.head + later
        with self._fence:  # see _fence; pairs with the daemon's fence between publishing and looking
            pass
        return self._words[layout.COMPLETION_TAIL // 8] - self.head <= later

    def close(self) -> None:
        """Lets go of the memory."""
        self._words.release()


def _torn(path: str) -> Entry:
    return ended(path, "bad answer", "the daemon left its outcome half written")
