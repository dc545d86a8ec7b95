"""Generator closures: what they yield is asked for, and they go on with what became of it.

A generator that yields another one waits below it on a stack; one that yields a list waits until each part of the list
has its result, and the generators in it run beside each other. What can go on stands in a queue, so nothing here calls
itself, however deep generators wait for each other. Outcomes may come on a loop's thread while the program's own
still asks: the lock is held for the queue and for what is missing of lists, and never while a generator runs.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Generator
from typing import Any, Callable, Deque, Dict, List, Optional, Protocol, Sequence, Set, Tuple

from . import _layout as layout
from ._closures import Closure
from ._entry import Entry
from ._want import Want, check_wanted

#: Is told what a generator has returned, or else raised, and the outcome that it was given last.
Ended = Callable[[Any, Optional[BaseException], Optional[Entry]], None]


class Asking(Protocol):
    """What asks: a group."""

    def read(self, path: str, closure: Closure, context: Any) -> Any: ...
    def fetch(self, path: str, closure: Closure, context: Any) -> Any: ...
    def list(self, path: str, closure: Closure, context: Any) -> Any: ...
    def stat(self, path: str, closure: Closure, context: Any) -> Any: ...
    def describe(self, path: str, closure: Closure, context: Any) -> Any: ...
    def read_group(self, path: str, closure: Closure, context: Any) -> Any: ...
    def read_many(
        self, paths: Sequence[str], closure: Optional[Closure], contexts: Optional[Sequence[Any]]
    ) -> Tuple[int, Optional[Exception]]: ...
    def cancel(self) -> Any: ...


class _Together:
    """A list that was yielded: its results by place, and how many are missing."""

    __slots__ = ("waiting", "results", "missing", "error")

    def __init__(self, waiting: _Task, count: int) -> None:
        self.waiting = waiting
        self.results: List[Any] = [None] * count
        self.missing = count + 1  # one is for asking for them, so that it is not whole before that is done
        self.error: Optional[BaseException] = None


class _Task:
    """A generator with those that it waits for above it, and what waits for it: a place in a list, or nothing."""

    __slots__ = ("stack", "part_of", "place", "immediate")

    def __init__(self, steps: Generator[Any, Any, Any], part_of: Optional[_Together], place: int) -> None:
        self.stack = [steps]
        self.part_of = part_of
        self.place = place
        self.immediate: Optional[Entry] = None


class Generators:
    """A generator closure and all that it waits for, as requests of a group."""

    def __init__(self, group: Asking, ended: Ended) -> None:
        self._group = group
        self._ended = ended
        self._lock = threading.Lock()
        self._ready: Deque[Tuple[_Task, Any, Optional[BaseException]]] = deque()
        self._goes_on = False
        self._is_stopped = False
        self._last: Optional[Entry] = None
        self._running: Set[int] = set()  # the identities of all generators on stacks
        self._came = self._take  # one object, as groups check a closure once
        self._ask: Dict[int, Callable[..., Any]] = {
            layout.READ: group.read,
            layout.LIST: group.list,
            layout.STAT: group.stat,
            layout.DESCRIBE: group.describe,
            layout.READ_GROUP: group.read_group,
        }

    def start(self, steps: Generator[Any, Any, Any]) -> None:
        """Runs it as far as it comes with what is cached; the rest runs as outcomes come."""
        self._running.add(id(steps))
        self._go_on(_Task(steps, None, 0), None, None)

    def stop(self) -> None:
        """Closes each generator at the outcome that it waits for, instead of letting it go on."""
        self._is_stopped = True

    # Going on.

    def _go_on(self, task: _Task, value: Any, error: Optional[BaseException]) -> None:
        with self._lock:
            self._ready.append((task, value, error))
            if self._goes_on:
                return
            self._goes_on = True
        try:
            while True:
                with self._lock:
                    if not self._ready:
                        self._goes_on = False
                        return
                    task, value, error = self._ready.popleft()
                self._run(task, value, error)
        except BaseException:
            self._goes_on = False
            raise

    def _run(self, task: _Task, value: Any, error: Optional[BaseException]) -> None:
        """Runs a task until it waits, or ends."""
        stack = task.stack
        while stack:
            steps = stack[-1]
            if self._is_stopped:
                stack.pop().close()
                continue
            try:
                given = steps.send(value) if error is None else steps.throw(error)
            except StopIteration as e:
                value, error = e.value, None
                self._running.discard(id(stack.pop()))
                continue
            except Exception as e:  # noqa: BLE001 - what waits for it gets whatever it is
                value, error = None, e
                self._running.discard(id(stack.pop()))
                continue
            error = None
            try:
                # What is asked for most, first.
                if type(given) is Want:
                    value = self._one(task, given)
                    if value is None:
                        return
                elif isinstance(given, Generator):
                    self._enter(given)
                    stack.append(given)
                    value = None
                else:
                    value = self._all(task, given)
                    if value is None:
                        return
            except Exception as e:  # noqa: BLE001 - the generator gets whatever it is
                value, error = None, e
        if not self._is_stopped:
            self._end(task, value, error)

    def _end(self, task: _Task, value: Any, error: Optional[BaseException]) -> None:
        together = task.part_of
        if together is None:
            self._ended(value, error, self._last)
            return
        if error is not None and together.error is None:
            together.error = error
        self._put(together, task.place, value)

    def _enter(self, steps: Generator[Any, Any, Any]) -> None:
        if id(steps) in self._running:
            raise TypeError(f"{steps!r} runs already; call its function again, so that there is another generator")
        self._running.add(id(steps))

    # Asking.

    def _one(self, task: _Task, wanted: Want) -> Optional[Entry]:
        """The outcome of what a generator wants, if it is there; None if it comes later."""
        check_wanted(wanted)
        task.immediate = None
        self._ask_for(wanted, task)
        entry, task.immediate = task.immediate, None
        return entry

    def _ask_for(self, wanted: Want, context: Any) -> None:
        if wanted.flags & layout.FORCE_MISS:
            self._group.fetch(wanted.path, self._came, context)
        else:
            self._ask[wanted.operation](wanted.path, self._came, context)

    def _all(self, task: _Task, given: Any) -> Optional[List[Any]]:
        """The results of a list, if all are there; None if they come later."""
        check_wanted(given)
        parts: Sequence[Any] = given
        together = _Together(task, len(parts))
        reads = [i for i, part in enumerate(parts) if type(part) is Want and part[0] == layout.READ and not part[2]]
        if reads:
            # As a burst, which is what makes many of them cheap.
            paths = [parts[i].path for i in reads]
            _, why = self._group.read_many(paths, self._came, [(together, i) for i in reads])
            if why is not None:
                raise why
        tasks = []
        for i, part in enumerate(parts):
            if isinstance(part, Want):
                if part.operation != layout.READ or part.flags:
                    self._ask_for(part, (together, i))
            else:
                steps = part if isinstance(part, Generator) else _yields(part)
                self._enter(steps)
                tasks.append(_Task(steps, together, i))
        with self._lock:
            self._ready.extend((each, None, None) for each in tasks)
            together.missing -= 1
            return None if together.missing else together.results

    def _take(self, delayed: bool, entry: Entry) -> None:
        """The closure of all that is asked for here."""
        context, entry.context = entry.context, None
        self._last = entry
        if type(context) is _Task:
            if delayed:
                self._go_on(context, entry, None)
            else:
                context.immediate = entry
            return
        together, place = context
        if delayed:
            self._put(together, place, entry)
        else:
            with self._lock:
                together.results[place] = entry
                together.missing -= 1

    def _put(self, together: _Together, place: int, result: Any) -> None:
        with self._lock:
            together.results[place] = result
            together.missing -= 1
            if together.missing:
                return
        error = together.error
        self._go_on(together.waiting, None if error is not None else together.results, error)


def _yields(parts: Sequence[Any]) -> Generator[Any, Any, Any]:
    """A list in a list: a generator that wants it."""
    return (yield parts)
