"""Event loops of other libraries: each runs delayed closures, woken by the bell. In processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from conftest import need_module

import aeiou
from aeiou.testing import FakeDaemon

BEGIN = """
import sys
import aeiou
net = aeiou.attach(sys.argv[1])
seen = []
def ask(quit):
    def on_value(delayed, entry):
        seen.append((delayed, str(entry)))
        if len(seen) == 40:
            quit()
    with net.begin() as group:
        for _ in range(40):
            group.fetch("core1/system/sysName", on_value)
"""
END = """
net.dispatch_to(None)
net.close()
print(len(seen), set(seen))
"""
TKINTER = """
import tkinter
root = tkinter.Tk()
net.dispatch_to(root)
root.after(1, lambda: ask(root.quit))
root.after(10000, root.quit)
root.mainloop()
"""
GLIB = """
from gi.repository import GLib
loop = GLib.MainLoop()
net.dispatch_to(GLib)
GLib.timeout_add(1, lambda: ask(loop.quit))
GLib.timeout_add(10000, loop.quit)
loop.run()
"""
QT = """
from PyQt5.QtCore import QCoreApplication, QTimer
app = QCoreApplication([])
net.dispatch_to(app)
QTimer.singleShot(1, lambda: ask(app.quit))
QTimer.singleShot(10000, app.quit)
app.exec_()
"""


def run(script: str, display: str = "") -> str:
    environment = dict(os.environ, PYTHONPATH=str(Path(aeiou.__file__).parents[1]), DISPLAY=display)
    with FakeDaemon({"core1/system/sysName": "core1"}) as daemon:
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", BEGIN + script + END, daemon.socket],
            env=environment,
            capture_output=True,
            text=True,
            timeout=30,
        )
    assert done.returncode == 0, done.stderr
    return done.stdout


EXPECTED = "40 {(True, 'core1')}\n"


def test_tkinter_runs_delayed_closures(display: str) -> None:
    need_module("tkinter", "python3-tk")
    assert run(TKINTER, display) == EXPECTED


def test_glib_runs_delayed_closures() -> None:
    need_module("gi", "python3-gi")
    assert run(GLIB) == EXPECTED


def test_qt_runs_delayed_closures() -> None:
    need_module("PyQt5", "python3-pyqt5")
    assert run(QT) == EXPECTED
