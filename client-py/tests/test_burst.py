"""Many requests at once: read_many, and what is prepared for it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Optional, Sequence, Tuple

import pytest

from conftest import connection, drain, flush

import aeiou
from aeiou import _burst, _layout as layout
from aeiou._pure import wanted_of
from aeiou._request import Pending
from aeiou.testing import FakeDaemon

PATHS = [f"core{i}/system/sysName" for i in range(300)]
VALUES = {path: path.split("/")[0] for path in PATHS}
#: Room for more than all of them.
PAGES = aeiou.Geometry(1024, 256, 128, 1 << 16)


@pytest.fixture
def daemon() -> Iterator[FakeDaemon]:
    with FakeDaemon(VALUES) as fake:
        yield fake


@pytest.fixture
def net(daemon: FakeDaemon) -> Iterator[aeiou.Attachment]:
    with aeiou.attach(daemon.socket, geometry=PAGES) as attached:
        yield attached


class Log:
    """A closure that remembers."""

    def __init__(self) -> None:
        self.entries: List[Tuple[bool, str, str, Any]] = []

    def __call__(self, delayed: bool, entry: aeiou.Entry) -> None:
        self.entries.append((delayed, entry.path, str(entry), entry.context))

    def outcomes(self) -> Counter[str]:
        return Counter(path for _, path, _, _ in self.entries)


def until(true: Callable[[], Any], seconds: float = 5) -> None:
    """Waits until something is so, which another thread does."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.005)


def come(net: aeiou.Attachment, count: int) -> None:
    """Waits until so many outcomes are in the ring, taken or not."""
    flush(net)
    until(lambda: connection(net).completions.tail >= count)


KINDS = [list, tuple, iter, lambda paths: (path for path in paths)]


@pytest.mark.parametrize("kind", [*KINDS, "prepared"], ids=["list", "tuple", "iterator", "generator", "prepared"])
def test_burst_has_one_outcome_for_each_path_with_its_context(net: aeiou.Attachment, kind: Any) -> None:
    log = Log()
    for turn in range(3):
        paths = net.prepare(PATHS) if kind == "prepared" else kind(PATHS)
        with net.begin() as group:
            assert group.read_many((".uncached/" + p for p in PATHS), log, range(300)) == (300, None)
            assert group.read_many(paths, log, range(1000, 2000)) == (300, None)
        assert group.wait(5)
        assert group.progress().pending == 0 and group.progress().submitted == 600
    assert len(log.entries) == 3 * 600
    contexts = {path: i for i, path in enumerate(PATHS)}
    for delayed, path, value, context in log.entries:
        name = path.replace(".uncached/", "")
        assert context == contexts[name] + (1000 if name == path else 0)
        assert value == VALUES[name] or path != name
    assert len(connection(net).submissions._free) == connection(net).pages


def test_hits_among_misses_run_inside_the_call_in_their_turn(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    hits = PATHS[::3]
    for path in hits:
        daemon.cache(path)
    log = Log()
    with net.begin() as group:
        assert group.read_many(PATHS, log) == (300, None)
        assert [(delayed, path) for delayed, path, _, _ in log.entries] == [(False, path) for path in hits]
        assert group.progress()[:3] == (300, 100, 200)
    assert group.wait(5)
    assert log.outcomes() == Counter(PATHS)
    assert sorted(daemon.asked) == sorted(set(PATHS) - set(hits))


def test_closure_of_a_hit_finds_the_misses_before_it_submitted(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    daemon.cache(PATHS[5])
    seen: List[int] = []

    def closure(delayed: bool, entry: aeiou.Entry) -> None:
        if not delayed:
            seen.append(group.progress().delayed)

    with net.begin() as group:
        group.read_many(PATHS[:10], closure)
    assert seen == [5]
    assert group.wait(5)


def test_stale_value_of_a_burst_is_served_and_one_that_is_too_old_is_not(
    daemon: FakeDaemon, net: aeiou.Attachment
) -> None:
    log = Log()
    for paths in (PATHS[:2], net.prepare(PATHS[:2])):
        daemon.cache(PATHS[0], age=70)
        daemon.cache(PATHS[1], age=1000)
        with net.begin() as group:
            group.read_many(paths, log)
        assert group.progress()[:3] == (2, 1, 1) and group.progress().stale == 1
        assert group.wait(5)


@pytest.mark.parametrize("spelling", ["/{}", "{}/", "//{}", "{}//"])
def test_path_with_slashes_too_many_is_found_in_the_table(
    daemon: FakeDaemon, net: aeiou.Attachment, spelling: str
) -> None:
    daemon.cache(PATHS[0])
    path = spelling.format(PATHS[0])
    group = net.begin()
    for paths in ([path], net.prepare([path])):
        log = Log()
        assert group.read_many(paths, log) == (1, None)
        assert log.entries == [(False, path, "core0", None)]


@pytest.mark.parametrize("name", ["Zürich", "東京", "a\udcffb"])
def test_name_of_any_letters_is_asked_for_and_found(daemon: FakeDaemon, net: aeiou.Attachment, name: str) -> None:
    path = f"{name}/system/sysName"
    daemon.set(path, "there")
    burst = [*PATHS[:10], path, *PATHS[10:20]]
    log = Log()
    for paths in (burst, net.prepare(burst)):
        with net.begin() as group:
            assert group.read_many(paths, log) == (21, None)
        assert group.wait(5)
    assert log.outcomes() == Counter(burst + burst)


def test_path_that_is_too_long_ends_the_burst_there(net: aeiou.Attachment) -> None:
    log = Log()
    long = "core1/" + "x" * 300
    with net.begin() as group:
        accepted, why = group.read_many([*PATHS[:7], long, *PATHS[7:]], log)
    assert accepted == 7 and isinstance(why, aeiou.NameTooLong)
    assert group.progress().submitted == 7 and group.wait(5)
    assert log.outcomes() == Counter(PATHS[:7])
    with pytest.raises(aeiou.NameTooLong, match="a page has room for 192"):
        net.prepare([*PATHS[:7], long])


def test_what_is_no_path_is_refused_with_those_before_it_asked_for(net: aeiou.Attachment) -> None:
    log = Log()
    given: Any = [PATHS[0], PATHS[1], 3, PATHS[2]]
    with net.begin() as group:
        with pytest.raises(TypeError, match="3 is no path"):
            group.read_many(given, log)
    assert group.wait(5) and log.outcomes() == Counter(PATHS[:2])
    with pytest.raises(TypeError, match="3 is no path"):
        net.prepare(given)
    with pytest.raises(TypeError, match="is one path; net.prepare"):
        net.prepare(PATHS[0])


def test_paths_before_an_error_of_their_iterator_are_asked_for(net: aeiou.Attachment) -> None:
    def paths() -> Iterator[str]:
        yield from PATHS[:5]
        raise LookupError("no more")

    log = Log()
    with net.begin() as group:
        with pytest.raises(LookupError):
            group.read_many(paths(), log)
    assert group.wait(5) and log.outcomes() == Counter(PATHS[:5])


def test_burst_ends_where_contexts_do(net: aeiou.Attachment) -> None:
    log = Log()
    with net.begin() as group:
        accepted, why = group.read_many(PATHS, log, range(4))
    assert accepted == 4 and "there are 4 contexts" in str(why)
    assert group.wait(5) and log.outcomes() == Counter(PATHS[:4])


def test_burst_larger_than_all_pages_waits_for_its_turn(daemon: FakeDaemon) -> None:
    log = Log()
    with aeiou.attach(daemon.socket, geometry=aeiou.Geometry(16, 256, 128, 0)) as net:
        for paths in (PATHS, net.prepare(PATHS)):
            with net.begin() as group:
                assert group.read_many(paths, log) == (300, None)
            assert group.wait(5)
        assert len(connection(net).submissions._free) == connection(net).pages
    assert log.outcomes() == Counter(PATHS + PATHS)


def test_burst_that_waits_for_pages_is_withdrawn_in_part_or_as_a_whole(daemon: FakeDaemon) -> None:
    for path in PATHS:
        daemon.hold(path)
    log = Log()
    with aeiou.attach(daemon.socket, geometry=aeiou.Geometry(16, 256, 128, 0)) as net:
        with net.begin() as group, net.begin() as other:
            group.read_many(PATHS, log, PATHS)
            last = other.fetch(PATHS[0], log)
            other.read_many(PATHS[:30], log)
        assert other.cancel(last).result(5).reason == "cancelled"
        group.cancel()
        assert group.wait(5)
        assert all(path == context for _, path, _, context in log.entries[1:])
        for path in PATHS:
            daemon.release(path)
        assert other.wait(5)
    assert log.outcomes() == Counter(PATHS + PATHS[:30] + PATHS[:1])


def test_burst_that_waits_for_pages_waits_for_the_next_daemon(daemon: FakeDaemon) -> None:
    for path in PATHS[:10]:
        daemon.hold(path)
    log = Log()
    with aeiou.attach(daemon.socket, geometry=aeiou.Geometry(8, 256, 128, 0), reconnect=True) as net:
        with net.begin() as group:
            group.read_many(PATHS, log)
        until(lambda: len(daemon._clients[0].pending) == 7)
        daemon.stop()
        daemon.start()
        for path in PATHS[:10]:
            daemon.release(path)
        assert group.wait(10)
    assert log.outcomes() == Counter(PATHS)
    assert Counter(value for _, _, value, _ in log.entries)["(stopped)"] == 7


def test_path_that_is_too_long_is_refused_also_where_others_wait(daemon: FakeDaemon) -> None:
    log = Log()
    with aeiou.attach(daemon.socket, geometry=aeiou.Geometry(4, 256, 128, 0)) as net:
        with net.begin() as group:
            accepted, why = group.read_many([*PATHS[:20], "x" * 200, *PATHS[20:]], log)
            assert accepted == 20 and isinstance(why, aeiou.NameTooLong)
        assert group.wait(5) and log.outcomes() == Counter(PATHS[:20])


def test_burst_without_a_closure_is_there_for_a_loop(net: aeiou.Attachment) -> None:
    import asyncio

    async def main() -> List[str]:
        with net.begin() as group:
            group.read_many(PATHS)
        return [entry.path async for entry in group]

    assert sorted(asyncio.run(main())) == sorted(PATHS)


def test_burst_after_the_daemon_went_is_refused_or_waits(daemon: FakeDaemon) -> None:
    log = Log()
    with aeiou.attach(daemon.socket, geometry=PAGES) as net, aeiou.attach(
        daemon.socket, geometry=PAGES, reconnect=True
    ) as again:
        prepared = again.prepare(PATHS)
        daemon.stop()
        until(lambda: not net.connected and not again.connected)
        accepted, why = net.begin().read_many(PATHS, log)
        assert accepted == 0 and isinstance(why, aeiou.Detached)
        group = again.begin()
        assert group.read_many(prepared, log) == (300, None)
        daemon.start()
        group.end()
        assert group.wait(10) and log.outcomes() == Counter(PATHS)


def test_burst_that_is_cancelled_ends_once(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    for path in PATHS:
        daemon.hold(path)
    log = Log()
    with net.begin() as group:
        group.read_many(PATHS, log)
    group.cancel()
    assert group.wait(5)
    assert log.outcomes() == Counter(PATHS) and {value for _, _, value, _ in log.entries} == {"(cancelled)"}


def test_longer_values_come_from_the_arena_again_and_again(daemon: FakeDaemon) -> None:
    paths = PATHS[:50]
    got: Dict[str, str] = {}
    # Room for a burst of them, and no more: it comes back as soon as they are taken.
    with aeiou.attach(daemon.socket, geometry=aeiou.Geometry(1024, 256, 128, 50 * 192)) as net:
        for turn in range(5):
            for path in paths:
                daemon.set(path, f"{turn} {path} " * 6)
            with net.begin() as group:
                group.read_many(paths, lambda delayed, entry: got.update({entry.path: entry.value}))
            assert group.wait(5)
            assert got == {path: f"{turn} {path} " * 6 for path in paths}


# What a daemon may have in its rings, and must do no harm.


def test_entries_that_are_none_of_ours_are_passed_over(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    for path in PATHS[:4]:
        daemon.hold(path)
    log = Log()
    with net.begin() as group:
        group.read_many(PATHS[:4], log)
    until(lambda: len(daemon._clients[0].pending) == 4)
    client, into = daemon._clients[0], daemon._clients[0].into
    asked = sorted(client.pending)
    # No such page, the largest one, one that is not asked with, and one twice.
    strange = [1024, 0xFFFFFFFF, 1000, asked[0], asked[0]]
    at = into.words
    outcome = client._outcomes_at + asked[0] * client._outcome_bytes
    into.bytes[outcome + 64 : outcome + 67] = b"odd"
    at[outcome // 8 + 1], at[outcome // 8 + layout.OUTCOME_LENGTH_UNIT] = layout.READING, 3
    at[outcome // 8] = 1
    for i, page in enumerate(strange):
        at[layout.RING // 8 + 2 * i] = page | layout.READING << 32
    at[layout.COMPLETION_TAIL // 8] = client._tail = len(strange)
    assert drain(net) == 1
    assert [value for _, _, value, _ in log.entries] == ["odd"]
    client.pending.pop(asked[0])
    assert group.progress().pending == 3


@pytest.mark.parametrize("tail", [1 << 63, (1 << 64) - 1, 4096])
def test_tail_outside_the_ring_is_taken_for_nothing(daemon: FakeDaemon, net: aeiou.Attachment, tail: int) -> None:
    daemon.hold(PATHS[0])
    with net.begin() as group:
        group.read_many(PATHS[:1])
    daemon._clients[0].into.words[layout.COMPLETION_TAIL // 8] = tail
    assert drain(net) == 0 and not group.wait(0.02)
    assert group.progress().pending == 1


@pytest.mark.parametrize(
    ("length", "unit", "value"), [(1 << 31, 0, None), (8, 0xFFFFFFFF, b""), (0xFFFFFFFF, 1 << 20, b"")]
)
def test_value_that_leaves_the_file_is_cut_off(
    daemon: FakeDaemon, net: aeiou.Attachment, length: int, unit: int, value: Any
) -> None:
    daemon.hold(PATHS[0])
    got: List[bytes] = []
    with net.begin() as group:
        group.read_many(PATHS[:1], lambda delayed, entry: got.append(bytes(entry)))
    until(lambda: len(daemon._clients[0].pending) == 1)
    client, words = daemon._clients[0], daemon._clients[0].into.words
    (page,) = client.pending
    outcome = client._outcomes_at + page * client._outcome_bytes
    words[outcome // 8 + 1], words[outcome // 8 + layout.OUTCOME_LENGTH_UNIT] = layout.READING, length | unit << 32
    words[outcome // 8] = 1
    words[layout.RING // 8] = page | layout.READING << 32
    words[layout.COMPLETION_TAIL // 8] = 1
    assert drain(net) == 1
    assert len(got[0]) <= len(client.into.memory) and (value is None or got == [value])


def test_outcome_that_was_never_written_is_a_bad_answer(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    daemon.hold(PATHS[0])
    log = Log()
    with net.begin() as group:
        group.read_many(PATHS[:1], log)
    until(lambda: len(daemon._clients[0].pending) == 1)
    client, words = daemon._clients[0], daemon._clients[0].into.words
    (page,) = client.pending
    words[(client._outcomes_at + page * client._outcome_bytes) // 8] = 0
    words[layout.RING // 8] = page | layout.READING << 32
    words[layout.COMPLETION_TAIL // 8] = 1
    assert drain(net) == 1 and log.entries[0][2] == "(bad answer)"


@pytest.mark.parametrize(
    ("kind", "reason", "told"),
    [(2, 0, "absent"), (3, 1, "timeout"), (3, 14, "name too long"), (3, 99, "bad answer"), (3, 0, "bad answer")]
    + [(4, 1, "cancelled"), (4, 3, "unknown"), (4, 77, "unknown"), (9, 2, "unreachable"), (3, 0xFFFFFFFF, "bad answer")],
)
def test_kind_and_reason_are_told_in_words(
    daemon: FakeDaemon, net: aeiou.Attachment, kind: int, reason: int, told: str
) -> None:
    daemon.hold(PATHS[0])
    log = Log()
    with net.begin() as group:
        group.read_many(PATHS[:1], log)
    until(lambda: len(daemon._clients[0].pending) == 1)
    client, words = daemon._clients[0], daemon._clients[0].into.words
    (page,) = client.pending
    outcome = (client._outcomes_at + page * client._outcome_bytes) // 8
    words[outcome + 1], words[outcome + layout.OUTCOME_LENGTH_UNIT] = kind | reason << 32, 0
    words[outcome] = 1
    words[layout.RING // 8] = page | kind << 32
    words[layout.COMPLETION_TAIL // 8] = 1
    assert drain(net) == 1 and log.entries[0][2] == f"({told})"


def test_table_full_of_nonsense_is_a_table_of_misses(daemon: FakeDaemon, net: aeiou.Attachment) -> None:
    words = daemon._table.file.words
    slots = range(layout.FIRST_SLOT // 8, layout.FIRST_SLOT // 8 + 4096 * 8)
    for at, word in zip(slots, ([2, 0, 0, 0, 0, 0, 1 << 63, 0] * 4096)):
        words[at] = word
    # What looks like a path by its CRC and length, and is none.
    crc_length = wanted_of(PATHS[3])
    at = layout.FIRST_SLOT // 8 + (crc_length & 4095) * 8
    words[at + 1], words[at + 3] = crc_length | layout.READING << 48, 1 << 63
    words[at + 6] = 0xFFFFFFFFFFFFFFFF
    log = Log()
    with net.begin() as group:
        assert group.read_many(PATHS, log) == (300, None)
    assert group.wait(5) and log.outcomes() == Counter(PATHS)
    assert all(delayed for delayed, _, _, _ in log.entries)


# The two implementations.


#: What is not written with others: it is not UTF-8, or does not fit, or is no path.
ODD = ["a\udcff", "x" * 193, 7, None, b"core1"]


@pytest.mark.parametrize("odd", ODD, ids=ascii)
@pytest.mark.parametrize("pages", [range(300), [7, 9, 10, 11, 40, *range(50, 345)]], ids=["row", "rows"])
def test_both_write_the_same_up_to_what_is_odd(pages: Sequence[int], odd: Any) -> None:
    if not _burst.NATIVE:
        pytest.skip("only one of them is built")

    def sink(context: Any, entry: aeiou.Entry, more: bool) -> None:
        """Is not called."""

    written = []
    for native in (False, True):
        _burst.use(native)
        memory = bytearray(8192 + 512 * 256)
        views = memoryview(memory), memoryview(memory).cast("Q"), memoryview(memory).cast("I")
        free, pending = [500, *reversed(pages)], [None] * 512  # type: Tuple[List[int], List[Optional[Pending]]]
        paths = [*PATHS[:149], "ä/東京", odd, *PATHS[150:]]
        numbers, contexts = (1, 77, 9, 1000, 1 << 62), list(range(200))
        count = _burst.fill(views, (8192, 256, 1024), free, pending, paths, None, 5, 205, numbers, sink, contexts)
        assert count == 145 and len(free) == 301 - 145
        assert pending[pages[144]] == ("ä/東京", sink, 144)
        written.append((bytes(memory), free, pending))
    assert written[0] == written[1]


def test_pure_is_chosen_by_the_environment() -> None:
    script = "import aeiou._burst as b; print(b.take is None)"
    environment = {**os.environ, "AEIOU_PURE": "1", "PYTHONPATH": str(Path(aeiou.__file__).parents[1])}
    run = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert run.stdout == "True\n"


def test_package_is_built_without_a_compiler(implementation: str) -> None:
    if implementation == "native":
        return
    ignore = shutil.ignore_patterns("tests", "*.so", "build", "*.egg-info")
    with tempfile.TemporaryDirectory() as work:
        top = shutil.copytree(Path(__file__).parents[1], Path(work, "client-py"), ignore=ignore)
        command = [sys.executable, "setup.py", "build", f"--build-base={work}/build"]
        environment = {**os.environ, "CC": "/nonexistent/cc"}
        run = subprocess.run(command, cwd=top, env=environment, capture_output=True, text=True, check=False)
        assert run.returncode == 0, run.stderr
        assert list(Path(work, "build").rglob("_burst.py")) and not list(Path(work).rglob("*.so"))
