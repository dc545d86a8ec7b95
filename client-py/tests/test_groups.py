"""Group reads: many values as one request, taken apart by name."""

from __future__ import annotations

import asyncio
import random
import time
from typing import Any, Dict, Iterator, List

import pytest

import aeiou
from aeiou import _layout as layout
from aeiou._entry import Entry
from aeiou._grouped import grouped, path_of
from aeiou.testing import FakeDaemon
from aeiou.testing._groups import packed

from test_golden import load

VALUES = {
    "core1/system/sysName": "core1",
    "core1/system/sysUpTime": "4711",
    "core1/interfaces/eth0/ifOperStatus": "up",
    "core1/interfaces/eth0/ifAlias": "",
    "core1/interfaces/Gerät 1/ifOperStatus": "down",
    "core1/interfaces/Gerät 1/ifAlias": "to Köln",
}


@pytest.fixture
def daemon() -> Iterator[FakeDaemon]:
    with FakeDaemon(VALUES) as fake:
        yield fake


@pytest.fixture
def net(daemon: FakeDaemon) -> Iterator[aeiou.Attachment]:
    with aeiou.attach(daemon.socket) as attached:
        yield attached


def entry_of(value: bytes, taken: float = 1.0) -> Entry:
    return grouped(Entry("core1/interfaces", "", value, taken, 0, 0, 0))


def test_group_of_scalars_is_a_mapping_by_attribute(net: aeiou.Attachment) -> None:
    readings = net.read_group("core1/system").result(2).readings
    assert dict(readings) == {"sysName": "core1", "sysUpTime": "4711"}
    assert list(readings) == ["sysName", "sysUpTime"] and len(readings) == 2
    assert list(readings.items()) == [("sysName", "core1"), ("sysUpTime", "4711")]
    assert readings.numbers == {"sysName": None, "sysUpTime": 4711}
    assert readings.kinds == {"sysName": "reading", "sysUpTime": "reading"}
    assert readings.reasons == {}
    assert all(0 <= age < 5 for age in readings.ages.values()) and len(readings.ages) == 2
    assert "sysName" in readings and readings.get("nope") is None
    with pytest.raises(KeyError):
        readings["nope"]


def test_some_attributes_and_a_row_are_groups_too(net: aeiou.Attachment) -> None:
    assert dict(net.read_group("core1/system/{sysUpTime}").result(2).readings) == {"sysUpTime": "4711"}
    assert dict(net.read_group("core1/interfaces/eth0").result(2).readings) == {"ifOperStatus": "up", "ifAlias": ""}
    assert list(net.read_group("core1/interfaces/eth0").result(2).rows) == ["eth0"]
    assert list(net.read_group("core1/system").result(2).rows) == [""]


def test_column_of_all_rows_is_a_mapping_by_row(net: aeiou.Attachment) -> None:
    entry = net.read_group("core1/interfaces/*/ifOperStatus").result(2)
    assert dict(entry.readings) == {"eth0": "up", "Gerät 1": "down"}
    assert entry.rows["eth0"]["ifOperStatus"] == "up"


def test_table_is_read_by_row_and_column(net: aeiou.Attachment) -> None:
    table = net.table("core1/interfaces")
    assert table.columns == ("ifOperStatus", "ifAlias")
    assert {row: dict(table[row]) for row in table} == {
        "eth0": {"ifOperStatus": "up", "ifAlias": ""},
        "Gerät 1": {"ifOperStatus": "down", "ifAlias": "to Köln"},
    }
    assert dict(table.column("ifAlias")) == {"eth0": "", "Gerät 1": "to Köln"}
    assert table.lists == [("up", ""), ("down", "to Köln")]
    assert table.reasons == {}
    assert dict(net.table("core1/interfaces", ["ifAlias"])["eth0"]) == {"ifAlias": ""}
    with pytest.raises(KeyError):
        table["eth7"]
    with pytest.raises(KeyError):
        table.column("nope")
    with pytest.raises(ValueError, match="this is a table; its entry's rows"):
        net.read_group("core1/interfaces").result(2).readings


def test_what_could_not_be_read_is_none_and_says_why(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    daemon.fail("core1/interfaces/eth0/ifAlias", "timeout", "no answer within 2 s")
    daemon.fail("core1/interfaces/Gerät 1/ifAlias", "absent")
    entry = net.read_group("core1/interfaces").result(2)
    assert entry.ok
    table = entry.rows
    assert table.lists == [("up", None), ("down", None)]
    assert table.reasons == {("eth0", "ifAlias"): "timeout", ("Gerät 1", "ifAlias"): "absent"}
    assert table["eth0"].reasons == {"ifAlias": "timeout"}
    assert table["eth0"].kinds == {"ifOperStatus": "reading", "ifAlias": "failure"}
    assert list(table["eth0"].ages) == ["ifOperStatus"]
    assert table["eth0"].messages == {"ifAlias": "no answer within 2 s"}
    assert table.column("ifAlias").messages == {"eth0": "no answer within 2 s"}


def test_group_fails_only_if_nothing_was_found_out(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    for name in ("sysName", "sysUpTime"):
        daemon.fail(f"core1/system/{name}", "unreachable", "does not answer")
    entry = net.read_group("core1/system").result(2)
    assert (entry.reason, entry.message) == ("unreachable", "does not answer")
    with pytest.raises(aeiou.Unreachable):
        entry.readings
    with pytest.raises(aeiou.Unreachable):
        net.table("core1/system")


def test_what_is_no_group_is_said(net: aeiou.Attachment) -> None:
    assert net.read_group("core1").result(2).reason == "bad request"
    assert net.read_group("core1/system/sysName").result(2).reason == "not a directory"
    assert net.read_group("core1/system/{nope}").result(2).message == "'system' has no attribute 'nope'"
    assert net.read_group("core2/system").result(2).reason == "unknown name"
    with pytest.raises(TypeError, match="'ifAlias' is one name"):
        net.table("core1/interfaces", "ifAlias")
    with pytest.raises(ValueError, match="no columns are wanted"):
        net.table("core1/interfaces", [])
    with pytest.raises(ValueError, match="'a,b' is no name of a column"):
        path_of("core1/interfaces", ["a,b"])
    with pytest.raises(ValueError, match="these are no values by name"):
        net.read("core1/system/sysName").result(2).readings
    with pytest.raises(ValueError, match="this has no rows"):
        net.read("core1/system/sysName").result(2).rows


def test_closures_generators_and_coroutines_read_groups(net: aeiou.Attachment) -> None:
    got: List[Any] = []
    with net.begin() as group:
        group.read_group("core1/system", lambda delayed, entry: got.append((entry.context, dict(entry.readings))), 7)

        def steps() -> aeiou.Steps:
            entry = yield aeiou.read_group("core1/system")
            got.append(entry.readings["sysName"])

        group.run(steps())
    assert group.wait(2)
    assert got == [(7, {"sysName": "core1", "sysUpTime": "4711"}), "core1"]

    async def read() -> Dict[str, Any]:
        return dict((await net.read_group("core1/system")).readings)

    assert asyncio.run(read()) == {"sysName": "core1", "sysUpTime": "4711"}
    with pytest.raises(TypeError, match="is no step of a chain"):
        group.chain([aeiou.read_group("core1/system")], lambda delayed, entry: None)


def test_group_read_is_cancelled_as_others_are(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    daemon.hold("core1/system")
    reply = net.read_group("core1/system")
    assert reply.cancel().result(2).reason == "cancelled"
    assert reply.result(2).reason == "cancelled"


def test_group_that_does_not_fit_says_so(daemon: FakeDaemon) -> None:
    for row in range(100):
        daemon.set(f"core1/interfaces/row{row}/ifAlias", "x" * 50)
    with aeiou.attach(daemon.socket, geometry=aeiou.Geometry(16, 256, 256, 1024)) as net:
        assert net.read_group("core1/interfaces/*/ifAlias").result(2).reason == "overloaded"


def test_group_is_read_as_java_wrote_it() -> None:
    value = bytes(load("group.txt"))[:90]
    table = entry_of(value, 1700000001.234).rows
    assert table.columns == ("ifOperStatus", "ifAlias")
    assert table.lists == [("up", ""), (None, None)]
    assert table["Gerät 1"].kinds == {"ifOperStatus": "absent", "ifAlias": "failure"}
    assert table["Gerät 1"].messages == {"ifAlias": "no answer"}
    age = table["eth0"].ages["ifAlias"] - table["eth0"].ages["ifOperStatus"]
    assert 2.4 < age < 2.6
    outcomes = [(1, 0, b"up"), (1, 0, b""), (2, 0, b""), (3, 1, b"no answer")]
    ours = packed(layout.GROUP_TABLE, ["ifOperStatus", "ifAlias"], ["eth0", "Gerät 1"], outcomes)
    assert ours[:24] + ours[40:] == value[:24] + value[40:]  # but for the times


def test_odd_number_of_attributes_and_no_rows_are_read() -> None:
    odd = packed(layout.GROUP_ATTRIBUTES, ["a", "b", "c"], [""], [(1, 0, b"1"), (1, 0, b"2"), (1, 0, b"3")])
    assert dict(entry_of(odd).readings) == {"a": "1", "b": "2", "c": "3"}
    none = entry_of(packed(layout.GROUP_TABLE, ["a", "b"], [], []))
    assert (none.rows.lists, none.rows.columns, dict(none.rows.column("a"))) == ([], ("a", "b"), {})
    column = entry_of(packed(layout.GROUP_COLUMN, ["a"], [], []))
    assert dict(column.readings) == {}


def test_same_names_of_rows_may_be_columns_of_another() -> None:
    for columns in ("a", "b"), ("a",), ("a", "b", "c"), ():
        rows = [name for name in ("a", "b", "c") if name not in columns]
        outcomes = [(1, 0, b"1")] * (len(columns) * len(rows))
        table = entry_of(packed(layout.GROUP_TABLE, list(columns), rows, outcomes)).rows
        assert (table.columns, list(table)) == (columns, rows)


def test_noise_is_a_bad_answer_and_nothing_else() -> None:
    outcomes = [(1, 0, b"up"), (1, 0, b""), (2, 0, b""), (3, 1, b"no answer")]
    value = packed(layout.GROUP_TABLE, ["ifOperStatus", "ifAlias"], ["eth0", "eth1"], outcomes)
    rng = random.Random(1)
    refused = 0
    for _ in range(3000):
        noise = bytearray(value[: rng.randrange(len(value) + 1)])
        for _ in range(rng.randrange(4)):
            if noise:
                noise[rng.randrange(min(len(noise), 40))] = rng.randrange(256)
        entry = entry_of(bytes(noise))
        try:
            entry.rows.lists, entry.rows.reasons, repr(entry)
            [row.ages for row in entry.rows.values()]
        except aeiou.BadAnswer as e:
            assert "no values of a group" in str(e)
            refused += 1
    assert 100 < refused < 3000


def test_entry_of_a_group_shows_what_it_is(net: aeiou.Attachment) -> None:
    entry = net.read_group("core1/interfaces").result(2)
    assert repr(entry) == "<Entry core1/interfaces: <Table core1/interfaces: 2 rows of 2 columns>>"
    assert entry.value.splitlines()[0] == "eth0/ifOperStatus: up"
    assert str(net.read_group("core1/system").result(2)) == "sysName: core1\nsysUpTime: 4711"
    assert repr(net.read_group("core1/system").result(2).readings) == "<Readings core1/system: 2 attributes>"


def test_daemon_that_knows_no_groups_is_named() -> None:
    told = Entry("p", "bad request", b"operation 9 is not known", 0, 0, 0, 0)
    assert grouped(told).message == "this daemon cannot read groups (operation 9 is not known); use a newer one"


def test_values_are_taken_apart_when_they_are_wanted() -> None:
    rows = [f"row{i}" for i in range(2000)]
    value = packed(layout.GROUP_TABLE, ["a", "b"], rows, [(1, 0, b"1")] * 4000)
    table = entry_of(value).rows
    assert table._known is None
    assert len(table) == 2000
    assert table._known is None
    start = time.process_time()
    for row in table:
        table[row].kinds, table[row].ages
    assert time.process_time() - start < 2, "a row costs what a row has"
    assert table["row7"]["a"] == "1"
