"""Finding names: all systems, and the paths that a pattern matches."""

from __future__ import annotations

import math
import stat as _stat
import time
from collections import deque
from typing import Any, AsyncIterator, Callable, Deque, Dict, FrozenSet, Iterator, List, Optional, Tuple

from ._closures import Closure, Runner
from ._entry import Entry
from ._errors import NoReading, no_reading
from ._exchange import Exchange
from ._generators import Asking, Generators
from ._pattern import Pattern
from ._reply import Waiters
from ._request import ended
from ._want import Steps, list_names, stat

#: What says that there is no such name, or nothing below it.
_NOT_THERE = ("unknown name", "not a directory")

#: How many directories one pattern may list: some thousand systems with some hundred rows each.
_MOST_LISTED = 1_000_000

#: Is told of paths that match, and which of them are attributes.
Found = Callable[[List[str], List[bool]], None]


def systems(folder: str = "") -> Steps:
    """Finds all systems, also those in folders, and asks none of them; returns their names in no order."""
    listing: Entry = yield list_names(folder)
    if listing.reason in _NOT_THERE:
        return []
    places = [
        _below(folder, name)
        for name, kind in listing.kinds.items()
        if kind == "directory" and not name.startswith(".")
    ]
    found: List[str] = []
    folders: List[str] = []
    # What has a .health is a system; whether it has one is known without asking it.
    for place, health in zip(places, (yield [stat(f"{place}/.health") for place in places])):
        if health.ok:
            found.append(place)
        elif health.reason == "unknown name":
            folders.append(place)
        else:
            raise no_reading(health.path, health.reason, health.message)
    for names in (yield [systems(place) for place in folders]):
        found += names
    return found


class Glob:
    """The paths that a pattern matches, as they are found: ``for path in net.glob(…)``, also ``async for``.

    Each directory is listed once, all that are known at the same time as one burst, and none waits for another: a
    slow system keeps back its own paths only. An iteration that is left early has the rest looked for all the same,
    until :meth:`cancel`; ``with net.glob(…) as paths:`` does that at its end. Used by the thread that attached.

    :ivar pattern: as it was given
    :ivar failures: by path, why a directory could not be listed; what is below it is missing
    """

    def __init__(
        self,
        exchange: Exchange,
        group: Asking,
        pattern: str,
        most: int,
        timeout: Optional[float] = None,
        found: Optional[Found] = None,
    ) -> None:
        self.pattern = pattern
        self.failures: Dict[str, NoReading] = {}
        self._parts = Pattern(pattern)
        self._exchange = exchange
        self._group = group
        self._most = most
        self._left = most
        self._listed = 0
        self._timeout = timeout
        self._end = math.inf if timeout is None else time.monotonic() + timeout
        self._found = found
        self._ready: Deque[str] = deque()
        self._is_done = False
        self._error: Optional[BaseException] = None
        self._waiters = Waiters()
        self._steps = Generators(group, self._ended)
        self._steps.start(self._search())
        exchange.link.send()

    def __repr__(self) -> str:
        return f"<Glob {self.pattern}: {self._most - self._left} found{'' if self._is_done else ', looks for more'}>"

    @property
    def done(self) -> bool:
        """Whether nothing more will be found. Does not look for it: that is done by what waits, and by loops."""
        return self._is_done

    def cancel(self) -> None:
        """Looks for no more; what was found can still be taken. Once is enough."""
        if not self._is_done:
            self._ended(None, None, None)
            self._stop()

    def _stop(self) -> None:
        self._steps.stop()
        if self._found is None and self._exchange.link.ended is None:
            self._group.cancel()

    def __enter__(self) -> Glob:
        return self

    def __exit__(self, *_: Any) -> None:
        self.cancel()

    # Taking what was found.

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        """The next path; waits for it.

        :raises TimeoutError: if it takes longer than was said
        :raises ValueError: if there are more than was said; behind those
        :raises NoReading: if the names of systems cannot be listed
        """
        if not self._ready and not self._is_done:
            self._exchange.runner.check("net.glob()")
            left = None if self._timeout is None else max(0.0, self._end - time.monotonic())
            if not self._exchange.pump(lambda: bool(self._ready) or self._is_done, left):
                self._give_up()
        if not self._ready:
            self._raise()
            raise StopIteration
        return self._ready.popleft()

    def take(self) -> List[str]:
        """All that was found and not taken yet; waits for some, and is empty if there is no more. Raises as ``next``."""
        try:
            some = [next(self)]
        except StopIteration:
            return []
        return some + self.found()

    def found(self) -> List[str]:
        """All that was found and not taken yet."""
        some = list(self._ready)
        self._ready.clear()
        return some

    async def __aiter__(self) -> AsyncIterator[str]:
        self._exchange.dispatch_here()
        while True:
            while self._ready:
                yield self._ready.popleft()
            if self._is_done:
                self._raise()
                return
            try:
                await self._waiters
            except BaseException:  # the task was cancelled
                self.cancel()
                raise

    def _give_up(self) -> None:
        link = self._exchange.link
        where = "" if link.connected else f"; {link.place}: {link.state}"
        why = f"{self.pattern}: not all names were listed within {self._timeout} s{where}"
        self._ended(None, TimeoutError(why), None)
        self._stop()

    def _raise(self) -> None:
        if self._error is not None:
            raise self._error

    # Searching.

    def _ended(self, value: Any, error: Optional[BaseException], last: Optional[Entry]) -> None:
        if not self._is_done:
            self._is_done, self._error = True, error
            self._waiters.wake()
            if error is not None and self._found is not None:
                # Nothing iterates, so nothing would be told.
                self._exchange.runner.report(error, last or ended(self.pattern, "bad answer", str(error)))

    def _tell(self, paths: List[str], attributes: List[bool]) -> None:
        if len(paths) > self._left:
            del paths[self._left :]
            self._is_too_many(f"{self._most} names match", "narrower pattern, or a larger 'most'")
        self._left -= len(paths)
        if self._found is not None:
            self._found(paths, attributes)
        elif paths:
            self._ready.extend(paths)
            self._waiters.wake()

    def _is_too_many(self, what: str, instead: str) -> None:
        self._ended(None, ValueError(f"{self.pattern}: more than {what}; give a {instead}"), None)
        self._stop()

    def _search(self) -> Steps:
        """From the top to where patterns begin, which systems are matched by their whole names."""
        parts, fixed = self._parts.parts, self._parts.fixed
        if fixed == self._parts.end:
            yield self._look("", {"/".join(parts): frozenset([fixed])})
            return
        base = "/".join(parts[:fixed])
        above = ["/".join(parts[:count]) for count in range(1, fixed + 1)]
        healths = yield [stat(f"{place}/.health") for place in above]
        if parts[0].startswith(".") or any(health.ok for health in healths):
            yield self._look("", {base: self._parts.places([fixed])})
            return
        walks = []
        for system in sorted((yield systems(base))):
            places = self._parts.behind_system(system[len(base) :].lstrip("/"), fixed)
            if self._parts.end in places:
                self._tell([system], [False])
            if any(place < self._parts.end for place in places):
                walks.append(self._walk(system, places))
        yield walks

    def _walk(self, directory: str, places: FrozenSet[int]) -> Steps:
        """What matches in a directory, and below."""
        names, patterns = self._parts.apart(places)
        matches: Dict[str, FrozenSet[int]] = {}
        deeper: List[Steps] = []
        is_listed = bool(patterns)
        if patterns:
            self._listed += 1
            if self._listed > _MOST_LISTED:
                self._is_too_many(f"{_MOST_LISTED} directories are listed", "narrower pattern")
                return
            listing: Entry = yield list_names(directory)
            if listing.ok:
                paths, attributes = [], []
                for name, kind in listing.kinds.items():
                    behind = self._parts.behind(name, places)
                    if not behind:
                        continue
                    matches[name] = behind
                    path = _below(directory, name)
                    if self._parts.end in behind and (kind == "directory" or self._parts.is_attribute(name, places)):
                        paths.append(path)
                        attributes.append(kind != "directory")
                    if kind == "directory" and any(place < self._parts.end for place in behind):
                        deeper.append(self._walk(path, behind))
                if paths:
                    self._tell(paths, attributes)
            else:
                self._note(listing)
                is_listed = False
        # Names that are not listed are found all the same; all of those have a dot somewhere.
        unlisted = {
            part: self._parts.behind(part, names)
            for part in (self._parts.parts[place] for place in names)
            if part not in matches and (not is_listed or "." in part)
        }
        if unlisted:
            deeper.append(self._look(directory, unlisted))
        if deeper:
            yield deeper

    def _look(self, directory: str, names: Dict[str, FrozenSet[int]]) -> Steps:
        """What there is of some names in a directory, and below."""
        end = self._parts.end
        paths = {_below(directory, name): places for name, places in names.items()}
        last = [path for path, places in paths.items() if end in places]
        found: List[Tuple[str, bool]] = []
        for path, entry in zip(last, (yield [stat(path) for path in last])):
            if entry.ok:
                is_attribute = not _stat.S_ISDIR(entry.stat.st_mode)
                if not is_attribute or self._parts.parts[-1] != "**":
                    found.append((path, is_attribute))
            else:
                self._note(entry)
        if found:
            self._tell([path for path, _ in found], [is_attribute for _, is_attribute in found])
        yield [self._walk(path, places) for path, places in paths.items() if any(place < end for place in places)]

    def _note(self, entry: Entry) -> None:
        if entry.reason not in _NOT_THERE:
            self.failures[entry.path] = no_reading(entry.path, entry.reason, entry.message)


class Reads:
    """Reads attributes as they are found, in a group.

    :ivar is_later: whether the call that asked is over: then closures are delayed, whatever is cached
    """

    def __init__(self, runner: Runner, group: Asking, closure: Optional[Closure], context: Any) -> None:
        self.is_later = False
        self._runner = runner
        self._group = group
        self._closure = closure
        self._context = context

    def __call__(self, paths: List[str], attributes: List[bool]) -> None:
        wanted = [path for path, is_attribute in zip(paths, attributes) if is_attribute]
        closure = self._later if self.is_later and self._closure is not None else self._closure
        while wanted:
            contexts = None if self._context is None else [self._context] * len(wanted)
            accepted, why = self._group.read_many(wanted, closure, contexts)
            if why is not None:
                self._runner.report(why, ended(wanted[accepted], "bad request", str(why)))
            del wanted[: accepted + 1]

    def _later(self, delayed: bool, entry: Entry) -> Any:
        assert self._closure is not None
        return self._closure(True, entry)


def _below(path: str, name: str) -> str:
    return f"{path}/{name}" if path else name
