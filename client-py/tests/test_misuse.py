"""What programs get wrong is refused at once, and said."""

from __future__ import annotations

import asyncio
import concurrent.futures
import functools
import queue
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Optional

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


# Closures.


async def coroutine(delayed: bool, entry: aeiou.Entry) -> None:
    """What programs of asyncio try first."""


async def asynchronous_generator(delayed: bool, entry: aeiou.Entry) -> Any:
    yield entry


def generator_function(delayed: bool, entry: aeiou.Entry) -> Any:
    yield aeiou.read(PATH)


class Method:
    async def closure(self, delayed: bool, entry: aeiou.Entry) -> None:
        """A coroutine, too."""

    async def __call__(self, delayed: bool, entry: aeiou.Entry) -> None:
        """And so is this."""


REFUSED = [
    (coroutine, "coroutine is a coroutine function.*await net.read"),
    (functools.partial(coroutine), "is a coroutine function"),
    (Method().closure, "Method.closure is a coroutine function"),
    (Method(), "is a coroutine function"),
    (asynchronous_generator, "is a coroutine function"),
    (generator_function, r"is a generator function.*group.run\(generator_function"),
    ("core1", r"'core1' is no closure; expected a function that is given \(delayed, entry\)"),
]


@pytest.mark.parametrize(("closure", "message"), REFUSED)
@pytest.mark.parametrize("is_cached", [False, True], ids=["miss", "hit"])
def test_what_would_never_run_is_refused_with_what_to_write(
    daemon: FakeDaemon, net: aeiou.Attachment, closure: Any, message: str, is_cached: bool
) -> None:
    if is_cached:
        daemon.cache(PATH)
    group = net.begin()
    calls: List[Callable[[], Any]] = [
        lambda: group.read(PATH, closure),
        lambda: group.cached(PATH, closure),
        lambda: group.fetch(PATH, closure),
        lambda: group.list("", closure),
        lambda: group.stat(PATH, closure),
        lambda: group.describe(PATH, closure),
        lambda: group.watch(PATH, closure),
        lambda: group.chain([aeiou.read(PATH)], closure),
    ]
    for call in calls:
        with pytest.raises(TypeError, match=message):
            call()
    assert group.progress().pending == 0


def test_coroutine_that_a_plain_function_returns_is_reported(daemon: FakeDaemon) -> None:
    errors: List[str] = []
    with aeiou.attach(daemon.socket, on_error=lambda error, entry: errors.append(str(error))) as net:
        with net.begin() as group:
            group.read(PATH, lambda delayed, entry: coroutine(delayed, entry))  # type: ignore[arg-type,return-value]
        assert group.wait(2)
    assert len(errors) == 1 and "would never run" in errors[0]


def test_what_a_closure_returns_is_its_own_business(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    found: Dict[bool, aeiou.Entry] = {}
    with net.begin() as group:
        for _ in range(2):
            group.read(PATH, found.setdefault)  # type: ignore[arg-type]
            assert group.wait(2)
    assert len(found) == 2


# Generators and chains.


def test_what_is_no_generator_is_refused_with_what_to_write(net: aeiou.Attachment) -> None:
    group = net.begin()
    given: Any
    for given, message in (
        (generator_function, r"generator_function is a function; call it.*group.run\(generator_function"),
        (None, "None is no generator"),
        ([aeiou.read(PATH)], "is no generator"),
    ):
        with pytest.raises(TypeError, match=message):
            group.run(given)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (PATH, rf"'{PATH}' cannot be waited for; a generator closure may yield aeiou.read\(path\), fetch, stat"),
        (None, "None cannot be waited for; .* a list of those, or another generator"),
        ([aeiou.read(PATH), PATH], rf"'{PATH}' cannot be waited for"),
        (generator_function, "generator_function is a function, which cannot be waited for"),
        (coroutine(True, None), r"coroutine\(…\) is a coroutine, which cannot be waited for"),  # type: ignore[arg-type]
        (aeiou.each("{}/x"), r"aeiou.each\('{}/x'\) is a step of a chain"),
        (aeiou.read(PATH).stop_on_zero(), "with its conditions is a step of a chain"),
    ],
)
def test_generator_is_told_what_it_may_yield(net: aeiou.Attachment, given: Any, message: str) -> None:
    seen: List[str] = []

    def steps() -> Any:
        try:
            yield given
        except TypeError as e:
            seen.append(str(e))
        seen.append((yield aeiou.read(PATH)).value)

    with net.begin() as group:
        group.run(steps())
    assert group.wait(2)
    with pytest.raises(TypeError, match=message):
        raise TypeError(seen[0])
    assert seen[1] == "core1"


def test_step_that_is_none_is_refused(net: aeiou.Attachment) -> None:
    steps: Any = [PATH]
    with pytest.raises(TypeError, match=r"is no step of a chain; those are aeiou.read\(\)"):
        net.begin().chain(steps, print)


# Paths.


@pytest.mark.parametrize("path", [Path(PATH), PATH.encode(), 5, None])
def test_path_that_is_no_text_is_refused_by_name(net: aeiou.Attachment, path: Any) -> None:
    group = net.begin()
    calls: List[Callable[[], Any]] = [
        lambda: net.read(path),
        lambda: net.cached(path),
        lambda: net.listing(path),
        lambda: group.read(path),
        lambda: group.fetch(path),
        lambda: group.watch(path, print),
        lambda: net.prefetch([path]),
    ]
    for call in calls:
        with pytest.raises(TypeError, match="is no path; expected a str such as 'core1/system/sysName'"):
            call()
    assert group.progress().submitted == 0


def test_one_path_is_not_taken_for_many(net: aeiou.Attachment) -> None:
    with pytest.raises(TypeError, match="is one path"):
        net.begin().read_many(PATH)
    with pytest.raises(TypeError, match="is one path"):
        net.prefetch(PATH)


def test_paths_without_a_context_are_not_taken_for_accepted(net: aeiou.Attachment) -> None:
    group = net.begin()
    accepted, error = group.read_many([PATH, "core2/system/sysName"], print, ["only one"])
    assert (accepted, str(error)) == (1, "there are 1 contexts, and more paths: 'core2/system/sysName' has none")
    assert group.progress().submitted == 1
    group.cancel()


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
    group = net.begin()
    reply = net.read("core2/system/sysName")
    if is_cached:
        daemon.cache(PATH)
    calls: List[Callable[[], Any]] = [
        net.begin,
        lambda: net.read(PATH),
        lambda: net.describe(PATH),
        lambda: net.cached(PATH),
        lambda: net.list("/"),
        lambda: net.systems(),
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
        lambda: group.run(generator_function(True, None)),  # type: ignore[arg-type]
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
    assert elsewhere(lambda: (net.connected, net.closed, net.epoch, repr(net), repr(group), group.progress())) is None
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


# Sending off.


def test_group_that_is_never_ended_is_sent_off_by_the_loop(net: aeiou.Attachment) -> None:
    async def main() -> str:
        net.dispatch_to(asyncio.get_running_loop())
        future: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        net.begin().fetch(PATH, lambda delayed, entry: future.set_result(entry.value))
        return await asyncio.wait_for(future, 2)

    assert asyncio.run(main()) == "core1"


def test_reply_that_nothing_waits_for_comes_on_the_loop(net: aeiou.Attachment) -> None:
    async def main() -> bool:
        net.dispatch_to(asyncio.get_running_loop())
        reply = net.read(PATH)
        for _ in range(200):
            if reply.done:
                return True
            await asyncio.sleep(0.01)
        return False

    assert asyncio.run(main())


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
        *("begin", "cached", "cancel", "close", "closed", "connected", "describe", "dispatch_to", "epoch", "glob", "list"),
        *("listing", "prefetch", "prepare", "read", "read_group", "read_many", "run", "systems", "table", "write"),
    ]
    awaited = sorted({*public(aeiou.Attachment)} - {"dispatch_to"})
    assert public(aeiou.AsyncAttachment) == awaited, "each has its other form"
    assert public(aeiou.Glob) == ["cancel", "done", "found", "take"]
    assert public(aeiou.Group) == [
        *("cached", "cancel", "chain", "describe", "end", "fetch", "glob", "last_id", "list", "progress", "read"),
        *("read_group", "read_many", "run", "stat", "wait", "watch", "write"),
    ]
    assert public(aeiou.Reply) == ["cancel", "done", "id", "result"]
    assert public(aeiou.Entry) == [
        *("changed", "context", "get", "kinds", "message", "names", "number", "oid", "ok", "path", "raw"),
        *("readings", "reason", "rows", "stale", "stat", "table", "taken", "ttl", "type", "units", "value", "written"),
    ]


def test_everything_public_says_what_it_is() -> None:
    for kind in (aeiou.Attachment, aeiou.AsyncAttachment, aeiou.Glob, aeiou.Group, aeiou.Reply, aeiou.Entry, aeiou.Readings, aeiou.Table, FakeDaemon):
        for name in dir(kind):
            told = getattr(kind, name).__doc__ or f":ivar {name}:" in str(kind.__doc__)
            assert name.startswith("_") or told, f"{kind.__name__}.{name}"


def test_importing_the_package_imports_little_else() -> None:
    heavy = {"asyncio", "inspect", "logging", "ssl", "subprocess"}
    script = f"import sys, aeiou; print(sorted({heavy} & set(sys.modules)))"
    run = subprocess.run(
        [sys.executable, "-c", script],
        env={"PYTHONPATH": str(Path(aeiou.__file__).parents[1])},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout == "[]\n"
