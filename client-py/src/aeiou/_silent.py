"""Pages of requests without a completion: nothing says that they are back, so it is looked for."""

from __future__ import annotations

from typing import Callable, List, Tuple

#: Nanoseconds between two looks at pages of which none was back.
_LOOK_AGAIN = 1_000_000


class SilentPages:
    """Those that are underway. Their caller holds the lock of the submissions.

    :param number_of: gives the number of the request whose outcome a page has
    """

    def __init__(self, number_of: Callable[[int], int]) -> None:
        self._number_of = number_of
        self._underway: List[Tuple[int, int]] = []
        self._looked_at = 0

    def __len__(self) -> int:
        return len(self._underway)

    def add(self, page: int, number: int) -> None:
        """A page was given to a request."""
        self._underway.append((page, number))

    def take_back(self, free: List[int]) -> None:
        """Adds those whose requests have ended to the free ones."""
        # Their outcomes have their numbers then: the number is what the daemon writes last.
        number_of = self._number_of
        left = []
        for page, number in self._underway:
            if number_of(page) == number:
                free.append(page)
            else:
                left.append((page, number))
        self._underway = left

    def take_back_at_times(self, free: List[int], now: int) -> None:
        """The same, for what is called again and again: all of them are looked at, and that takes a while.

        :param now: in nanoseconds
        """
        if now - self._looked_at > _LOOK_AGAIN:
            self._looked_at = now
            self.take_back(free)
