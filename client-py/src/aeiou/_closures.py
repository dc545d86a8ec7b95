"""Running closures: what may be one, what becomes of their errors, and what they may not do."""

from __future__ import annotations

import logging
import threading
from typing import Callable, Optional

from ._entry import Entry
from ._errors import BlockedInClosure
from ._request import ended

#: Runs at an outcome: whether it is delayed, and the outcome.
Closure = Callable[[bool, Entry], None]

#: Is told of an exception that a closure raised, and of the outcome it was given.
ErrorHandler = Callable[[BaseException, Entry], None]

#: Is told whether the daemon is there, each time that changes, and if it is not, why.
ConnectionHandler = Callable[[bool, str], None]

def log_error(error: BaseException, entry: Entry) -> None:
    """The handler that is there if no other is given: writes to the logger ``aeiou``."""
    where = f"a closure failed at the outcome of {entry.path}" if entry.path else entry.message
    logging.getLogger("aeiou").error("%s", where, exc_info=error)


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
            closure(True, entry)
        except Exception as e:  # noqa: BLE001 - the handler gets whatever it is
            self.report(e, entry)
        finally:
            if self.debug:
                self._here.path = before

    def run_immediately(self, closure: Closure, entry: Entry) -> None:
        """Runs an immediate closure; what it raises goes to the handler."""
        try:
            closure(False, entry)
        except Exception as e:  # noqa: BLE001 - the handler gets whatever it is
            self.report(e, entry)

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
