"""The outcomes of a chain, each as what its step has asked for."""

from __future__ import annotations

from collections import deque
from typing import Any, Callable, Deque, Sequence

from . import _layout as layout
from ._entry import Entry, described
from ._grouped import grouped
from ._request import Sink, Step


class ChainSink:
    """The sink of all steps of a chain, which end in their order."""

    __slots__ = ("_sink", "_become")

    def __init__(self, steps: Sequence[Step], sink: Sink) -> None:
        self._sink = sink
        self._become: Deque[Callable[[Entry], Entry]] = deque(map(_become, steps))

    def __call__(self, context: Any, entry: Entry, more: bool) -> None:
        become = self._become.popleft()
        # Those that the daemon took along may come in any order: all of them have failed.
        self._sink(context, become(entry) if entry.ok else entry, more)


def _become(step: Step) -> Callable[[Entry], Entry]:
    if step.operation == layout.DESCRIBE:
        return described
    return grouped if step.flags & layout.EACH_AS_GROUP else _as_it_is


def _as_it_is(entry: Entry) -> Entry:
    return entry
