"""The daemon for tests answers as the real one does."""

from __future__ import annotations

import os
import socket
import struct
import time
from typing import Iterator, List

import pytest

from conftest import connection, flush, pump

import aeiou
from aeiou import _layout as layout
from aeiou.testing import FakeDaemon

PATH = "core1/system/sysName"


@pytest.fixture
def daemon() -> Iterator[FakeDaemon]:
    with FakeDaemon({PATH: "core1"}) as fake:
        yield fake


@pytest.fixture
def net(daemon: FakeDaemon) -> Iterator[aeiou.Attachment]:
    with aeiou.attach(daemon.socket) as attached:
        yield attached


def test_bell_rings_only_for_who_waits_for_that_outcome(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    replies = [net.read(PATH) for _ in range(10)]
    flush(net)
    end = time.monotonic() + 2
    while daemon.completions < 10 and time.monotonic() < end:
        time.sleep(0.005)
    # No call has waited yet but for the first one, which is what the word says at the beginning.
    assert os.read(connection(net).bell, 4096) == b"\1"
    assert [reply.result(1).value for reply in replies] == ["core1"] * 10


def test_empty_parts_of_a_path_are_left_out(net: aeiou.Attachment) -> None:
    for path in ("/" + PATH, PATH + "/", "core1//system/sysName"):
        entry = net.read(path).result(2)
        assert (entry.path, entry.value) == (path, "core1")
        assert net.cached(path) is not None


def test_path_that_is_no_text_is_an_unknown_name(net: aeiou.Attachment) -> None:
    assert net.read("core1/\udcff").result(2).reason == "unknown name"
    assert net.read(PATH).result(2).value == "core1"


def test_what_is_no_attribute_or_no_directory_is_said(net: aeiou.Attachment) -> None:
    assert net.read("core1/system").result(2).reason == "is a directory"
    assert net.listing(PATH).result(2).reason == "not a directory"
    below = net.read(PATH + "/below").result(2)
    assert (below.reason, below.message) == ("not a directory", "there is nothing below 'sysName', which is a file")


def test_hit_only_leaves_the_network_alone(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    got: List[str] = []
    group = net.begin()
    assert not group.cached(PATH, lambda delayed, entry: got.append(f"{delayed} {entry.reason}"))
    assert group.wait(2)
    daemon.cache(PATH)
    assert group.cached(PATH, lambda delayed, entry: got.append(f"{delayed} {entry}"))
    assert got == ["True not cached", "False core1"]
    assert daemon.asked == []


def test_read_of_what_is_cached_asks_no_daemon_unless_it_is_forced(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    daemon.cache(PATH)
    got: List[str] = []
    net._exchange.submit(layout.READ, PATH, lambda context, entry, more: got.append(entry.value), None)
    assert pump(net, lambda: got == ["core1"], 2) and daemon.asked == []
    group = net.begin()
    group.fetch(PATH)
    assert group.wait(2) and daemon.asked == [PATH]


def test_request_without_a_completion_has_only_its_outcome(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    net.prefetch([PATH])
    end = time.monotonic() + 2
    while net.cached(PATH) is None and time.monotonic() < end:
        time.sleep(0.005)
    assert daemon.completions == 1
    assert connection(net).completions._words[layout.COMPLETION_TAIL // 8] == 0
    assert net.cached(PATH) is not None


def test_watch_tells_only_what_is_new_and_ends_where_there_is_nothing(
    daemon: FakeDaemon, net: aeiou.Attachment
) -> None:
    got: List[str] = []
    with net.begin() as group:
        group.watch(PATH, lambda delayed, entry: got.append(str(entry)))
        group.watch("nowhere", lambda delayed, entry: got.append(str(entry)))
    assert pump(net, lambda: len(got) == 2, 2)
    daemon.set(PATH, "core1")
    daemon.set(PATH, "other")
    assert pump(net, lambda: len(got) == 3, 2)
    assert got == ["core1", "(unknown name)", "other"]
    assert group.progress().pending == 1


@pytest.mark.parametrize(
    ("geometry", "why"),
    [
        (aeiou.Geometry(pages=0), "pages: 0 is not from 1 to 131072"),
        (aeiou.Geometry(4, 100, 128, 0), "bytes of a page: 100 is not a multiple of 64"),
        (aeiou.Geometry(4, 128, 64, 0), "bytes of an outcome: 64 is not a multiple of 64 from 128"),
        (aeiou.Geometry(4, 128, 128, 1), "bytes of the arena: 1 is not a multiple of 64"),
        (aeiou.Geometry(131072, 65536, 128, 0), "131072 pages of that size are more than a client may have"),
    ],
)
def test_geometry_that_cannot_be_is_refused_with_a_sentence(
    daemon: FakeDaemon, geometry: aeiou.Geometry, why: str
) -> None:
    with pytest.raises(aeiou.AttachError, match=f"{why}.*Invalid argument"):
        aeiou.attach(daemon.socket, geometry=geometry)


def test_client_that_says_half_a_hello_or_noise_harms_no_other(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    with socket.socket(socket.AF_UNIX) as short:
        short.connect(daemon.socket)
        short.send(b"aeiou")
    with socket.socket(socket.AF_UNIX) as other:
        other.connect(daemon.socket)
        other.sendall(struct.pack(layout.HELLO, layout.HELLO_MAGIC, 2 << 32, 4, 256, 256, 0))
        assert b"use a client of that version" in other.recv(256)
    with aeiou.attach(daemon.socket) as noisy:
        connection(noisy).submissions.words[layout.SUBMISSION_TAIL // 8] = 1 << 40
        assert connection(noisy).wait(2) and connection(noisy).gone
    assert net.read(PATH).result(2).value == "core1"


def test_what_is_remembered_of_the_table_is_no_more_than_fits_it(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    spellings = [f"{'/' * i}{PATH}" for i in range(1, 6000)]
    daemon.cache(PATH)
    for path in spellings:
        assert net.cached(path) is not None
        assert len(net._link.table.known) <= 4096
    daemon.set(PATH, "x" * 16_000)
    for path in spellings[:100]:
        assert net.cached(path) is not None
        assert sum(len(known[2]._value) for known in net._link.table.known.values()) <= 1 << 20


def test_many_programs_may_attach(daemon: FakeDaemon) -> None:
    nets = [aeiou.attach(daemon.socket, geometry=aeiou.Geometry(1, 128, 128, 0)) for _ in range(400)]
    assert nets[-1].read(PATH).result(2).value == "core1"
    for net in nets:
        net.close()


def test_closing_twice_is_closing_once() -> None:
    with FakeDaemon({}) as daemon:
        daemon.close()
    daemon.close()


def test_unknown_reason_of_a_failure_is_refused(daemon: FakeDaemon) -> None:
    with pytest.raises(ValueError, match="'time-out' is not one of absent, timeout"):
        daemon.fail(PATH, "time-out")


def test_what_is_written_is_read_and_watched(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    daemon.set("core1/system/sysContact", "noc")
    for path in (PATH, "core1/system/sysContact"):
        daemon.allow(path)
    seen: List[str] = []
    with net.begin() as group:
        group.watch(PATH, lambda delayed, entry: seen.append(entry.value))
    assert group.wait(2, some=1)
    written = net.write(PATH, "other/name\n", also={"sysContact": "ops"}).result(2)
    assert written.written == {"sysName": ("core1", "other/name"), "sysContact": ("noc", "ops")}
    assert seen == ["core1", "other/name"]
    assert net.read("core1/system/sysContact").result(2).value == "ops"


def test_write_that_fails_leaves_all_as_it_was(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    daemon.set("core1/system/sysContact", "noc")
    assert net.write(PATH, "other").result(2).reason == "not writable"
    daemon.allow(PATH)
    assert net.write(PATH, "other", also={"sysContact": "ops"}).result(2).reason == "not writable"
    assert net.write(PATH, "other", also={"nothing": "ops"}).result(2).reason == "unknown name"
    assert net.write("core1/system", "other").result(2).reason == "is a directory"
    assert net.read(PATH).result(2).value == "core1"
    daemon.fail(PATH, "timeout", "it may have happened")
    assert net.write(PATH, "other").result(2).message == "it may have happened"
    daemon.set(PATH, "core1")
    daemon.hold(PATH)
    late = net.write(PATH, "other", timeout=0.05)
    assert late.result(2).reason == "timeout"
    daemon.release(PATH)
    assert net.read(PATH).result(2).value == "core1"
