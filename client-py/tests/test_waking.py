"""What wakes a client, and where what is due runs: bells, batches, threads and asyncio."""

from __future__ import annotations

import asyncio
import os
import queue
import select
import sys
import threading
import time
from collections import Counter
from typing import Any, Callable, Iterator, List, Optional

import pytest

from conftest import connection, drain, flush, pump

import aeiou
from aeiou import _burst, _by_thread, _completions, _connection, _layout as layout, _loops
from aeiou.testing import FakeDaemon

PATHS = [f"core{i}/system/sysName" for i in range(20)]
VALUES = {path: path.split("/")[0] for path in PATHS}
FEW_PAGES = aeiou.Geometry(4, 256, 128, 0)


@pytest.fixture
def daemon() -> Iterator[FakeDaemon]:
    with FakeDaemon(VALUES) as fake:
        yield fake


@pytest.fixture
def net(daemon: FakeDaemon) -> Iterator[aeiou.Attachment]:
    with aeiou.attach(daemon.socket) as attached:
        yield attached


def until(true: Callable[[], Any], seconds: float = 5) -> None:
    """Waits until something is so, which another thread does."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.005)


def come(daemon: FakeDaemon, net: aeiou.Attachment, count: int) -> None:
    """Waits until so many outcomes are in the ring, taken or not."""
    flush(net)
    until(lambda: connection(net).completions._words[layout.COMPLETION_TAIL // 8] >= count)


async def until_async(true: Callable[[], Any], seconds: float = 5) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        await asyncio.sleep(0.005)


def test_loop_is_woken_after_a_call_that_waited(net: aeiou.Attachment) -> None:
    async def main() -> None:
        net.dispatch_to(asyncio.get_running_loop())
        got: List[str] = []
        with net.begin() as group:
            for name in net.list("/"):
                group.read(f"{name}/system/sysName", lambda delayed, entry: got.append(entry.value))
        await until_async(lambda: len(got) == 20)
        assert net.listing("core0").result(2).names == ["system"]
        with net.begin() as group:
            group.fetch(PATHS[1], lambda delayed, entry: got.append(entry.value))
        await until_async(lambda: len(got) == 21)
        drain(net)
        with net.begin() as group:
            group.fetch(PATHS[2], lambda delayed, entry: got.append(entry.value))
        await until_async(lambda: len(got) == 22)

    asyncio.run(main())


def test_request_after_the_end_is_sent_at_once(net: aeiou.Attachment) -> None:
    async def main() -> None:
        net.dispatch_to(asyncio.get_running_loop())
        got: List[str] = []

        def following(delayed: bool, entry: aeiou.Entry) -> None:
            got.append(entry.value)
            if len(got) < 10:
                group.fetch(PATHS[len(got)], following)

        with net.begin() as group:
            pass
        group.read(PATHS[0], following)
        await until_async(lambda: len(got) == 10)

    asyncio.run(main())


def test_exception_that_ends_a_program_loses_no_other_outcome(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    got: List[str] = []

    def closure(delayed: bool, entry: aeiou.Entry) -> None:
        got.append(entry.value)
        if len(got) == 2:
            raise KeyboardInterrupt

    with net.begin() as group:
        for path in PATHS:
            group.fetch(path, closure)
    come(daemon, net, 20)
    with pytest.raises(KeyboardInterrupt):
        group.wait(2)
    assert group.wait(2)
    assert sorted(got) == sorted(VALUES.values())


def test_one_wake_up_is_for_several_outcomes_of_a_burst(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    for path in PATHS:
        daemon.hold(path)
    with net.begin() as group:
        group.read_many(PATHS)
    assert connection(net).submissions.underway == 20
    assert connection(net).asleep(later=3)
    for i, path in enumerate(PATHS[:4]):
        assert not select.select([connection(net).bell], [], [], 0.01)[0]
        daemon.release(path)
        come(daemon, net, i + 1)
    assert select.select([connection(net).bell], [], [], 2)[0]
    assert not connection(net).asleep(later=3) and connection(net).asleep(later=4)
    assert drain(net) == 4 and connection(net).submissions.underway == 16


def test_outcome_of_a_burst_does_not_wait_for_others_that_do_not_come(daemon: FakeDaemon) -> None:
    paths = [f"core1/.oid/1.{i}" for i in range(300)]
    for path in paths:
        daemon.set(path, "there")
        daemon.hold(path)
    with aeiou.attach(daemon.socket) as net:
        with net.begin() as group:
            group.read_many(paths)
        for path in paths[:5]:
            threading.Timer(0.02, daemon.release, [path]).start()
            assert group.wait(5, some=1)
        threading.Timer(0.02, daemon.release, [paths[5]]).start()
        threading.Timer(0.1, daemon.release, [paths[6]]).start()
        assert group.wait(5, some=2)
        assert not group.wait(0.05)
        assert group.progress().pending == 293


def test_interrupt_while_outcomes_are_taken_loses_none(
    daemon: FakeDaemon, net: aeiou.Attachment, monkeypatch: pytest.MonkeyPatch
) -> None:
    _burst.use(native=False)  # the other one runs no Python in between
    got: List[str] = []
    real = _completions._new
    calls: List[type] = []

    def interrupted(kind: type) -> aeiou.Entry:
        calls.append(kind)
        if len(calls) in (3, 11):
            raise KeyboardInterrupt
        return real(kind)

    monkeypatch.setattr(_completions, "_new", interrupted)
    with net.begin() as group:
        for path in PATHS:
            group.fetch(path, lambda delayed, entry: got.append(entry.value))
    come(daemon, net, 20)
    with pytest.raises(KeyboardInterrupt):
        group.wait(2)
    assert group.wait(2)
    assert sorted(got) == sorted(VALUES.values())
    assert len(connection(net).submissions._free) == connection(net).pages


def test_waiting_in_a_closure_finds_what_came_with_it(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    got: List[str] = []
    replies: List[aeiou.Reply] = []
    with net.begin() as group:
        group.read(PATHS[0], lambda delayed, entry: got.append(replies[0].result(2).value))
        replies.append(net.read(PATHS[1]))
    come(daemon, net, 2)
    assert group.wait(2)
    assert got == ["core1"]


def test_reply_that_came_before_it_was_awaited_is_there(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    async def main() -> str:
        reply = net.read(PATHS[0])
        come(daemon, net, 1)
        return (await asyncio.wait_for(reply, 2)).value

    assert asyncio.run(main()) == "core0"


def test_several_tasks_may_await_one_reply_or_iterate_one_group(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    async def one(reply: aeiou.Reply) -> str:
        return (await reply).value

    async def all_of(group: aeiou.Group) -> List[str]:
        return [entry.value async for entry in group]

    async def main() -> List[Any]:
        daemon.hold(PATHS[0])
        daemon.hold(PATHS[1])
        reply = net.read(PATHS[0])
        with net.begin() as group:
            for path in PATHS[1:4]:
                group.read(path)
        asyncio.get_running_loop().call_later(0.1, daemon.release, PATHS[0])
        asyncio.get_running_loop().call_later(0.1, daemon.release, PATHS[1])
        return list(await asyncio.wait_for(asyncio.gather(one(reply), one(reply), all_of(group), all_of(group)), 5))

    first, second, *iterated = asyncio.run(main())
    assert (first, second) == ("core0", "core0")
    assert sorted(iterated[0] + iterated[1]) == ["core1", "core2", "core3"]


def test_cancelled_task_withdraws_its_request(daemon: FakeDaemon) -> None:
    daemon.hold(PATHS[0])

    async def main() -> str:
        for _ in range(8):
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(net.read(PATHS[0]), 0.02)
        return (await asyncio.wait_for(net.read(PATHS[1]), 2)).value

    with aeiou.attach(daemon.socket, geometry=FEW_PAGES) as net:
        assert asyncio.run(main()) == "core1"
        assert pump(net, lambda: not any(connection(net).submissions.pending), 2)


def test_one_task_that_is_cancelled_leaves_the_reply_to_the_other(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    daemon.hold(PATHS[0])

    async def main() -> str:
        reply = net.read(PATHS[0])

        async def one() -> str:
            return (await reply).value

        first, second = asyncio.ensure_future(one()), asyncio.ensure_future(one())
        await asyncio.sleep(0.05)
        first.cancel()
        await asyncio.sleep(0.05)
        daemon.release(PATHS[0])
        return await asyncio.wait_for(second, 2)

    assert asyncio.run(main()) == "core0"


def test_loop_has_its_turn_between_batches(net: aeiou.Attachment) -> None:
    turns: List[int] = []

    async def main() -> None:
        net.dispatch_to(asyncio.get_running_loop())
        got: List[int] = []
        with net.begin() as group:
            for i in range(10_000):
                group.fetch(PATHS[i % 20], lambda delayed, entry: got.append(1))
        while len(got) < 10_000:
            turns.append(len(got))
            await asyncio.sleep(0)

    asyncio.run(asyncio.wait_for(main(), 10))
    assert len(turns) > 2


def test_each_closure_runs_once_when_a_worker_and_a_waiter_drain(daemon: FakeDaemon) -> None:
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        for _ in range(5):
            with aeiou.attach(daemon.socket) as net:
                calls: queue.Queue[Any] = queue.Queue()
                running: List[int] = []
                counts: Counter[int] = Counter()
                most: List[int] = []

                def closure(delayed: bool, entry: aeiou.Entry) -> None:
                    running.append(1)
                    most.append(len(running))
                    counts.update([entry.context])
                    running.pop()

                def work() -> None:
                    while True:
                        call = calls.get()
                        if call is None:
                            return
                        call()

                worker = threading.Thread(target=work)
                worker.start()
                net.dispatch_to(calls)
                with net.begin() as group:
                    for i in range(3000):
                        group.fetch(PATHS[i % 20], closure, i)
                assert group.wait(10)
                calls.put(None)
                worker.join(5)
                assert (len(counts), set(counts.values()), set(most)) == (3000, {1}, {1})
                assert group.progress().pending == 0
    finally:
        sys.setswitchinterval(interval)


def test_target_that_raises_is_reported_and_called_again(daemon: FakeDaemon) -> None:
    errors: List[str] = []
    calls: List[int] = []

    def flaky(run: Callable[[], None]) -> None:
        calls.append(1)
        if len(calls) == 1:
            raise RuntimeError("there is no loop yet")
        run()

    with aeiou.attach(daemon.socket, on_error=lambda error, entry: errors.append(str(error))) as net:
        net.dispatch_to(flaky)
        done = threading.Event()
        with net.begin() as group:
            group.fetch(PATHS[0], lambda delayed, entry: done.set())
        assert done.wait(5)
    assert errors == ["there is no loop yet"]


def test_queue_of_asyncio_is_refused_with_what_to_pass(net: aeiou.Attachment) -> None:
    with pytest.raises(TypeError, match=r"net.dispatch_to\(asyncio.get_running_loop\(\)\)"):
        net.dispatch_to(asyncio.Queue())


@pytest.mark.parametrize("timeout", [0.0, -1.0])
def test_no_time_to_wait_is_time_for_what_has_come(
    daemon: FakeDaemon, net: aeiou.Attachment, timeout: float
) -> None:
    got: List[str] = []
    with net.begin() as group:
        group.fetch(PATHS[0], lambda delayed, entry: got.append(entry.value))
    come(daemon, net, 1)
    assert group.wait(timeout)
    assert got == ["core0"]
    daemon.hold(PATHS[1])
    with net.begin() as group:
        group.fetch(PATHS[1], lambda delayed, entry: got.append(entry.value))
    assert not group.wait(timeout)
    with pytest.raises(TimeoutError):
        net.read(PATHS[1]).result(timeout)


@pytest.mark.parametrize("timeout", [None, 3e6, float("inf")])
def test_any_time_to_wait_is_possible(
    daemon: FakeDaemon, net: aeiou.Attachment, timeout: Optional[float]
) -> None:
    daemon.hold(PATHS[0])
    threading.Timer(0.05, daemon.release, [PATHS[0]]).start()
    assert net.read(PATHS[0]).result(timeout).value == "core0"


def test_where_a_lock_is_no_fence_no_wait_relies_on_it(
    daemon: FakeDaemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_connection, "LOCK_IS_FENCE", False)
    monkeypatch.setattr(_connection, "LONGEST_SLEEP", 0.02)
    with aeiou.attach(daemon.socket) as net:
        sent: List[bytes] = []
        real = connection(net)._socket

        class Spy:
            def send(self, data: bytes, flags: int) -> int:
                sent.append(data)
                return real.send(data, flags)

            def __getattr__(self, name: str) -> Any:
                return getattr(real, name)

        connection(net)._socket = Spy()  # type: ignore[assignment]
        connection(net).completions._words = _Awake(connection(net).completions._words)  # type: ignore[assignment]
        # The bell is never asked for in time, as the daemon sees it.
        connection(net).submissions.words[layout.WAKE_AT // 8] = 1 << 40
        assert net.read(PATHS[0]).result(2).value == "core0"
        assert sent


class _Awake:
    """Completions of a daemon that seems to be awake."""

    def __init__(self, words: Any) -> None:
        self._words = words

    def __getitem__(self, index: Any) -> Any:
        return 0 if index == layout.ASLEEP // 8 else self._words[index]

    def release(self) -> None:
        self._words.release()


def test_where_a_lock_is_no_fence_loops_look_without_a_bell(
    daemon: FakeDaemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (_loops, _connection):
        monkeypatch.setattr(module, "LOCK_IS_FENCE", False)
    for module in (_loops, _by_thread, _connection):
        monkeypatch.setattr(module, "LONGEST_SLEEP", 0.02)
    got: List[str] = []

    def ask(net: aeiou.Attachment, path: str) -> None:
        with net.begin() as group:
            group.fetch(path, lambda delayed, entry: got.append(entry.value))

    async def main() -> None:
        net.dispatch_to(asyncio.get_running_loop())
        await asyncio.sleep(0.05)
        ask(net, PATHS[0])
        await until_async(lambda: got == ["core0"])

    with aeiou.attach(daemon.socket) as net:
        until(lambda: daemon._clients)
        client = daemon._clients[0]
        bell, client._bell = client._bell, os.open(os.devnull, os.O_WRONLY)
        asyncio.run(main())
        net.dispatch_to(lambda run: run())
        time.sleep(0.05)
        ask(net, PATHS[1])
        until(lambda: got == ["core0", "core1"])
        os.close(bell)


def test_change_that_is_being_written_is_left_to_its_own_entry(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    got: List[str] = []
    with net.begin() as group:
        group.watch(PATHS[0], lambda delayed, entry: got.append(str(entry)))
    come(daemon, net, 1)
    client = daemon._clients[0]
    completions = connection(net).completions
    at = completions._outcomes_at + next(iter(client.pending)) * completions._outcome_bytes
    number, client.into.words[at // 8] = client.into.words[at // 8], 0
    assert drain(net) == 0 and got == []
    client.into.words[at // 8] = number
    daemon.set(PATHS[0], "changed")
    assert pump(net, lambda: got == ["changed"], 2)
