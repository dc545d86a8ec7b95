"""What a request may be given, and what may be done with it: a deadline, a priority, an id, waiting for it, a signal."""

from __future__ import annotations

import asyncio
import errno
import os
import signal
import socket
import threading
import time
from typing import Any, Callable, Iterator, List, Tuple

import pytest

import aeiou
from aeiou import _layout as layout
from aeiou.testing import FakeDaemon
from conftest import pump

PATHS = [f"core{i}/system/sysName" for i in range(12)]
VALUES = {path: path.split("/")[0] for path in PATHS}

Log = List[Tuple[str, bool]]


@pytest.fixture
def daemon() -> Iterator[FakeDaemon]:
    with FakeDaemon(VALUES) as fake:
        yield fake


@pytest.fixture(params=["this version", "version 1.2"])
def either(request: pytest.FixtureRequest, daemon: FakeDaemon) -> FakeDaemon:
    """A daemon that sees to deadlines, or one that is too old for that."""
    if request.param == "version 1.2":
        daemon._version = 1 << 32 | 2
    return daemon


@pytest.fixture
def net(daemon: FakeDaemon) -> Iterator[aeiou.Attachment]:
    with aeiou.attach(daemon.socket) as attached:
        yield attached


def hold(daemon: FakeDaemon, paths: List[str] = PATHS) -> None:
    for path in paths:
        daemon.hold(path)


def log_to(log: Log) -> Callable[[bool, aeiou.Entry], None]:
    return lambda delayed, entry: log.append((str(entry), delayed))


# Deadlines.

WAYS = {
    "read": lambda group, closure: group.read(PATHS[0], closure, timeout=0.03),
    "read_many": lambda group, closure: group.read_many(PATHS[:1], closure, timeout=0.03),
    "fetch": lambda group, closure: group.fetch(PATHS[0], closure, timeout=0.03),
    "describe": lambda group, closure: group.describe(PATHS[0], closure, timeout=0.03),
    "read_group": lambda group, closure: group.read_group("core0/system", closure, timeout=0.03),
    "list": lambda group, closure: group.list("core0", closure, timeout=0.03),
    "stat": lambda group, closure: group.stat("core0", closure, timeout=0.03),
    "chain": lambda group, closure: group.chain([aeiou.read(PATHS[0])], closure, timeout=0.03),
}


@pytest.mark.parametrize("way", WAYS)
def test_request_ends_as_timeout_at_its_deadline_and_never_before(either: FakeDaemon, way: str) -> None:
    hold(either, [*PATHS, "core0", "core0/system"])
    log: Log = []
    with aeiou.attach(either.socket) as net:
        begin = time.monotonic()
        with net.begin() as group:
            WAYS[way](group, log_to(log))
        assert not group.wait(0) and not log
        assert group.wait(5)
        assert log == [("(timeout)", True)] and time.monotonic() - begin >= 0.03
        error = group.progress().error
        assert error is not None and (error.reason, error.message) == ("timeout", "its deadline passed")
        # What was asked for goes on for others.
        either.release(PATHS[0])
        assert net.read(PATHS[0]).result(2).ok


def test_replies_have_deadlines_too(either: FakeDaemon) -> None:
    hold(either, [*PATHS, "core0", "core0/system"])
    with aeiou.attach(either.socket) as net:
        ways = (net.read, PATHS[0]), (net.describe, PATHS[0]), (net.listing, "core0"), (net.read_group, "core0/system")
        for reply in [way(path, timeout=0.02) for way, path in ways]:
            assert reply.result(5).reason == "timeout"


def test_what_is_cached_has_no_deadline_to_miss(either: FakeDaemon) -> None:
    either.cache(PATHS[0])
    with aeiou.attach(either.socket) as net:
        log: Log = []
        assert net.begin().read(PATHS[0], log_to(log), timeout=0)
        assert log == [("core0", False)]


def test_deadline_that_has_passed_is_a_timeout_all_the_same_and_delayed(either: FakeDaemon) -> None:
    hold(either)
    log: Log = []
    with aeiou.attach(either.socket) as net, net.begin() as group:
        group.read(PATHS[0], log_to(log), timeout=-1)
        assert log == []
        assert group.wait(5)
    assert log == [("(timeout)", True)]


def test_what_waits_for_a_page_ends_at_its_deadline(either: FakeDaemon) -> None:
    hold(either)
    log: Log = []
    with aeiou.attach(either.socket, geometry=aeiou.Geometry(4, 256, 256, 0)) as net:
        with net.begin() as blocking:
            for path in PATHS[:3]:
                blocking.fetch(path)
        with net.begin() as group:
            group.read(PATHS[4], log_to(log), timeout=0.02)
            group.read(PATHS[5], log_to(log), timeout=5)
            assert group.read_many(PATHS[6:9], log_to(log), timeout=0.03) == (3, None)
        assert group.wait(5, some=4)
        assert log == [("(timeout)", True)] * 4
        assert group.progress().pending == 1 and blocking.progress().pending == 3
        for path in PATHS:
            either.release(path)
        assert group.wait(5)
        assert log[4:] == [("core5", True)]


def test_what_waits_for_the_daemon_ends_at_its_deadline(daemon: FakeDaemon) -> None:
    log: Log = []
    with aeiou.attach(daemon.socket, reconnect=True) as net:
        daemon.stop()
        assert pump(net, lambda: not net.connected, 5)
        with net.begin() as group:
            group.read(PATHS[0], log_to(log), timeout=0.02)
        assert group.wait(5)
    assert log == [("(timeout)", True)]


def test_loop_is_told_of_deadlines(either: FakeDaemon) -> None:
    hold(either)

    async def main() -> None:
        with aeiou.attach(either.socket, geometry=aeiou.Geometry(4, 256, 256, 0)) as net:
            net.dispatch_to(asyncio.get_running_loop())
            replies = [net.read(path) for path in PATHS[:3]]
            late = [net.read(path, timeout=0.02) for path in PATHS[4:7]]
            for reply in late:
                assert (await asyncio.wait_for(reply, 5)).reason == "timeout"
            assert not any(reply.done for reply in replies)

    asyncio.run(main())


def test_what_ends_before_its_deadline_is_not_cancelled_then(either: FakeDaemon) -> None:
    with aeiou.attach(either.socket) as net:
        log: Log = []
        with net.begin() as group:
            group.read_many(PATHS, log_to(log), timeout=0.3)
            number = group.fetch(PATHS[0], log_to(log), timeout=0.3)
        assert group.wait(5)
        hold(either)
        assert sorted(log) == sorted([*((value, True) for value in VALUES.values()), ("core0", True)])
        before = either.completions
        assert not pump(net, lambda: False, 0.35)
        assert either.completions == before
        held = group.fetch(PATHS[1], log_to(log), timeout=5)
        assert group.cancel(held).result(2).reason == "cancelled" and group.wait(2)
        assert log[-1] == ("(cancelled)", True)
        assert group.cancel(number).result(2).reason == "too late"


def test_many_that_have_ended_are_not_remembered_until_their_deadline(daemon: FakeDaemon) -> None:
    daemon._version = 1 << 32 | 2
    with aeiou.attach(daemon.socket) as net:
        group = net.begin()
        group.end()
        for _ in range(3):
            for _ in range(1000):
                group.fetch(PATHS[0], timeout=3600)
            assert group.wait(20)
        assert len(net._exchange.deadlines._all) <= 2048


def test_time_that_is_none_is_refused(net: aeiou.Attachment) -> None:
    group = net.begin()
    with pytest.raises(ValueError, match="timeout=nan is no number of seconds"):
        group.read(PATHS[0], timeout=float("nan"))
    group.read(PATHS[0], timeout=float("inf"))
    assert group.progress().submitted == 1 and group.wait(2)


# Priority.


def test_what_is_asked_for_in_the_background_says_so(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    hold(daemon, [*PATHS, "core0"])
    with net.begin() as group:
        group.read(PATHS[0], background=True)
        group.read_many(PATHS[1:3], background=True)
        group.list("core0", background=True)
        group.watch(PATHS[3], log_to([]), background=True)
        group.chain([aeiou.read(PATHS[4]).stop_on_error(), aeiou.read(PATHS[5])], log_to([]), background=True)
        group.read(PATHS[6])
    net.read(PATHS[7], background=True)
    assert not pump(net, lambda: False, 0.02)
    with daemon._lock:
        flags = {each.path: each.flags for client in daemon._clients for each in client.pending.values()}
    background = [path for path in flags if flags[path] & layout.BACKGROUND]
    assert sorted(background) == sorted([*PATHS[:6], "core0", PATHS[7]])


def test_older_daemon_is_asked_without_a_priority(daemon: FakeDaemon) -> None:
    daemon._version = 1 << 32 | 2
    with aeiou.attach(daemon.socket) as net:
        with net.begin() as group:
            group.read_many(PATHS[:3], background=True)
            group.fetch(PATHS[4], background=True)
        assert group.wait(2) and group.progress().failed == 0


# Ids.


def test_id_is_of_one_request_of_all_attachments_and_daemons(daemon: FakeDaemon) -> None:
    ids = []
    for _ in range(3):
        with aeiou.attach(daemon.socket) as first, aeiou.attach(daemon.socket) as second:
            for net in (first, second):
                group = net.begin()
                ids += [group.fetch(PATHS[0]), group.watch(PATHS[0], log_to([])), net.read(PATHS[1]).id]
                assert not group.read(PATHS[2])
                ids.append(group.last_id)
        daemon.restart()
    assert len(set(ids)) == len(ids) == 24
    assert all(1 << 64 < each < 1 << 128 for each in ids)


def test_id_stays_that_of_its_request_over_a_restart(daemon: FakeDaemon) -> None:
    with aeiou.attach(daemon.socket, reconnect=True) as net:
        events: Log = []
        with net.begin() as group:
            watch = group.watch(PATHS[0], log_to(events))
        assert group.wait(2, requests=[watch]) and len(events) == 1
        daemon.stop()
        assert pump(net, lambda: not net.connected, 5)
        daemon.start()
        assert group.wait(5, requests=[watch]) and len(events) == 2
        assert net.cancel(watch).result(2).reason == "cancelled"
        assert group.wait(2)


def test_cancel_takes_ids_and_numbers_of_this_attachment_only(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    hold(daemon)
    with aeiou.attach(daemon.socket) as other, net.begin() as group:
        ids = [group.fetch(path) for path in PATHS[:3]]
        group.end()
        answer = other.cancel(ids[0]).result(2)
        assert (answer.reason, answer.message) == ("unknown", "it is a request of another attachment")
        assert net.cancel(ids[0]).result(2).reason == "cancelled"
        assert group.cancel(ids[1] & (1 << 64) - 1).result(2).reason == "cancelled"
        assert group.wait(0, requests=ids[:2]) and group.progress().pending == 1


def test_cancelling_a_hit_is_too_late_and_leaves_the_group_alone(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    hold(daemon)
    daemon.cache("core0")
    with net.begin() as group:
        group.fetch(PATHS[0])
        hit = group.list("core0")
    assert hit == 0
    assert group.cancel(hit).result(2).reason == "too late"
    assert group.progress().pending == 1


# Waiting.


def test_wait_for_some_requests_leaves_others_pending(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    hold(daemon)
    log: Log = []
    with net.begin() as group:
        ids = [group.fetch(path, log_to(log)) for path in PATHS]
    reply = net.begin()
    mine = [ids[3], net.read(PATHS[5])]
    assert not group.wait(0.02, requests=mine)
    daemon.release(PATHS[3])
    assert group.wait(2, requests=mine, some=1) and log == [("core3", True)]
    assert not group.wait(0, requests=mine)
    daemon.release(PATHS[5])
    assert group.wait(2, requests=mine) and mine[1].done  # type: ignore[union-attr]
    assert group.wait(0, requests=mine) and reply.wait(0, requests=[])
    assert group.progress().pending == 10
    assert group.wait(2, requests=[0, ids[3]])


def test_wait_for_requests_that_have_no_page_yet(daemon: FakeDaemon) -> None:
    hold(daemon)
    log: Log = []
    with aeiou.attach(daemon.socket, geometry=aeiou.Geometry(4, 256, 256, 0)) as net:
        with net.begin() as group:
            ids = [group.fetch(path, log_to(log)) for path in PATHS]
        assert not group.wait(0.02, requests=[ids[11]])
        for path in PATHS:
            daemon.release(path)
        assert group.wait(2, requests=[ids[11]])
        assert ("core11", True) in log


def test_wait_for_a_request_that_the_daemon_takes_along_ends(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    hold(daemon)
    log: Log = []
    with net.begin() as group:
        asked = group.fetch(PATHS[0], log_to(log))
    stopping = threading.Timer(0.05, daemon.stop)
    stopping.start()
    assert group.wait(5, requests=[asked])
    stopping.join()
    assert log == [("(stopped)", True)]


def test_wait_for_a_watch_returns_for_its_next_event(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    events: Log = []
    others: Log = []
    with net.begin() as group:
        watch = group.watch(PATHS[0], log_to(events))
        group.watch(PATHS[1], log_to(others))
    assert group.wait(2, requests=[watch]) and events == [("core0", True)]
    assert group.wait(2, some=1) or others
    daemon.set(PATHS[1], "another")
    assert not group.wait(0.05, requests=[watch]) and len(others) == 2
    daemon.set(PATHS[0], "new")
    assert group.wait(2, requests=[watch]) and events[1:] == [("new", True)]
    group.cancel(watch)
    assert group.wait(2, requests=[watch]) and events[2:] == [("(cancelled)", True)]
    assert len(net._exchange.watching) == 1 and group.wait(0, requests=[watch])


def test_what_cannot_be_waited_for_is_refused(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    with aeiou.attach(daemon.socket) as other:
        theirs = other.begin().fetch(PATHS[0])
    with pytest.raises(ValueError, match=f"{theirs} is a request of another attachment"):
        net.begin().wait(1, requests=[theirs])
    with pytest.raises(TypeError, match="'core0' is no request; expected an id, as group.fetch"):
        net.begin().wait(1, requests=["core0"])  # type: ignore[list-item]


def test_progress_has_the_first_error(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    daemon.fail(PATHS[1], "timeout", "core1 does not answer")
    daemon.fail(PATHS[2], "absent")
    group = net.begin()
    assert group.progress().error is None
    for path in (PATHS[2], PATHS[0]):
        group.read(path)
        assert group.wait(2) and group.progress().error is None
    group.read(PATHS[1], context="first")
    assert group.wait(2)
    group.read("nowhere")
    assert group.wait(2)
    error = group.progress().error
    assert error is not None and (error.path, error.message) == (PATHS[1], "core1 does not answer")
    assert group.progress().failed == 2 and len(group.progress()) == 6
    assert repr(group.progress()).endswith("failed=2, stale=0, error=<Entry core1/system/sysName: (timeout)>)")
    again = net.begin()
    assert again.read("nowhere", context="hit")
    error = again.progress().error
    assert error is not None and (error.reason, error.context) == ("unknown name", "hit")


# Signals.


@pytest.fixture
def alarms() -> Iterator[List[int]]:
    """What SIGALRM's handler was given."""
    came: List[int] = []
    before = signal.signal(signal.SIGALRM, lambda number, frame: came.append(number))
    yield came
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("connected", [True, False], ids=["with a daemon", "while it is away"])
def test_signal_ends_a_wait_that_is_interruptible(daemon: FakeDaemon, alarms: List[int], connected: bool) -> None:
    hold(daemon)
    with aeiou.attach(daemon.socket, reconnect=True) as net:
        if not connected:
            daemon.stop()
            assert pump(net, lambda: not net.connected, 5)
        with net.begin() as group:
            group.fetch(PATHS[0])
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        begin = time.monotonic()
        with pytest.raises(InterruptedError) as raised:
            group.wait(5, interruptible=True)
        assert raised.value.errno == errno.EINTR and time.monotonic() - begin < 4
        assert len(alarms) == 1 and group.progress().pending == 1


def test_signal_ends_no_other_wait(daemon: FakeDaemon, net: aeiou.Attachment, alarms: List[int]) -> None:
    hold(daemon)
    with net.begin() as group:
        group.fetch(PATHS[0])
    signal.setitimer(signal.ITIMER_REAL, 0.02)
    assert not group.wait(0.1)
    assert len(alarms) == 1
    daemon.release(PATHS[0])
    assert group.wait(2, interruptible=True)


def test_what_was_told_of_signals_before_is_told_of_them_still(
    daemon: FakeDaemon, net: aeiou.Attachment, alarms: List[int]
) -> None:
    hold(daemon)
    with net.begin() as group:
        group.fetch(PATHS[0])
    reads, writes = socket.socketpair()
    reads.settimeout(2)
    writes.setblocking(False)
    before = signal.set_wakeup_fd(writes.fileno())
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.02)
        with pytest.raises(InterruptedError):
            group.wait(5, interruptible=True)
        assert reads.recv(16) == bytes([signal.SIGALRM])
    finally:
        assert signal.set_wakeup_fd(before) == writes.fileno()
        reads.close()
        writes.close()


def test_only_the_main_thread_can_be_interrupted(daemon: FakeDaemon) -> None:
    raised: List[Any] = []

    def run() -> None:
        with aeiou.attach(daemon.socket) as net:
            try:
                net.begin().wait(1, interruptible=True)
            except ValueError as e:
                raised.append(e)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(5)
    assert "signals on the main thread" in str(raised[0])
    assert len(os.listdir("/proc/self/fd")) < 100
