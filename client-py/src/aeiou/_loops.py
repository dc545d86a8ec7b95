"""Event loops: each gets one wake-up for a batch of outcomes. Nothing of a GUI is imported here."""

from __future__ import annotations

import functools
import importlib
import math
import time
from contextlib import suppress
from typing import Any, Callable, Dict, List

from ._by_thread import ByThread
from ._closures import ErrorHandler
from ._connection import Connection
from ._dispatcher import Dispatcher
from ._fence import LOCK_IS_FENCE, LONGEST_SLEEP


_QT = ("PyQt5", "PyQt6", "PySide2", "PySide6")

#: As inspect.CO_COROUTINE, which is slow to import.
_MAKES_COROUTINE = 0x80


def dispatcher(target: Any, rung: Callable[[], None], report: ErrorHandler) -> Dispatcher:
    """The dispatcher for a target, whatever it is.

    :param rung: what the loop is to call
    :param report: is told what a target raises that is asked to call it
    :raises TypeError: if it is nothing that can be dispatched to
    """
    # Of a widget that the program has derived, its base is the toolkit's.
    modules = [(getattr(base, "__module__", "") or "").split(".")[0] for base in type(target).__mro__]
    qt = next((module for module in modules if module in _QT), None)
    if hasattr(target, "add_reader") and hasattr(target, "remove_reader"):
        return _Asyncio(target, rung)
    if hasattr(target, "createfilehandler") or hasattr(target, "tk"):
        return _Tkinter(target, rung)
    if qt is not None:
        return _Qt(target, rung, qt)
    if hasattr(target, "unix_fd_add_full") or hasattr(target, "io_add_watch"):
        return _GLib(target, rung)
    if hasattr(target, "CallAfter"):
        return ByThread(target, rung, target.CallAfter, report)
    if hasattr(target, "put"):
        if getattr(getattr(target.put, "__code__", None), "co_flags", 0) & _MAKES_COROUTINE:
            raise TypeError(
                f"{target!r} is for tasks of one loop; pass the loop itself: "
                "net.dispatch_to(asyncio.get_running_loop()), or a queue.Queue"
            )
        return ByThread(target, rung, target.put, report)
    if callable(target):
        return ByThread(target, rung, target, report)
    raise TypeError(
        f"{target!r} is nothing to dispatch to; expected an asyncio loop, the wx module, a tkinter widget, "
        "a Qt object, the GLib module, a queue, or a callable"
    )


class _OnLoop(Dispatcher):
    """A dispatcher of a loop that watches descriptors and has timers; subclasses say how."""

    def __init__(self, target: Any, rung: Callable[[], None]) -> None:
        super().__init__(target)
        self._rung = rung
        self._at = math.inf
        self._watched: List[int] = []

    def watch(self, connection: Connection) -> None:
        self.unwatch()
        self._watched = [connection.bell, connection.fileno()]
        for fd in self._watched:
            self._add(fd)
        if not LOCK_IS_FENCE:
            self.later(LONGEST_SLEEP)

    def unwatch(self) -> None:
        watched, self._watched = self._watched, []
        for fd in watched:
            self._remove(fd)

    def later(self, seconds: float) -> None:
        at = time.monotonic() + seconds
        if at < self._at and not self._stopped:
            self._at = at
            self._call(seconds, functools.partial(self._is_time, at))

    def _is_time(self, at: float) -> None:
        # Another time if it was asked for an earlier one meanwhile: that one counts.
        if at == self._at:
            self._at = math.inf
            self._wake()
            if self._watched and not LOCK_IS_FENCE:
                self.later(LONGEST_SLEEP)

    def _wake(self, *_: Any) -> None:
        if not self._stopped:
            self._rung()

    def stop(self) -> None:
        self._stopped = True
        self.unwatch()

    def _add(self, fd: int) -> None:
        raise NotImplementedError

    def _remove(self, fd: int) -> None:
        raise NotImplementedError

    def _call(self, seconds: float, what: Callable[[], None]) -> None:
        raise NotImplementedError


class _Asyncio(_OnLoop):
    def __init__(self, target: Any, rung: Callable[[], None]) -> None:
        super().__init__(target, rung)
        from asyncio import _get_running_loop

        self._running_loop = _get_running_loop

    def _add(self, fd: int) -> None:
        if not self.target.is_closed():
            self.target.add_reader(fd, self._wake)

    def _remove(self, fd: int) -> None:
        self.target.remove_reader(fd)

    def _call(self, seconds: float, what: Callable[[], None]) -> None:
        if self.target.is_closed():
            return
        if self._running_loop() is self.target:
            self.target.call_later(seconds, what)
        else:
            # From any thread, also before the loop runs.
            self.target.call_soon_threadsafe(self.target.call_later, seconds, what)


    def soon(self, what: Callable[[], None]) -> None:
        # Cheaper than a timer, and than looking for what has come: a program that awaits has often done it by then.
        if self._running_loop() is self.target:
            self.target.call_soon(what)
        else:
            self.later(0)


class _Tkinter(_OnLoop):
    _READABLE = 2  # TK_READABLE of tcl.h

    # An error is a TclError, which only tkinter has: the window is gone, and its loop.

    def _add(self, fd: int) -> None:
        with suppress(Exception):
            self.target.tk.createfilehandler(fd, self._READABLE, self._wake)

    def _remove(self, fd: int) -> None:
        with suppress(Exception):
            self.target.tk.deletefilehandler(fd)

    def _call(self, seconds: float, what: Callable[[], None]) -> None:
        with suppress(Exception):
            self.target.after(math.ceil(seconds * 1000), what)


class _Qt(_OnLoop):
    def __init__(self, target: Any, rung: Callable[[], None], module: str) -> None:
        super().__init__(target, rung)
        self._core = importlib.import_module(module + ".QtCore")
        self._kind = getattr(self._core.QSocketNotifier, "Type", self._core.QSocketNotifier).Read
        self._notifiers: Dict[int, Any] = {}

    def _add(self, fd: int) -> None:
        with suppress(RuntimeError):  # the parent is gone
            notifier = self._core.QSocketNotifier(fd, self._kind, self.target)
            notifier.activated.connect(self._wake)
            self._notifiers[fd] = notifier

    def _remove(self, fd: int) -> None:
        notifier = self._notifiers.pop(fd, None)
        if notifier is not None:
            with suppress(RuntimeError):  # it went with its parent
                notifier.setEnabled(False)

    def _call(self, seconds: float, what: Callable[[], None]) -> None:
        self._core.QTimer.singleShot(math.ceil(seconds * 1000), what)


class _GLib(_OnLoop):
    def __init__(self, target: Any, rung: Callable[[], None]) -> None:
        super().__init__(target, rung)
        self._sources: Dict[int, int] = {}

    def _add(self, fd: int) -> None:
        glib = self.target
        # A hang-up too: without it, the end of the bell would be looked at for ever.
        condition = glib.IOCondition.IN | glib.IOCondition.HUP
        self._sources[fd] = glib.io_add_watch(fd, glib.PRIORITY_DEFAULT, condition, self._ready)

    def _remove(self, fd: int) -> None:
        self.target.source_remove(self._sources.pop(fd))

    def _ready(self, fd: int, condition: Any) -> bool:
        try:
            self._wake()
        except BaseException:
            # What raises is removed.
            if self._sources.pop(fd, None) is not None:
                self._add(fd)
            raise
        # Sources that were removed meanwhile stay so, whatever this says.
        return True

    def _call(self, seconds: float, what: Callable[[], None]) -> None:
        def once() -> bool:
            what()
            return False

        self.target.timeout_add(math.ceil(seconds * 1000), once)
