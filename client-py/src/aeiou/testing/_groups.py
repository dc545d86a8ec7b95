"""What the fake daemon answers to a group read."""

from __future__ import annotations

import struct
from typing import Callable, List, Optional, Tuple

from .. import _layout as layout

#: Kind, reason and value of an attribute.
_Outcome = Tuple[int, int, bytes]


def parsed(name: str) -> Tuple[str, Optional[List[str]], bool]:
    """What a path means: a directory, the columns of it or None for all, and whether it is one column of all rows."""
    parent, _, last = name.rpartition("/")
    above, _, before = parent.rpartition("/")
    is_of_all = before == "*"
    if len(last) > 1 and last.startswith("{") and last.endswith("}"):
        return above if is_of_all else parent, list(filter(None, last[1:-1].split(","))), False
    if is_of_all:
        return (above, None, False) if last == "*" else (above, [last], True)
    return parent if last == "*" else name, None, False


def group(
    directory: str,
    columns: Optional[List[str]],
    is_column: bool,
    names: Callable[[str], List[str]],
    read: Callable[[str], _Outcome],
) -> _Outcome:
    """The outcome of a group read of a directory that there is.

    :param names: those in a directory; directories end with a slash
    :param read: what reading an attribute ends in
    """
    listed = names(directory)
    is_table = any(name.endswith("/") for name in listed)
    last = directory.rpartition("/")[2]
    # Below a system and its group there are rows, which have names.
    rows = [name.rstrip("/") for name in listed] if is_table else [last if directory.count("/") > 1 else ""]
    places = [f"{directory}/{row}" for row in rows] if is_table else [directory]
    if any(name.endswith("/") for place in places for name in names(place)):
        return _failure("bad request", "is no group of attributes, no table and no row; list it instead")
    there = list(dict.fromkeys(name for place in places for name in names(place)))
    if columns is not None and not columns:
        return _failure("bad request", "names no attribute between its braces")
    for column in columns or ():
        if column not in there:
            return _failure("unknown name", f"'{last}' has no attribute '{column}'")
    wanted = there if columns is None else columns
    outcomes = []
    for place in places:
        has = names(place)
        outcomes += [read(f"{place}/{column}") if column in has else (layout.ABSENT, 0, b"") for column in wanted]
    failures = [outcome for outcome in outcomes if outcome[0] == layout.FAILURE]
    if failures and len(failures) == len(outcomes):
        return failures[0]
    form = layout.GROUP_TABLE if is_table else layout.GROUP_ATTRIBUTES
    return layout.READING, 0, packed(layout.GROUP_COLUMN if is_column and is_table else form, wanted, rows, outcomes)


def packed(form: int, columns: List[str], rows: List[str], outcomes: List[_Outcome]) -> bytes:
    """The value of a group read; all of it was taken at the same time."""
    text = "".join(name + "\0" for name in (*columns, *rows)).encode("utf-8", "surrogateescape")
    head = struct.pack(layout.GROUP_HEAD, len(rows), len(columns), form, len(text))
    kinds = b"".join(bytes((kind, reason)) for kind, reason, _ in outcomes)
    times = bytes(-len(kinds) % 4 + 4 * len(outcomes))
    return head + kinds + times + text + b"".join(value + b"\0" for _, _, value in outcomes)


def _failure(reason: str, message: str) -> _Outcome:
    return layout.FAILURE, layout.REASONS.index(reason), message.encode()
