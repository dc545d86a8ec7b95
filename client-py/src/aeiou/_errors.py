"""What can go wrong, as one tree of exceptions. Those that Python has a name for are of that kind, too."""

from __future__ import annotations

import errno
import os
from typing import Any, Dict, Optional, Tuple, Type


#: How many characters of a path a message shows.
_LONGEST = 160


class AeiouError(Exception):
    """The root of all errors of this package."""


class AttachError(AeiouError, OSError):
    """The daemon cannot be reached, or does not let this program in; says why.

    :ivar errno: as in ``errno``: that of the system, or of the daemon's refusal
    :ivar filename: the mount point, or the socket
    """

    def __init__(self, number: int, sentence: str, place: Optional[str] = None) -> None:
        super().__init__(number, sentence, place)

    def __str__(self) -> str:
        return f"{self.filename}: {self.strerror}" if self.filename else str(self.strerror)


class Detached(AeiouError, ConnectionError):
    """The daemon is gone for good, or this attachment was closed, or belongs to the parent of a fork.

    :ivar errno: ``ENOTCONN``
    """

    def __init__(self, sentence: str) -> None:
        super().__init__(errno.ENOTCONN, sentence)

    def __reduce__(self) -> Tuple[Any, ...]:
        return type(self), (self.strerror,)

    def __str__(self) -> str:
        return str(self.strerror)


class WrongThread(AeiouError, RuntimeError):
    """An attachment was used by another thread than the one that attached, outside of its closures."""


class BlockedInClosure(AeiouError, RuntimeError):
    """A delayed closure called something that waits; see ``debug`` of :func:`aeiou.attach`."""


class NoReading(AeiouError, OSError):
    """There is no reading: the attribute is absent, or its request failed.

    Each reason has a subclass, which is also the exception that a file would raise: what catches
    ``TimeoutError``, ``PermissionError`` or ``FileNotFoundError`` catches it.

    :ivar path: what was asked for
    :ivar reason: one to three words: those of the subclasses, or ``too late`` and ``unknown`` of a cancel
    :ivar errno: what reading the file would fail with, as in ``errno``; 0 where no file does
    :ivar strerror: the daemon's sentence about it
    :ivar filename: the path
    """

    _errno = 0
    _sentence = ""

    def __init__(self, path: str, reason: str, message: str = "") -> None:
        super().__init__(self._errno, message or self._sentence or reason, path)
        self.path = path
        self.reason = reason

    def __reduce__(self) -> Tuple[Any, ...]:
        return type(self), (self.path, self.reason, self.strerror)

    def __str__(self) -> str:
        # A daemon of version 1.0 begins most sentences with the path.
        path = self.path.strip("/")
        if not path or str(self.strerror).lstrip("/").startswith(f"{path}:"):
            return str(self.strerror)
        return f"{self.path if len(self.path) <= _LONGEST else self.path[:_LONGEST] + '…'}: {self.strerror}"


class Absent(NoReading):
    """``absent``: the system does not have the attribute. ``ENODATA``."""

    _errno = errno.ENODATA
    _sentence = "this system does not have it"


class TimedOut(NoReading, TimeoutError):
    """``timeout``: the system did not answer in time; of a write, it may have happened. ``ETIMEDOUT``."""

    _errno = errno.ETIMEDOUT


class Unreachable(NoReading):
    """``unreachable``: it has not answered lately, and is not asked for a while. ``EHOSTUNREACH``."""

    _errno = errno.EHOSTUNREACH


class Refused(NoReading, PermissionError):
    """``refused``: the system refuses the credentials. ``EACCES``."""

    _errno = errno.EACCES


class NotWritable(NoReading, PermissionError):
    """``not writable``: nothing can be written there. ``EACCES``."""

    _errno = errno.EACCES


class Cancelled(NoReading):
    """``cancelled``: the request was withdrawn, or its chain ended before it. ``ECANCELED``."""

    _errno = errno.ECANCELED


class BadAnswer(NoReading):
    """``bad answer``: the system answered with an error, or nonsense. ``EPROTO``."""

    _errno = errno.EPROTO


class NotCached(NoReading, BlockingIOError):
    """``not cached``: nothing usable is cached, and the network was to be left alone. ``EAGAIN``."""

    _errno = errno.EAGAIN


class Overloaded(NoReading, BlockingIOError):
    """``overloaded``: too much is pending, or there is no room for the value. ``EAGAIN``."""

    _errno = errno.EAGAIN


class UnknownName(NoReading, FileNotFoundError):
    """``unknown name``: there is no such name. ``ENOENT``."""

    _errno = errno.ENOENT


class Stopped(NoReading, ConnectionAbortedError):
    """``stopped``: the daemon went, or the attachment was closed, before there was an outcome. ``ECONNABORTED``."""

    _errno = errno.ECONNABORTED


class IsADirectory(NoReading, IsADirectoryError):
    """``is a directory``: a directory has no value; list it. ``EISDIR``."""

    _errno = errno.EISDIR


class NotADirectory(NoReading, NotADirectoryError):
    """``not a directory``: only directories can be listed. ``ENOTDIR``."""

    _errno = errno.ENOTDIR


class NameTooLong(NoReading, ValueError):
    """``name too long``: a path is longer than a page has room for, or than any name is. ``ENAMETOOLONG``."""

    _errno = errno.ENAMETOOLONG


class BadRequest(NoReading, ValueError):
    """``bad request``: what was asked for makes no sense, such as a watch of what is cached only. ``EINVAL``."""

    _errno = errno.EINVAL


class OutOfRange(NoReading, ValueError):
    """``out of range``: what was to be written is of the right type, and too large, too small or too long. ``ERANGE``."""

    _errno = errno.ERANGE


class NotDone(NoReading):
    """``not done``: the system failed at a write, and said so. ``EIO``."""

    _errno = errno.EIO


_KINDS: Dict[str, Type[NoReading]] = {
    "absent": Absent,
    "timeout": TimedOut,
    "unreachable": Unreachable,
    "refused": Refused,
    "not writable": NotWritable,
    "cancelled": Cancelled,
    "bad answer": BadAnswer,
    "not cached": NotCached,
    "overloaded": Overloaded,
    "unknown name": UnknownName,
    "stopped": Stopped,
    "is a directory": IsADirectory,
    "not a directory": NotADirectory,
    "name too long": NameTooLong,
    "bad request": BadRequest,
    "out of range": OutOfRange,
    "not done": NotDone,
}


def no_reading(path: str, reason: str, message: str) -> NoReading:
    """The exception for a reason."""
    return _KINDS.get(reason, NoReading)(path, reason, message)


def no_path(given: object) -> TypeError:
    """The exception for what is asked for, and is no path."""
    return TypeError(f"{given!r} is no path; expected a str such as 'core1/system/sysName'")


def of_system(error: OSError, place: str, what: str = "cannot be attached to") -> AttachError:
    """The same error as the system's, as one of attaching."""
    number = error.errno or errno.EIO
    return AttachError(number, f"{what}: {error.strerror or error or os.strerror(number)}", place)
