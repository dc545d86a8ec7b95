"""The table in a terminal: keys scroll and sort, and the terminal is afterwards as it was."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
import termios
import time
import tty
from typing import Any, Callable, Dict, List, Optional

from .._attachment import Attachment
from . import _model as model
from ._text import View, is_whole, screen

_HINT = "q quit  ↑ ↓ PgUp PgDn Home End scroll  ← → column  s sort by it, again: other way  n sort by name"

#: Seconds between two frames at the least, and between two looks for what became stale.
_FRAME, _LOOK_AGAIN = 0.05, 0.5

_ENTER = "\x1b[?1049h\x1b[?25l\x1b[?7l"  # another screen, no cursor, lines are not wrapped
_LEAVE = "\x1b[?7h\x1b[?25h\x1b[?1049l"

#: Lines beside the rows: heads, what went wrong, how it stands, what can be done.
_OTHERS = 4

_KEYS = {
    "\x1b[A": "k", "\x1bOA": "k", "\x1b[B": "j", "\x1bOB": "j", "\x1b[C": "l", "\x1bOC": "l",
    "\x1b[D": "h", "\x1bOD": "h", "\x1b[5~": "b", "\x1b[6~": " ", "\x1b[H": "g", "\x1bOH": "g", "\x1b[1~": "g",
    "\x1b[7~": "g", "\x1b[F": "G", "\x1bOF": "G", "\x1b[4~": "G", "\x1b[8~": "G",
}  # fmt: skip


def keys(typed: str) -> List[str]:
    """What was typed, key by key; those that are a sequence, as arrows are, as the letters that mean the same."""
    found = []
    while typed:
        name = next((each for each in _KEYS if typed.startswith(each)), typed[0])
        found.append(_KEYS.get(name, name))
        typed = typed[len(name) :]
    return found


class Terminal:
    """Shows a table until ``q``, a signal, or the time is over.

    :ivar status: what the program is to exit with
    """

    def __init__(self, net: Attachment, table: model.Model, seconds: float) -> None:
        self.status = 0
        self._net = net
        self._table = table
        self._seconds = seconds
        self._out = sys.stdout
        self._in: Optional[int] = None
        self._before: Any = None
        self._row = 0
        self._column = 0
        self._chosen: Optional[int] = None
        self._is_due = False
        self._drawn = 0.0
        self._error: Optional[BaseException] = None
        self._loop = asyncio.new_event_loop()
        self._does: Dict[str, Callable[[], None]] = {
            "q": self._stop,
            "k": lambda: self._scroll(-1),
            "j": lambda: self._scroll(1),
            "b": lambda: self._scroll(-self._height),
            " ": lambda: self._scroll(self._height),
            "g": lambda: self._scroll(-len(table.rows)),
            "G": lambda: self._scroll(len(table.rows)),
            "h": lambda: self._choose(-1),
            "l": lambda: self._choose(1),
            "s": lambda: self._sort(self._chosen),
            "n": lambda: self._sort(None),
        }

    def show(self) -> int:
        """Shows the table; returns what the program is to exit with, with the terminal as it was."""
        loop = self._loop
        loop.set_exception_handler(self._failed)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._signal, number)
        loop.add_signal_handler(signal.SIGWINCH, self._draw)
        loop.add_signal_handler(signal.SIGTSTP, self._suspend)
        try:
            self._enter()
            self._draw()  # before anything is asked for
            self._table.changed = lambda cell: self._due()
            self._table.grown = self._due
            self._net.dispatch_to(loop)
            self._table.start()
            self._look_again()
            if self._seconds:
                loop.call_later(self._seconds, self._stop)
            loop.run_forever()
        finally:
            self._leave()
            self._table.changed = lambda cell: None
            self._table.grown = lambda: None
            self._net.dispatch_to(None)
            loop.close()
        if self._error is not None:
            raise self._error
        return self.status

    # The terminal.

    def _enter(self) -> None:
        if sys.stdin.isatty():
            self._in = sys.stdin.fileno()
            self._before = termios.tcgetattr(self._in)
            tty.setcbreak(self._in)
            self._loop.add_reader(self._in, self._typed)
        self._write(_ENTER)

    def _leave(self) -> None:
        if self._in is not None:
            self._loop.remove_reader(self._in)
            termios.tcsetattr(self._in, termios.TCSADRAIN, self._before)
            self._in = None
        self._write(_LEAVE)

    def _suspend(self) -> None:
        self._leave()
        os.kill(os.getpid(), signal.SIGSTOP)
        self._enter()
        self._draw()

    def _write(self, text: str) -> None:
        try:
            self._out.write(text)
            self._out.flush()
        except OSError:  # the terminal is gone, and SIGHUP with it
            self._stop()

    @property
    def _height(self) -> int:
        return max(1, shutil.get_terminal_size().lines - _OTHERS)

    # What happens.

    def _signal(self, number: int) -> None:
        # Ctrl-C is how many people end it.
        self.status = 0 if number == signal.SIGINT else 128 + number
        self._stop()

    def _failed(self, loop: asyncio.AbstractEventLoop, context: Dict[str, Any]) -> None:
        self._error = context.get("exception") or RuntimeError(context["message"])
        self._stop()

    def _stop(self) -> None:
        self._loop.stop()

    def _typed(self) -> None:
        assert self._in is not None
        typed = os.read(self._in, 1024)
        if not typed:
            self._stop()
        for key in keys(typed.decode("utf-8", "replace")):
            does = self._does.get(key)
            if does is not None:
                does()
        self._due()

    def _scroll(self, by: int) -> None:
        self._row = max(0, min(self._row + by, len(self._table.rows) - self._height))

    def _choose(self, by: int) -> None:
        at = -1 if self._chosen is None else self._chosen
        at = max(-1, min(at + by, len(self._table.columns) - 1))
        self._chosen = None if at < 0 else at
        self._column = max(0, min(self._column, at))
        # Until the chosen one is whole, or the first.
        while self._column < at and not is_whole(self._table, self._view(), at):
            self._column += 1

    def _sort(self, column: Optional[int]) -> None:
        self._table.sort(column)

    def _look_again(self) -> None:
        self._table.look_again()
        if self._table.problem and not self._table.rows:
            self.status = 1
            self._stop()
        self._due()
        self._loop.call_later(_LOOK_AGAIN, self._look_again)

    # Drawing.

    def _due(self) -> None:
        # One frame for a batch of outcomes.
        if not self._is_due:
            self._is_due = True
            self._loop.call_later(max(0.0, self._drawn + _FRAME - time.monotonic()), self._draw)

    def _view(self) -> View:
        return View(self._row, self._column, self._chosen, self._height, shutil.get_terminal_size().columns)

    def _draw(self) -> None:
        self._is_due = False
        self._drawn = time.monotonic()
        self._scroll(0)
        text = "\n".join(line + "\x1b[K" for line in screen(self._table, self._view(), _HINT))
        self._write("\x1b[H" + text + "\x1b[J")
