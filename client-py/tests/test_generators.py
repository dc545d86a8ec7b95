"""Generator closures: what they may yield, and what comes back."""

from __future__ import annotations

import queue
import threading
from typing import Any, Iterator, List

import pytest

from conftest import pump

import aeiou
from aeiou.testing import FakeDaemon

VALUES = {
    "core1/system/sysName": "core1",
    "core1/system/sysUpTime": "4711",
    "core1/interfaces/eth0/ifOperStatus": "up",
    "core1/interfaces/eth1/ifOperStatus": "down",
}
NAME, UP_TIME = "core1/system/sysName", "core1/system/sysUpTime"
ADMIN = "core1/interfaces/eth0/ifOperStatus"


@pytest.fixture
def daemon() -> Iterator[FakeDaemon]:
    with FakeDaemon(VALUES) as fake:
        yield fake


@pytest.fixture
def net(daemon: FakeDaemon) -> Iterator[aeiou.Attachment]:
    def fail(error: BaseException, entry: aeiou.Entry) -> None:
        pytest.fail(f"reported: {error}")

    with aeiou.attach(daemon.socket, on_error=fail) as attached:
        yield attached


def run(net: aeiou.Attachment, steps: aeiou.Steps) -> Any:
    """Runs a generator closure, and gives what it returns."""
    results: List[Any] = []

    def outer() -> aeiou.Steps:
        results.append((yield steps))

    with net.begin() as group:
        group.run(outer())
    assert group.wait(5)
    assert group.progress().pending == 0
    return results[0]


def test_each_kind_of_want_brings_what_its_request_brings(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    daemon.describe(UP_TIME, raw=4711, units="ticks", type="TimeTicks", oid="1.3.6.1.2.1.1.3.0")

    def steps() -> aeiou.Steps:
        read = yield aeiou.read(NAME)
        daemon.set(NAME, "renamed")
        fetched = yield aeiou.fetch(NAME)
        stat = yield aeiou.stat(NAME)
        names = yield aeiou.list_names("core1")
        described = yield aeiou.describe(UP_TIME)
        grouped = yield aeiou.read_group("core1/system")
        return [
            *(read.value, fetched.value, stat.stat.st_size, names.names, described.raw, described.units),
            grouped.readings["sysUpTime"],
        ]

    expected = ["core1", "renamed", len("renamed") + 1, ["system", "interfaces"], 4711, "ticks", "4711"]
    assert run(net, steps()) == expected


def test_fetch_asks_whatever_is_cached(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    daemon.cache(NAME)

    def steps() -> aeiou.Steps:
        yield aeiou.read(NAME)
        yield aeiou.fetch(NAME)

    run(net, steps())
    assert daemon.asked == [NAME]


def test_list_is_asked_for_all_at_once_and_comes_back_in_order(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    daemon.hold(NAME)
    daemon.cache(UP_TIME)
    got: List[Any] = []

    def steps() -> aeiou.Steps:
        wanted = [aeiou.read(NAME), aeiou.list_names("core1/interfaces"), aeiou.read(UP_TIME), aeiou.stat(ADMIN)]
        got.extend((yield wanted))

    with net.begin() as group:
        group.run(steps())
        assert group.progress()[:3] == (4, 1, 3), "all are asked for before any has its outcome"
    assert pump(net, lambda: group.progress().pending == 1, 2) and not got
    daemon.release(NAME)
    assert group.wait(2)
    name, names, up_time, stat = got
    assert (name.value, names.names, up_time.value) == ("core1", ["eth0", "eth1"], "4711")
    assert stat.ok and name.context is None


def test_list_of_what_is_cached_or_of_nothing_comes_back_inside_the_call(
    daemon: FakeDaemon, net: aeiou.Attachment
) -> None:
    daemon.cache(NAME)
    daemon.cache(UP_TIME)
    got: List[Any] = []

    def steps() -> aeiou.Steps:
        got.append((yield []))
        entries = yield (aeiou.read(NAME), aeiou.read(UP_TIME))
        got.append([entry.value for entry in entries])

    group = net.begin()
    group.run(steps())
    assert got == [[], ["core1", "4711"]]
    assert group.progress()[:3] == (2, 2, 0)


def test_generator_that_is_yielded_runs_and_what_it_returns_comes_back(net: aeiou.Attachment) -> None:
    def status(row: str) -> aeiou.Steps:
        entry = yield aeiou.read(f"core1/interfaces/{row}/ifOperStatus")
        return f"{row} is {entry.value}"

    def steps() -> aeiou.Steps:
        first = yield status("eth0")
        return [first, *(yield [status("eth1"), aeiou.read(NAME), [aeiou.read(UP_TIME), status("eth0")]])]

    first, second, name, (up_time, again) = run(net, steps())
    assert (first, second, name.value, up_time.value, again) == (
        "eth0 is up", "eth1 is down", "core1", "4711", "eth0 is up"
    )  # fmt: skip


def test_what_a_generator_raises_is_raised_where_it_was_yielded(net: aeiou.Attachment) -> None:
    ends: List[str] = []

    def fails(after: str) -> aeiou.Steps:
        yield aeiou.read(after)
        raise KeyError(after)

    def goes_on() -> aeiou.Steps:
        for _ in range(3):
            yield aeiou.fetch(UP_TIME)
        ends.append("went on")

    def steps() -> aeiou.Steps:
        with pytest.raises(KeyError, match=NAME):
            yield fails(NAME)
        with pytest.raises(KeyError):
            yield [goes_on(), fails(NAME), goes_on()]
        assert ends == ["went on", "went on"], "the others of a list run to their ends"
        with pytest.raises(aeiou.NameTooLong):
            yield [aeiou.read(NAME), aeiou.read("x" * 300)]
        with pytest.raises(aeiou.NameTooLong):
            yield [aeiou.stat(NAME), aeiou.stat("x" * 300), goes_on()]
        return "end"

    assert run(net, steps()) == "end"


def test_error_of_the_outermost_generator_is_reported_once(daemon: FakeDaemon) -> None:
    errors: List[Any] = []

    def inner() -> aeiou.Steps:
        entry = yield aeiou.read("core1/system/nope")
        return entry.value

    def steps() -> aeiou.Steps:
        yield [inner()]

    with aeiou.attach(daemon.socket, on_error=lambda e, entry: errors.append((type(e), entry.path))) as net:
        with net.begin() as group:
            group.run(steps())
        assert group.wait(2)
    assert errors == [(aeiou.UnknownName, "core1/system/nope")]


def test_generator_that_runs_already_is_refused(net: aeiou.Attachment) -> None:
    def inner() -> aeiou.Steps:
        return (yield aeiou.read(NAME))

    def steps() -> aeiou.Steps:
        with pytest.raises(TypeError, match="runs already; call its function again"):
            yield outer
        twice = inner()
        with pytest.raises(TypeError, match="runs already"):
            yield [twice, twice]
        return "end"

    outer = steps()
    assert run(net, outer) == "end"


@pytest.mark.parametrize("in_a_list", [False, True], ids=["alone", "in a list"])
@pytest.mark.parametrize("cached", [False, True], ids=["cold", "cached"])
def test_generators_may_wait_for_each_other_deeper_than_calls(
    daemon: FakeDaemon, net: aeiou.Attachment, in_a_list: bool, cached: bool
) -> None:
    if cached:
        daemon.cache(NAME)

    def down(depth: int) -> aeiou.Steps:
        if depth == 0:
            return (yield aeiou.read(NAME)).value
        result = yield [down(depth - 1)] if in_a_list else down(depth - 1)
        return result[0] if in_a_list else result

    assert run(net, down(5000)) == "core1"


def test_ten_thousand_generators_beside_each_other_are_one_burst(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    def one(i: int) -> aeiou.Steps:
        entry = yield aeiou.fetch(NAME if i % 2 else UP_TIME)
        return entry.value

    def all_of_them() -> aeiou.Steps:
        return (yield [one(i) for i in range(10_000)])

    assert run(net, all_of_them()) == ["4711", "core1"] * 5_000


def test_generators_go_on_while_a_loop_on_another_thread_brings_outcomes(daemon: FakeDaemon) -> None:
    loop: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def turn() -> None:
        while True:
            call = loop.get()
            if call is None:
                return
            call()

    thread = threading.Thread(target=turn)
    thread.start()
    done = threading.Event()
    got: List[str] = []

    def one(i: int) -> aeiou.Steps:
        entry, names = yield [aeiou.fetch(NAME), aeiou.list_names("core1")]
        return f"{entry.value} {len(names.names)}"

    def steps() -> aeiou.Steps:
        got.extend((yield [one(i) for i in range(2_000)]))
        done.set()

    with aeiou.attach(daemon.socket) as net:
        net.dispatch_to(loop)
        group = net.begin()
        group.end()
        group.run(steps())
        assert done.wait(20)
        net.dispatch_to(None)
    loop.put(None)
    thread.join()
    assert got == ["core1 2"] * 2_000


def test_cancelled_wants_come_back_as_cancelled(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    daemon.hold(NAME)
    daemon.hold(UP_TIME)
    reasons: List[str] = []

    def steps() -> aeiou.Steps:
        reasons.extend(entry.reason for entry in (yield [aeiou.read(NAME), aeiou.read(UP_TIME)]))

    with net.begin() as group:
        group.run(steps())
    assert group.cancel().result(2).reason == "cancelled"
    assert group.wait(2)
    assert reasons == ["cancelled", "cancelled"]
