"""Event loops of other libraries: each runs delayed closures, woken by the bell. In processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import need_module

import aeiou

BEGIN = """
import sys, time
import aeiou
from aeiou.testing import FakeDaemon
daemon = FakeDaemon({"core1/system/sysName": "core1"})
PATH = "core1/system/sysName"
"""
END = """
net.close()
daemon.close()
"""

# Each gives a loop, later(milliseconds, what), quit() and run().
TKINTER = """
import tkinter
loop = tkinter.Tk()
later, quit, run = loop.after, loop.quit, loop.mainloop
"""
GLIB = """
from gi.repository import GLib as loop
main = loop.MainLoop()
def later(milliseconds, what):
    loop.timeout_add(milliseconds, lambda: what() and False)
quit, run = main.quit, main.run
"""
QT = """
from PyQt5.QtCore import QCoreApplication, QTimer
loop = QCoreApplication([])
later, quit, run = QTimer.singleShot, loop.quit, loop.exec_
"""
DERIVED_QT = """
from PyQt5.QtCore import QCoreApplication, QTimer
class Application(QCoreApplication):
    pass
loop = Application([])
later, quit, run = QTimer.singleShot, loop.quit, loop.exec_
"""
WX = """
import wx as loop
app = loop.App(False)
frame = loop.Frame(None)
later, quit, run = loop.CallLater, app.ExitMainLoop, app.MainLoop
"""

BATCH = """
net = aeiou.attach(daemon.socket)
seen = []
def on_value(delayed, entry):
    seen.append((delayed, str(entry)))
    if len(seen) == 40:
        quit()
def ask():
    net.list("/")
    with net.begin() as group:
        for _ in range(40):
            group.fetch(PATH, on_value)
net.dispatch_to(loop)
later(1, ask)
later(10000, quit)
run()
net.dispatch_to(None)
print(len(seen), set(seen))
"""

# The daemon goes while it is watched, comes back, and then the program detaches inside a closure.
AWAY = """
used = []
def on_value(delayed, entry):
    print(entry, flush=True)
    if entry.ok and used:
        net.close()
        later(100, quit)
    elif entry.ok:
        later(1, daemon.stop)
def on_connection(connected, why):
    print("back" if connected else why, flush=True)
    if not connected:
        later(100, lambda: used.append(time.process_time()))
        later(500, lambda: (used.append(time.process_time()), daemon.start()))
net = aeiou.attach(daemon.socket, reconnect=True, on_connection=on_connection)
net.dispatch_to(loop)
group = net.begin()
later(1, lambda: (group.watch(PATH, on_value), group.end()))
later(10000, quit)
run()
print("busy" if used[1] - used[0] > 0.2 else "at rest")
"""


def run(script: str, display: str = "") -> str:
    environment = dict(os.environ, PYTHONPATH=str(Path(aeiou.__file__).parents[1]), DISPLAY=display)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", BEGIN + script + END],
        env=environment,
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout


EXPECTED = "40 {(True, 'core1')}\n"
#: The closure is told of the end of its last watch when the attachment is closed.
FOUND_AGAIN = "core1\nthe daemon ended this attachment: the daemon stops\nback\ncore1\n(stopped)\nat rest\n"


@pytest.mark.parametrize(("scenario", "expected"), [(BATCH, EXPECTED), (AWAY, FOUND_AGAIN)], ids=["batch", "away"])
def test_tkinter_runs_delayed_closures(display: str, scenario: str, expected: str) -> None:
    need_module("tkinter", "python3-tk")
    assert run(TKINTER + scenario, display) == expected


@pytest.mark.parametrize(("scenario", "expected"), [(BATCH, EXPECTED), (AWAY, FOUND_AGAIN)], ids=["batch", "away"])
def test_glib_runs_delayed_closures(scenario: str, expected: str) -> None:
    need_module("gi", "python3-gi")
    assert run(GLIB + scenario) == expected


@pytest.mark.parametrize(("scenario", "expected"), [(BATCH, EXPECTED), (AWAY, FOUND_AGAIN)], ids=["batch", "away"])
def test_qt_runs_delayed_closures(scenario: str, expected: str) -> None:
    need_module("PyQt5", "python3-pyqt5")
    assert run(QT + scenario) == expected


def test_qt_object_of_a_class_of_the_program_is_one_too() -> None:
    need_module("PyQt5", "python3-pyqt5")
    assert run(DERIVED_QT + BATCH) == EXPECTED


@pytest.mark.parametrize(("scenario", "expected"), [(BATCH, EXPECTED), (AWAY, FOUND_AGAIN)], ids=["batch", "away"])
def test_wx_runs_delayed_closures(display: str, scenario: str, expected: str) -> None:
    need_module("wx", "python3-wxgtk4.0")
    assert run(WX + scenario, display) == expected


def test_window_that_is_gone_does_not_keep_the_attachment_from_ending(display: str) -> None:
    need_module("tkinter", "python3-tk")
    assert run(TKINTER + "net = aeiou.attach(daemon.socket)\nnet.dispatch_to(loop)\nloop.destroy()\n", display) == ""


def test_glib_goes_on_after_an_exception_that_is_none_of_ours() -> None:
    need_module("gi", "python3-gi")
    script = """
net = aeiou.attach(daemon.socket)
class Odd(BaseException):
    pass
seen = []
def on_value(delayed, entry):
    seen.append(1)
    if len(seen) == 3:
        quit()
    raise Odd
net.dispatch_to(loop)
with net.begin() as group:
    for _ in range(2):
        group.fetch(PATH, on_value)
later(200, lambda: (group.fetch(PATH, on_value), None)[1])
later(5000, quit)
import sys
sys.excepthook = lambda kind, error, trace: print(kind.__name__)
run()
print(len(seen))
"""
    assert run(GLIB + script).splitlines()[-1] == "3"
