"""The viewer in a terminal: what is on the screen, what keys do, and that the terminal is afterwards as it was."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path
from typing import Any, Iterator, List

import pytest

import aeiou
from aeiou.testing import FakeDaemon
from aeiou.viewer._terminal import keys

COUNT = 40
NAMES = [f"core{i}" for i in range(COUNT)]


@pytest.fixture
def daemon() -> Iterator[FakeDaemon]:
    values = {}
    for i, name in enumerate(NAMES):
        values[f"{name}/.health"] = "up"
        values[f"{name}/system/sysName"] = f"n{COUNT - i}"
        for row in range(12):
            values[f"{name}/interfaces/eth{row}/ifOperStatus"] = "down" if (i, row) == (0, 0) else "up"
    with FakeDaemon(values) as fake:
        yield fake


class Viewer:
    """The viewer in a terminal of 80 by 24, and what is on its screen."""

    def __init__(self, *arguments: str, script: str = "") -> None:
        self.master, slave = pty.openpty()
        self.slave = slave
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("4H", 24, 80, 0, 0))
        self.before = termios.tcgetattr(slave)
        environment = dict(os.environ, PYTHONPATH=str(Path(aeiou.__file__).parents[1]), PYTHONUTF8="1")
        environment.pop("COLUMNS", None)
        environment.pop("LINES", None)
        how = ["-c", script] if script else ["-m", "aeiou.viewer"]
        self.process = subprocess.Popen(
            [sys.executable, *how, *arguments, "--text"],
            env=environment,
            stdin=slave,
            stdout=slave,
            stderr=subprocess.PIPE,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        self.seen = b""

    def until(self, done: Any) -> List[str]:
        """Reads until something is so of the screen; gives its lines."""
        end = time.monotonic() + 20
        while True:
            lines = self.lines
            if done(lines):
                return lines
            left = end - time.monotonic()
            assert left > 0, f"it is still: {lines}"
            if select.select([self.master], [], [], left)[0]:
                self.seen += os.read(self.master, 65536)

    @property
    def lines(self) -> List[str]:
        """The last whole frame, without its colours."""
        frames = re.findall(r"\x1b\[H(.*?)\x1b\[J", self.seen.decode("utf-8", "replace"), re.DOTALL)
        return re.sub(r"\x1b\[[0-9;]*[mK]", "", frames[-1]).split("\r\n") if frames else []

    def type(self, text: str) -> None:
        os.write(self.master, text.encode())

    def rows(self, first: str) -> List[str]:
        """Waits until a row is the first one; gives the names of all that are shown."""
        lines = self.until(lambda lines: len(lines) > 1 and lines[1].split()[:1] == [first])
        return [line.split()[0] for line in lines[1:-3] if line.strip()]

    def end(self) -> int:
        """Waits until it has ended; checks that the terminal is as it was."""
        while True:
            ready, _, _ = select.select([self.master], [], [], 0.05)
            if ready:
                self.seen += os.read(self.master, 65536)
            elif self.process.poll() is not None:
                break
        assert termios.tcgetattr(self.slave) == self.before
        assert self.seen.endswith(b"\x1b[?7h\x1b[?25h\x1b[?1049l"), "wrapped lines, a cursor, and the screen from before"
        return self.process.returncode

    def close(self) -> str:
        self.process.kill()
        error = self.process.communicate()[1].decode()
        os.close(self.master)
        os.close(self.slave)
        return error


@pytest.fixture
def viewer(daemon: FakeDaemon) -> Iterator[Viewer]:
    shown = Viewer(daemon.socket, "--columns", "system/sysName,interfaces/*/ifOperStatus")
    yield shown
    assert shown.close() == ""


def test_screen_is_there_before_anything_is_known(daemon: FakeDaemon) -> None:
    daemon.hold("")
    viewer = Viewer(daemon.socket, "--columns", "system/sysName,interfaces/*/ifOperStatus")
    try:
        lines = viewer.until(lambda lines: len(lines) == 24)
        assert lines[0].split() == ["system", "▲", "sysName", "*/ifOperStatus"]
        assert lines[-2].startswith("looking for systems; no rows, columns 1-2 of 2")
        assert lines[-1].startswith("q quit")
        # The systems are known now, and two of them do not answer.
        for name in ("core1", "core2"):
            daemon.hold(f"{name}/interfaces")
            daemon.hold(f"{name}/system/sysName")
        daemon.release("")
        lines = viewer.until(lambda lines: "listing 2 of 40 systems" in lines[-2])
        assert lines[2].split() == ["core1", *["…"] * (len(lines[2].split()) - 1)]
        assert lines[4].split()[:3] == ["core3", "n37", "up"]
    finally:
        viewer.close()


def test_keys_scroll_and_q_quits(viewer: Viewer) -> None:
    shown = viewer.rows("core0")
    assert shown == NAMES[:20]
    for typed, first in (
        ("\x1b[B", 1),
        ("j", 2),
        ("\x1b[A", 1),
        ("\x1b[6~", 20),
        ("\x1b[5~", 0),
        ("\x1b[F", 20),
        ("\x1b[A", 19),
        ("\x1bOH", 0),
    ):
        viewer.type(typed)
        assert viewer.rows(f"core{first}") == NAMES[first : first + 20]
    viewer.type("q")
    assert viewer.end() == 0


def test_keys_choose_a_column_and_sort_by_it(viewer: Viewer) -> None:
    viewer.until(lambda lines: lines and lines[-2].startswith("520 fresh;"))
    viewer.type("\x1b[Cs")
    lines = viewer.until(lambda lines: "sysName ▲" in lines[0])
    assert [line.split()[1] for line in lines[1:4]] == ["n1", "n2", "n3"], "in the order in which people count"
    viewer.type("s")
    lines = viewer.until(lambda lines: "sysName ▼" in lines[0])
    assert [line.split()[1] for line in lines[1:3]] == ["n40", "n39"]
    viewer.type("\x1b[C" * 12)
    lines = viewer.until(lambda lines: "eth11/ifOperStatus" in lines[0])
    assert "sysName" not in lines[0] and all(len(line) <= 80 for line in lines)
    viewer.type("\x1b[D" * 20 + "n")
    lines = viewer.until(lambda lines: lines[0].startswith("system ▲"))
    assert "sysName" in lines[0] and viewer.rows("core0") == NAMES[:20]
    viewer.type("q")
    assert viewer.end() == 0


def test_terminal_of_another_size_is_drawn_anew(viewer: Viewer) -> None:
    viewer.rows("core0")
    fcntl.ioctl(viewer.slave, termios.TIOCSWINSZ, struct.pack("4H", 10, 60, 0, 0))
    viewer.process.send_signal(signal.SIGWINCH)
    lines = viewer.until(lambda lines: len(lines) == 10)
    assert all(len(line) <= 60 for line in lines)
    viewer.type("q")
    assert viewer.end() == 0


def test_terminal_is_as_it_was_after_ctrl_c(viewer: Viewer) -> None:
    viewer.rows("core0")
    viewer.type("\x03")
    assert viewer.end() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_terminal_is_as_it_was_after_a_signal(viewer: Viewer, number: signal.Signals) -> None:
    viewer.rows("core0")
    viewer.process.send_signal(number)
    assert viewer.end() == 128 + number


def test_terminal_is_as_it_was_while_the_viewer_is_stopped(viewer: Viewer) -> None:
    viewer.rows("core0")
    viewer.type("\x1a")
    pid, status = os.waitpid(viewer.process.pid, os.WUNTRACED)
    assert os.WIFSTOPPED(status) and termios.tcgetattr(viewer.slave) == viewer.before
    viewer.seen = b""
    viewer.process.send_signal(signal.SIGCONT)
    viewer.rows("core0")
    viewer.type("q")
    assert viewer.end() == 0


BROKEN = """
import sys
from aeiou.viewer import __main__, _model
counts = iter(range(4))
summary = _model.Model.summary
_model.Model.summary = lambda table: f"{1 // (3 - next(counts))} {summary(table)}"
sys.exit(__main__.main())
"""


def test_terminal_is_as_it_was_after_an_error_which_is_said(daemon: FakeDaemon) -> None:
    viewer = Viewer(daemon.socket, script=BROKEN)
    try:
        assert viewer.end() == 1
    finally:
        error = viewer.close()
    assert "ZeroDivisionError" in error


def test_without_keys_it_runs_for_as_long_as_was_said(daemon: FakeDaemon) -> None:
    master, slave = pty.openpty()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "aeiou.viewer", daemon.socket, "--text", "--seconds", "0.2"],
            env=dict(os.environ, PYTHONPATH=str(Path(aeiou.__file__).parents[1])),
            stdin=subprocess.DEVNULL,
            stdout=slave,
            stderr=subprocess.PIPE,
            timeout=20,
        )
        assert (done.returncode, done.stderr) == (0, b"")
    finally:
        os.close(master)
        os.close(slave)


def test_no_system_is_said_with_the_terminal_as_it_was(daemon: FakeDaemon) -> None:
    viewer = Viewer(daemon.socket, "--rows", "nobody")
    try:
        assert viewer.end() == 1
    finally:
        error = viewer.close()
    assert error.strip() == f"{daemon.socket}: no system is called nobody"


def test_keys_that_are_sequences_are_taken_apart() -> None:
    assert keys("\x1b[Bq\x1b[6~é\x1b") == ["j", "q", " ", "é", "\x1b"]
