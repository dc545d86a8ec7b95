"""Finding systems and paths: by patterns, at once, bounded, and until it is cancelled."""

from __future__ import annotations

import asyncio
import glob
import os
import random
from collections import Counter
from pathlib import Path
from typing import Any, Dict, Iterator, List, Tuple

import pytest

from conftest import pump

import aeiou
from aeiou import _glob
from aeiou import _layout as layout
from aeiou.testing import FakeDaemon

SYSTEMS = ("core1", "core2", "edge1", "lon/core1", "lon/rack/ups1")
STATUS = "interfaces/{}/ifOperStatus"


def values() -> Dict[str, str]:
    found = {".aeiou/version": "1"}
    for name in SYSTEMS:
        found[f"{name}/.health"] = "up"
        found[f"{name}/system/sysName"] = name
        for row in ("eth0", "eth1"):
            found[f"{name}/{STATUS.format(row)}"] = "up"
            found[f"{name}/interfaces/{row}/ifAlias"] = ""
    return found


@pytest.fixture
def daemon() -> Iterator[FakeDaemon]:
    with FakeDaemon(values()) as fake:
        yield fake


@pytest.fixture
def net(daemon: FakeDaemon) -> Iterator[aeiou.Attachment]:
    def fail(error: BaseException, entry: aeiou.Entry) -> None:
        pytest.fail(f"reported: {error}")

    with aeiou.attach(daemon.socket, on_error=fail) as attached:
        yield attached


class Asked:
    """The listings and stats that a daemon was asked for."""

    def __init__(self, daemon: FakeDaemon, monkeypatch: pytest.MonkeyPatch) -> None:
        self.by_path: Counter[Tuple[int, str]] = Counter()
        begin = daemon._begin

        def noted(client: Any, request: Any) -> None:
            self.by_path[request.operation, request.path] += 1
            begin(client, request)

        monkeypatch.setattr(daemon, "_begin", noted)

    @property
    def listed(self) -> List[str]:
        return sorted(path for operation, path in self.by_path if operation == layout.LIST)


def test_paths_are_found_in_all_systems_that_match(net: aeiou.Attachment) -> None:
    assert sorted(net.glob("core*/interfaces/*/ifOperStatus")) == [
        f"{name}/{STATUS.format(row)}" for name in ("core1", "core2") for row in ("eth0", "eth1")
    ]
    assert sorted(net.glob("core1/interfaces/eth[1-9]/if*")) == [
        "core1/interfaces/eth1/ifAlias",
        "core1/interfaces/eth1/ifOperStatus",
    ]


@pytest.mark.parametrize(
    ("pattern", "systems"),
    [
        ("*", SYSTEMS),
        ("core?", ("core1", "core2")),
        ("lon/*", ("lon/core1", "lon/rack/ups1")),
        ("*/core1", ("lon/core1",)),
        ("lon/*/ups1", ("lon/rack/ups1",)),
        ("*/rack/*", ("lon/rack/ups1",)),
        ("l*1", ("lon/core1", "lon/rack/ups1")),
        ("**/core1", ("core1", "lon/core1")),
        ("nobody*", ()),
    ],
)
def test_name_of_a_system_is_one_name_also_with_slashes(
    net: aeiou.Attachment, pattern: str, systems: Tuple[str, ...]
) -> None:
    assert sorted(net.glob(pattern)) == sorted(systems)
    assert sorted(net.glob(f"{pattern}/system/sysName")) == sorted(f"{name}/system/sysName" for name in systems)


def test_path_without_a_pattern_is_found_if_it_is_there(net: aeiou.Attachment) -> None:
    assert list(net.glob("/lon/core1//system/sysName/")) == ["lon/core1/system/sysName"]
    assert list(net.glob("lon/core1/system")) == ["lon/core1/system"]
    assert list(net.glob("lon/core1/system/nope")) == []
    assert list(net.glob("lon/core1/system/sysName/nope")) == []


def test_names_with_a_dot_match_only_what_has_one(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    daemon.set("core1/system/.hidden", "")
    assert list(net.glob("core1/*")) == ["core1/system", "core1/interfaces"]
    assert list(net.glob("core*/.health")) == ["core1/.health", "core2/.health"]
    assert list(net.glob("core1/.h*")) == ["core1/.health"]
    assert list(net.glob(".aeiou/*")) == [".aeiou/version"]
    assert list(net.glob("core1/system/**")) == ["core1/system", "core1/system/sysName"]


def test_below_a_system_patterns_find_what_those_of_a_shell_find(tmp_path: Path) -> None:
    rng = random.Random(14)
    names = ["a", "b", "ab", "eth0", "eth1", "é", "x.y", "[x]"]
    files = {"s/.health": "up"}
    for _ in range(60):
        path = "/".join(["s", *(rng.choice(names) for _ in range(rng.randrange(1, 5)))])
        above = [path.rsplit("/", i)[0] for i in range(path.count("/") + 1)]
        if not any(each in files for each in above) and not any(each.startswith(path + "/") for each in files):
            files[path] = "1"
    for path in files:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("1")
    parts = ["*", "a*", "?", "[ab]*", "eth[0-9]", "a", "b", "**", "[[]x]", "*.*", "é", "[!a]*"]
    matched = 0
    with FakeDaemon(files) as daemon, aeiou.attach(daemon.socket) as net:
        for _ in range(300):
            pattern = "/".join(["s", *(rng.choice(parts) for _ in range(rng.randrange(1, 5)))])
            # Python's own has 'file/' for 'file/**', which is nothing that there is.
            there = [path for path in glob.glob(str(tmp_path / pattern), recursive=True) if os.path.exists(path)]
            expected = {str(Path(path).relative_to(tmp_path)) for path in there}
            found = list(net.glob(pattern))
            assert sorted(found) == sorted(expected), pattern
            matched += len(found)
    assert matched > 500


def test_each_directory_is_listed_once_and_all_that_are_known_as_one_burst(
    daemon: FakeDaemon, net: aeiou.Attachment, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = Asked(daemon, monkeypatch)
    for name in SYSTEMS:
        daemon.hold(f"{name}/interfaces")
    paths = net.glob("*/interfaces/*/if*")
    waiting = [f"{name}/interfaces" for name in SYSTEMS]
    assert pump(net, lambda: set(waiting) <= set(asked.listed), 5), "none waits for another"
    for name in SYSTEMS:
        daemon.release(f"{name}/interfaces")
    assert len(list(paths)) == 4 * len(SYSTEMS)
    assert set(asked.by_path.values()) == {1}
    assert len(list(net.glob("**/eth0/**"))) == 3 * len(SYSTEMS)
    assert set(asked.by_path.values()) == {1}, "what is cached is not listed again"


def test_slow_system_keeps_back_its_own_paths_only(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    daemon.hold("core1/interfaces")
    paths = net.glob("core*/interfaces/*/ifOperStatus")
    assert [next(paths), next(paths)] == [f"core2/{STATUS.format(row)}" for row in ("eth0", "eth1")]
    assert not paths.done
    daemon.release("core1/interfaces")
    assert len(list(paths)) == 2 and paths.done


def test_what_cannot_be_listed_is_said_and_the_rest_is_found(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    daemon.fail("core1/interfaces", "unreachable", "core1 does not answer")
    daemon.fail("core2/system/sysName", "absent")
    with net.glob("core*/*/*") as paths:
        assert sorted(paths) == [
            *("core1/system/sysName", "core2/interfaces/eth0", "core2/interfaces/eth1", "core2/system/sysName"),
        ]
        assert {path: type(why) for path, why in paths.failures.items()} == {"core1/interfaces": aeiou.Unreachable}
        assert "core1 does not answer" in str(paths.failures["core1/interfaces"])


def test_no_more_is_found_than_was_said(net: aeiou.Attachment, monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    with pytest.raises(ValueError, match=r"\*/interfaces/\*/if\*: more than 3 names match; give a narrower"):
        for path in net.glob("*/interfaces/*/if*", most=3):
            found.append(path)
    assert len(found) == 3
    monkeypatch.setattr(_glob, "_MOST_LISTED", 3)
    with pytest.raises(ValueError, match="more than 3 directories are listed; give a narrower pattern"):
        list(net.glob("*/**/nope"))


def test_search_that_is_cancelled_finds_no_more_and_leaves_nothing_pending(
    daemon: FakeDaemon, net: aeiou.Attachment
) -> None:
    daemon.hold("core1/interfaces")
    daemon.hold("core2/interfaces")
    with net.glob("core*/interfaces/*") as paths:
        assert pump(net, lambda: len(daemon._clients[0].pending) == 2, 2)
        assert repr(paths) == "<Glob core*/interfaces/*: 0 found, looks for more>"
    assert list(paths) == [] and paths.done
    assert pump(net, lambda: not daemon._clients[0].pending, 2)


def test_search_that_takes_too_long_says_so(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    daemon.hold("core1/interfaces")
    paths = net.glob("core*/interfaces/*", timeout=0.05)
    with pytest.raises(TimeoutError, match=r"core\*/interfaces/\*: not all names were listed within 0.05 s"):
        for path in paths:
            assert path.startswith("core2/")
    assert pump(net, lambda: not daemon._clients[0].pending, 2)


@pytest.mark.parametrize("given", ["", "/", "a\0*", 7, None])
def test_what_is_no_pattern_is_refused(net: aeiou.Attachment, given: Any) -> None:
    with pytest.raises((TypeError, ValueError), match="is no pattern"):
        net.glob(given)


def test_systems_are_found_with_those_in_folders(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    assert net.systems() == sorted(SYSTEMS)
    daemon.fail("lon", "timeout", "is slow")
    with pytest.raises(aeiou.TimedOut, match="is slow"):
        net.systems()
    with pytest.raises(aeiou.TimedOut, match="is slow"):
        list(net.glob("*"))


# Reading what is found.


def test_what_is_found_is_read_as_a_burst_while_more_is_looked_for(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    daemon.hold("core1/interfaces")
    got: List[Tuple[bool, str, Any]] = []
    group = net.begin()
    glob = group.glob("core*/interfaces/*/ifOperStatus", lambda *outcome: got.append(told(*outcome)), 7)
    group.end()
    assert pump(net, lambda: len(got) == 2, 2)
    assert not glob.done and {path.split("/")[0] for _, path, _ in got} == {"core2"}
    daemon.release("core1/interfaces")
    assert group.wait(2)
    assert glob.done and len(got) == 4 and all(delayed and context == 7 for delayed, _, context in got)


def told(delayed: bool, entry: aeiou.Entry) -> Tuple[bool, str, Any]:
    return delayed, entry.path, entry.context


def test_closure_is_delayed_if_the_listing_was_whatever_is_cached(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    daemon.cache("core1/system/sysName")
    got: List[Tuple[bool, str, Any]] = []
    with net.begin() as group:
        group.glob("core1/system/*", lambda *outcome: got.append(told(*outcome)))
    assert group.wait(2)
    assert got == [(True, "core1/system/sysName", None)]
    assert group.progress().immediate == 1


def test_directories_that_match_are_not_read(net: aeiou.Attachment) -> None:
    with net.begin() as group:
        group.glob("core1/**")
    assert group.wait(2)
    assert sorted(entry.path for entry in group._ready) == [
        *("core1/interfaces/eth0/ifAlias", "core1/interfaces/eth0/ifOperStatus", "core1/interfaces/eth1/ifAlias"),
        *("core1/interfaces/eth1/ifOperStatus", "core1/system/sysName"),
    ]


def test_search_of_a_group_that_fails_is_reported(daemon: FakeDaemon) -> None:
    errors: List[str] = []
    daemon.set("core1/system/" + "x" * 250, "1")
    with aeiou.attach(daemon.socket, on_error=lambda e, entry: errors.append(str(e))) as net:
        with net.begin() as group:
            group.glob("core1/interfaces/*/*", most=1)
            group.glob("core1/system/*")
        assert group.wait(2)
        assert sorted(entry.value for entry in group._ready) == ["core1", "up"]
    too_many, too_long = sorted(errors)
    assert "larger pages" in too_long and "more than 1 names match" in too_many


def test_many_are_read_in_their_order(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    daemon.cache("core2/system/sysName")
    names = [f"{name}/system/sysName" for name in (*SYSTEMS, "core7")]
    entries = net.read_many(names)
    assert [entry.path for entry in entries] == names
    assert [entry.get("?") for entry in entries] == [*SYSTEMS, "?"]
    assert all(entry.context is None for entry in entries)
    assert [entry.value for entry in net.read_many(net.prepare(names[:2]))] == ["core1", "core2"]
    assert {entry.path: entry.value for entry in net.read_many(net.glob("*/system/sysName"))} == {
        f"{name}/system/sysName": name for name in SYSTEMS
    }


def test_what_has_no_outcome_in_time_fails_as_timeout(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    daemon.hold("core1/system/sysName")
    entries = net.read_many(["core1/system/sysName", "core2/system/sysName"], timeout=0.2)
    assert [entry.reason for entry in entries] == ["timeout", ""]
    assert entries[0].message == "no outcome within 0.2 s"
    assert pump(net, lambda: not daemon._clients[0].pending, 2)
    with pytest.raises(TypeError, match="is one path; net.read"):
        net.read_many("core1/system/sysName")
    with pytest.raises(aeiou.NameTooLong):
        net.read_many(["x" * 300])


# What a generator closure returns.


def test_generator_closure_is_run_for_what_it_returns(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    def names(systems: Tuple[str, ...]) -> aeiou.Steps:
        entries = yield [aeiou.read(f"{name}/system/sysName") for name in systems]
        return [entry.value for entry in entries]

    assert net.run(names(("core1", "core2"))) == ["core1", "core2"]
    with pytest.raises(aeiou.UnknownName):
        net.run(names(("nobody",)))
    daemon.hold("edge1/system/sysName")
    with pytest.raises(TimeoutError, match="1 outcomes did not come within 0.05 s"):
        net.run(names(("edge1",)), timeout=0.05)
    assert pump(net, lambda: not daemon._clients[0].pending, 2)


# With asyncio.


def test_everything_that_waits_has_an_awaited_form(daemon: FakeDaemon) -> None:
    async def main() -> List[Any]:
        results: List[Any] = []
        async with aeiou.attach(daemon.socket) as net:
            results.append(await net.list("core1"))
            results.append(await net.systems())
            results.append((await net.read("core1/system/sysName")).value)
            results.append([path async for path in net.glob("core*/system/*")])
            results.append([entry.value for entry in await net.read_many(net.glob("core*/system/*"))])
            results.append([entry.value for entry in await net.read_many(results[3])])
            results.append((await net.table("core1/interfaces", ["ifOperStatus"])).lists)
            with net.begin() as group:
                group.glob("*/system/sysName")
            results.append(sorted([entry.value async for entry in group]))
            results.append((await group).submitted > 5)

            def steps() -> aeiou.Steps:
                return (yield aeiou.read("core2/system/sysName")).value

            results.append(await net.run(steps()))
            results += [net.connected, net.closed, repr(net).startswith("<AsyncAttachment /")]
        return [*results, net.closed]

    assert asyncio.run(main()) == [
        [".health", "system", "interfaces"],
        sorted(SYSTEMS),
        "core1",
        ["core1/system/sysName", "core2/system/sysName"],
        ["core1", "core2"],
        ["core1", "core2"],
        [("up",), ("up",)],
        sorted(SYSTEMS),
        True,
        "core2",
        *(True, False, True, True),
    ]


def test_search_ends_with_the_task_that_iterates(daemon: FakeDaemon) -> None:
    daemon.hold("core1/interfaces")

    async def main() -> None:
        async with aeiou.attach(daemon.socket) as net:
            paths = net.glob("core*/interfaces/*")

            async def take() -> None:
                async for _ in paths:
                    pass

            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(take(), 0.05)
            assert paths.done
            for wait in (net.read_many(net.glob("core1/interfaces/*")), net.run(forever())):
                with pytest.raises(asyncio.TimeoutError):
                    await asyncio.wait_for(wait, 0.05)
            for _ in range(100):
                if not daemon._clients[0].pending:
                    return
                await asyncio.sleep(0.01)
            pytest.fail("still pending")

    def forever() -> aeiou.Steps:
        yield aeiou.list_names("core1/interfaces")

    asyncio.run(main())


def test_table_has_types_and_units_if_they_are_wanted(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    daemon.set("core1/interfaces/eth1/ifAlias", "007")
    daemon.set("core1/interfaces/eth0/ifInOctets", "4711")
    daemon.set("core1/interfaces/eth1/ifInOctets", "12")
    daemon.fail("core1/interfaces/eth0/ifAlias", "timeout")
    for path, raw, kind, units in (
        ("eth0/ifOperStatus", 1, "INTEGER", None),
        ("eth0/ifInOctets", 4711, "Counter32", "octets"),
        ("eth1/ifAlias", b"007", "DisplayString", None),
    ):
        daemon.describe(f"core1/interfaces/{path}", raw=raw, type=kind, units=units)
    table = net.table("/core1/interfaces/", ["ifOperStatus", "ifAlias", "ifInOctets"], describe=True)
    assert table.types == {"ifOperStatus": "INTEGER", "ifAlias": "DisplayString", "ifInOctets": "Counter32"}
    assert table.units == {"ifOperStatus": None, "ifAlias": None, "ifInOctets": "octets"}
    assert table.typed == {
        "eth0": {"ifOperStatus": "up", "ifAlias": None, "ifInOctets": 4711},
        "eth1": {"ifOperStatus": "up", "ifAlias": "007", "ifInOctets": 12},
    }
    assert table.column("ifInOctets").typed == {"eth0": 4711, "eth1": 12}
    daemon.describe("core1/system/sysName", raw=b"core1", type="DisplayString")
    assert net.table("core1/system", describe=True).typed == {"": {"sysName": "core1"}}
    with pytest.raises(ValueError, match=r"was read without its types: net.table\(…, describe=True\)"):
        net.table("core1/interfaces").typed
