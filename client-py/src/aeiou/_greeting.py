"""Coming in: the socket, hello and welcome."""

from __future__ import annotations

import array
import errno
import os
import socket
import stat
import struct
from typing import List, NamedTuple, Tuple

from . import _layout as layout
from ._errors import AttachError, of_system

_LARGEST = (1 << 32) - 1


class Geometry(NamedTuple):
    """How much room an attachment has.

    :ivar pages: how many requests may be pending at once; one page of several is kept for cancelling
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

    :raises AttachError: if the daemon cannot be reached or refuses, with the reason
    :raises ValueError: if the geometry cannot be told
    """
    geometry.check()
    path = find_socket(place)
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        sock.settimeout(timeout)
        sock.connect(path)
        sock.sendall(struct.pack(layout.HELLO, layout.HELLO_MAGIC, layout.VERSION, *geometry))
        message, fds = _receive(sock)
        numbers = struct.unpack_from(layout.WELCOME, message)
        try:
            _check(path, numbers, message, fds)
        except BaseException:
            _close_all(fds)
            raise
        sock.setblocking(False)
        return sock, numbers, fds
    except AttachError:
        sock.close()
        raise
    except OSError as e:
        sock.close()
        raise of_system(e, path) from e
    except BaseException:
        sock.close()
        raise


def _check(path: str, numbers: Tuple[int, ...], message: bytes, fds: List[int]) -> None:
    if numbers[0] != layout.WELCOME_MAGIC or numbers[1] >> 32 != layout.MAJOR:
        why = f"what answers there does not speak version {layout.MAJOR}"
        raise AttachError(errno.EPROTONOSUPPORT, why, path)
    if numbers[4]:
        sentence = message[layout.WELCOME_SENTENCE : layout.WELCOME_SENTENCE + numbers[13]].decode("utf-8", "replace")
        raise AttachError(numbers[4], f"{sentence} ({os.strerror(numbers[4])})", path)
    if len(fds) != 4:
        raise AttachError(errno.EPROTO, f"the daemon sent {len(fds)} descriptors instead of 4", path)


def _receive(sock: socket.socket) -> Tuple[bytes, List[int]]:
    message = b""
    fds = array.array("i")
    while len(message) < layout.WELCOME_BYTES:
        data, ancillary, _, _ = sock.recvmsg(
            layout.WELCOME_BYTES - len(message), socket.CMSG_SPACE(8 * fds.itemsize), socket.MSG_CMSG_CLOEXEC
        )
        for level, kind, content in ancillary:
            if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
                fds.frombytes(content[: len(content) - len(content) % fds.itemsize])
        if not data:
            _close_all(list(fds))
            raise AttachError(errno.ECONNRESET, "the daemon hung up before it answered")
        message += data
    return message, list(fds)


def _close_all(fds: List[int]) -> None:
    for fd in fds:
        os.close(fd)
