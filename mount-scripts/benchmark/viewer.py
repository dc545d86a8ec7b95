"""Measures how soon the viewer shows something, with systems that are far away and two that are dead; 'bench viewer' calls it.

From the start of its process until the first frame, until the first one with the names of systems, and until each system
that answers has its values; in a window (under Xvfb, if there is wxPython) and in a terminal.
"""

import argparse
import os
import pathlib
import pty
import re
import select
import shutil
import subprocess
import sys
import threading
import time

from results import Results
from running import TOP, Running

SYSTEMS, DEAD, ROWS = 24, 2, 4
COLUMNS = "system/sysName,system/sysUpTime,interfaces/*/ifOperStatus"
SECONDS = 60

#: Runs the viewer, and says when its grid is painted, and what with.
WINDOW = """
import sys, time, wx
from aeiou.viewer import __main__, _wx
begin = _wx.Window.__init__
def hooked(window, *arguments):
    begin(window, *arguments)
    grid = window._grid
    def painted(event):
        event.Skip()
        rows = grid.GetNumberRows()
        columns = range(grid.GetNumberCols())
        known = rows and not any("*" in grid.GetColLabelValue(c) for c in columns)
        whole = sum(all(grid.GetCellValue(r, c) != "…" for c in columns) for r in range(rows)) if known else 0
        print(time.monotonic(), rows, whole, flush=True)
    grid.GetGridWindow().Bind(wx.EVT_PAINT, painted)
_wx.Window.__init__ = hooked
sys.exit(__main__.main())
"""


def window(client, net, running, display):
    environment = dict(os.environ, PYTHONPATH=str(client), DISPLAY=display)
    start = time.monotonic()
    process = running.start(
        sys.executable, "-W", "ignore", "-c", WINDOW, net, "--columns", COLUMNS, stdout=subprocess.PIPE, env=environment
    )
    first = names = None
    end = threading.Timer(SECONDS, process.kill)
    end.start()
    while True:
        line = process.stdout.readline()
        if not line:
            sys.exit(f"bench: the viewer did not show all systems that answer: {running.told()}")
        at, rows, whole = line.split()
        first = first or float(at) - start
        if int(rows) == SYSTEMS:
            names = names or float(at) - start
        if int(whole) >= SYSTEMS - DEAD:
            end.cancel()
            running.stop(process)
            return first, names, float(at) - start


def terminal(client, net, running):
    master, slave = pty.openpty()
    environment = dict(os.environ, PYTHONPATH=str(client), COLUMNS="200", LINES="60", PYTHONUTF8="1")
    start = time.monotonic()
    process = running.start(
        sys.executable, "-m", "aeiou.viewer", net, "--columns", COLUMNS, "--text", stdin=slave, stdout=slave, env=environment
    )
    os.close(slave)
    seen = ""
    first = names = None
    while time.monotonic() - start < SECONDS:
        if not select.select([master], [], [], 1)[0]:
            continue
        seen += os.read(master, 1 << 16).decode("utf-8", "replace")
        at = time.monotonic() - start
        frame = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", seen.rsplit("\x1b[H", 1)[-1]) if "\x1b[H" in seen else ""
        lines = frame.splitlines()[1 : 1 + SYSTEMS]
        if frame:
            first = first or at
        if sum("…" in line or "up" in line or "(" in line for line in lines) == SYSTEMS:
            names = names or at
        if sum(len(re.findall(r"\b(?:up|down)\b", line)) >= ROWS for line in lines) >= SYSTEMS - DEAD:
            running.stop(process)
            os.close(master)
            return first, names, at
    sys.exit("bench: the viewer did not show all systems that answer")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--client", default=TOP / "client-py" / "src", type=pathlib.Path, help="another client's source")
    parser.add_argument("--rounds", default=3, type=int)
    options = parser.parse_args()
    results = Results()
    whats = ("first frame", "names of all systems", "values of all that answer")
    for what, target in zip(whats, (1.0, 1.5, None)):
        for kind in ("window", "terminal"):
            results.name(f"{kind}: {what}", "s", target)
    for _ in range(options.rounds):
        # Another daemon each time, which knows nothing yet.
        with Running() as running:
            agents = running.simulate(systems=SYSTEMS, dead=DEAD, rtt="400ms", rows=ROWS).wait()
            for kind in ("window", "terminal"):
                daemon = running.mount(agents.configuration).wait()
                if kind == "terminal":
                    times = terminal(options.client, daemon.net, running)
                else:
                    display = screen(running)
                    if display is None:
                        continue
                    times = window(options.client, daemon.net, running, display)
                for what, took in zip(whats, times):
                    if took is not None:
                        results.add(f"{kind}: {what}", [took], "s")
                daemon.close()
    results.print()


def screen(running):
    """A display of its own; None if there is none, or no wxPython."""
    if not shutil.which("Xvfb") or subprocess.run([sys.executable, "-c", "import wx"], stderr=subprocess.DEVNULL).returncode:
        return None
    reads, writes = os.pipe()
    running.start(
        "Xvfb", "-displayfd", writes, "-screen", "0", "1280x1024x24", "-nolisten", "tcp", "-noreset", pass_fds=(writes,)
    )
    os.close(writes)
    with os.fdopen(reads) as told:
        return ":" + told.readline().strip()


if __name__ == "__main__":
    main()
