"""What programs get wrong is refused at once, and said."""

from __future__ import annotations

import asyncio
import concurrent.futures
import queue
import threading
from typing import Any, Callable, Iterator, List, Optional

import pytest

from conftest import drain

import aeiou
from aeiou.testing import FakeDaemon

PATH = "core1/system/sysName"


@pytest.fixture
def daemon() -> Iterator[FakeDaemon]:
    with FakeDaemon({PATH: "core1", "core2/system/sysName": "core2"}) as fake:
        yield fake


@pytest.fixture
def net(daemon: FakeDaemon) -> Iterator[aeiou.Attachment]:
    def fail(error: BaseException, entry: aeiou.Entry) -> None:
        pytest.fail(f"reported: {error}")

    with aeiou.attach(daemon.socket, on_error=fail) as attached:
        yield attached


# Paths.


@pytest.mark.parametrize("path", ["/" + PATH, PATH + "/", "//core1///system/sysName//"])
def test_slashes_that_mean_nothing_make_no_difference(daemon: FakeDaemon, net: aeiou.Attachment, path: str) -> None:
    assert net.read(path).result(2).value == "core1"
    assert net.cached(path) is not None and net.cached(PATH) is not None
    got: List[str] = []
    assert net.begin().read(path, lambda delayed, entry: got.append(f"{delayed} {entry.value} {entry.path}"))
    assert got == [f"False core1 {path}"]
    assert net.list("/core1/") == ["system"]


# Threads.


def elsewhere(call: Callable[[], Any]) -> Optional[BaseException]:
    with concurrent.futures.ThreadPoolExecutor(1, "worker") as pool:
        return pool.submit(call).exception()


@pytest.mark.parametrize("is_cached", [False, True], ids=["miss", "hit"])
def test_second_thread_is_refused_with_an_explanation(
    daemon: FakeDaemon, net: aeiou.Attachment, is_cached: bool
) -> None:
    def steps() -> aeiou.Steps:
        yield aeiou.read(PATH)

    group = net.begin()
    reply = net.read("core2/system/sysName")
    if is_cached:
        daemon.cache(PATH)
    calls: List[Callable[[], Any]] = [
        net.begin,
        lambda: net.read(PATH),
        lambda: net.cached(PATH),
        lambda: net.list("/"),
        lambda: net.prefetch([PATH]),
        lambda: net.dispatch_to(lambda run: run()),
        net.close,
        lambda: reply.result(1),
        reply.cancel,
        lambda: group.read(PATH),
        lambda: group.read_many([PATH]) and None,
        lambda: group.cached(PATH),
        lambda: group.fetch(PATH),
        lambda: group.watch(PATH, print),
        lambda: group.chain([aeiou.read(PATH)], print),
        lambda: group.run(steps()),
        lambda: group.wait(1),
        group.cancel,
    ]
    for call in calls:
        error = elsewhere(call)
        if error is not None:  # read_many returns it
            assert isinstance(error, aeiou.WrongThread), error
            assert "was attached by the thread 'MainThread' and is used by 'worker_0'" in str(error)
            assert "call aeiou.attach() in each" in str(error)
    accepted, why = group.read_many([])
    assert (accepted, why) == (0, None)
    assert group.progress().submitted == 0
    assert elsewhere(lambda: (net.connected, net.closed, net.epoch, repr(net), group.progress())) is None
    assert reply.result(2).value == "core2"


def test_closure_may_ask_on_the_thread_it_runs_on(daemon: FakeDaemon) -> None:
    errors: List[BaseException] = []
    done = threading.Event()
    calls: queue.Queue[Any] = queue.Queue()

    def work() -> None:
        while True:
            call = calls.get()
            if call is None:
                return
            call()

    worker = threading.Thread(target=work)
    worker.start()
    with aeiou.attach(daemon.socket, on_error=lambda error, entry: errors.append(error)) as net:
        net.dispatch_to(calls)
        threads: List[str] = []

        def first(delayed: bool, entry: aeiou.Entry) -> None:
            threads.append(threading.current_thread().name)
            group.read(PATH, second)
            group.fetch(PATH, second)

        def second(delayed: bool, entry: aeiou.Entry) -> None:
            threads.append(threading.current_thread().name)
            if len(threads) == 3:
                done.set()

        with net.begin() as group:
            group.fetch(PATH, first)
        assert done.wait(5)
    calls.put(None)
    worker.join(5)
    assert (errors, set(threads)) == ([], {worker.name})


# Loops.


def test_one_attachment_serves_one_loop_after_another(net: aeiou.Attachment) -> None:
    async def main() -> str:
        return (await asyncio.wait_for(net.read("core2/system/sysName"), 2)).value

    for _ in range(3):
        assert asyncio.run(main()) == "core2"
        assert drain(net) >= 0


# What there is to be used.


def test_only_what_programs_need_is_public() -> None:
    def public(kind: type) -> List[str]:
        return sorted(name for name in dir(kind) if not name.startswith("_"))

    assert public(aeiou.Attachment) == [
        *("begin", "cached", "close", "closed", "connected", "dispatch_to", "epoch", "list", "listing"),
        *("prefetch", "read"),
    ]
    assert public(aeiou.Group) == [
        *("cached", "cancel", "chain", "end", "fetch", "list", "progress", "read", "read_many", "run"),
        *("stat", "wait", "watch", "write"),
    ]
    assert public(aeiou.Reply) == ["cancel", "done", "result"]
    assert public(aeiou.Entry) == [
        *("changed", "context", "get", "message", "names", "number", "of", "ok", "path", "raw", "reason"),
        *("stale", "stat", "table", "taken", "value"),
    ]


def test_everything_public_says_what_it_is() -> None:
    for kind in (aeiou.Attachment, aeiou.Group, aeiou.Reply, aeiou.Entry, FakeDaemon):
        for name in dir(kind):
            told = getattr(kind, name).__doc__ or f":ivar {name}:" in str(kind.__doc__)
            assert name.startswith("_") or told, f"{kind.__name__}.{name}"
