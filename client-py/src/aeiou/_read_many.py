"""Many reads at once: in runs of misses, with the hits in between."""

from __future__ import annotations

import time
from itertools import islice
from typing import Any, Iterable, List, Optional, Sequence, Tuple

from . import _layout as layout
from ._closures import Closure, check_closure, check_result
from ._deadlines import deadline_in
from ._errors import AeiouError
from ._prepared import Burst, bursts
from ._requests import Requests

_monotonic_ns = time.monotonic_ns


class ManyReads(Requests):
    """A group as far as it asks for many values with one call."""

    def read_many(
        self,
        paths: Iterable[str],
        closure: Optional[Closure] = None,
        contexts: Optional[Iterable[Any]] = None,
        *,
        timeout: Optional[float] = None,
        background: bool = False,
    ) -> Tuple[int, Optional[Exception]]:
        """Asks for many values, as :meth:`Group.read` does for one, until one is refused.

        :param paths: any number; those of :meth:`Attachment.prepare` cost the least. An iterator is read some ahead
        :param contexts: one for each path
        :return: how many were accepted, and why the next one was not; None if all were
        """
        if isinstance(paths, str):
            raise TypeError(f"{paths!r} is one path; group.read() reads that, and read_many() a list of them")
        how = layout.BACKGROUND if background else 0, deadline_in(timeout)
        accepted = 0
        following = None if contexts is None else iter(contexts)
        for burst in bursts(paths):
            count = len(burst.paths)
            some = None if following is None else list(islice(following, count))
            if some is not None:
                count = len(some)
            read, why = self._read_burst(burst, count, closure, some, how)
            accepted += read
            if why is None and count < len(burst.paths):
                path = burst.paths[count]
                why = ValueError(f"there are {accepted} contexts, and more paths: {path!r} has none")
            if why is not None:
                return accepted, why
        return accepted, None

    def _read_burst(
        self,
        burst: Burst,
        count: int,
        closure: Optional[Closure],
        contexts: Optional[Sequence[Any]],
        how: Tuple[int, int],
    ) -> Tuple[int, Optional[Exception]]:
        """Asks for some of them.

        :param how: flags and deadline
        """
        link = self._link
        paths = burst.paths
        i = 0
        try:
            while i < count:
                end = link.table.misses(paths, burst.wanted, i, count, _monotonic_ns())
                if end > i:
                    asked, why = self._ask_many(burst, i, end, closure, contexts, how)
                    i += asked
                    if why is not None:
                        return i, why
                else:
                    # A hit, probably, and so may be what follows.
                    context = None if contexts is None else contexts[i]
                    if not self._answer(layout.READ, paths[i], closure, context):
                        self._ask(layout.READ, paths[i], closure, context, how[0], deadline=how[1])
                    i = self._hits(paths, i + 1, count, closure, contexts)
        except (AeiouError, ValueError) as e:
            return i, e
        return i, None

    def _hits(
        self, paths: Sequence[str], i: int, count: int, closure: Optional[Closure], contexts: Optional[Sequence[Any]]
    ) -> int:
        """Runs the closure for what is cached and was seen before, as :meth:`Group.read`; returns the first path that is not."""
        link = self._link
        while i < count:
            path = paths[i]
            table = link.table
            known = table.known.get(path)
            if known is None or table.words[known[0]] != known[1]:
                break
            entry = known[2]
            now = _monotonic_ns()
            if now >= entry._usable:
                break
            self._immediate += 1
            if now > entry._fresh:
                self._is_stale(path, entry)
            if contexts is not None:
                entry = entry._of(contexts[i])
            i += 1
            if closure is None:
                self._ready.append(entry)
                continue
            try:
                result: Any = closure(False, entry)
            except Exception as e:  # noqa: BLE001 - the handler gets whatever it is
                self._runner.failed(closure, e, entry)
            else:
                if result is not None:
                    check_result(closure, result)
        return i

    def _ask_many(
        self,
        burst: Burst,
        begin: int,
        end: int,
        closure: Optional[Closure],
        contexts: Optional[Sequence[Any]],
        how: Tuple[int, int],
    ) -> Tuple[int, Optional[Exception]]:
        """Asks for what is not cached, as :meth:`read_many`."""
        if closure is not None and closure is not self._checked:
            check_closure(closure)
            self._checked = closure
        exchange = self._exchange
        requests: List[Tuple[Optional[Closure], Any]]
        if contexts is None:
            requests = [(closure, None)] * (end - begin)
        else:
            requests = [(closure, context) for context in contexts[begin:end]]
        count = 0
        try:
            while begin + count < end:
                some = requests[count:] if count else requests
                asked = exchange.submit_many(burst, begin + count, end, self._outcome, some, self._number, *how)
                count += asked
                with exchange.counting:
                    self._delayed += asked
        except (AeiouError, ValueError) as e:
            return count, e
        finally:
            if self._ended:
                self._link.send()
        return count, None
