"""Coming in: the socket, hello and welcome."""

from __future__ import annotations

import errno
import fcntl
import os
import socket
import stat
import struct
import time
from contextlib import suppress
from typing import List, NamedTuple, Tuple

from . import _layout as layout
from ._errors import AttachError, of_system

_LARGEST = (1 << 32) - 1
_INT = struct.Struct("i")

#: Seconds between two tries to connect to a daemon that has not yet taken those before.
_QUEUE_PAUSE = 0.01


class Geometry(NamedTuple):
    """How much room an attachment has.

    :ivar pages: how many requests may be pending at once; one page of several is kept for cancelling, and one of
        sixteen, 1024 at the most, to ask anew for what is stale
    :ivar page_bytes: 64, and the longest path; a multiple of 64
    :ivar outcome_bytes: 64, and the longest value that needs no arena; a multiple of 64
    :ivar arena_bytes: for values that are longer
    """

    pages: int = 16384
    page_bytes: int = 256
    outcome_bytes: int = 256
    arena_bytes: int = 8 << 20

    def check(self) -> None:
        """Refuses what no daemon can be told; how much is too much, the daemon says.

        :raises ValueError: if a number is negative, or does not fit 32 bits
        """
        for name, number in zip(self._fields, self):
            if not 0 <= number <= _LARGEST:
                raise ValueError(f"geometry: {name}={number} is not from 0 to {_LARGEST}")


def find_socket(place: str) -> str:
    """The socket of a mount point; a socket's own path is taken as it is.

    :raises AttachError: if it is neither
    """
    try:
        mode = os.stat(place).st_mode
    except OSError as e:
        if e.errno == errno.ENOTCONN:
            gone = "its daemon is gone, and its mount is left; 'aeiou umount' takes it away"
            raise AttachError(errno.ENOTCONN, gone, place) from e
        raise of_system(e, place) from e
    if stat.S_ISSOCK(mode):
        return place
    if not stat.S_ISDIR(mode):
        raise AttachError(errno.ENOTSOCK, "is neither a mount point nor a socket", place)
    note = os.path.join(place, ".aeiou", "attach")
    try:
        with open(note, encoding="utf-8") as file:
            found = file.read().strip()
    except OSError as e:
        raise of_system(e, place, f"is not a mounted network: {note}") from e
    if not found:
        why = "its daemon lets no program attach; see 'attach' in its configuration"
        raise AttachError(errno.EACCES, why, place)
    return found


def greet(place: str, geometry: Geometry, timeout: float) -> Tuple[socket.socket, Tuple[int, ...], List[int]]:
    """Says hello; gives the socket, the numbers of the welcome and its four descriptors.

    :param timeout: seconds for all of it, but for what the file system takes
    :raises AttachError: if the daemon cannot be reached or refuses, with the reason
    :raises ValueError: if the geometry cannot be told
    """
    geometry.check()
    path = find_socket(place)
    end = time.monotonic() + timeout
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    fds: List[int] = []
    try:
        _connect(sock, path, end)
        sock.settimeout(_left(end))
        with suppress(BrokenPipeError):  # it may have said why not, and hung up
            sock.sendall(struct.pack(layout.HELLO, layout.HELLO_MAGIC, layout.VERSION, *geometry))
        message = _receive(sock, end, fds)
        numbers = struct.unpack_from(layout.WELCOME, message)
        _check(path, numbers, message, fds)
        sock.setblocking(False)
        return sock, numbers, fds
    except BaseException as e:
        sock.close()
        for fd in fds:
            os.close(fd)
        if isinstance(e, socket.timeout):
            raise AttachError(errno.ETIMEDOUT, f"no answer within {timeout:g} s", path) from e
        if isinstance(e, ConnectionResetError):
            raise AttachError(errno.ECONNRESET, "the daemon hung up before it answered", path) from e
        if isinstance(e, OSError) and not isinstance(e, AttachError):
            raise of_system(e, path) from e
        raise


def _left(end: float) -> float:
    left = end - time.monotonic()
    if left <= 0:
        raise socket.timeout
    return left


def _connect(sock: socket.socket, path: str, end: float) -> None:
    while True:
        sock.settimeout(_left(end))
        try:
            sock.connect(path)
            return
        except BlockingIOError:
            # Others stand in line before us, and a socket with a time limit does not wait for that (unix(7)).
            time.sleep(_QUEUE_PAUSE)


def _receive(sock: socket.socket, end: float, fds: List[int]) -> bytes:
    """The welcome; its descriptors are added to those given, also if it fails."""
    message = b""
    while len(message) < layout.WELCOME_BYTES:
        sock.settimeout(_left(end))
        data, ancillary, _, _ = sock.recvmsg(
            layout.WELCOME_BYTES - len(message), socket.CMSG_SPACE(8 * _INT.size), socket.MSG_CMSG_CLOEXEC
        )
        for level, kind, content in ancillary:
            if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
                fds.extend(fd for fd, in _INT.iter_unpack(content[: len(content) - len(content) % _INT.size]))
        if not data:
            raise ConnectionResetError
        message += data
    return message


def _check(path: str, numbers: Tuple[int, ...], message: bytes, fds: List[int]) -> None:
    if numbers[0] != layout.WELCOME_MAGIC or numbers[1] >> 32 != layout.MAJOR:
        why = f"what answers there does not speak version {layout.MAJOR}"
        raise AttachError(errno.EPROTONOSUPPORT, why, path)
    if numbers[4]:
        sentence = message[layout.WELCOME_SENTENCE : layout.WELCOME_SENTENCE + numbers[13]].decode("utf-8", "replace")
        raise AttachError(numbers[4], f"{sentence} ({os.strerror(numbers[4])})", path)
    if len(fds) != 4:
        raise AttachError(errno.EPROTO, f"the daemon sent {len(fds)} descriptors instead of 4", path)
    entries, pages, page_bytes, outcome_bytes, arena_bytes, pages_at, outcomes_at, arena_at = numbers[5:13]
    submissions = max(layout.RING + 4 * entries, pages_at + pages * page_bytes)
    completions = max(layout.RING + 16 * entries, outcomes_at + pages * outcome_bytes, arena_at + arena_bytes)
    for fd, least in zip(fds, (submissions, completions, layout.FIRST_SLOT)):
        # Memory that could be taken away under this process would end it with a signal.
        if os.fstat(fd).st_size < least or not fcntl.fcntl(fd, fcntl.F_GET_SEALS) & fcntl.F_SEAL_SHRINK:
            raise AttachError(errno.EPROTO, "what it shares is smaller than it says, or could become so", path)
    if not pages or entries < 2 * pages or entries & (entries - 1):
        raise AttachError(errno.EPROTO, f"{pages} pages and a ring of {entries} entries do not fit each other", path)
