"""What is asked of the daemon, and what runs at the outcome."""

from __future__ import annotations

from typing import Any, Callable, Deque, List, NamedTuple, Sequence, Tuple

from . import _layout as layout
from ._entry import Entry

#: Runs at an outcome: with the request's context, the entry, and whether more will come.
Sink = Callable[[Any, Entry, bool], None]

#: A request that waits for its outcome: path, sink and context.
Pending = Tuple[str, Sink, Any]

#: An outcome whose sink has not run yet: sink, context, entry, and whether more will come.
Due = Deque[Tuple[Sink, Any, Entry, bool]]


class Step(NamedTuple):
    """One operation of a request; a chain has several.

    :ivar target: of a cancel, what it withdraws; of others but watches, their deadline
    :ivar text: of a write, what a page has behind its path
    """

    operation: int
    path: str
    flags: int = 0
    target: int = 0
    text: bytes = b""


class Request(NamedTuple):
    """A request as it can be submitted, and submitted again to another daemon.

    :ivar number: of its first step; the steps of a chain have those that follow
    :ivar group: the number of its group; 0 for none
    """

    number: int
    steps: Sequence[Step]
    sink: Sink
    context: Any
    group: int

    @property
    def is_cancel(self) -> bool:
        """Whether it withdraws others."""
        return self.steps[0].operation in (layout.CANCEL_REQUEST, layout.CANCEL_GROUP)

    @property
    def is_watch(self) -> bool:
        """Whether it goes on until it is cancelled."""
        return self.steps[0].operation == layout.WATCH

    @property
    def deadline(self) -> int:
        """By when it ends, in nanoseconds of ``CLOCK_MONOTONIC``; 0 for none."""
        return 0 if self.is_cancel or self.is_watch else self.steps[0].target

    def is_meant(self, number: int, group: int) -> bool:
        """Whether a cancel of a number, or if that is 0 of a group, withdraws it."""
        return not self.is_cancel and (self.number == number if number else self.group == group)

    def end(self, due: Due, reason: str, why: str) -> None:
        """Lets it be due with what has become of it here."""
        for step in self.steps:
            due.append((self.sink, self.context, ended(step.path, reason, why), False))


class Watched:
    """A watch, for what waits for its next event.

    :ivar request: what its sink is given
    :ivar events: how many there were
    """

    __slots__ = ("request", "number", "events", "has_ended")

    def __init__(self, request: Any) -> None:
        self.request = request
        self.number = self.events = 0
        self.has_ended = False


class Run:
    """Reads that wait together for pages. Those before :attr:`at` were submitted.

    :ivar number: of the first of all; the others have those that follow
    :ivar names: the paths as pages have them
    :ivar contexts: one for each
    :ivar flags: of all of them, and so is the deadline
    """

    __slots__ = ("number", "paths", "names", "sink", "contexts", "group", "flags", "deadline", "at")

    def __init__(
        self,
        number: int,
        paths: Sequence[str],
        names: Sequence[bytes],
        sink: Sink,
        contexts: Sequence[Any],
        group: int,
        flags: int = 0,
        deadline: int = 0,
    ) -> None:
        self.number = number
        self.paths = paths
        self.names = names
        self.sink = sink
        self.contexts = contexts
        self.group = group
        self.flags = flags
        self.deadline = deadline
        self.at = 0

    def left(self) -> List[Request]:
        """Those that were not submitted, as single requests."""
        flags, deadline = self.flags, self.deadline
        return [
            Request(self.number + i, (Step(layout.READ, path, flags, deadline),), self.sink, context, self.group)
            for i, (path, context) in enumerate(zip(self.paths[self.at :], self.contexts[self.at :]), self.at)
        ]


def ignore(context: Any, entry: Entry, more: bool) -> None:
    """The sink of a request without a closure."""


def ended(path: str, reason: str, why: str) -> Entry:
    """The entry of a request that ended here, not in the daemon."""
    return Entry(path, reason, why.encode("utf-8", "replace"), 0, 0, 0, 0)
