"""Running closures: who is told what goes wrong in them, and what they may not do."""

from __future__ import annotations

import logging
import threading
from typing import Callable

from ._entry import Entry
from ._errors import BlockedInClosure

#: Runs at an outcome: whether it is delayed, and the outcome.
Closure = Callable[[bool, Entry], None]

#: Is told of an exception that a closure raised, and of the outcome it was given.
ErrorHandler = Callable[[BaseException, Entry], None]

_LOG = logging.getLogger("aeiou")


def log_error(error: BaseException, entry: Entry) -> None:
    """The handler that is there if no other is given: writes to the logger ``aeiou``."""
    where = f"a closure failed at the outcome of {entry.path}" if entry.path else entry.message
    _LOG.error("%s", where, exc_info=error)


class Runner:
    """Runs closures so that no exception is lost and none ends a loop."""

    def __init__(self, handler: ErrorHandler, debug: bool) -> None:
        self.handler = handler
        self.debug = debug
        self._here = threading.local()

    def run(self, closure: Closure, delayed: bool, entry: Entry) -> None:
        """Runs a closure; what it raises goes to the handler."""
        before = getattr(self._here, "path", None) if self.debug else None
        if self.debug and delayed:
            self._here.path = entry.path
        try:
            closure(delayed, entry)
        except Exception as e:  # noqa: BLE001 - the handler gets whatever it is
            self.report(e, entry)
        finally:
            if self.debug and delayed:
                self._here.path = before

    def report(self, error: BaseException, entry: Entry) -> None:
        """Tells the handler of an error; if that fails, the log."""
        try:
            self.handler(error, entry)
        except Exception as e:  # noqa: BLE001
            _LOG.error("the error handler failed", exc_info=e)
            log_error(error, entry)

    def check(self, what: str) -> None:
        """Refuses what waits, inside a delayed closure, in debug mode."""
        path = getattr(self._here, "path", None)
        if path is not None:
            raise BlockedInClosure(
                f"{what} waits, and was called in the delayed closure of {path}: no other closure could run "
                "meanwhile. Submit a request with a closure of its own, or do it after group.wait()"
            )
