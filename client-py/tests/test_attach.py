"""Attaching, groups and closures, with a daemon that has no network."""

from __future__ import annotations

import asyncio
import os
import queue
import threading
import time
from typing import Any, Iterator, List, Tuple

import pytest

from conftest import connection, drain, pump

import aeiou
from aeiou.testing import FakeDaemon

NAMES = ("core1", "core2", "edge1")
VALUES = {f"{name}/system/sysName": name for name in NAMES}


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
        self.entries: List[Tuple[bool, str, Any]] = []

    def __call__(self, delayed: bool, entry: aeiou.Entry) -> None:
        self.entries.append((delayed, str(entry), entry.context))


def test_miss_is_never_inside_the_call_and_hit_always_is(net: aeiou.Attachment) -> None:
    log = Log()
    with net.begin() as group:
        assert not group.read("core1/system/sysName", log)
        assert log.entries == []
    assert group.wait(2)
    assert log.entries == [(True, "core1", None)]
    assert group.read("core1/system/sysName", log, "context")
    assert log.entries[1:] == [(False, "core1", "context")]
    assert group.progress() == (2, 1, 1, 0, 0, 0)


def test_entry_may_be_used_again_right_after_the_call(net: aeiou.Attachment) -> None:
    log = Log()
    with net.begin() as group:
        for name in NAMES:
            group.read(f"{name}/system/sysName", log, {"row": name})
    assert group.wait(2)
    assert {(value, context["row"]) for _, value, context in log.entries} == {(n, n) for n in NAMES}


def test_cached_values_cost_the_daemon_nothing(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    for name in NAMES:
        daemon.cache(f"{name}/system/sysName")
    group = net.begin()
    for _ in range(100):
        for name in NAMES:
            assert group.read(f"{name}/system/sysName", Log())
    assert daemon.asked == []


def test_new_value_is_seen_at_once(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    daemon.cache("core1/system/sysName")
    assert net.read("core1/system/sysName").result().value == "core1"
    daemon.set("core1/system/sysName", "other")
    assert net.read("core1/system/sysName").result().value == "other"


def test_stale_value_is_served_and_refreshed_once(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    daemon.cache("core1/system/sysName", age=70)
    log = Log()
    group = net.begin()
    assert group.read("core1/system/sysName", log)
    assert group.read("core1/system/sysName", log)
    assert group.progress().stale == 2
    group.end()
    deadline = time.monotonic() + 2
    while net.read("core1/system/sysName").result(1).stale and time.monotonic() < deadline:
        time.sleep(0.01)
    assert daemon.asked == ["core1/system/sysName"]


def test_failure_says_why(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    daemon.fail("core2/system/sysName", "timeout", "core2 does not answer")
    entry = net.read("core2/system/sysName").result(2)
    assert (entry.ok, entry.reason, entry.message) == (False, "timeout", "core2 does not answer")
    with pytest.raises(aeiou.NoReading, match="core2/system/sysName: core2 does not answer"):
        entry.value
    assert entry.get("none") == "none"
    assert net.read("no/such").result(2).reason == "unknown name"


def test_listing_gives_names(net: aeiou.Attachment) -> None:
    assert net.list("/") == list(NAMES)
    assert net.list("core1/system") == ["sysName"]
    with pytest.raises(aeiou.NoReading, match="there is no 'nowhere'"):
        net.list("nowhere")


def test_long_values_travel_through_the_arena(daemon: FakeDaemon) -> None:
    daemon.set("core1/system/sysDescr", "x" * 5000)
    with aeiou.attach(daemon.socket, geometry=aeiou.Geometry(8, 256, 128, 8192)) as net:
        group = net.begin()
        log = Log()
        for _ in range(2):
            group.fetch("core1/system/sysDescr", log)
            assert group.wait(2)
        assert [value for _, value, _ in log.entries] == ["x" * 5000] * 2


def test_space_for_long_values_comes_back_when_they_were_taken(daemon: FakeDaemon) -> None:
    daemon.set("core1/system/sysDescr", "x" * 1000)
    daemon.set("core1/system/sysContact", "y" * 20_000)
    with aeiou.attach(daemon.socket, geometry=aeiou.Geometry(64, 256, 128, 30 * 1024)) as net:
        for _ in range(3):
            log = Log()
            with net.begin() as group:
                for _ in range(30):
                    group.fetch("core1/system/sysDescr", log)
            assert group.wait(5)
            # Each of thirty pages has had a part of the arena; this needs most of it, on one page.
            group.fetch("core1/system/sysContact", log)
            assert group.wait(5)
            assert [value for _, value, _ in log.entries] == ["x" * 1000] * 30 + ["y" * 20_000]


def test_long_value_that_a_watch_goes_on_with_stays_where_it_is(daemon: FakeDaemon) -> None:
    daemon.set("core1/system/sysDescr", "x" * 1000)
    with aeiou.attach(daemon.socket, geometry=aeiou.Geometry(8, 256, 128, 2048)) as net:
        log = Log()
        with net.begin() as group:
            group.watch("core1/system/sysDescr", log)
        assert group.wait(2, some=1)
        daemon.set("core2/system/sysName", "y" * 1000)
        for _ in range(5):
            assert net.read("core2/system/sysName").result(2).value == "y" * 1000
        daemon.set("core1/system/sysDescr", "z" * 1000)
        assert group.wait(2, some=1)
        assert [value for _, value, _ in log.entries] == ["x" * 1000, "z" * 1000]


def test_waiting_for_some_counts_outcomes_and_events_whatever_is_asked_meanwhile(
    daemon: FakeDaemon, net: aeiou.Attachment
) -> None:
    daemon.hold("core2/system/sysName")
    log = Log()

    def ask_more(delayed: bool, entry: aeiou.Entry) -> None:
        log(delayed, entry)
        for _ in range(3):
            group.fetch("core2/system/sysName", log)

    with net.begin() as group:
        group.fetch("core1/system/sysName", ask_more)
    assert group.wait(2, some=1) and len(log.entries) == 1
    assert not group.wait(0.05, some=1)
    group.watch("edge1/system/sysName", log)
    assert group.wait(2, some=1) and len(log.entries) == 2
    daemon.set("edge1/system/sysName", "changed")
    assert group.wait(2, some=1) and log.entries[-1][1] == "changed"
    assert not group.wait(0.05)
    daemon.release("core2/system/sysName")
    assert group.wait(2, some=3) and len(log.entries) == 6
    group.cancel()
    assert group.wait(2, some=100)


def test_more_requests_than_pages_wait_for_their_turn(daemon: FakeDaemon) -> None:
    for i in range(500):
        daemon.set(f"core1/ports/p{i}", str(i))
    with aeiou.attach(daemon.socket, geometry=aeiou.Geometry(4, 256, 128, 0)) as net:
        log = Log()
        with net.begin() as group:
            for i in range(500):
                group.read(f"core1/ports/p{i}", log)
        assert group.wait(10)
        assert sorted(int(value) for _, value, _ in log.entries) == list(range(500))


def test_path_that_does_not_fit_a_page_is_refused(net: aeiou.Attachment) -> None:
    with pytest.raises(ValueError, match="attach with larger pages"):
        net.read("x" * 300)


def test_cancelled_group_ends_each_request_once(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    daemon.hold("core1/system/sysName")
    log = Log()
    group = net.begin()
    group.read("core1/system/sysName", log)
    group.end()
    assert not group.wait(0.1)
    group.cancel()
    assert group.wait(2)
    daemon.release("core1/system/sysName")
    drain(net)
    assert log.entries == [(True, "(cancelled)", None)]


def test_watch_tells_each_change_until_cancelled(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    log = Log()
    group = net.begin()
    group.watch("core1/system/sysName", log)
    group.end()
    assert pump(net, lambda: len(log.entries) == 1, 2)
    daemon.set("core1/system/sysName", "second")
    assert pump(net, lambda: len(log.entries) == 2, 2)
    group.cancel()
    assert group.wait(2)
    daemon.set("core1/system/sysName", "third")
    drain(net)
    assert [value for _, value, _ in log.entries] == ["core1", "second", "(cancelled)"]


def test_exception_in_a_closure_goes_to_the_handler_and_the_others_run(daemon: FakeDaemon) -> None:
    errors: List[Tuple[str, str]] = []
    log = Log()

    def broken(delayed: bool, entry: aeiou.Entry) -> None:
        raise RuntimeError(f"delayed: {delayed}")

    def note(error: BaseException, entry: aeiou.Entry) -> None:
        errors.append((str(error), entry.path))

    with aeiou.attach(daemon.socket, on_error=note) as net:
        group = net.begin()
        for closure in (broken, log):
            for name in NAMES:
                group.fetch(f"{name}/system/sysName", closure)
        assert group.wait(2)
        daemon.cache("core1/system/sysName")
        group.read("core1/system/sysName", broken)
    assert len(log.entries) == 3
    assert len(errors) == 4
    assert errors[-1] == ("delayed: False", "core1/system/sysName")


def test_waiting_in_a_delayed_closure_is_refused_in_debug_mode(daemon: FakeDaemon) -> None:
    errors: List[BaseException] = []
    with aeiou.attach(daemon.socket, debug=True, on_error=lambda e, _: errors.append(e)) as net:
        group = net.begin()
        group.read("core1/system/sysName", lambda delayed, entry: net.list("/") and None)
        assert group.wait(2)
        assert net.list("/")
    assert [type(e) for e in errors] == [aeiou.BlockedInClosure]
    assert "core1/system/sysName" in str(errors[0])


def test_daemon_that_goes_ends_everything_once(daemon: FakeDaemon) -> None:
    with aeiou.attach(daemon.socket) as net:
        daemon.hold("core1/system/sysName")
        log = Log()
        group = net.begin()
        group.read("core1/system/sysName", log)
        group.end()
        daemon.restart()
        assert group.wait(2)
        assert log.entries == [(True, "(stopped)", None)]
        with pytest.raises(aeiou.Detached, match="attach again"):
            net.read("core2/system/sysName")


def test_reconnecting_finds_the_daemon_that_came_back(daemon: FakeDaemon) -> None:
    with aeiou.attach(daemon.socket, reconnect=True) as net:
        epoch = net.epoch
        assert net.read("core1/system/sysName").result(2).value == "core1"
        daemon.restart()
        connection(net).wait(1)
        assert net.read("core2/system/sysName").result(2).value == "core2"
        assert net.epoch != epoch


def test_nothing_to_attach_to_is_said(tmp_path: Any) -> None:
    with pytest.raises(aeiou.AttachError, match="No such file or directory"):
        aeiou.attach(tmp_path / "nothing.sock")
    with pytest.raises(aeiou.AttachError, match="is not a mounted network"):
        aeiou.attach(tmp_path)


def test_nothing_is_left_open(daemon: FakeDaemon) -> None:
    before = set(os.listdir("/proc/self/fd"))
    for _ in range(10):
        with aeiou.attach(daemon.socket) as net:
            net.read("core1/system/sysName").result(2)
    deadline = time.monotonic() + 2
    while len(os.listdir("/proc/self/fd")) > len(before) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert len(os.listdir("/proc/self/fd")) <= len(before)


def test_generator_closure_runs_straight_through_what_is_cached(
    daemon: FakeDaemon, net: aeiou.Attachment
) -> None:
    results: List[Any] = []

    def names(above: str) -> aeiou.Steps:
        listing = yield aeiou.list_names(above)
        for name in listing.names:
            entry = yield aeiou.read(f"{above}/{name}")
            results.append(entry.value)

    group = net.begin()
    group.run(names("core1/system"))
    group.end()
    assert group.wait(2)
    assert results == ["core1"]

    def cached() -> aeiou.Steps:
        entry = yield aeiou.read("core1/system/sysName")
        results.append(entry.value)

    group.run(cached())
    assert results == ["core1", "core1"]


def test_asyncio_awaits_and_iterates(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    async def main() -> List[str]:
        first = await net.read("core1/system/sysName")
        with net.begin() as group:
            for name in NAMES:
                group.read(f"{name}/system/sysName")
        return [first.value] + sorted([entry.value async for entry in group])

    assert asyncio.run(main()) == ["core1", "core1", "core2", "edge1"]


def test_queue_gets_one_call_for_a_batch(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    calls: queue.Queue[Any] = queue.Queue()
    net.dispatch_to(calls)
    log = Log()
    with net.begin() as group:
        for name in NAMES * 20:
            group.fetch(f"{name}/system/sysName", log)
    got = 0
    while len(log.entries) < 60:
        calls.get(timeout=2)()
        got += 1
    assert got < 30


def test_callable_is_given_what_to_call(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    done = threading.Event()
    net.dispatch_to(lambda run: run())
    with net.begin() as group:
        group.read("core1/system/sysName", lambda delayed, entry: done.set())
    assert done.wait(2)


def test_what_cannot_be_dispatched_to_is_named(net: aeiou.Attachment) -> None:
    with pytest.raises(TypeError, match="42 is nothing to dispatch to"):
        net.dispatch_to(42)


def test_everything_public_is_said_to_be() -> None:
    for name in aeiou.__all__:
        thing = getattr(aeiou, name)
        assert not isinstance(thing, type) or thing.__doc__, name


def test_end_of_a_watch_is_told_beside_changes_that_were_not_taken(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    log = Log()
    group = net.begin()
    group.watch("core1/system/sysName", log)
    group.end()
    deadline = time.monotonic() + 2
    while not daemon.completions and time.monotonic() < deadline:
        time.sleep(0.01)
    daemon.set("core1/system/sysName", "second")
    daemon.set("core1/system/sysName", "third")
    group.cancel()
    assert group.wait(2)
    assert [value for _, value, _ in log.entries] in (["third", "(cancelled)"], ["(cancelled)"])
    assert group.progress().pending == 0


def test_changes_that_are_not_taken_do_not_pile_up(daemon: FakeDaemon) -> None:
    with aeiou.attach(daemon.socket, geometry=aeiou.Geometry(4, 256, 128, 0)) as net:
        log = Log()
        group = net.begin()
        group.watch("core1/system/sysName", log)
        group.end()
        assert pump(net, lambda: bool(log.entries), 2)
        for i in range(5000):
            daemon.set("core1/system/sysName", f"value {i}")
        assert pump(net, lambda: log.entries[-1][1] == "value 4999", 2)
        assert len(log.entries) == 2
        assert net.read("core1/system/sysName").result(1).value == "value 4999"


def test_chain_goes_from_a_listing_to_its_values(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    log = Log()
    with net.begin() as group:
        group.chain([aeiou.list_names("").stop_on_error(), aeiou.each("{}/system/sysName")], log)
    assert group.wait(2)
    assert [value for _, value, _ in log.entries] == [
        "core1/\0core2/\0edge1/\0",
        "core1\0core1\0core2\0core2\0edge1\0edge1\0",
    ]
    assert daemon.asked == [f"{name}/system/sysName" for name in NAMES]


def test_chain_uses_the_value_before_and_stops_where_it_is_told(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    daemon.set("which", "edge1")
    daemon.set("none", "0")
    log = Log()
    with net.begin() as group:
        group.chain([aeiou.read("which"), aeiou.read("{}/system/sysName")], log)
        group.chain([aeiou.read("none").stop_on_zero(), aeiou.read("which"), aeiou.read("which")], log)
        group.chain([aeiou.read("nowhere").stop_on_error(), aeiou.read("which")], log)
        group.chain([aeiou.read("nowhere"), aeiou.read("which").stop_on_nonzero(), aeiou.read("which")], log)
    assert group.wait(2)
    assert [value for _, value, _ in log.entries] == [
        *("edge1", "edge1"),
        *("0", "(cancelled)", "(cancelled)"),
        *("(unknown name)", "(cancelled)"),
        *("(unknown name)", "edge1", "(cancelled)"),
    ]


def test_cancelled_chain_ends_each_step_once(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    daemon.hold("core1/system/sysName")
    log = Log()
    with net.begin() as group:
        group.chain([aeiou.read("core1/system/sysName"), aeiou.read("core2/system/sysName")], log)
    assert not group.wait(0.1)
    group.cancel()
    assert group.wait(2)
    daemon.release("core1/system/sysName")
    assert [value for _, value, _ in log.entries] == ["(cancelled)"] * 2


def test_stat_shows_what_the_file_would(net: aeiou.Attachment) -> None:
    seen: List[aeiou.Entry] = []
    net.read("core1/system/sysName").result(2)
    with net.begin() as group:
        for path in ("core1/system/sysName", "core1/system", "nowhere"):
            group.stat(path, lambda delayed, entry: seen.append(entry))
    assert group.wait(2)
    assert (oct(seen[0].stat.st_mode), seen[0].stat.st_size) == ("0o100444", len("core1\n"))
    assert oct(seen[1].stat.st_mode) == "0o40555"
    assert seen[2].reason == "unknown name"
