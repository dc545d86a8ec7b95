"""What an entry tells of its outcome."""

from __future__ import annotations

import copy
import os
import pickle
import time
from typing import Any, Iterator, List

import pytest

import aeiou
from aeiou._entry import Entry
from aeiou.testing import FakeDaemon

PATH = "core1/interfaces/eth0/ifInOctets"


@pytest.fixture
def daemon() -> Iterator[FakeDaemon]:
    with FakeDaemon({PATH: "2419521860", "core1/interfaces/eth0/ifOperStatus": "up"}) as fake:
        yield fake


@pytest.fixture
def net(daemon: FakeDaemon) -> Iterator[aeiou.Attachment]:
    with aeiou.attach(daemon.socket) as attached:
        yield attached


def reading(value: str) -> Entry:
    far = time.monotonic_ns() + 5_000_000_000
    return Entry("core1/a", "", value.encode(), 1.0, 1.0, far, far)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("42", 42),
        ("-7", -7),
        ("18446744073709551615", 18446744073709551615),
        ("21.5", 21.5),
        ("-1.25e3", -1250.0),
        ("up", None),
        ("", None),
        ("1_000", None),
        (" 42", None),
        ("42\n", None),
        ("٤٢", None),
        ("nan", None),
        ("infinity", None),
        ("0x2a", None),
        ("12:30", None),
        ("9" * 5000, None),
    ],
)
def test_number_is_what_the_value_says_and_none_if_it_says_something_else(value: str, number: Any) -> None:
    found = reading(value).number
    assert (found, type(found)) == (number, type(number))


def test_failure_has_no_number_and_says_so(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    daemon.fail(PATH, "timeout")
    with pytest.raises(TimeoutError):
        net.read(PATH).result(2).number


def test_value_is_there_as_octets_too() -> None:
    entry = Entry("core1/a", "", b"\xff\x00raw", 1.0, 1.0, 0, 0)
    assert (bytes(entry), entry.value) == (b"\xff\x00raw", "\ufffd\x00raw")
    with pytest.raises(aeiou.Absent):
        bytes(Entry("core1/a", "absent", b"", 0, 0, 0, 0))


def test_ttl_is_how_long_the_reading_stays_fresh(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    daemon.cache(PATH, age=20)
    cached = net.cached(PATH)
    assert cached is not None and 39 < cached.ttl <= 40 and not cached.stale
    daemon.cache(PATH, age=70)
    cached = net.cached(PATH)
    assert cached is not None and cached.ttl == 0 and cached.stale
    assert Entry("core1/a", "timeout", b"", 0, 0, 1 << 62, 1 << 62).ttl == 0


# Describing.


def test_describing_tells_the_number_on_the_wire_and_what_it_means(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    status = "core1/interfaces/eth0/ifOperStatus"
    daemon.describe(status, raw=1, oid="1.3.6.1.2.1.2.2.1.8.500", type="INTEGER")
    daemon.describe(PATH, raw=2419521860, oid="1.3.6.1.2.1.2.2.1.10.500", type="Counter32", units="octets")
    entry = net.describe(status).result(2)
    assert (entry.value, entry.raw, entry.number) == ("up", 1, None)
    assert (entry.oid, entry.type, entry.units) == ("1.3.6.1.2.1.2.2.1.8.500", "INTEGER", None)
    got: List[aeiou.Entry] = []
    with net.begin() as group:
        group.describe(PATH, lambda delayed, entry: got.append(entry), "context")
    assert group.wait(2)
    assert (got[0].raw, got[0].number, got[0].units, got[0].context) == (2419521860, 2419521860, "octets", "context")
    assert 59 < got[0].ttl <= 60 and not got[0].stale and got[0].taken > 0


def test_octets_and_identifiers_are_described_as_what_they_are(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    daemon.set("core1/system/sysName", "core1")
    daemon.set("core1/system/sysObjectID", "1.3.6.1.4.1.9")
    daemon.describe("core1/system/sysName", raw=b"core1")
    daemon.describe("core1/system/sysObjectID", raw="1.3.6.1.4.1.9")
    assert net.describe("core1/system/sysName").result(2).raw == b"core1"
    assert net.describe("core1/system/sysObjectID").result(2).raw == "1.3.6.1.4.1.9"


def test_what_cannot_be_read_cannot_be_described(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    daemon.fail(PATH, "absent")
    assert net.describe(PATH).result(2).reason == "absent"
    assert net.describe("core1/interfaces").result(2).reason == "is a directory"


@pytest.mark.parametrize("reason", ["bad request", "bad answer"])
def test_daemon_that_cannot_describe_is_said_to_be_too_old(
    daemon: FakeDaemon, net: aeiou.Attachment, reason: str
) -> None:
    daemon.fail(PATH, reason, "operation 8 is not known")
    entry = net.describe(PATH).result(2)
    assert entry.message == "this daemon cannot describe (operation 8 is not known); use a newer one"


def test_reading_that_was_not_described_says_nothing_of_it(net: aeiou.Attachment) -> None:
    entry = net.read(PATH).result(2)
    assert (entry.raw, entry.oid, entry.type, entry.units) == (None,) * 4


# Listings and the like.


def test_every_way_to_list_has_the_same_names(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    daemon.set("core1/.health", "up")
    seen: List[Any] = [net.list("core1"), net.listing("core1").result(2).names]

    def steps() -> aeiou.Steps:
        seen.append((yield aeiou.list_names("core1")).names)

    with net.begin() as group:
        group.list("core1", lambda delayed, entry: seen.append(entry.names))
        group.run(steps())
    assert group.wait(2)
    assert seen == [["interfaces", ".health"]] * 4
    assert net.listing("core1").result(2).kinds == {"interfaces": "directory", ".health": "attribute"}


def test_entry_of_another_kind_is_refused_with_what_to_ask(net: aeiou.Attachment) -> None:
    entry = net.read(PATH).result(2)
    for what, message in (
        ("names", r"is no listing; ask for one with net.list\(\)"),
        ("kinds", r"is no listing; ask for one with net.list\(\)"),
        ("stat", r"is no stat; ask for one with group.stat\(\)"),
        ("table", r"no values by name; a chain's aeiou.each\(\) has them"),
    ):
        with pytest.raises(ValueError, match=message):
            getattr(entry, what)


def test_entry_can_be_copied_and_sent_to_another_process(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    daemon.describe(PATH, raw=1, type="Counter32")
    for original in (net.read(PATH).result(2), net.describe(PATH).result(2)):
        for same in (pickle.loads(pickle.dumps(original)), copy.copy(original), copy.deepcopy(original)):
            assert (same.path, same.value, same.raw, same.taken) == (PATH, "2419521860", original.raw, original.taken)


# As a person sees it.


def test_entry_shows_its_value_safely_and_in_short(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    daemon.set("core1/system/sysDescr", "IOS\x1b[2J" + "x" * 100)
    assert repr(net.read(PATH).result(2)) == f"<Entry {PATH}: '2419521860'>"
    shown = repr(net.read("core1/system/sysDescr").result(2))
    assert shown.isprintable() and len(shown) < 120 and shown.endswith("…'>")
    daemon.fail(PATH, "timeout")
    assert repr(net.begin().fetch) and str(net.read("nowhere").result(2)) == "(unknown name)"
    daemon.cache("core1/interfaces/eth0/ifOperStatus", age=70)
    assert repr(net.cached("core1/interfaces/eth0/ifOperStatus")).endswith("'up' stale>")


def test_what_a_person_looks_at_says_what_it_is(daemon: FakeDaemon) -> None:
    daemon.hold(PATH)
    with aeiou.attach(daemon.socket, reconnect=True) as net:
        assert repr(net) == f"<Attachment {daemon.socket}: connected>"
        with net.begin("a table") as group:
            group.fetch(PATH)
        assert repr(group) == "<Group 1 of 'a table': 1 submitted, 1 pending>"
        reply = net.read(PATH)
        assert repr(reply) == f"<Reply {PATH}: pending>"
        daemon.release(PATH)
        assert reply.result(2).ok
        assert repr(reply) == f"<Reply <Entry {PATH}: '2419521860'>>"
        assert repr(daemon) == f"<FakeDaemon {daemon.socket}: 1 attached>"
        daemon.stop()
        assert not net.connected and "waiting for it" in repr(net)
        assert repr(daemon) == f"<FakeDaemon {daemon.socket}: stopped>"
    assert repr(net) == f"<Attachment {daemon.socket}: this attachment was closed>"
    assert os.path.exists("/proc")
