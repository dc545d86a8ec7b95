"""Event loops: each gets one wake-up for a batch of outcomes. Nothing of a GUI is imported here."""

from __future__ import annotations

import select
import threading
from typing import TYPE_CHECKING, Any, Callable

if TYPE_CHECKING:
    from ._attachment import Attachment


class Dispatcher:
    """Lets a loop run :meth:`Attachment.rung` when the bell rings; made by :func:`dispatcher`."""

    def __init__(self, target: Any, stop: Callable[[], None]) -> None:
        self.target = target
        self.stop = stop


def dispatcher(target: Any, attachment: Attachment) -> Dispatcher:
    """The dispatcher for a target, whatever it is.

    :raises TypeError: if it is nothing that can be dispatched to
    """
    module = (getattr(type(target), "__module__", "") or "").split(".")[0]
    if hasattr(target, "add_reader") and hasattr(target, "remove_reader"):
        made = _asyncio(target, attachment)
    elif hasattr(target, "createfilehandler") or hasattr(target, "tk"):
        made = _tkinter(target, attachment)
    elif module in ("PyQt5", "PyQt6", "PySide2", "PySide6"):
        made = _qt(target, attachment, module)
    elif hasattr(target, "unix_fd_add_full") or hasattr(target, "io_add_watch"):
        made = _glib(target, attachment)
    elif hasattr(target, "CallAfter"):
        made = _by_thread(target, attachment, target.CallAfter)
    elif hasattr(target, "put"):
        made = _by_thread(target, attachment, target.put)
    elif callable(target):
        made = _by_thread(target, attachment, target)
    else:
        raise TypeError(
            f"{target!r} is nothing to dispatch to; expected an asyncio loop, wx, a tkinter widget, a Qt object, "
            "GLib, a queue, or a callable"
        )
    # What came before anybody listened.
    attachment.rung()
    return made


def _asyncio(loop: Any, attachment: Attachment) -> Dispatcher:
    connection = attachment.connection
    loop.add_reader(connection.bell, attachment.rung)
    loop.add_reader(connection.fileno(), attachment.rung)

    def stop() -> None:
        loop.remove_reader(connection.bell)
        loop.remove_reader(connection.fileno())

    return Dispatcher(loop, stop)


def _tkinter(widget: Any, attachment: Attachment) -> Dispatcher:
    connection = attachment.connection
    tk = widget.tk
    readable = 2  # TK_READABLE of tcl.h

    def rung(*_: Any) -> None:
        attachment.rung()

    tk.createfilehandler(connection.bell, readable, rung)
    tk.createfilehandler(connection.fileno(), readable, rung)

    def stop() -> None:
        tk.deletefilehandler(connection.bell)
        tk.deletefilehandler(connection.fileno())

    return Dispatcher(widget, stop)


def _qt(parent: Any, attachment: Attachment, module: str) -> Dispatcher:
    import importlib

    core = importlib.import_module(module + ".QtCore")
    kind = getattr(core.QSocketNotifier, "Type", core.QSocketNotifier).Read
    connection = attachment.connection
    notifiers = [core.QSocketNotifier(fd, kind, parent) for fd in (connection.bell, connection.fileno())]
    for notifier in notifiers:
        notifier.activated.connect(lambda *_: attachment.rung())

    def stop() -> None:
        for notifier in notifiers:
            notifier.setEnabled(False)

    return Dispatcher(parent, stop)


def _glib(glib: Any, attachment: Attachment) -> Dispatcher:
    connection = attachment.connection

    def rung(*_: Any) -> bool:
        attachment.rung()
        return not connection.gone

    sources = [
        glib.io_add_watch(fd, glib.PRIORITY_DEFAULT, glib.IOCondition.IN, rung)
        for fd in (connection.bell, connection.fileno())
    ]

    def stop() -> None:
        for source in sources:
            glib.source_remove(source)

    return Dispatcher(glib, stop)


def _by_thread(target: Any, attachment: Attachment, call: Callable[[Callable[[], None]], Any]) -> Dispatcher:
    """A thread sleeps on the bell, and has the loop called; the next time when that has run."""
    connection = attachment.connection
    stopped = threading.Event()
    ran = threading.Event()

    def run() -> None:
        try:
            if not stopped.is_set():
                attachment.rung()
        finally:
            ran.set()

    def sleep() -> None:
        poller = select.poll()
        poller.register(connection.bell, select.POLLIN)
        poller.register(connection.fileno(), select.POLLIN)
        while not stopped.is_set() and not connection.gone:
            if poller.poll(200) and not stopped.is_set():
                ran.clear()
                call(run)
                while not ran.wait(0.2) and not stopped.is_set():
                    pass

    thread = threading.Thread(target=sleep, name="aeiou-bell", daemon=True)
    thread.start()

    def stop() -> None:
        stopped.set()
        if thread is not threading.current_thread():
            thread.join(1)

    return Dispatcher(target, stop)
