"""A daemon without a network, so that programs can be tested without a mount.

::

    with aeiou.testing.FakeDaemon({"core1/system/sysName": "core1"}) as daemon:
        with aeiou.attach(daemon.socket) as net:
            assert net.read("core1/system/sysName").result(1).value == "core1"

It speaks the same protocol over the same kind of memory, on a thread of its own, and rings as rarely
as the real one.
"""

from ._daemon import FakeDaemon

__all__ = ["FakeDaemon"]

FakeDaemon.__module__ = __name__
