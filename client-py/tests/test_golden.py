"""The layouts, byte for byte, as the daemon's own tests have them."""

from __future__ import annotations

import mmap
import struct
from pathlib import Path
from typing import List, Tuple


from aeiou import _layout as layout
from aeiou._entry import Entry, of_words
from aeiou._listing import Place, names_at
from aeiou._table import Table
from aeiou._written import Change, text_of, written

GOLDEN = Path(__file__).resolve().parents[2] / "closures" / "src" / "test" / "golden"


def load(name: str) -> mmap.mmap:
    lines = (GOLDEN / name).read_text().splitlines()
    memory = mmap.mmap(-1, int(lines[0].split()[1]))
    for line in lines[1:]:
        at, row = line.split()
        memory[int(at) : int(at) + 16] = bytes.fromhex(row)
    return memory


def test_value_table_reads_as_java_wrote_it() -> None:
    table = Table(load("table.txt"))
    entry = table.find("core1/system/sysName")
    assert entry is not None
    assert (entry.value, entry.taken, entry.changed) == ("core-one", 1700000001.234, 1600000001.234)
    assert (entry._fresh, entry._usable) == (5_000_000_000, 10_000_000_000)
    described = table.find("core1/system/sysDescr")
    assert described is not None and described.value == "Gerät Nr. 1"
    assert table.find("core2/system/sysName") is None
    assert table.find("core3/system/sysName") is None


def test_completions_read_as_java_wrote_them() -> None:
    memory = memoryview(load("completions.txt"))
    words = memory.cast("Q")
    assert words[layout.MAGIC] == layout.COMPLETION_MAGIC
    assert words[layout.VERSION_WORD // 8] >> 32 == layout.MAJOR
    assert words[layout.COMPLETION_TAIL // 8] == 3
    assert words[layout.SUBMISSION_HEAD // 8] == 1
    assert words[layout.ASLEEP // 8] == 1
    ring = [words[layout.RING // 8 + i] for i in range(6)]
    assert [(w & 0xFFFFFFFF, w >> 32 & 0xFFFF, w >> 48) for w in ring[::2]] == [
        (2, layout.READING, 0),
        (0, layout.READING, layout.MORE),
        (1, layout.FAILURE, 0),
    ]
    assert ring[1::2] == [0xC00C1E, 5, 6]
    outcomes, arena = 8192, 12288
    entries: List[Tuple[str, str, bytes]] = []
    for page in range(3):
        at = (outcomes + 128 * page) // 8
        length, unit = words[at + 6] & 0xFFFFFFFF, words[at + 6] >> 32
        begin = arena + (unit - 1) * 64 if unit else at * 8 + layout.OUTCOME_VALUE
        entry = of_words("p", words[at : at + layout.OUTCOME_WORDS].tolist(), bytes(memory[begin : begin + length]))
        entries.append((entry.reason, entry.message, entry._value))
        assert words[at] == (78, 79, 77)[page]
    assert entries[0] == ("", "", b"x" * 100)
    assert entries[1] == ("timeout", "core2 does not answer", b"core2 does not answer")
    assert entries[2] == ("", "", b"core1")


def test_submission_is_written_as_java_reads_it() -> None:
    memory = load("submissions.txt")
    at = 8192 + 3 * 256
    head = struct.pack(layout.PAGE_HEAD, layout.READ, layout.FORCE_MISS, 4, 1, 0, 9, 20, 0)
    assert memory[at : at + 64] == head
    assert memory[at + 64 : at + 84] == b"core1/system/sysName"
    assert struct.unpack_from("<Q", memory, layout.SUBMISSION_TAIL) == (1,)
    assert struct.unpack_from("<I", memory, layout.RING) == (3,)


def test_stat_reads_as_java_wrote_it() -> None:
    entry = of_words("p", [1, layout.READING, 0, 0, 0, 0, 0], bytes(load("stat.txt")))
    assert entry.stat == (0o100444, 1, 2, 1 << 33, 1700000001.234, 1600000001.234, 3)


def test_hello_is_as_long_as_the_daemon_expects() -> None:
    assert struct.calcsize(layout.HELLO) == 64
    assert struct.calcsize(layout.PAGE_HEAD) == 64
    assert struct.calcsize(layout.WELCOME) == layout.WELCOME_SENTENCE




def test_all_kinds_of_slots_read_as_java_wrote_them() -> None:
    table = Table(load("kinds.txt"))

    def found(path: str, operation: int = layout.READ) -> Entry:
        entry = table.find(path, operation)
        assert entry is not None and entry.path == path
        assert (entry._fresh, entry._usable) == (5_000_000_000, 10_000_000_000)
        return entry

    file, directory = (0o100444, 1001, 1002), (0o40555, 1001, 1002)
    taken, changed = 1700000001.234, 1600000001.234
    assert found("core1/system/sysName").value == "core1"
    assert found("core1/system/sysName", layout.STAT).stat == (*file, 6, taken, changed, 1)
    described = found("core1/system/sysName", layout.DESCRIBE)
    assert (described.value, described.raw, described.taken) == ("core1", None, taken)
    assert found("core1/system/sysContact").reason == "absent"
    assert found("core1/system/sysContact", layout.STAT).stat == (*file, 4096, changed, changed, 1)
    for operation in (layout.READ, layout.STAT, layout.LIST, layout.DESCRIBE):
        nothing = found("core1/nothing", operation)
        assert (nothing.reason, nothing.message) == ("unknown name", "there is no 'nothing'")
    assert found("core1/interfaces", layout.STAT).stat == (*directory, 0, taken, changed, 1)
    assert table.find("core1/interfaces", layout.LIST) is None
    for operation in (layout.READ, layout.DESCRIBE):
        assert found("core1/interfaces", operation).message == "is a directory"
        assert found("core1/system", operation).reason == "is a directory"
    assert found("core1/snmp/snmpInPkts", layout.STAT).stat == (*file, 4096, taken, changed, 1)
    assert found("core1/snmp/snmpInPkts", layout.LIST).message == "is not a directory"
    assert table.find("core1/snmp/snmpInPkts") is None
    assert found("core1/system", layout.STAT).stat == (*directory, 0, changed, changed, 1)
    assert found("", layout.LIST).kinds == {"core1": "directory", "core2": "directory"}


def test_listing_reads_as_java_wrote_it() -> None:
    table = Table(load("kinds.txt"))
    entry = table.find("core1/system", layout.LIST)
    assert entry is not None
    assert entry.names == ["sysName", "sysDescr", "Gerät", "more"]
    assert bytes(entry).decode() == "sysName\0sysDescr\0Gerät\0more/\0"
    assert list(entry.kinds.values()) == ["attribute"] * 3 + ["directory"]
    for name in ("sysDescr", "Gerät"):
        unread = table.find(f"core1/system/{name}", layout.STAT)
        assert unread is not None
        assert unread.stat == (0o100444, 1001, 1002, 4096, 1700000001.233, 1600000001.233, 1)
    for name in ("more", "other"):
        assert table.find(f"core1/system/{name}", layout.STAT) is None
    value = memoryview(load("listing.txt"))
    names = names_at(Place(value, 0, len(value)))
    assert names is not None and names.value() == bytes(entry)


def test_write_is_asked_for_as_java_reads_it() -> None:
    java = memoryview(load("write.txt"))
    name = b"core1/interfaces/eth0/ifAlias" + text_of("to Zürich", {"ifAdminStatus": "up\n"})
    at = 8448
    operation, length = int.from_bytes(java[at : at + 4], "little"), int.from_bytes(java[at + 40 : at + 44], "little")
    assert (operation, length) == (layout.WRITE, len(name))
    assert bytes(java[at + layout.PAGE_PATH : at + layout.PAGE_PATH + length]) == name


def test_what_was_written_reads_as_java_wrote_it() -> None:
    java = bytes(load("write.txt")[8640:8682])
    entry = written(Entry("core1/interfaces/eth0/ifAlias", "", java, 1.0, 1.0, 0, 0))
    assert entry.value == "to Zürich"
    assert entry.written == {"ifAlias": Change(None, "to Zürich"), "ifAdminStatus": Change("down", None)}
    assert written(Entry("a", "", b"name\0=x", 0, 0, 0, 0)).reason == "bad answer"
