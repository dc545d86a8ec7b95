"""What programs get wrong is refused at once, and said."""

from __future__ import annotations

import asyncio
from typing import Iterator, List

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
