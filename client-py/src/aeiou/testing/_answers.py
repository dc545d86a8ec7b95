"""How the fake daemon answers requests: at once, when it is let, or at their deadline."""

from __future__ import annotations

import threading
import time
from typing import List, Optional

from .. import _layout as layout
from ._memory import FakeClient, FakeRequest
from ._network import FakeNetwork, Outcome, assignments, failure, goes_on, name_of
from ._table import FakeTable

_SECOND = 1_000_000_000
_LONGEST_SLEEP = _SECOND // 20


class Answers:
    """The part of the daemon that has requests and ends them; its caller holds the lock, but for deadlines."""

    completions: int
    _network: FakeNetwork
    _table: FakeTable
    _clients: List[FakeClient]
    _lock: threading.RLock
    _version: int

    def _expire(self) -> float:
        """Ends what is past its deadline; gives in how many seconds there may be more of that."""
        now, next_one = time.monotonic_ns(), time.monotonic_ns() + _LONGEST_SLEEP
        with self._lock:
            for client in self._clients:
                for request in list(client.pending.values()):
                    if self._is_over(request, now):
                        if client.pending.get(request.page) is request:
                            self._post(client, request, failure("timeout", "its deadline passed"))
                    elif request.deadline:
                        next_one = min(next_one, request.deadline)
        return (next_one - now) / _SECOND

    def _is_over(self, request: FakeRequest, now: int) -> bool:
        return self._version >= layout.VERSION and 0 < request.deadline <= now

    def _begin(self, client: FakeClient, request: FakeRequest) -> None:
        if request.operation in (layout.CANCEL_REQUEST, layout.CANCEL_GROUP):
            self._cancel(client, request)
            return
        if self._version < layout.VERSION and request.flags & layout.BACKGROUND:
            self._post(client, request, failure("bad request", "flags 0x100 are not known"))
            return
        if self._is_over(request, time.monotonic_ns()):
            self._post(client, request, failure("timeout", "its deadline passed"))
            return
        request.is_held = self._network.waits(request, self._table)
        if not request.is_held:
            self._answer(client, request)

    def _cancel(self, client: FakeClient, request: FakeRequest) -> None:
        of_one = request.operation == layout.CANCEL_REQUEST
        found = [
            each
            for each in client.pending.values()
            if each is not request and (each.number if of_one else each.group) == request.target
        ]
        for each in found:
            self._withdraw(client, each, "withdrawn")
        late = of_one and 0 < request.target <= client.highest
        self._post(client, request, (layout.CANCEL, 1 if found else 2 if late else 3, b""))

    def _withdraw(self, client: FakeClient, request: Optional[FakeRequest], message: str) -> None:
        """Ends a request and what follows it in its chain."""
        while request is not None and client.pending.get(request.page) is request:
            self._post(client, request, failure("cancelled", message))
            request = request.next

    def _tell_watches(self, names: List[str]) -> None:
        for client in self._clients:
            for request in list(client.pending.values()):
                if request.operation == layout.WATCH and name_of(request) in names:
                    self._answer(client, request)

    def _answer(self, client: FakeClient, request: FakeRequest) -> None:
        outcome = self._network.outcome(request, self._table)
        kind, reason, value = outcome
        ends = layout.REASONS[reason] in ("unknown name", "bad request", "name too long", "is a directory")
        if request.operation == layout.WATCH and (request.told is not None or not ends):
            # What was there once may come back; and what is told is told once.
            if request.told != outcome:
                request.told = outcome
                self._post(client, request, outcome, True)
            return
        if request.operation == layout.WRITE:
            self._tell_watches(list(assignments(request)))
        self._post(client, request, outcome)
        if request.next is not None:
            self._go_on(client, request, request.next, kind, value)

    def _go_on(self, client: FakeClient, step: FakeRequest, following: FakeRequest, kind: int, value: bytes) -> None:
        """Starts the next step of a chain, or ends the rest of it."""
        if client.pending.get(following.page) is not following:
            return  # withdrawn
        if not goes_on(step, kind, value):
            if not step.flags & layout.SKIP:
                self._withdraw(client, following, "the chain ended before this step")
                return
            after = following.next
            self._post(client, following, failure("cancelled", "skipped"))
            if after is None:
                return
            after.follows_listing = following.follows_listing
            following = after
        if following.flags & layout.EACH and following.follows_listing:
            outcome: Outcome = failure("unknown name", "there is no listing before it, or no {} in its path")
            if kind == layout.READING and "{}" in (following.path or ""):
                listed = self._network.each(following.path or "", following.flags, value, self._table)
                outcome = (layout.READING, 0, listed)
            self._post(client, following, outcome)
            if following.next is not None:
                self._go_on(client, following, following.next, outcome[0], outcome[2])
        else:
            following.path = (following.path or "").replace("{}", value.decode("utf-8", "replace"))
            self._begin(client, following)

    def _post(self, client: FakeClient, request: FakeRequest, outcome: Outcome, more: bool = False) -> None:
        self.completions += 1
        client.post(request, *outcome, more)
