"""How requests end: cancelled, refused, stopped; each once, whatever happens meanwhile."""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import os
import threading
import time
import warnings
from typing import Any, Callable, Iterator, List, Tuple

import pytest

from conftest import connection, drain, flush, pump

import aeiou
from aeiou.testing import FakeDaemon

from test_waking import FEW_PAGES, PATHS, VALUES, come, until, until_async


@pytest.fixture
def daemon() -> Iterator[FakeDaemon]:
    with FakeDaemon(VALUES) as fake:
        yield fake


@pytest.fixture
def net(daemon: FakeDaemon) -> Iterator[aeiou.Attachment]:
    with aeiou.attach(daemon.socket) as attached:
        yield attached


class Log:
    """A closure that remembers."""

    def __init__(self) -> None:
        self.entries: List[str] = []

    def __call__(self, delayed: bool, entry: aeiou.Entry) -> None:
        self.entries.append(str(entry))


def hold_all(daemon: FakeDaemon) -> None:
    for path in PATHS:
        daemon.hold(path)


# Cancelling.


def test_cancelling_ends_what_waits_for_a_page_too(daemon: FakeDaemon) -> None:
    hold_all(daemon)
    log = Log()
    with aeiou.attach(daemon.socket, geometry=FEW_PAGES) as net:
        with net.begin() as group:
            for path in PATHS:
                group.read(path, log)
        with net.begin() as other:
            other.fetch(PATHS[0], log)
        assert not group.wait(0.05)
        assert group.cancel().result(2).reason == "cancelled"
        assert group.wait(2)
        assert (log.entries, group.progress().pending) == (["(cancelled)"] * 20, 0)
        daemon.release(PATHS[0])
        assert other.wait(2)
        assert log.entries[-1] == "core0"


def test_cancelling_works_on_a_loop_before_anything_was_sent(daemon: FakeDaemon) -> None:
    hold_all(daemon)
    log = Log()

    async def main() -> None:
        net.dispatch_to(asyncio.get_running_loop())
        with net.begin() as group:
            for path in PATHS:
                group.read(path, log)
            group.cancel()
            assert log.entries == []
        await until_async(lambda: len(log.entries) == 20)

    with aeiou.attach(daemon.socket, geometry=FEW_PAGES) as net:
        asyncio.run(main())


def test_cancelling_one_request_has_three_answers(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    hold_all(daemon)
    reply = net.read(PATHS[0])
    flush(net)
    assert reply.cancel().result(2).reason == "cancelled"
    assert reply.result(2).reason == "cancelled"
    assert reply.cancel().result(2).reason == "too late"
    log = Log()
    group = net.begin()
    numbers = [group.fetch(path, log) for path in PATHS[:3]]
    group.end()
    assert group.cancel(numbers[1]).result(2).reason == "cancelled"
    assert group.cancel(1 << 40).result(2).reason == "unknown"
    daemon.release(PATHS[0])
    daemon.release(PATHS[2])
    assert group.wait(2)
    assert sorted(log.entries) == ["(cancelled)", "core0", "core2"]
    assert group.cancel().result(2).reason == "unknown"


def test_one_that_waits_for_a_page_can_be_cancelled(daemon: FakeDaemon) -> None:
    hold_all(daemon)
    with aeiou.attach(daemon.socket, geometry=FEW_PAGES) as net:
        replies = [net.read(path) for path in PATHS]
        assert replies[19].cancel().result(0).reason == "cancelled"
        assert replies[19].result(2).reason == "cancelled"
        daemon.cache(PATHS[0])
        assert net.read(PATHS[0]).cancel().result(0).reason == "too late"


def test_cancelling_inside_a_closure_ends_a_watch(net: aeiou.Attachment) -> None:
    log = Log()

    def closure(delayed: bool, entry: aeiou.Entry) -> None:
        log(delayed, entry)
        if entry.ok:
            group.cancel()

    with net.begin() as group:
        group.watch(PATHS[0], closure)
    assert group.wait(2)
    assert log.entries == ["core0", "(cancelled)"]


def test_group_that_fails_is_cancelled_also_after_closing(daemon: FakeDaemon) -> None:
    net = aeiou.attach(daemon.socket)
    with pytest.raises(RuntimeError, match="of the program"):
        with net.begin() as group:
            group.fetch(PATHS[0])
            net.close()
            raise RuntimeError("of the program")


# What is refused.


def test_what_is_refused_is_not_counted(daemon: FakeDaemon) -> None:
    hold_all(daemon)
    log = Log()
    with aeiou.attach(daemon.socket, geometry=FEW_PAGES) as net:
        group = net.begin()
        for path in PATHS[:6]:
            group.read(path, log)
            with pytest.raises(ValueError, match="attach with larger pages"):
                group.read("x" * 300, log)
            with pytest.raises(ValueError):
                group.chain([aeiou.read(PATHS[0]), aeiou.read("x" * 300)], log)
        with pytest.raises(ValueError, match="needs as many pages, of 3"):
            group.chain([aeiou.read(PATHS[0])] * 4, log)
        assert group.progress().submitted == 6
        for path in PATHS:
            daemon.release(path)
        assert group.wait(2)
        assert log.entries == [f"core{i}" for i in range(6)]
        daemon.stop()
        connection(net).wait(2)
        with pytest.raises(aeiou.Detached):
            group.fetch(PATHS[0], log)
        assert group.progress()[:4] == (6, 0, 6, 0)


def test_chain_waits_for_pages_like_a_read(daemon: FakeDaemon) -> None:
    hold_all(daemon)
    log = Log()
    with aeiou.attach(daemon.socket, geometry=FEW_PAGES) as net:
        with net.begin() as group:
            for path in PATHS[:3]:
                group.read(path, log)
            group.chain([aeiou.list_names("core0"), aeiou.read(PATHS[4])], log)
            group.read(PATHS[5], log)
        for path in PATHS:
            daemon.release(path)
        assert group.wait(2)
        assert log.entries == ["core0", "core1", "core2", "system/\0", "core4", "core5"]


def test_generator_is_told_what_asking_raises(daemon: FakeDaemon) -> None:
    seen: List[Any] = []
    errors: List[str] = []

    def steps(catch: bool) -> aeiou.Steps:
        try:
            seen.append((yield aeiou.read(PATHS[0])).value)
            try:
                yield aeiou.read("x" * 300)
            except ValueError:
                if not catch:
                    raise
            seen.append((yield aeiou.read(PATHS[1])).value)
        finally:
            seen.append("end")

    with aeiou.attach(daemon.socket, on_error=lambda e, entry: errors.append(str(e))) as net:
        with net.begin() as group:
            group.run(steps(True))
        assert group.wait(2)
        assert (seen, errors) == (["core0", "core1", "end"], [])
        group.run(steps(False))
        assert group.wait(2)
        assert seen[3:] == ["core0", "end"] and "larger pages" in errors[0]
        assert group.progress().pending == 0


def test_stale_hit_is_served_when_the_daemon_is_gone() -> None:
    with FakeDaemon(VALUES, ttl=60) as daemon, aeiou.attach(daemon.socket) as net:
        daemon.cache(PATHS[0], age=70)
        daemon.stop()
        assert connection(net).wait(2)
        log = Log()
        group = net.begin()
        assert group.read(PATHS[0], log)
        assert log.entries == ["core0"]
        assert net.read(PATHS[0]).result(0).stale


def test_many_are_accepted_until_one_is_refused(net: aeiou.Attachment) -> None:
    log = Log()
    group = net.begin()
    accepted, error = group.read_many([*PATHS[:5], "x" * 300, PATHS[6]], log)
    assert (accepted, type(error)) == (5, aeiou.NameTooLong)
    contexts: List[Any] = []
    assert group.read_many(PATHS[:2], lambda delayed, entry: contexts.append(entry.context), "ab") == (2, None)
    assert group.wait(2)
    assert (len(log.entries), contexts) == (5, ["a", "b"])


# Being refreshed.


def test_every_way_to_read_what_is_stale_asks_for_it_once_for_each_reading() -> None:
    with FakeDaemon(VALUES, ttl=60) as daemon, aeiou.attach(daemon.socket) as net:
        group = net.begin()
        group.end()
        log = Log()

        def steps() -> aeiou.Steps:
            log.entries.append((yield aeiou.read(PATHS[2])).value)

        ways: List[Tuple[str, Callable[[], Any]]] = [
            (PATHS[0], lambda: net.read(PATHS[0]).result(0)),
            (PATHS[1], lambda: group.read(PATHS[1], log)),
            (PATHS[2], lambda: group.run(steps())),
        ]
        for path, way in ways:
            for asked in (1, 2):
                daemon.cache(path, age=70)
                daemon.hold(path)
                way()
                way()
                until(lambda: daemon.asked.count(path) == asked)
                daemon.release(path)
                reading = net.cached(path)
                assert group.wait(0) and reading is not None and not reading.stale
        assert len(daemon.asked) == 6
        assert group.progress().stale == 8


def test_prefetching_more_than_there_are_pages_stops_no_request(daemon: FakeDaemon) -> None:
    with aeiou.attach(daemon.socket, geometry=aeiou.Geometry(8, 256, 128, 0)) as net:
        net.prefetch(PATHS)
        assert pump(net, lambda: all(net.cached(path) for path in PATHS), 2)
        assert sorted(daemon.asked) == sorted(PATHS)
        hold_all(daemon)
        log = Log()
        with net.begin() as group:
            for path in PATHS:
                group.fetch(path, log)
        for path in PATHS:
            daemon.release(path)
        assert group.wait(2)
        assert sorted(log.entries) == sorted(VALUES.values())


def test_page_that_comes_back_without_a_word_is_found_for_who_waits(daemon: FakeDaemon) -> None:
    hold_all(daemon)

    def ask(net: aeiou.Attachment, log: Log) -> None:
        with net.begin() as group:
            for path in PATHS[5:9]:
                group.watch(path, Log())
        net.prefetch(PATHS[:3])
        net.begin().fetch("core9/system/sysName", log)
        flush(net)
        assert connection(net).submissions.silent == 3 and not connection(net).submissions._free[1:]

    async def main() -> None:
        net.dispatch_to(asyncio.get_running_loop())
        ask(net, log)
        asyncio.get_running_loop().call_later(0.02, daemon.release, PATHS[0])
        await until_async(lambda: log.entries == ["core9"])

    daemon.release(PATHS[9])
    log = Log()
    with aeiou.attach(daemon.socket, geometry=aeiou.Geometry(8, 256, 128, 0)) as net:
        asyncio.run(main())
    daemon.hold(PATHS[0])
    log = Log()
    daemon.restart()  # with nothing cached
    with aeiou.attach(daemon.socket, geometry=aeiou.Geometry(8, 256, 128, 0)) as net:
        ask(net, log)
        threading.Timer(0.02, daemon.release, [PATHS[0]]).start()
        assert pump(net, lambda: log.entries == ["core9"], 5)


def test_interrupt_in_the_last_closure_leaves_what_it_asked_for(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    log = Log()

    def closure(delayed: bool, entry: aeiou.Entry) -> None:
        group.fetch(PATHS[1], log)
        raise KeyboardInterrupt

    async def main() -> None:
        loop = asyncio.get_running_loop()
        net.dispatch_to(loop)
        loop.call_soon(lambda: (group.fetch(PATHS[0], closure), group.end()))
        await until_async(lambda: log.entries == ["core1"])

    group = net.begin()
    loop = asyncio.new_event_loop()
    try:
        task = loop.create_task(main())
        with pytest.raises(KeyboardInterrupt):
            loop.run_until_complete(task)
        loop.run_until_complete(task)
    finally:
        loop.close()


# Closing.


def test_closing_inside_a_closure_ends_the_others(daemon: FakeDaemon) -> None:
    for dispatched in (False, True):
        net = aeiou.attach(daemon.socket)
        log = Log()

        def closure(delayed: bool, entry: aeiou.Entry) -> None:
            log(delayed, entry)
            net.close()

        async def main() -> None:
            if dispatched:
                net.dispatch_to(asyncio.get_running_loop())
            with net.begin() as group:
                for path in PATHS[:5]:
                    group.fetch(path, closure)
                daemon.hold(PATHS[5])
                group.fetch(PATHS[5], closure)
            come(daemon, net, 5)
            if dispatched:
                await until_async(lambda: len(log.entries) == 6)
            assert group.wait(2)
            assert group.progress().pending == 0

        asyncio.run(main())
        assert sorted(log.entries) == ["(stopped)", "core0", "core1", "core2", "core3", "core4"]


def test_everything_is_refused_after_closing(daemon: FakeDaemon) -> None:
    net = aeiou.attach(daemon.socket)
    assert net.read(PATHS[0]).result(2).ok
    group = net.begin()
    net.close()
    net.close()
    calls: List[Callable[[], Any]] = [
        lambda: net.read(PATHS[0]),
        lambda: net.cached(PATHS[0]),
        lambda: net.list("/"),
        lambda: net.prefetch([PATHS[0]]),
        lambda: group.read(PATHS[0]),
        lambda: group.fetch(PATHS[0]),
        lambda: group.cached(PATHS[0]),
        lambda: group.chain([aeiou.read(PATHS[0])], Log()),
        lambda: net.dispatch_to(lambda run: run()),
    ]
    for call in calls:
        with pytest.raises(aeiou.Detached, match="was closed"):
            call()
    assert group.read_many(PATHS)[0] == 0
    assert group.wait(0) and drain(net) == 0


def test_geometry_that_cannot_be_told_is_named(daemon: FakeDaemon) -> None:
    for wrong in (-1, 1 << 32):
        with pytest.raises(ValueError, match=f"geometry: pages={wrong} is not from 0 to"):
            aeiou.attach(daemon.socket, geometry=aeiou.Geometry(pages=wrong))


def test_attachment_that_is_dropped_leaves_nothing_open_and_is_warned_of(
    daemon: FakeDaemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    warned: List[str] = []
    warnings.simplefilter("always", ResourceWarning)
    monkeypatch.setattr(warnings, "showwarning", lambda message, kind, *_: warned.append(f"{kind.__name__}: {message}"))
    with aeiou.attach(daemon.socket) as net:
        net.read(PATHS[0]).result(2)
    gc.collect()
    until(lambda: not daemon._clients)
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(10):
        net = aeiou.attach(daemon.socket)
        daemon.hold(PATHS[1])
        net.begin().fetch(PATHS[1], Log())
        flush(net)
    del net
    gc.collect()
    until(lambda: not daemon._clients)
    assert len(os.listdir("/proc/self/fd")) <= before
    unclosed = f"ResourceWarning: unclosed attachment to {daemon.socket}: its closures do not run any more"
    assert warned == [unclosed] * 10


# Forking.


def test_forked_child_is_told_to_attach_again_and_the_parent_goes_on(daemon: FakeDaemon) -> None:
    with aeiou.attach(daemon.socket) as net:
        assert net.read(PATHS[0]).result(2).ok
        daemon.hold(PATHS[1])
        log = Log()
        with net.begin() as group:
            group.fetch(PATHS[1], log)
        reply = net.read(PATHS[2])
        sockets = [connection(net).fileno(), connection(net).bell]
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                calls: List[Callable[[], Any]] = [
                    lambda: net.read(PATHS[0]),
                    lambda: net.cached(PATHS[0]),
                    lambda: group.read(PATHS[0]),
                    lambda: group.wait(1),
                    lambda: reply.result(1),
                ]
                for call in calls:
                    with pytest.raises(aeiou.Detached, match="attached before a fork; attach again here"):
                        call()
                for fd in sockets:
                    with pytest.raises(OSError):
                        os.fstat(fd)
                net.close()
                assert log.entries == []
                with aeiou.attach(daemon.socket) as own:
                    assert own.epoch
                code = 0
            finally:
                os._exit(code)
        assert os.waitpid(pid, 0)[1] == 0
        daemon.release(PATHS[1])
        assert group.wait(2) and log.entries == ["core1"]
        assert reply.result(2).value == "core2"


_net: aeiou.Attachment


def _work(path: str) -> str:
    try:
        return str(_net.read(path).result(2))
    except aeiou.Detached:
        return "detached"


def test_pool_of_forked_processes_gets_no_value_of_another(daemon: FakeDaemon) -> None:
    global _net
    with aeiou.attach(daemon.socket) as _net:
        with multiprocessing.get_context("fork").Pool(2) as pool:
            assert set(pool.map(_work, PATHS)) == {"detached"}
        assert _net.read(PATHS[0]).result(2).value == "core0"


# The daemon goes, and comes back.


def again(net: aeiou.Attachment, group: aeiou.Group, log: List[str]) -> aeiou.Closure:
    """A closure that asks again when it is stopped."""

    def closure(delayed: bool, entry: aeiou.Entry) -> None:
        log.append(str(entry))
        if entry.reason == "stopped" and not net.closed:
            group.fetch(entry.path, closure)

    return closure


def test_requests_asked_again_when_stopped_wait_for_the_daemon(daemon: FakeDaemon) -> None:
    hold_all(daemon)
    log: List[str] = []
    with aeiou.attach(daemon.socket, geometry=FEW_PAGES, reconnect=True) as net:
        with net.begin() as group:
            for path in PATHS[:6]:
                group.fetch(path, again(net, group, log))
        until(lambda: len(daemon._clients[0].pending) == 3)
        daemon.restart()
        for path in PATHS:
            daemon.release(path)
        assert group.wait(5)
        assert sorted(log) == ["(stopped)"] * 3 + [f"core{i}" for i in range(6)]
        assert daemon._connections == 2


def test_requests_made_while_the_daemon_is_away_wait_for_it(daemon: FakeDaemon) -> None:
    log = Log()
    with aeiou.attach(daemon.socket, reconnect=True) as net:
        with net.begin() as group:
            group.watch(PATHS[0], log)
        assert pump(net, lambda: log.entries == ["core0"], 2)
        daemon.stop()
        assert pump(net, lambda: not net.connected, 2)
        reply = net.read(PATHS[1])
        with pytest.raises(TimeoutError, match=f"{PATHS[1]}: no outcome within 0.3 s; .*waiting for it"):
            reply.result(0.3)
        daemon.start()
        assert reply.result(7).value == "core1"
        assert pump(net, lambda: log.entries == ["core0", "core0"], 2)
        daemon.set(PATHS[0], "changed")
        assert pump(net, lambda: log.entries[-1] == "changed", 2)


def test_watch_survives_the_daemon_and_can_be_cancelled_by_its_number(daemon: FakeDaemon) -> None:
    log = Log()
    with aeiou.attach(daemon.socket, reconnect=True) as net:
        group = net.begin()
        numbers = [group.watch(path, log) for path in PATHS[:3]]
        group.end()
        for times in (1, 2, 3):
            assert pump(net, lambda: len(log.entries) == 3 * times, 5)
            daemon.restart()
        assert pump(net, lambda: len(log.entries) == 12, 5)
        assert group.progress().pending == 3
        assert group.cancel(numbers[1]).result(2).reason == "cancelled"
        assert (log.entries[12:], group.progress().pending) == (["(cancelled)"], 2)
        daemon.stop()
        assert pump(net, lambda: not net.connected, 2)
        assert group.cancel(numbers[0]).result(2).reason == "cancelled"
        daemon.start()
        assert pump(net, lambda: len(log.entries) == 15, 5)
    assert log.entries[13:] == ["(cancelled)", "core2", "(stopped)"]


def test_watch_whose_cancel_the_daemon_did_not_answer_is_not_for_the_next_one(daemon: FakeDaemon) -> None:
    log = Log()
    with aeiou.attach(daemon.socket, reconnect=True) as net:
        with net.begin() as group:
            group.watch(PATHS[0], log)
        assert pump(net, lambda: log.entries == ["core0"], 2)
        with daemon._lock:
            answer = group.cancel()
            daemon._clients[0].out.words[8] = 1 << 40  # it is cut off before it is looked at
        assert answer.result(5).reason == "stopped"
        assert group.wait(5)
    assert log.entries == ["core0", "(stopped)"]


def test_watch_ends_with_a_daemon_that_is_gone_for_good(daemon: FakeDaemon) -> None:
    log = Log()
    with aeiou.attach(daemon.socket) as net:
        with net.begin() as group:
            group.watch(PATHS[0], log)
        assert pump(net, lambda: log.entries == ["core0"], 2)
        daemon.stop()
        assert group.wait(5)
        assert log.entries == ["core0", "(stopped)"]


def test_watch_of_a_system_that_a_reload_removes_goes_on_when_it_is_back(daemon: FakeDaemon) -> None:
    log = Log()
    with aeiou.attach(daemon.socket) as net:
        with net.begin() as group:
            group.watch(PATHS[0], log)
        assert pump(net, lambda: log.entries == ["core0"], 2)
        daemon.remove("core0")
        assert pump(net, lambda: log.entries == ["core0", "(unknown name)"], 2)
        assert group.progress()[3:5] == (1, 0)
        daemon.set(PATHS[0], "back")
        assert pump(net, lambda: log.entries == ["core0", "(unknown name)", "back"], 2)


def test_program_is_told_of_the_daemon_going_and_coming(daemon: FakeDaemon) -> None:
    log: List[Any] = []

    def value(delayed: bool, entry: aeiou.Entry) -> None:
        log.append(f"{entry} {entry.message}".strip())

    def state(connected: bool, why: str) -> None:
        log.append((connected, why))
        if not connected:
            raise RuntimeError("of the handler")

    def failed(error: BaseException, entry: aeiou.Entry) -> None:
        log.append(f"{error}, {entry.message}")

    with aeiou.attach(daemon.socket, reconnect=True, on_connection=state, on_error=failed) as net:
        assert net.connected
        daemon.hold(PATHS[1])
        with net.begin() as group:
            group.watch(PATHS[0], value)
            group.fetch(PATHS[1], value)
        assert pump(net, lambda: log == ["core0"], 2)
        daemon.cut_off("it submits page 9 of 4")
        why = "the daemon ended this attachment: it submits page 9 of 4"
        assert pump(net, lambda: (True, "") in log, 5)
        assert log[1:5] == [(False, why), "of the handler, on_connection failed", f"(stopped) {why}", (True, "")]
        assert net.connected
        assert pump(net, lambda: log[5:] == ["core0"], 2)
        daemon.stop(killed=True)
        assert pump(net, lambda: log[6:7] == [(False, "the daemon is gone")], 2)
        assert not net.connected
    assert not net.connected


def test_program_that_is_cut_off_for_good_is_told_why(daemon: FakeDaemon) -> None:
    told: List[Any] = []
    with aeiou.attach(daemon.socket, on_connection=lambda *state: told.append(state)) as net:
        daemon.hold(PATHS[0])
        reply = net.read(PATHS[0])
        flush(net)
        daemon.cut_off("it uses number 5 twice at once")
        why = "the daemon ended this attachment: it uses number 5 twice at once"
        assert reply.result(2).message == why
        with pytest.raises(aeiou.Detached, match=f"{why}; attach again"):
            net.read(PATHS[1])
        assert (told, repr(net)) == ([(False, why)], f"<Attachment {daemon.socket}: {why}>")


@pytest.mark.parametrize("waits", [True, False], ids=["waiting", "loop"])
def test_program_is_back_within_a_second_of_the_daemon(daemon: FakeDaemon, waits: bool) -> None:
    back: List[float] = []

    def state(connected: bool, why: str) -> None:
        if connected:
            back.append(time.monotonic())

    async def loop() -> None:
        net.dispatch_to(asyncio.get_running_loop())
        await until_async(lambda: back)

    with aeiou.attach(daemon.socket, reconnect=True, on_connection=state) as net:
        time.sleep(0.05)
        daemon.stop()
        assert pump(net, lambda: not net.connected, 2)
        starting: List[float] = []

        def start() -> None:
            starting.append(time.monotonic())
            daemon.start()

        timer = threading.Timer(2.5, start)
        timer.start()
        if waits:
            assert pump(net, lambda: back, 10)
        else:
            asyncio.run(loop())
        timer.join()
        assert back[0] - starting[0] < 1


def test_requests_without_number_wait_for_the_daemon_in_linear_time(daemon: FakeDaemon) -> None:
    log = Log()
    with aeiou.attach(daemon.socket, reconnect=True) as net:
        daemon.stop()
        assert pump(net, lambda: not net.connected, 2)
        with net.begin() as group:
            for _ in range(20_000):
                group.fetch(PATHS[0], log)
        daemon.start()
        assert group.wait(20)
    assert log.entries == ["core0"] * 20_000


def test_requests_that_wait_for_the_daemon_end_when_that_is_given_up(daemon: FakeDaemon) -> None:
    log = Log()
    with aeiou.attach(daemon.socket, reconnect=True) as net:
        daemon.stop()
        assert connection(net).wait(2)
        with net.begin() as group:
            for path in PATHS[:3]:
                group.read(path, log)
        assert not group.wait(0.2)
        assert group.cancel().result(2).reason == "cancelled"
        assert group.wait(2)
        group.read(PATHS[3], log)
    assert log.entries == ["(cancelled)"] * 3 + ["(stopped)"]
    assert group.progress().pending == 0


def test_daemon_that_ends_us_again_and_again_is_not_besieged(daemon: FakeDaemon) -> None:
    log: List[str] = []
    with aeiou.attach(daemon.socket, reconnect=True) as net:
        with net.begin() as group:
            group.watch(PATHS[0], lambda delayed, entry: log.append(str(entry)))
        end = time.monotonic() + 0.5
        while time.monotonic() < end:
            before = len(log)
            if pump(net, lambda: len(log) > before, 0.1):
                # What a client must not do, as the daemon sees it.
                connection(net).submissions._tail = 1 << 40
                connection(net).ring()
        assert 1 < daemon._connections < 10


def test_loop_finds_the_daemon_again_and_costs_nothing_meanwhile(daemon: FakeDaemon) -> None:
    log: List[str] = []

    def value(delayed: bool, entry: aeiou.Entry) -> None:
        log.append(str(entry))

    def state(connected: bool, why: str) -> None:
        log.append("back" if connected else "gone")

    async def main() -> None:
        net.dispatch_to(asyncio.get_running_loop())
        with net.begin() as group:
            group.watch(PATHS[0], value)
            group.watch(PATHS[1], lambda delayed, entry: None)
        await until_async(lambda: log == ["core0"])
        daemon.stop()
        await until_async(lambda: log == ["core0", "gone"])
        before = time.process_time()
        await asyncio.sleep(0.5)
        assert time.process_time() - before < 0.1
        daemon.start()
        await until_async(lambda: log == ["core0", "gone", "back", "core0"])
        daemon.set(PATHS[0], "changed")
        await until_async(lambda: log[-1] == "changed")
        assert (await net.read(PATHS[3])).value == "core3"

    def failed(error: BaseException, entry: aeiou.Entry) -> None:
        log.append(str(error))

    with aeiou.attach(daemon.socket, reconnect=True, on_error=failed, on_connection=state) as net:
        asyncio.run(main())
    assert log[-1] == "(stopped)"


def test_loop_whose_daemon_is_gone_for_good_rests(daemon: FakeDaemon) -> None:
    log = Log()

    async def main() -> None:
        net.dispatch_to(asyncio.get_running_loop())
        with net.begin() as group:
            group.watch(PATHS[0], log)
        await until_async(lambda: log.entries == ["core0"])
        daemon.stop()
        await until_async(lambda: log.entries == ["core0", "(stopped)"])
        before = time.process_time()
        await asyncio.sleep(0.5)
        assert time.process_time() - before < 0.1
        with pytest.raises(aeiou.Detached, match="attach again"):
            await net.read(PATHS[5])

    with aeiou.attach(daemon.socket) as net:
        asyncio.run(main())


def test_thread_that_listens_survives_the_daemon(daemon: FakeDaemon) -> None:
    log: List[str] = []
    with aeiou.attach(daemon.socket, reconnect=True) as net:
        net.dispatch_to(lambda run: run())
        daemon.hold(PATHS[1])
        with net.begin() as group:
            group.watch(PATHS[0], lambda delayed, entry: log.append(str(entry)))
            group.fetch(PATHS[1], again(net, group, log))
        until(lambda: log == ["core0"])
        daemon.stop()
        # Another thread finds out that it is gone.
        assert not net.connected
        until(lambda: log == ["core0", "(stopped)"])
        daemon.release(PATHS[1])
        daemon.start()
        until(lambda: sorted(log) == ["(stopped)", "core0", "core0", "core1"])


def test_reconnecting_inside_a_closure_goes_on_with_what_is_due(daemon: FakeDaemon) -> None:
    log = Log()
    with aeiou.attach(daemon.socket, reconnect=True) as net:
        with net.begin() as group:
            for path in PATHS[:3]:
                group.fetch(path, lambda delayed, entry: (log(delayed, entry), group.fetch(PATHS[9], log)) and None)
        come(daemon, net, 3)
        daemon.restart()
        connection(net).hear()
        assert group.wait(5)
        assert sorted(log.entries) == ["core0", "core1", "core2", "core9", "core9", "core9"]
