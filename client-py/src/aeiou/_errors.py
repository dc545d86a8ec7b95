"""What can go wrong, as one tree of exceptions."""

from __future__ import annotations


class AeiouError(Exception):
    """The root of all errors of this package."""


class AttachError(AeiouError):
    """The daemon cannot be reached, or does not let this program in; says why."""


class Detached(AeiouError):
    """The daemon is gone, or this attachment was closed."""


class NoReading(AeiouError):
    """There is no reading: the attribute is absent, or its request failed.

    :ivar reason: one word or two: ``absent``, ``timeout``, ``unreachable``, ``refused``,
        ``not writable``, ``cancelled``, ``bad answer``, ``not cached``, ``overloaded``,
        ``unknown name`` or ``stopped``
    """

    def __init__(self, path: str, reason: str, message: str) -> None:
        super().__init__(f"{path}: {message or reason}")
        self.path = path
        self.reason = reason


class BlockedInClosure(AeiouError):
    """A delayed closure called something that waits; see ``debug`` of :func:`aeiou.attach`."""
