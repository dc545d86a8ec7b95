"""Ids of requests: 128 bits that no other request has, of no other attachment, and after no restart.

The upper half is of the daemon's start and the connection, the lower half the number of the request.
"""

from __future__ import annotations

_HALF = 64
_LOWER = (1 << _HALF) - 1


def identity_of(epoch: int, connection: int) -> int:
    """What the ids of an attachment have in common: that of its first connection, as its numbers go on with the next.

    :param connection: its number, as the daemon counts them
    """
    half = _HALF // 2
    return ((epoch << half | epoch >> half) & _LOWER ^ connection) << _HALF


def number_of(given: int, identity: int) -> int:
    """The number in an id; -1 if it is one of another attachment."""
    return given & _LOWER if given >> _HALF in (0, identity >> _HALF) else -1
