"""What is raised: as one tree, and as what reading a file would raise."""

from __future__ import annotations

import errno
import pickle
import socket
from pathlib import Path
from typing import Iterator, List, Type

import pytest

import aeiou
from aeiou import _errors, _layout as layout
from aeiou.testing import FakeDaemon

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
            ("core1/nothing", "core1/nothing: there is no 'core1/nothing'"),
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
