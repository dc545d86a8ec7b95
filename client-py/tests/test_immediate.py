"""What the value table has is answered inside the call: stats, listings, descriptions, absences."""

from __future__ import annotations

import copy
import pickle
import random
import stat
import time
from typing import Any, Callable, Iterator, List, Tuple

import pytest

import aeiou
from aeiou import _layout as layout
from aeiou._table import Table
from aeiou.testing import FakeDaemon
from aeiou.testing._table import Answer, FakeTable, packed
from conftest import connection, pump

PATH = "core1/interfaces/eth0/ifInOctets"
STATUS = "core1/interfaces/eth0/ifOperStatus"
ROW = "core1/interfaces/eth0"
VALUES = {PATH: "2419521860", STATUS: "up", "core1/system/sysName": "core1", "core2/system/sysName": "core2"}

Log = List[Tuple[bool, aeiou.Entry]]


@pytest.fixture
def daemon() -> Iterator[FakeDaemon]:
    with FakeDaemon(VALUES) as fake:
        yield fake


@pytest.fixture
def net(daemon: FakeDaemon) -> Iterator[aeiou.Attachment]:
    with aeiou.attach(daemon.socket) as attached:
        yield attached


def ask(net: aeiou.Attachment, ways: Callable[[aeiou.Group, Any], Any]) -> Log:
    """What closures are told, by a group that ends and has all its outcomes."""
    log: Log = []
    with net.begin() as group:
        ways(group, lambda delayed, entry: log.append((delayed, entry)))
    assert group.wait(2)
    return log


WAYS = {
    "stat": lambda group, closure: group.stat(PATH, closure),
    "stat of a directory": lambda group, closure: group.stat(ROW, closure),
    "list": lambda group, closure: group.list(ROW, closure),
    "list of the root": lambda group, closure: group.list("/", closure),
    "describe": lambda group, closure: group.describe(PATH, closure),
    "absence": lambda group, closure: group.read("core1/system/sysContact", closure),
    "description of what is absent": lambda group, closure: group.read("core1/system/sysContact", closure),
    "read of a directory": lambda group, closure: group.read(ROW, closure),
    "list of a file": lambda group, closure: group.list(PATH, closure),
    "unknown name": lambda group, closure: group.read("core1/nowhere", closure),
    "unknown name, by stat": lambda group, closure: group.stat("core1/nowhere", closure),
    "unknown name, by list": lambda group, closure: group.list("core1/nowhere", closure),
}


@pytest.mark.parametrize("way", WAYS)
def test_miss_is_delayed_and_what_was_asked_before_is_answered_inside_the_call(
    daemon: FakeDaemon, net: aeiou.Attachment, way: str
) -> None:
    daemon.set("core1/system/sysContact", "")
    daemon.fail("core1/system/sysContact", "absent")
    ((delayed, first),) = ask(net, WAYS[way])
    assert delayed
    before = daemon.completions
    log: Log = []
    group = net.begin()
    WAYS[way](group, lambda delayed, entry: log.append((delayed, entry)))
    ((delayed, entry),) = log
    assert not delayed and daemon.completions == before
    assert group.progress()[:4] == (1, 1, 0, 0)
    assert (entry.path, entry.reason, entry.message) == (first.path, first.reason, first.message)
    assert entry.reason or len(bytes(entry)) == 64 or bytes(entry) == bytes(first)
    assert group.progress().failed == (1 if entry.reason not in ("", "absent") else 0)


def test_answers_of_the_table_are_those_of_the_daemon(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    daemon.describe(PATH, raw=2419521860, oid="1.3.6.1.2.1.2.2.1.10.500", type="Counter32", units="octets")

    def ways(group: aeiou.Group, closure: Any) -> None:
        for path in ("", "core1", ROW, PATH, "core1/nowhere"):
            group.list(path, closure)
            group.stat(path, closure)
            group.describe(path, closure)

    net.read(PATH).result(2)
    delayed, immediate = ask(net, ways), ask(net, ways)
    assert [was for was, _ in immediate] == [False] * 15

    def told(log: Log) -> List[Tuple[str, Any]]:
        # But for the times: the fake says of what has none that it is of now.
        return sorted(
            (entry.path, str(entry.reason or (entry.stat[:4] if len(bytes(entry)) == 64 else bytes(entry))))
            for _, entry in log
        )

    assert told(immediate) == told(delayed)
    (described,) = [entry for _, entry in immediate if entry.ok and entry.raw is not None]
    assert (described.raw, described.units, described.value) == (2419521860, "octets", "2419521860")


def test_contexts_come_back_with_all_that_an_entry_has(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    daemon.describe(PATH, raw=1)

    def ways(group: aeiou.Group, closure: Any) -> None:
        group.list(ROW, closure, "context")
        group.stat(PATH, closure, "context")
        group.describe(PATH, closure, "context")

    for expected in (True, False):
        log = ask(net, ways)
        assert [(delayed, entry.context) for delayed, entry in log] == [(expected, "context")] * 3
        entries = [entry for _, entry in log]
        assert entries[0].names == ["ifInOctets", "ifOperStatus"]
        assert stat.S_ISREG(entries[1].stat.st_mode)
        assert entries[2].raw == 1
        for entry in entries:
            for same in (pickle.loads(pickle.dumps(entry)), copy.copy(entry)):
                assert bytes(same) == bytes(entry) and repr(same) == repr(entry)


def test_file_that_nothing_was_read_of_is_found_in_the_listing_of_its_directory(
    daemon: FakeDaemon, net: aeiou.Attachment
) -> None:
    net.list(ROW)
    before = daemon.completions
    for path in (PATH, f"/{STATUS}/"):
        log = ask(net, lambda group, closure: group.stat(path, closure))
        assert [(delayed, entry.path, entry.stat.st_size) for delayed, entry in log] == [(False, path, 4096)]
        assert oct(log[0][1].stat.st_mode) == "0o100444" and log[0][1].stat.st_nlink == 1
    assert daemon.completions == before
    # What is not in it may be there all the same.
    ((delayed, entry),) = ask(net, lambda group, closure: group.stat(ROW + "/ifAlias", closure))
    assert delayed and entry.reason == "unknown name"


def test_file_is_as_long_as_its_value_as_soon_as_that_was_read(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    net.list(ROW)
    assert net.list(ROW) == ["ifInOctets", "ifOperStatus"]
    sizes = []
    for _ in range(2):
        ((delayed, entry),) = ask(net, lambda group, closure: group.stat(PATH, closure))
        sizes.append((delayed, entry.stat.st_size))
        net.read(PATH).result(2)
    assert sizes == [(False, 4096), (False, 11)]


def test_names_that_come_and_go_are_seen_at_once(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    assert net.list(ROW) == ["ifInOctets", "ifOperStatus"]
    assert net.read(ROW + "/ifAlias").result(2).reason == "unknown name"
    daemon.set(ROW + "/ifAlias", "uplink")
    assert net.list(ROW) == ["ifInOctets", "ifOperStatus", "ifAlias"]
    assert net.read(ROW + "/ifAlias").result(2).value == "uplink"
    daemon.remove(ROW)
    assert net.listing(ROW).result(2).reason == "unknown name"
    assert net.list("core1") == ["system"]


def test_absence_ends_when_there_is_a_value(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    daemon.fail(PATH, "absent")
    assert net.read(PATH).result(2).reason == "absent"
    assert ask(net, lambda group, closure: group.read(PATH, closure))[0][0] is False
    daemon.set(PATH, "1")
    assert net.read(PATH).result(2).value == "1"


def test_bursts_tell_absences_and_directories_in_their_turn(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    daemon.fail(STATUS, "absent")
    net.read(STATUS).result(2)
    net.list(ROW)
    log: Log = []
    paths = ["core1/system/sysName", STATUS, ROW, "core2/system/sysName", STATUS]
    with net.begin() as group:
        assert group.read_many(paths, lambda delayed, entry: log.append((delayed, entry)), range(5)) == (5, None)
    assert group.wait(2)
    assert [(delayed, str(entry), entry.context) for delayed, entry in log] == [
        (False, "(absent)", 1),
        (False, "(is a directory)", 2),
        (False, "(absent)", 4),
        (True, "core1", 0),
        (True, "core2", 3),
    ]
    assert group.progress().failed == 1


def test_generator_goes_straight_through_what_the_table_has(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    seen: List[Any] = []

    def steps() -> aeiou.Steps:
        for name in (yield aeiou.list_names(ROW)).names:
            seen.append((name, (yield aeiou.read(f"{ROW}/{name}")).value))

    group = net.begin()
    group.run(steps())
    group.end()
    assert group.wait(2)
    assert seen == [("ifInOctets", "2419521860"), ("ifOperStatus", "up")]
    before = daemon.completions
    net.begin().run(steps())
    assert len(seen) == 4 and daemon.completions == before


def test_only_readings_are_cached_values(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    daemon.fail(PATH, "absent")
    log: Log = []
    group = net.begin()
    group.end()
    for path in (PATH, "nowhere"):
        net.read(path).result(2)
        assert net.cached(path) is None
        # That it is absent, or unknown, is known all the same.
        assert group.cached(path, lambda delayed, entry: log.append((delayed, entry)), "context")
    assert [(delayed, entry.reason, entry.context) for delayed, entry in log] == [
        (False, "absent", "context"),
        (False, "unknown name", "context"),
    ]
    assert group.progress()[:5] == (2, 2, 0, 0, 1)
    before = daemon.completions
    net.prefetch([PATH, "nowhere"])
    assert not pump(net, lambda: daemon.completions != before, 0.03)


# Staleness.


def until(done: Callable[[], Any]) -> None:
    end = time.monotonic() + 5
    while not done():
        assert time.monotonic() < end
        time.sleep(0.002)


def test_stale_listing_is_served_and_asked_for_once_and_stat_asks_for_nothing(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    daemon.cache(ROW, age=70)
    group = net.begin()
    log: Log = []
    before = daemon.completions
    # A stat never asks for anything, as that would ask the system.
    for path in (PATH, STATUS, ROW):
        group.stat(path, lambda delayed, entry: log.append((delayed, entry)))
    group.end()
    assert not pump(net, lambda: daemon.completions != before, 0.03)
    for _ in range(3):
        group.list(ROW, lambda delayed, entry: log.append((delayed, entry)))
    assert [delayed for delayed, _ in log] == [False] * 6
    assert group.progress().stale >= 4
    until(lambda: daemon.completions > before)
    until(lambda: not net.listing(ROW).result(0).stale)
    assert daemon.completions == before + 1


def test_what_is_stale_is_asked_for_while_all_pages_of_the_program_wait(daemon: FakeDaemon) -> None:
    daemon.hold(PATH)
    for geometry in (aeiou.Geometry(16, 256, 128, 0), aeiou.Geometry(32, 256, 128, 1 << 16)):
        daemon.cache(STATUS, age=70)
        with aeiou.attach(daemon.socket, geometry=geometry) as net:
            with net.begin() as group:
                for _ in range(40):
                    group.fetch(PATH)
            assert not group.wait(0.02)
            assert net.read(STATUS).result(0).stale
            until(lambda: not net.read(STATUS).result(0).stale)
            free = connection(net).submissions.pages
            assert free == geometry.pages - geometry.pages // 16


def test_asking_anew_takes_no_page_that_a_program_waits_for(daemon: FakeDaemon) -> None:
    daemon.cache(STATUS, age=70)
    daemon.hold(STATUS)
    with aeiou.attach(daemon.socket, geometry=aeiou.Geometry(2, 256, 128, 0)) as net:
        assert net.read(STATUS).result(0).stale
        assert net.read(PATH).result(2).ok
        assert daemon.asked == [PATH]


def test_more_stale_values_than_are_asked_for_together_are_all_served(daemon: FakeDaemon) -> None:
    paths = [f"core{i}/system/sysName" for i in range(100)]
    for path in paths:
        daemon.set(path, "x")
        daemon.cache(path, age=70)
    with aeiou.attach(daemon.socket, geometry=aeiou.Geometry(64, 256, 128, 0)) as net:
        group = net.begin()
        log: Log = []
        for path in paths:
            assert group.read(path, lambda delayed, entry: log.append((delayed, entry)))
        assert len(log) == group.progress().stale == 100

        def refreshed() -> bool:
            return not any([net.read(path).result(0).stale for path in paths])

        until(refreshed)
        assert sorted(daemon.asked) == sorted(paths)


def test_what_is_cached_only_is_not_asked_for(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    daemon.cache(PATH, age=70)
    before = daemon.completions
    group = net.begin()
    assert group.cached(PATH) and net.cached(PATH)
    group.end()
    assert not pump(net, lambda: daemon.completions != before, 0.05)


# Memory that is written over, or wrong.


def table_of(answers: List[Tuple[str, Answer]]) -> Tuple[FakeTable, Table]:
    written = FakeTable(1, 60_000_000_000)
    for path, answer in answers:
        written.publish(path, answer)
    return written, Table(written.file.memory)


def test_what_was_made_of_a_slot_is_kept_until_it_changes() -> None:
    written = FakeTable(1, 60_000_000_000)
    written.publish("a", written.listing("a", ["x", "y/"]))
    table = Table(written.file.memory)
    first = table.find("a", layout.LIST)
    assert first is not None and table.find("a", layout.LIST) is first
    assert first.names == ["x", "y"] and first.kinds == {"x": "attribute", "y": "directory"}
    first.names.clear()
    assert first.names == ["x", "y"] and bytes(first) == b"x\0y/\0"
    stated = table.find("a/x", layout.STAT)
    assert stated is not None and table.find("a/x", layout.STAT) is stated
    assert table.find("a/y", layout.STAT) is None and table.find("a/z", layout.STAT) is None
    written.publish("a", written.listing("a", ["x"]))
    again = table.find("a", layout.LIST)
    assert again is not None and again.names == ["x"]
    table.close()
    written.file.close()


def test_listing_finds_each_of_many_names() -> None:
    names = [f"größe{i}" for i in range(3000)]
    written = FakeTable(1, 60_000_000_000)
    written.publish("sys/tab", written.listing("sys/tab", names))
    table = Table(written.file.memory)
    listed = table.find("sys/tab", layout.LIST)
    assert listed is not None and listed.names == names
    for name in names:
        entry = table.find(f"sys/tab/{name}", layout.STAT)
        assert entry is not None and entry.stat.st_size == 4096
    table.close()
    written.file.close()


def test_nonsense_in_a_listing_is_nothing() -> None:
    chance = random.Random(1)
    plain = packed(["x", "y"], ["a/x", "a/y"], b"\2\2", 0o100444, 1)
    for _ in range(300):
        value = bytearray(plain)
        for _ in range(chance.randrange(1, 6)):
            value[chance.randrange(len(value))] = chance.choice((0, 1, 255, chance.randrange(256)))
        written, table = table_of([("a", Answer(layout.LISTING, plain, 0o40555, 2))])
        begin = written.file.words[layout.TABLE_DATA // 8] + 8
        written.file.bytes[begin : begin + len(value)] = value
        for path in ("a/x", "a/y", "a/z"):
            table.find(path, layout.STAT)
        entry = table.find("a", layout.LIST)
        if entry is not None:
            assert isinstance(entry.names, list) and isinstance(entry.kinds, dict) and isinstance(bytes(entry), bytes)
        table.close()
        written.file.close()


def test_slot_of_an_older_daemon_answers_reads_only() -> None:
    written, table = table_of([("a/x", Answer(layout.READING, b"1", 0))])
    reading = table.find("a/x")
    assert reading is not None and reading.value == "1"
    assert table.find("a/x", layout.STAT) is None and table.find("a/x", layout.DESCRIBE) is None
    table.close()
    written.file.close()


def test_key_of_a_description_is_no_path(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    net.describe(PATH).result(2)
    assert net.cached(PATH + "\0") is None
    assert net.read(PATH + "\0").result(2).reason == "unknown name"
