"""Running closures: what may be one, what becomes of their errors, and what they may not do."""

from __future__ import annotations

import functools
import threading
from types import AsyncGeneratorType, CoroutineType, GeneratorType
from typing import Any, Callable, Optional

from ._entry import Entry
from ._errors import BlockedInClosure
from ._request import ended

#: Runs at an outcome: whether it is delayed, and the outcome. A plain function: what it returns is ignored.
Closure = Callable[[bool, Entry], None]

#: Is told of an exception that a closure raised, and of the outcome it was given.
ErrorHandler = Callable[[BaseException, Entry], None]

#: Is told whether the daemon is there, each time that changes, and if it is not, why.
ConnectionHandler = Callable[[bool, str], None]

# Of functions that only make something that runs later; inspect.CO_* has the numbers, and is slow to import.
_MAKES_GENERATOR, _MAKES_COROUTINE, _MAKES_ASYNC_GENERATOR = 0x20, 0x80, 0x200

_COROUTINE = (
    "{} is a coroutine function, and as a closure it would never run: write 'entry = await net.read(path)', "
    "'async for entry in group', or a plain function that starts a task"
)
_GENERATOR = "{} is a generator function, and as a closure it would never run: write 'group.run({}(…))'"


def log_error(error: BaseException, entry: Entry) -> None:
    """The handler that is there if no other is given: writes to the logger ``aeiou``."""
    import logging

    where = f"a closure failed at the outcome of {entry.path}" if entry.path else entry.message
    logging.getLogger("aeiou").error("%s", where, exc_info=error)


def check_closure(closure: Any) -> None:
    """Refuses what cannot be run at an outcome, or would do nothing then.

    :raises TypeError: with what to write instead
    """
    function = closure
    while isinstance(function, functools.partial):
        function = function.func
    if not callable(function):
        raise TypeError(f"{closure!r} is no closure; expected a function that is given (delayed, entry)")
    function = getattr(function, "__func__", function)
    code = getattr(function, "__code__", None) or getattr(getattr(type(function), "__call__", None), "__code__", None)
    flags = code.co_flags if code is not None else 0
    if flags & (_MAKES_GENERATOR | _MAKES_COROUTINE | _MAKES_ASYNC_GENERATOR):
        name = getattr(function, "__qualname__", repr(closure))
        raise TypeError((_GENERATOR if flags & _MAKES_GENERATOR else _COROUTINE).format(name, name))


def check_result(closure: Any, result: Any) -> None:
    """Refuses what a closure has only made, and that would never run.

    :raises TypeError: with what to write instead
    """
    if isinstance(result, (CoroutineType, GeneratorType, AsyncGeneratorType)):
        if isinstance(result, (CoroutineType, GeneratorType)):
            result.close()
        name = getattr(closure, "__qualname__", repr(closure))
        raise TypeError((_GENERATOR if isinstance(result, GeneratorType) else _COROUTINE).format(name, name))


class Runner:
    """Runs closures so that no exception is lost and none ends a loop.

    :ivar debug: whether calls that wait are refused in delayed closures
    """

    def __init__(self, handler: ErrorHandler, debug: bool) -> None:
        self._handler = handler
        self.debug = debug
        self._here = threading.local()

    def run(self, closure: Closure, entry: Entry) -> None:
        """Runs a delayed closure; what it raises goes to the handler."""
        before = getattr(self._here, "path", None) if self.debug else None
        if self.debug:
            self._here.path = entry.path
        try:
            result: Any = closure(True, entry)
            if result is not None:
                check_result(closure, result)
        except Exception as e:  # noqa: BLE001 - the handler gets whatever it is
            self.report(e, entry)
        finally:
            if self.debug:
                self._here.path = before

    def failed(self, closure: Closure, error: Exception, entry: Entry) -> None:
        """An immediate closure has raised.

        :raises TypeError: if it is no closure
        """
        if not callable(closure):
            check_closure(closure)
        self.report(error, entry)

    def tell(self, handler: ConnectionHandler, connected: bool, why: str) -> None:
        """Tells of the daemon's going and coming."""
        try:
            handler(connected, why)
        except Exception as e:  # noqa: BLE001 - the handler gets whatever it is
            self.report(e, ended("", "stopped", "on_connection failed"))

    def report(self, error: BaseException, entry: Entry) -> None:
        """Tells the handler of an error; if that fails, the log."""
        try:
            self._handler(error, entry)
        except Exception as e:  # noqa: BLE001
            log_error(e, ended("", "stopped", "the error handler failed"))
            log_error(error, entry)

    def check(self, what: str) -> None:
        """Refuses what waits, inside a delayed closure, in debug mode.

        :raises BlockedInClosure: there
        """
        path: Optional[str] = getattr(self._here, "path", None)
        if path is not None:
            raise BlockedInClosure(
                f"{what} waits, and was called in the delayed closure of {path}: no other closure could run "
                "meanwhile. Submit a request with a closure of its own, or do it after group.wait()"
            )
