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
    """One operation of a request; a chain has several."""

    operation: int
    path: str
    flags: int = 0
    target: int = 0


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

    def is_meant(self, number: int, group: int) -> bool:
        """Whether a cancel of a number, or if that is 0 of a group, withdraws it."""
        return not self.is_cancel and (self.number == number if number else self.group == group)

    def end(self, due: Due, reason: str, why: str) -> None:
        """Lets it be due with what has become of it here."""
        for step in self.steps:
            due.append((self.sink, self.context, ended(step.path, reason, why), False))


class Run:
    """Reads that wait together for pages. Those before :attr:`at` were submitted.

    :ivar number: of the first of all; the others have those that follow
    :ivar names: the paths as pages have them
    :ivar contexts: one for each
    """

    __slots__ = ("number", "paths", "names", "sink", "contexts", "group", "at")

    def __init__(
        self,
        number: int,
        paths: Sequence[str],
        names: Sequence[bytes],
        sink: Sink,
        contexts: Sequence[Any],
        group: int,
    ) -> None:
        self.number = number
        self.paths = paths
        self.names = names
        self.sink = sink
        self.contexts = contexts
        self.group = group
        self.at = 0

    def left(self) -> List[Request]:
        """Those that were not submitted, as single requests."""
        return [
            Request(self.number + i, (Step(layout.READ, self.paths[i]),), self.sink, self.contexts[i], self.group)
            for i in range(self.at, len(self.paths))
        ]


def ended(path: str, reason: str, why: str) -> Entry:
    """The entry of a request that ended here, not in the daemon."""
    return Entry(path, reason, why.encode("utf-8", "replace"), 0, 0, 0, 0)
