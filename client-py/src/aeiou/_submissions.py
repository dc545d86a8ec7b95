"""The way out: pages, and the ring that tells the daemon which of them to take."""

from __future__ import annotations

import threading
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple

from . import _burst as burst
from . import _layout as layout
from ._errors import NameTooLong
from ._pages import Pages
from ._prepared import name_of
from ._request import Due, Pending, Request, Run, Sink, Step
from ._silent import SilentPages

#: The share of pages, and the most, that are kept to ask anew for what is stale.
_SHARE, _MOST_RENEWING = 16, 1024


class Submissions:
    """The daemon's submission file, as its client writes it. Any thread may call.

    :ivar pending: by page, of the request that has it: path, sink and context
    :ivar words: the file as words, for those that this client tells besides
    :ivar page_bytes: how long a page is
    :ivar pages: how many pages the program has
    :param number_of: gives the number of the request whose outcome a page has
    """

    def __init__(self, memory: memoryview, numbers: Tuple[int, ...], number_of: Callable[[int], int]) -> None:
        entries, pages, self.page_bytes = numbers[5:8]
        # The last ones are for what is asked for anew, and none of the program's.
        self._renewing = list(range(pages - min(pages // _SHARE, _MOST_RENEWING), pages))
        self._keeps = bool(self._renewing)
        self.pages = pages - len(self._renewing)
        self._pages = Pages(memory, numbers[10], self.page_bytes)
        # An older daemon knows nothing of what is only a wish.
        is_older = numbers[1] & 0xFFFFFFFF < layout.MINOR_OF_DEADLINES
        self._flags = ~layout.BACKGROUND if is_older else -1
        self._memory = memory
        self.words = self._pages.words
        self._ring = memory.cast("I")
        self._entries = entries
        self._mask = entries - 1
        self._free = list(range(self.pages - 1, -1, -1))
        self.pending: List[Optional[Pending]] = [None] * pages

        # By page, so that they can be submitted to the next daemon.
        self._watches: Dict[int, Request] = {}
        # Pages of requests without a completion: the program's, and those of what is asked for anew.
        self._silent = SilentPages(number_of)
        self._renewed = SilentPages(number_of)
        self._tail = 0
        self._last_number = 0
        self._ended = False
        self._lock = threading.Lock()

    def follow(self, before: Submissions) -> None:
        """Goes on with the numbers of another connection."""
        self._last_number = before._last_number

    # Asking.

    def submit(
        self,
        operation: int,
        path: str,
        sink: Sink,
        context: Any,
        flags: int = 0,
        group: int = 0,
        target: int = 0,
        leave: int = 0,
    ) -> int:
        """Puts a request into the ring; :meth:`publish` hands it over. Not for watches: see :meth:`submit_request`.

        :param leave: how many pages are to stay free
        :return: the number of the request; 0 if there is no page for it, or the daemon is gone
        :raises NameTooLong: if the path does not fit a page
        """
        name = self.name(path)
        with self._lock:
            if self._ended or len(self._free) <= leave and not self._reclaim(1 + leave):
                return 0
            page = self._free.pop()
            self._last_number = number = self._last_number + 1
            self._write(page, number, operation, path, name, sink, context, flags, group, target, 0)
            self._enter(page)
            return number

    def refresh(self, operation: int, path: str, now: int) -> bool:
        """Puts a request without a completion into the ring, on a page that is kept for those.

        With so few pages that none are kept, on an idle one.

        :param now: in nanoseconds
        :return: whether there was a page for it, and the daemon is there
        :raises NameTooLong: if the path does not fit a page
        """
        name = self.name(path)
        with self._lock:
            if self._ended:
                return False
            pages, silent, least = self._renewing, self._renewed, 0
            if not self._keeps:
                # One is for cancelling, and more than are asked for anew stay for the program.
                pages, silent, least = self._free, self._silent, 2 + len(self._silent)
            if len(pages) <= least:
                silent.take_back_at_times(pages, now)
            if len(pages) <= least:
                return False
            page = pages.pop()
            self._last_number = number = self._last_number + 1
            silent.add(page, number)
            self._pages.write(page, number, operation, name, layout.NO_COMPLETION, 0, 0, 0)
            self._enter(page)
            return True

    def submit_many(
        self,
        paths: Sequence[str],
        names: Optional[Sequence[bytes]],
        begin: int,
        end: int,
        sink: Sink,
        contexts: Sequence[Any],
        group: int,
        leave: int,
        flags: int = 0,
        deadline: int = 0,
        number: int = 0,
    ) -> int:
        """Puts reads into the ring, as :meth:`submit` does one.

        :param names: the paths as pages have them, if that is known
        :param contexts: one for each path from ``begin`` to ``end``
        :param number: that the first one has already; 0 if it gets one
        :return: how many; fewer if there are no more pages, or the next path is none that :meth:`submit` would take
        """
        wanted = end - begin
        with self._lock:
            if self._ended or len(self._free) < wanted + leave and not self._reclaim(wanted + leave):
                wanted = 0 if self._ended else max(0, len(self._free) - leave)
            if not wanted:
                return 0
            # In order, as they came back in any: neighbours are written, and read by the daemon, together.
            if len(self._free) == self.pages:
                self._free = list(range(self.pages - 1, -1, -1))
            else:
                self._free.sort(reverse=True)
            count = burst.fill(
                (self._memory, self.words, self._ring),
                (self._pages.begin, self.page_bytes, self._entries),
                self._free,
                self.pending,
                paths,
                names,
                begin,
                begin + wanted,
                (layout.READ | (flags & self._flags) << 32, number or self._last_number + 1, group, self._tail, deadline),
                sink,
                contexts,
            )
            if not number:
                self._last_number += count
            self._tail += count
            return count

    def submit_run(self, run: Run, leave: int) -> int:
        """Puts reads that wait into the ring, as far as there are pages; returns how many."""
        begin = run.at
        # It is tried with one if there is no page: some may be found that came back without a completion.
        end = min(len(run.paths), begin + max(1, len(self._free) - leave))
        paths, names, contexts = run.paths[begin:end], run.names[begin:end], run.contexts[begin:end]
        numbers = run.group, leave, run.flags, run.deadline, run.number + begin
        count = self.submit_many(paths, names, 0, end - begin, run.sink, contexts, *numbers)
        run.at += count
        return count

    def has_room(self, leave: int) -> bool:
        """Whether there is a page besides so many."""
        return len(self._free) > leave

    def submit_request(self, request: Request, leave: int) -> bool:
        """The same for a request that has its number already, and for chains.

        :return: whether there were pages for it, and the daemon is there
        """
        number, steps, sink, context, group = request
        names = [self.name_of(step) for step in steps]
        with self._lock:
            if self._ended or len(self._free) < len(steps) + leave and not self._reclaim(len(steps) + leave):
                return False
            pages = [self._free.pop() for _ in steps]
            following = [page + 1 for page in pages[1:]] + [0]
            for i, (step, name, page, after) in enumerate(zip(steps, names, pages, following)):
                operation, path, flags, target, _ = step
                flags = flags | layout.CHAINED if after else flags
                self._write(page, number + i, operation, path, name, sink, context, flags, group, target, after)
            if request.is_watch:
                self._watches[pages[0]] = request
            self._enter(pages[0])
            return True

    def reserve(self, count: int) -> int:
        """Numbers for steps that are submitted later; gives the first one."""
        with self._lock:
            self._last_number += count
            return self._last_number - count + 1

    def check(self, steps: Sequence[Step]) -> None:
        """Refuses paths that do not fit a page.

        :raises NameTooLong: if one does not
        """
        for step in steps:
            self.name_of(step)

    def name_of(self, step: Step) -> bytes:
        """A path as its page has it, with what is written there.

        :raises NameTooLong: as :meth:`name`, and if there is no room for what is written
        """
        name = self.name(step.path)
        room = self.page_bytes - layout.PAGE_PATH
        if len(name) + len(step.text) > room:
            length = len(name) + len(step.text)
            why = f"takes {length} bytes with what is to be written; a page has room for {room}: attach with larger pages"
            raise NameTooLong(step.path, "name too long", why)
        return name + step.text

    def name(self, path: str) -> bytes:
        """A path as its page has it.

        :raises NameTooLong: if it does not fit
        :raises ValueError: if it is text that is no name
        :raises TypeError: if it is no text
        """
        return name_of(path, self.page_bytes - layout.PAGE_PATH)

    @property
    def last_number(self) -> int:
        """That of the request that was made last."""
        return self._last_number

    def has(self, page: int, number: int) -> bool:
        """Whether a page has the request of a number, which has not ended."""
        return self.pending[page] is not None and self._pages.number(page) == number

    def numbers(self) -> Dict[int, int]:
        """The pages of all requests that have not ended, by their numbers."""
        numbers = self._pages.numbers(len(self.pending))
        return {number: page for page, number in enumerate(numbers) if self.pending[page] is not None}

    @property
    def silent(self) -> int:
        """How many pages belong to requests without a completion, and were not looked at since."""
        return len(self._silent)

    @property
    def underway(self) -> int:
        """How many requests will end in a completion, watches apart."""
        return self.pages - len(self._free) - len(self._silent) - len(self._watches)

    def _reclaim(self, wanted: int) -> bool:
        """Takes back the pages whose requests have ended without a completion; whether so many are free now."""
        self._silent.take_back(self._free)
        return len(self._free) >= wanted

    def _write(
        self,
        page: int,
        number: int,
        operation: int,
        path: str,
        name: bytes,
        sink: Sink,
        context: Any,
        flags: int,
        group: int,
        target: int,
        following: int,
    ) -> None:
        if flags & layout.NO_COMPLETION:
            self._silent.add(page, number)
        else:
            self.pending[page] = (path, sink, context)
        self._pages.write(page, number, operation, name, flags & self._flags, group, target, following)

    def _enter(self, page: int) -> None:
        self._ring[layout.RING // 4 + (self._tail & self._mask)] = page
        self._tail += 1

    def publish(self) -> bool:
        """Hands over what was submitted, all at once; False if this has ended."""
        with self._lock:
            if self._ended:
                return False
            # One store of a whole word; the daemon acquires it and finds pages and ring written.
            self.words[layout.SUBMISSION_TAIL // 8] = self._tail
            return True

    # Ending.

    def take(self, take: Callable[..., int], memory: Any, geometry: Tuple[int, ...], head: int, due: Due) -> int:
        """Has outcomes taken by a function that knows pages; returns how many entries of the ring that were."""
        with self._lock:
            return take(memory, self.words, geometry, head, self.pending, self._free, self._watches, due)

    def finish(self, pages: List[int], done: int) -> None:
        """Takes back the pages of requests that have ended.

        :param done: how many completions there were until now whose outcomes are not looked at any more
        """
        with self._lock:
            if self._watches:
                for page in pages:
                    self._watches.pop(page, None)
            self._free.extend(pages)
            # Behind a fence of the caller's and this lock, so that it is seen after the outcomes were read: what
            # they had in the arena is the daemon's again.
            self.words[layout.COMPLETIONS_DONE // 8] = done

    def forget_watches(self, number: int, group: int) -> None:
        """Those that a cancel means are not for the next daemon."""
        with self._lock:
            self._watches = {page: each for page, each in self._watches.items() if not each.is_meant(number, group)}

    def end(self, keep_watches: bool) -> Tuple[List[Request], List[Pending]]:
        """Submits nothing any more; gives the watches, if they are to be kept, and everything else that is pending."""
        with self._lock:
            self._ended = True
            watches = dict(self._watches) if keep_watches else {}
            rest = [each for page, each in enumerate(self.pending) if each is not None and page not in watches]
            self.pending = [None] * len(self.pending)
            self._watches = {}
            return list(watches.values()), rest

    def forked(self) -> None:
        """In a child: what is pending is the parent's, and so is the lock."""
        self._lock = threading.Lock()
        self.pending = [None] * len(self.pending)
        self._watches = {}

    def close(self) -> None:
        """Lets go of the memory."""
        with self._lock:
            self._ended = True
            for view in (self._ring, self.words, self._memory):
                view.release()
