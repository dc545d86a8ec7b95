"""Attaching on a thread of its own: what is late, and what hangs."""

from __future__ import annotations

import threading
import time
from typing import Any, Iterator, List

import pytest

from conftest import connection, pump

import aeiou
from aeiou import _attempt, _return
from aeiou import _layout as layout
from aeiou._attempt import Attempt
from aeiou._return import Return
from aeiou.testing import FakeDaemon

from test_waking import until

PATH = "core1/system/sysName"


@pytest.fixture
def daemon() -> Iterator[FakeDaemon]:
    with FakeDaemon({PATH: "core1"}) as fake:
        yield fake


class Hanging:
    """What attaches instead, and does not come back before it is let go."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._real = _attempt.connect
        self._over = threading.Event()
        self.count = 0
        monkeypatch.setattr(_attempt, "connect", self)

    def __call__(self, *arguments: Any) -> Any:
        self.count += 1
        self._over.wait(20)
        return self._real(*arguments)

    def let_go(self) -> None:
        self._over.set()


def test_mount_that_hangs_is_given_up_and_what_comes_late_is_closed(
    daemon: FakeDaemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    hanging = Hanging(monkeypatch)
    with pytest.raises(aeiou.AttachError, match="no answer within 0.1 s: its daemon or its mount hangs"):
        aeiou.attach(daemon.socket, timeout=0.1)
    hanging.let_go()
    until(lambda: daemon._connections == 1 and not daemon._clients)


def test_interrupt_gives_an_attempt_up(daemon: FakeDaemon, monkeypatch: pytest.MonkeyPatch) -> None:
    hanging = Hanging(monkeypatch)

    def interrupt(attempt: Attempt, seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Attempt, "wait", interrupt)
    with pytest.raises(KeyboardInterrupt):
        aeiou.attach(daemon.socket)
    hanging.let_go()
    until(lambda: daemon._connections == 1 and not daemon._clients)


def test_attempts_that_hang_do_not_pile_up_and_the_next_one_is_made_when_they_end(
    daemon: FakeDaemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_return, "_PATIENCE", 0.001)
    monkeypatch.setattr(_return, "_MOST_PAUSE", 0.001)
    hanging = Hanging(monkeypatch)
    again = Return(daemon.socket, aeiou.Geometry(4, 256, 128, 0))
    end = time.monotonic() + 0.5
    while time.monotonic() < end:
        assert again.look() is None
        again.wait(0.01)
    assert hanging.count == 8
    assert "no answer within 0.001 s" in again.why
    monkeypatch.setattr(_return, "_PATIENCE", 5.0)
    hanging.let_go()
    found: List[Any] = []

    def look() -> bool:
        found.append(again.look())
        return found[-1] is not None

    until(look)
    found[-1].close()
    until(lambda: not daemon._clients)


def test_loop_is_not_held_up_by_a_daemon_that_hangs_while_it_starts(
    daemon: FakeDaemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    with aeiou.attach(daemon.socket, reconnect=True) as net:
        hanging = Hanging(monkeypatch)
        daemon.restart()
        assert pump(net, lambda: not net.connected, 5)
        start = time.monotonic()
        while not hanging.count:
            pump(net, lambda: False, 0.01)
        reply = net.read(PATH)
        with pytest.raises(TimeoutError, match="waiting for it"):
            reply.result(0.05)
        assert time.monotonic() - start < 4
        hanging.let_go()
        assert reply.result(5).value == "core1"
        assert connection(net).minor == layout.MINOR


def test_attempt_given_up_with_its_attachment_leaves_nothing(
    daemon: FakeDaemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    with aeiou.attach(daemon.socket, reconnect=True) as net:
        hanging = Hanging(monkeypatch)
        daemon.restart()
        while not hanging.count:
            pump(net, lambda: False, 0.01)
    hanging.let_go()
    until(lambda: daemon._connections == 2 and not daemon._clients)
