"""Attach to the aeiou daemon: thousands of attributes of a network at once.

::

    import aeiou
    with aeiou.attach("/net") as net:
        with net.begin() as group:
            for name in net.list("/"):
                group.read(f"{name}/system/sysUpTime", on_uptime, name)
        group.wait(timeout=2.0)

What is cached runs ``on_uptime(False, entry)`` inside ``group.read``; the rest runs
``on_uptime(True, entry)`` in ``group.wait``, or on an event loop: see :meth:`Attachment.dispatch_to`.
"""

from ._attachment import Attachment, attach
from ._closures import Closure, ErrorHandler
from ._entry import Entry, Stat
from ._errors import AeiouError, AttachError, BlockedInClosure, Detached, NoReading
from ._greeting import Geometry
from ._group import Group, Progress, Steps, Want, each, list_names, read
from ._reply import Reply

__all__ = [
    "AeiouError",
    "AttachError",
    "Attachment",
    "BlockedInClosure",
    "Closure",
    "Detached",
    "Entry",
    "ErrorHandler",
    "Geometry",
    "Group",
    "NoReading",
    "Progress",
    "Reply",
    "Stat",
    "Steps",
    "Want",
    "attach",
    "each",
    "list_names",
    "read",
]
