"""Attach to the aeiou daemon: thousands of attributes of a network at once.

::

    import aeiou
    with aeiou.attach("/net") as net:
        with net.begin() as group:
            for name in net.systems():
                group.read(f"{name}/system/sysUpTime", on_uptime, name)
        group.wait(timeout=2.0)

What is cached runs ``on_uptime(False, entry)`` inside ``group.read``; the rest runs
``on_uptime(True, entry)`` in ``group.wait``, or on an event loop: see :meth:`Attachment.dispatch_to`.
"""

from ._asynchronous import AsyncAttachment
from ._attachment import Attachment, attach
from ._closures import Closure, ConnectionHandler, ErrorHandler
from ._entry import Entry, Stat
from ._errors import (
    Absent,
    AeiouError,
    AttachError,
    BadAnswer,
    BadRequest,
    BlockedInClosure,
    Cancelled,
    Detached,
    IsADirectory,
    NameTooLong,
    NoReading,
    NotADirectory,
    NotCached,
    NotDone,
    NotWritable,
    OutOfRange,
    Overloaded,
    Refused,
    Stopped,
    TimedOut,
    UnknownName,
    Unreachable,
    WrongThread,
)
from ._glob import Glob
from ._greeting import Geometry
from ._group import Group
from ._readings import Readings, Table
from ._reply import Reply
from ._requests import Progress
from ._want import Steps, Want, describe, each, fetch, list_names, read, read_group, stat
from ._written import Change

__all__ = [
    "Absent",
    "AeiouError",
    "AttachError",
    "AsyncAttachment",
    "Attachment",
    "BadAnswer",
    "BadRequest",
    "BlockedInClosure",
    "Cancelled",
    "Change",
    "Closure",
    "ConnectionHandler",
    "Detached",
    "Entry",
    "ErrorHandler",
    "Geometry",
    "Glob",
    "Group",
    "IsADirectory",
    "NameTooLong",
    "NoReading",
    "NotADirectory",
    "NotCached",
    "NotDone",
    "NotWritable",
    "OutOfRange",
    "Overloaded",
    "Progress",
    "Readings",
    "Refused",
    "Reply",
    "Stat",
    "Steps",
    "Stopped",
    "Table",
    "TimedOut",
    "UnknownName",
    "Unreachable",
    "Want",
    "WrongThread",
    "attach",
    "describe",
    "each",
    "fetch",
    "list_names",
    "read",
    "read_group",
    "stat",
]

# As programs import them, so that tracebacks and help say the same.
for _name in __all__:
    if isinstance(globals()[_name], type):
        globals()[_name].__module__ = __name__
