"""Waiting for some requests."""

from __future__ import annotations

from typing import Any, Dict, Iterable, List, Tuple, Union

from ._connection import Connection
from ._exchange import Exchange
from ._reply import Reply
from ._request import Watched


class Awaited:
    """Requests of an attachment that are waited for, as far as they have not ended; watches, until they have an event.

    :ivar count: how many they are
    :param given: ids, numbers or replies
    :raises ValueError: if one is of another attachment
    :raises TypeError: if one is none of these
    """

    def __init__(self, exchange: Exchange, given: Iterable[Union[int, Reply]]) -> None:
        self._exchange = exchange
        self._connection: Union[Connection, None] = None
        # By number, the page that has it.
        self._left: Dict[int, int] = {}
        self._watches: List[Tuple[Watched, int]] = []
        numbers = set()
        for each in given:
            number = exchange.number_of(_id_of(each))
            if number < 0:
                raise ValueError(f"{each!r} is a request of another attachment")
            numbers.add(number)
        self.count = len(numbers)
        for number in numbers:
            watched = exchange.watching.get(number)
            if watched is not None:
                self._watches.append((watched, watched.events))
            elif number:
                self._left[number] = -1

    @property
    def ended(self) -> int:
        """How many have ended, or had their event, and their closures have run."""
        link = self._exchange.link
        if link.connection.due:
            return 0  # one of these may be of those
        self._watches = [each for each in self._watches if each[0].events == each[1] and not each[0].has_ended]
        self._look()
        return self.count - len(self._left) - len(self._watches)

    def _look(self) -> None:
        link = self._exchange.link
        connection = link.connection
        submissions = connection.submissions
        if connection is self._connection:
            pages = self._left
            self._left = {number: page for number, page in pages.items() if page < 0 or submissions.has(page, number)}
            if -1 not in self._left.values():
                return
        self._connection = connection
        there, waiting = submissions.numbers(), link.backlog.numbers()
        self._left = {number: there.get(number, -1) for number in self._left if number in there or number in waiting}


def _id_of(given: Any) -> int:
    if isinstance(given, Reply):
        return given.id
    if isinstance(given, int):
        return given
    raise TypeError(f"{given!r} is no request; expected an id, as group.fetch() returns it, or a reply")
