"""What is raised: as one tree, and as what reading a file would raise."""

from __future__ import annotations

import errno
import os
import pickle
import socket
import struct
import threading
import time
from pathlib import Path
from typing import Any, Callable, Iterator, List, Type

import pytest

import aeiou
from aeiou import _errors, _layout as layout
from aeiou.testing import FakeDaemon
from aeiou.testing._memory import File

PATH = "core1/system/sysName"


@pytest.fixture
def daemon() -> Iterator[FakeDaemon]:
    with FakeDaemon({PATH: "core1"}) as fake:
        yield fake


REASONS = [
    ("absent", aeiou.Absent, OSError, errno.ENODATA),
    ("timeout", aeiou.TimedOut, TimeoutError, errno.ETIMEDOUT),
    ("unreachable", aeiou.Unreachable, OSError, errno.EHOSTUNREACH),
    ("refused", aeiou.Refused, PermissionError, errno.EACCES),
    ("not writable", aeiou.NotWritable, PermissionError, errno.EACCES),
    ("cancelled", aeiou.Cancelled, OSError, errno.ECANCELED),
    ("bad answer", aeiou.BadAnswer, OSError, errno.EPROTO),
    ("not cached", aeiou.NotCached, BlockingIOError, errno.EAGAIN),
    ("overloaded", aeiou.Overloaded, BlockingIOError, errno.EAGAIN),
    ("unknown name", aeiou.UnknownName, FileNotFoundError, errno.ENOENT),
    ("stopped", aeiou.Stopped, ConnectionAbortedError, errno.ECONNABORTED),
    ("is a directory", aeiou.IsADirectory, IsADirectoryError, errno.EISDIR),
    ("not a directory", aeiou.NotADirectory, NotADirectoryError, errno.ENOTDIR),
    ("name too long", aeiou.NameTooLong, ValueError, errno.ENAMETOOLONG),
    ("bad request", aeiou.BadRequest, ValueError, errno.EINVAL),
    ("out of range", aeiou.OutOfRange, ValueError, errno.ERANGE),
    ("not done", aeiou.NotDone, OSError, errno.EIO),
]


@pytest.mark.parametrize(("reason", "kind", "builtin", "number"), REASONS)
def test_each_reason_is_an_exception_of_its_own_and_what_a_file_would_raise(
    daemon: FakeDaemon, reason: str, kind: Type[aeiou.NoReading], builtin: Type[Exception], number: int
) -> None:
    daemon.fail(PATH, reason, "a sentence")
    with aeiou.attach(daemon.socket) as net:
        entry = net.read(PATH).result(2)
        assert entry.reason == reason
        with pytest.raises(builtin) as raised:
            entry.value
    error = raised.value
    assert type(error) is kind and isinstance(error, aeiou.NoReading) and isinstance(error, OSError)
    assert (error.path, error.reason, error.errno, error.filename) == (PATH, reason, number, PATH)


def test_every_reason_has_an_exception() -> None:
    assert {reason for reason, *_ in REASONS} == {"absent", *layout.REASONS[1:]}
    assert set(_errors._KINDS) == {"absent", *layout.REASONS[1:]}


def test_message_names_the_path_once(daemon: FakeDaemon) -> None:
    with aeiou.attach(daemon.socket) as net:
        for path, message in (
            ("core1/system", "core1/system: is a directory"),
            ("/core1/system", "/core1/system: is a directory"),
            ("core1/nothing", "core1/nothing: there is no 'nothing'"),
        ):
            with pytest.raises(aeiou.NoReading) as raised:
                net.read(path).result(2).value
            assert str(raised.value) == message
        daemon.fail(PATH, "timeout", "core1 does not answer")
        with pytest.raises(TimeoutError, match=f"^{PATH}: core1 does not answer$"):
            net.read(PATH).result(2).value
        daemon.fail(PATH, "absent")
        with pytest.raises(aeiou.Absent, match=f"^{PATH}: this system does not have it$"):
            net.read(PATH).result(2).value


def test_errors_survive_the_way_to_another_process() -> None:
    originals: List[Exception] = [
        aeiou.UnknownName(PATH, "unknown name", "there is no such thing"),
        aeiou.NameTooLong(PATH, "name too long"),
        aeiou.AttachError(errno.ENOENT, "there is no daemon", "/net"),
        aeiou.Detached("closed"),
        aeiou.WrongThread("another"),
    ]
    for original in originals:
        copy = pickle.loads(pickle.dumps(original))
        assert (type(copy), str(copy), copy.__dict__) == (type(original), str(original), original.__dict__)
        assert getattr(copy, "errno", None) == getattr(original, "errno", None)


def test_tracebacks_name_what_programs_import() -> None:
    for name in aeiou.__all__:
        thing = getattr(aeiou, name)
        if isinstance(thing, type):
            assert f"{thing.__module__}.{thing.__qualname__}" == f"aeiou.{name}"


def test_path_too_long_for_a_page_is_refused_as_a_name_too_long(daemon: FakeDaemon) -> None:
    with aeiou.attach(daemon.socket) as net:
        with pytest.raises(OSError, match="is 300 bytes long; a page has room for 192: attach with larger") as raised:
            net.read("x" * 300)
        assert raised.value.errno == errno.ENAMETOOLONG
        assert len(str(raised.value)) < 300


# Attaching.


def test_what_cannot_be_attached_to_is_an_error_of_the_system(daemon: FakeDaemon, tmp_path: Path) -> None:
    left = tmp_path / "left.sock"
    with socket.socket(socket.AF_UNIX) as sock:
        sock.bind(str(left))
    (tmp_path / "file").write_text("x")
    for place, number, message in (
        (tmp_path / "nowhere", errno.ENOENT, "cannot be attached to: No such file or directory"),
        (tmp_path, errno.ENOENT, "is not a mounted network: .*/.aeiou/attach: No such file or directory"),
        (tmp_path / "file", errno.ENOTSOCK, "is neither a mount point nor a socket"),
        (left, errno.ECONNREFUSED, "cannot be attached to: Connection refused"),
    ):
        with pytest.raises(OSError, match=f"^{place}: {message}$") as raised:
            aeiou.attach(place)
        assert isinstance(raised.value, aeiou.AttachError)
        assert (raised.value.errno, raised.value.filename) == (number, str(place))


class Impostor:
    """What listens at a socket, and is no daemon that keeps to the protocol."""

    def __init__(self, folder: Path, answer: Callable[[socket.socket], None], backlog: int = 8) -> None:
        self.place = str(folder / "impostor.sock")
        self._answer = answer
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.bind(self.place)
        self._socket.listen(backlog)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        try:
            while True:
                self._answer(self._socket.accept()[0])
        except OSError:
            pass

    def __enter__(self) -> Impostor:
        return self

    def __exit__(self, *_: Any) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5)


def test_attaching_to_what_never_answers_has_a_time_limit(tmp_path: Path) -> None:
    kept = []
    with Impostor(tmp_path, kept.append) as impostor:
        start = time.monotonic()
        with pytest.raises(aeiou.AttachError, match="no answer within 0.2 s") as raised:
            aeiou.attach(impostor.place, timeout=0.2)
        assert raised.value.errno == errno.ETIMEDOUT
        assert time.monotonic() - start < 3
    for sock in kept:
        sock.close()


def test_answer_that_drips_in_has_the_same_time_limit(tmp_path: Path) -> None:
    over = threading.Event()

    def drip(sock: socket.socket) -> None:
        with sock:
            while not over.wait(0.05):
                sock.send(b"a")

    with Impostor(tmp_path, drip) as impostor:
        start = time.monotonic()
        with pytest.raises(aeiou.AttachError, match="no answer within 0.3 s"):
            aeiou.attach(impostor.place, timeout=0.3)
        assert time.monotonic() - start < 3
        over.set()


def test_queue_before_the_daemon_is_waited_in(daemon: FakeDaemon, tmp_path: Path) -> None:
    place = str(tmp_path / "busy.sock")
    with socket.socket(socket.AF_UNIX) as busy:
        busy.bind(place)
        busy.listen(0)
        before = socket.socket(socket.AF_UNIX)
        before.connect(place)

        def answer_late() -> None:
            time.sleep(0.1)
            for _ in range(2):
                busy.accept()[0].close()

        late = threading.Thread(target=answer_late)
        late.start()
        with pytest.raises(aeiou.AttachError, match="the daemon hung up before it answered"):
            aeiou.attach(place)
        late.join()
        before.close()


def test_memory_that_could_be_taken_away_is_not_used(tmp_path: Path) -> None:
    def welcome(sock: socket.socket) -> None:
        sock.recv(64)
        files = [File(magic, 1 << 16, 1, True) for magic in (layout.SUBMISSION_MAGIC, layout.COMPLETION_MAGIC)]
        loose = os.memfd_create("loose")
        os.ftruncate(loose, 1 << 16)
        reads, writes = os.pipe()
        numbers = (layout.WELCOME_MAGIC, layout.VERSION, 1, 1, 0, 8, 4, 128, 128, 0, 4096 + 32, 8192, 16384, 0)
        message = struct.pack(layout.WELCOME, *numbers).ljust(layout.WELCOME_BYTES, b"\0")
        fds = struct.pack("4i", *(file.fd for file in files), loose, reads)
        sock.sendmsg([message], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, fds)])
        for file in files:
            file.close()
        for fd in (loose, reads, writes):
            os.close(fd)
        sock.close()

    before = len(os.listdir("/proc/self/fd"))
    with Impostor(tmp_path, welcome) as impostor:
        with pytest.raises(aeiou.AttachError, match="is smaller than it says, or could become so"):
            aeiou.attach(impostor.place)
    assert len(os.listdir("/proc/self/fd")) <= before
