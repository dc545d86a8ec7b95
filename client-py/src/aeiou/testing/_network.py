"""What the fake daemon knows, and what requests end in by that."""

from __future__ import annotations

import os
import re
import struct
import time
from typing import Dict, List, Mapping, Optional, Set, Tuple, Union

from .. import _layout as layout
from ._groups import group, packed, parsed
from ._memory import FakeRequest
from ._table import DIRECTORY, FILE, Answer, FakeTable, unknown

#: Kind, reason and value of an outcome.
Outcome = Tuple[int, int, bytes]

#: As in the real daemon: the longest path.
_LONGEST_PATH = 1024

_KNOWN_FLAGS = (1 << 13) - 1
_NAMED = (
    *(layout.READ, layout.STAT, layout.LIST, layout.WRITE, layout.WATCH, layout.DESCRIBE),
    layout.READ_GROUP,
)
_CONDITIONS = layout.STOP_ON_ERROR | layout.STOP_ON_NONZERO | layout.STOP_ON_ZERO
_CONDITIONS |= layout.STOP_ON_ABSENT | layout.STOP_ON_READING
_CHAINABLE = (layout.READ, layout.STAT, layout.LIST, layout.DESCRIBE)


class FakeNetwork:
    """Attributes by path, and what is wrong with some of them.

    :ivar asked: the paths that were read, in order: what was cached is not among them
    :ivar held: the paths whose requests wait
    :ivar writable: the paths of what may be written
    """

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = {canonical(path): value for path, value in values.items()}
        self._facts: Dict[str, Dict[str, str]] = {}
        self._failures: Dict[str, Tuple[str, str]] = {}
        self._removed: Set[str] = set()
        self.writable: Set[str] = set()
        self.held: Set[str] = set()
        self.asked: List[str] = []

    def set(self, name: str, value: str) -> bool:
        """Gives a value; whether there is something now that was not, or that could not be read."""
        is_new = name not in self._values
        self._values[name] = value
        return self._failures.pop(name, None) is not None or is_new

    def fail(self, name: str, reason: str, message: str) -> None:
        self._failures[name] = (reason, message)

    def remove(self, name: str) -> List[str]:
        """Takes away an attribute, or all below a directory; gives their paths."""
        gone = [each for each in self._values if each == name or each.startswith(name + "/")]
        for each in gone:
            del self._values[each]
        return gone

    def describe(self, name: str, facts: Mapping[str, Optional[str]], raw: Union[int, bytes, str, None]) -> None:
        known = {key: value for key, value in facts.items() if value is not None}
        if raw is not None:
            known["raw"] = raw.hex() if isinstance(raw, bytes) else str(raw)
            known["syntax"] = "number" if isinstance(raw, int) else "octets" if isinstance(raw, bytes) else "identifier"
        self._facts[name] = known

    def value(self, name: str) -> bytes:
        return self._values[name].encode()

    def waits(self, request: FakeRequest, table: FakeTable) -> bool:
        """Whether a request is one for the network whose answer is held; notes that it was asked."""
        name = name_of(request)
        if request.flags & layout.HIT_ONLY or not request.flags & layout.FORCE_MISS and table.is_fresh(name):
            return False
        if request.operation in (layout.READ, layout.DESCRIBE, layout.READ_GROUP) and not request.flags & layout.EACH:
            self.asked.append(name)
        return name in self.held

    def outcome(self, request: FakeRequest, table: FakeTable) -> Outcome:
        """What a request ends in, or a watch is told."""
        wrong = _bad_request(request)
        if wrong:
            return failure("bad request", wrong)
        name = name_of(request)
        if request.is_too_long or len(name.encode("utf-8", "surrogateescape")) > _LONGEST_PATH:
            return failure("name too long", f"a path has no more than {_LONGEST_PATH} bytes, and fits its page")
        if request.path is None:
            return failure("unknown name", "a path is UTF-8")
        if request.operation == layout.WRITE:
            return self._write(request, table)
        if request.operation == layout.READ_GROUP:
            return self._group(request, name, table)
        if name in self._failures and (request.operation != layout.STAT or self._failures[name][0] != "absent"):
            if self._failures[name][0] == "absent" and name in self._values and not request.flags & layout.HIT_ONLY:
                self.publish(name, table)
            return self._failed(name)
        is_there = name in self._values
        if not self.names(name) and not is_there and name:
            missing = self._missing(name)
            table.publish(name, unknown(missing[2].decode()))
            return missing
        if not table.kind(name) and (request.operation == layout.STAT or is_there == (request.operation == layout.LIST)):
            # All that is known is which of the two it is.
            mode, size = (FILE, layout.UNREAD_SIZE) if is_there else (DIRECTORY, 2)
            table.publish(name, Answer(layout.KNOWN, b"", mode, size))
        if request.operation == layout.STAT:
            return layout.READING, 0, self._stat(name, is_there, table)
        if request.operation == layout.LIST:
            if is_there:
                return failure("not a directory", "is not a directory")
            self.publish(name, table)
            return layout.READING, 0, "".join(each + "\0" for each in self.names(name)).encode()
        if not is_there:
            return failure("is a directory", "is a directory")
        return self._read(request, name, table)

    def _write(self, request: FakeRequest, table: FakeTable) -> Outcome:
        """Sets all that a request names, or nothing."""
        texts = assignments(request)
        if not texts:
            return failure("not writable", "it has no text")
        for name in texts:
            short = name.rpartition("/")[2]
            if self.names(name):
                return failure("is a directory", f"{short} is a directory")
            if name not in self._values:
                return self._missing(name)
            if name not in self.writable:
                return failure("not writable", f"{short} may not be written: FakeDaemon.allow was not told of it")
            if name in self._failures:
                return self._failed(name)
        told = ""
        for name, text in texts.items():
            told += f"{name.rpartition('/')[2]}\0={self._values[name]}\0={text}\0"
            self._values[name] = text
            if table.has(name):
                self.publish(name, table)
        return layout.READING, 0, told.encode()

    def publish(self, name: str, table: FakeTable, age: int = 0) -> None:
        """Puts what there is of a name into the table, as of so many nanoseconds ago."""
        if name not in self._values:
            table.publish(name, table.listing(name, self.names(name)), age)
        elif self._failures.get(name, ("", ""))[0] == "absent":
            table.publish(name, Answer(layout.ABSENT, b"", FILE, layout.UNREAD_SIZE), age)
        else:
            value = self.value(name)
            table.publish(name, Answer(layout.READING, value, FILE, len(value) + 1), age)

    def _failed(self, name: str) -> Outcome:
        reason, message = self._failures[name]
        return (layout.ABSENT, 0, b"") if reason == "absent" else failure(reason, message)

    def _group(self, request: FakeRequest, name: str, table: FakeTable) -> Outcome:
        directory, columns, is_column = parsed(name)
        if directory in self._failures:
            return self._failed(directory)
        if directory in self._values:
            return failure("not a directory", "is an attribute; read it")
        if not self.names(directory):
            return self._missing(directory)

        def read(path: str) -> Outcome:
            if path in self._failures:
                return self._failed(path)
            is_cached = table.is_usable(path)
            if request.flags & layout.HIT_ONLY and not is_cached:
                return failure("not cached", "is not cached")
            return layout.READING, 0, self.value(path)

        return group(directory, columns, is_column, self.names, read)

    def _read(self, request: FakeRequest, name: str, table: FakeTable) -> Outcome:
        if request.flags & layout.HIT_ONLY:
            if not table.is_usable(name):
                return failure("not cached", "is not cached")
        elif not request.flags & layout.FORCE_MISS or table.has(name):
            self.publish(name, table)
        if request.operation != layout.DESCRIBE:
            return layout.READING, 0, self.value(name)
        facts = {"value": self._values[name], **self._facts.get(name, {})}
        described = "".join(f"{key}\0{value}\0" for key, value in facts.items()).encode()
        table.publish(name + layout.DESCRIBED.decode(), Answer(layout.READING, described))
        return layout.READING, 0, described

    def _missing(self, name: str) -> Outcome:
        """Which part of a name there is not."""
        place = ""
        for part in name.split("/"):
            if place in self._values:
                return failure("not a directory", f"there is nothing below '{place.split('/')[-1]}', which is a file")
            place = f"{place}/{part}" if place else part
            if place not in self._values and not self.names(place):
                break
        return failure("unknown name", f"there is no '{place.split('/')[-1]}'")

    def each(self, path: str, flags: int, listing: bytes, table: FakeTable) -> bytes:
        """The values below each name of a listing, with the names."""
        if flags & layout.EACH_AS_GROUP:
            names = [name.rstrip("/") for name in listing.decode().split("\0") if name]
            return packed(layout.GROUP_COLUMN, [""], names, [self._one(canonical(path.replace("{}", n))) for n in names])
        value = b""
        for name in filter(None, listing.decode().split("\0")):
            place = canonical(path.replace("{}", name.rstrip("/")))
            is_cached = table.is_usable(place)
            if not flags & layout.HIT_ONLY:
                self.asked.append(place)
                if place in self._values:
                    self.publish(place, table)
            shown = self._values.get(place, "") if is_cached or not flags & layout.HIT_ONLY else ""
            value += f"{name.rstrip('/')}\0{shown}\0".encode()
        return value

    def _one(self, name: str) -> Outcome:
        if name in self._failures:
            return self._failed(name)
        return (layout.READING, 0, self.value(name)) if name in self._values else self._missing(name)

    def names(self, name: str) -> List[str]:
        """What is in a directory; directories end with a slash."""
        prefix = name + "/" if name else ""
        names: Dict[str, None] = {}
        for each in self._values:
            if each.startswith(prefix):
                first, slash, _ = each[len(prefix) :].partition("/")
                names[first + slash] = None
        return list(names)

    def _stat(self, name: str, is_file: bool, table: FakeTable) -> bytes:
        mode, size, links = DIRECTORY, 0, 2
        if is_file:
            mode, size, links = FILE, len(self.value(name)) + 1 if table.has(name) else layout.UNREAD_SIZE, 1
        millis = int(time.time() * 1000)
        return struct.pack(layout.STAT_VALUE, mode, os.getuid(), os.getgid(), size, millis, millis, links)


def _bad_request(request: FakeRequest) -> str:
    """What is wrong with a request, whatever it names; empty if nothing is."""
    operation, flags = request.operation, request.flags
    if not request.cookie or not request.number:
        return "its cookie or its number is 0"
    if operation not in _NAMED:
        return f"operation {operation} is not known"
    if flags & ~_KNOWN_FLAGS:
        return f"flags {flags & ~_KNOWN_FLAGS:#x} are not known"
    if flags & layout.HIT_ONLY and flags & layout.FORCE_MISS:
        return "hit-only and force-miss contradict each other"
    if operation == layout.WATCH and flags & layout.NO_COMPLETION:
        return "a watch without completions would tell nothing"
    if flags & layout.EACH and (operation != layout.READ or not request.follows_listing):
        return "'each' goes with a read behind a listing"
    if flags & layout.EACH_AS_GROUP and not flags & layout.EACH:
        return "'each as group' goes with 'each'"
    if flags & layout.SKIP and not flags & _CONDITIONS:
        return "'skip' goes with a condition to stop"
    if request.is_step and operation not in _CHAINABLE:
        return "a chain is made of reads, stats, lists and describes only"
    return ""


def goes_on(step: FakeRequest, kind: int, value: bytes) -> bool:
    """Whether a chain goes on behind a step."""
    flags = step.flags
    if kind == layout.READING:
        if step.operation == layout.STAT:
            zero = False
        elif step.operation == layout.LIST or flags & layout.EACH:
            zero = not value
        else:
            zero = re.fullmatch(rb"[-+]?0+(\.0*)?", value) is not None
        stops = layout.STOP_ON_READING | (layout.STOP_ON_ZERO if zero else layout.STOP_ON_NONZERO)
    else:
        stops = layout.STOP_ON_ERROR | layout.STOP_ON_NONZERO | layout.STOP_ON_ZERO
        stops |= layout.STOP_ON_ABSENT if kind == layout.ABSENT else 0
    return not flags & stops


def name_of(request: FakeRequest) -> str:
    """What a request's path names."""
    path = request.path or ""
    return canonical(path.partition("\0")[0] if request.operation == layout.WRITE else path)


def assignments(request: FakeRequest) -> Dict[str, str]:
    """What a write sets, by path; nothing if it has no text."""
    parts = (request.path or "").split("\0")
    names = [name_of(request)]
    names += [canonical(f"{names[0].rpartition('/')[0]}/{name}") for name in parts[2::2]]
    return {name: text[:-1] if text.endswith("\n") else text for name, text in zip(names, parts[1::2])}


def canonical(path: str) -> str:
    """A path without empty parts."""
    return "/".join(filter(None, path.split("/")))


def failure(reason: str, message: str) -> Outcome:
    """The outcome of what fails."""
    return layout.FAILURE, layout.REASONS.index(reason), message.encode()
