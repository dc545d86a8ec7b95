"""The viewer's table: its states, in a terminal and on a screen."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, Iterator, List, Tuple

import pytest

from conftest import need_module, pump

import aeiou
from aeiou.testing import FakeDaemon
from aeiou.viewer import __main__, _model, _text
from aeiou.viewer._model import Cell, Model

NAMES = ("core1", "core2", "lon/edge1")


@pytest.fixture
def daemon() -> Iterator[FakeDaemon]:
    values = {}
    for name in NAMES:
        values[f"{name}/.health"] = "up"
        values[f"{name}/system/sysName"] = name
        values[f"{name}/interfaces/eth0/ifOperStatus"] = "up"
        values[f"{name}/interfaces/eth1/ifOperStatus"] = "down"
    with FakeDaemon(values) as fake:
        yield fake


def table(net: aeiou.Attachment, rows: str, *columns: str) -> Model:
    return Model(net, rows.split(","), columns, lambda cell: None)


def test_rows_and_columns_are_patterns(daemon: FakeDaemon) -> None:
    with aeiou.attach(daemon.socket) as net:
        assert table(net, "*", "system/sysName").systems == list(NAMES)
        assert table(net, "core*", "system/sysName").systems == ["core1", "core2"]
        assert table(net, "lon/*", "interfaces/eth[01]/ifOper*").columns == [
            "interfaces/eth0/ifOperStatus",
            "interfaces/eth1/ifOperStatus",
        ]


def test_systems_that_do_not_answer_are_rows_too(daemon: FakeDaemon) -> None:
    daemon.fail("core2", "unreachable", "core2 has not answered lately")
    with aeiou.attach(daemon.socket) as net:
        assert table(net, "*", "system/sysName").systems == list(NAMES)


def test_cells_have_the_states_that_requests_have(daemon: FakeDaemon) -> None:
    daemon.cache("core1/system/sysName")
    daemon.hold("lon/edge1/system/sysName")
    daemon.fail("core2/system/sysName", "timeout", "core2 does not answer")
    with aeiou.attach(daemon.socket) as net:
        cells = table(net, "*", "system/sysName")
        cells.fill()
        column = [row[0] for row in cells.cells]
        assert [cell.state for cell in column] == ["fresh", "pending", "pending"]
        assert pump(net, lambda: column[1].entry is not None, 2)
        assert [cell.state for cell in column] == ["fresh", "failed", "pending"]
        assert (column[1].text, column[1].reason) == ("(timeout)", "core2 does not answer")
        daemon.release("lon/edge1/system/sysName")
        assert pump(net, lambda: column[2].entry is not None, 2)
        daemon.set("lon/edge1/system/sysName", "renamed")
        assert pump(net, lambda: column[2].text == "renamed", 2)


def test_what_other_systems_have_by_a_pattern_is_absent_and_no_failure() -> None:
    values = {"core1/interfaces/eth0/ifOperStatus": "up", "ups1/interfaces/lan/ifOperStatus": "down"}
    with FakeDaemon({**values, "core1/.health": "up", "ups1/.health": "up"}) as fake, aeiou.attach(fake.socket) as net:
        cells = table(net, "*", "interfaces/*/ifOperStatus", "system/sysName")
        cells.fill(live=False)
        assert pump(net, lambda: not cells.count()["pending"], 5)
        assert [[cell.text for cell in row] for row in cells.cells] == [
            ["up", "–", "(unknown name)"],
            ["–", "down", "(unknown name)"],
        ]
        assert (cells.count()["absent"], cells.count()["failed"]) == (2, 2)


def test_stale_cells_are_marked_and_not_cut(daemon: FakeDaemon) -> None:
    daemon.set("core1/system/sysUpTime", "1234567890123")
    daemon.cache("core1/system/sysUpTime", age=70)
    with aeiou.attach(daemon.socket) as net:
        cells = table(net, "core1", "system/sysUpTime")
        daemon.stop()
        cells.fill()
        assert cells.cells[0][0].state == "stale"
        assert "\x1b[3m1234567890123\x1b[0m" in _text.lines(cells, True)[1]
        assert _text.lines(cells, False)[1] == "core1  ~1234567890123"


def test_reading_that_is_kept_fresh_is_fresh_again(daemon: FakeDaemon) -> None:
    path = "core1/system/sysName"
    daemon.cache(path, age=70)
    with aeiou.attach(daemon.socket) as net:
        cells = table(net, "core1", "system/sysName")
        daemon.hold(path)
        cells.fill()
        assert cells.cells[0][0].state == "stale"
        # The value is the same, so a watch has nothing to tell.
        daemon.cache(path)
        cells.look_again()
        assert cells.cells[0][0].state == "fresh"


def test_what_a_device_says_moves_no_cursor(daemon: FakeDaemon) -> None:
    daemon.set("core1/system/sysDescr", "IOS\r\nTechnical\x1b[2J\x1b]0;owned\x07")
    daemon.fail("core2/system/sysDescr", "bad answer", "it said \x1b[31m")
    with aeiou.attach(daemon.socket) as net:
        cells = table(net, "core*", "system/sysDescr")
        cells.fill(live=False)
        assert cells.group is not None and cells.group.wait(2)
        lines = _text.lines(cells, False)
    assert lines[1] == "core1  IOS··Technical·[2J·]0;owned·"
    assert all(line.isprintable() for line in lines)


def test_systems_are_found_without_asking_any(daemon: FakeDaemon, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_model, "_PATIENCE", 2.0)
    daemon.set("version", "1")
    daemon.set(".aeiou/version", "1")
    for name in NAMES:
        daemon.hold(name)
    with aeiou.attach(daemon.socket) as net:
        assert table(net, "*", "system/sysName").systems == list(NAMES)
        assert table(net, "core*", "system/sysName").systems == ["core1", "core2"]
        assert table(net, "lon/edge?", "system/sysName").systems == ["lon/edge1"]
    assert daemon.asked == []


def test_columns_are_looked_for_in_all_systems_at_once(daemon: FakeDaemon) -> None:
    paths = {f"{name}/interfaces" for name in NAMES}
    for path in paths:
        daemon.hold(path)
    together: List[bool] = []

    def release() -> None:
        end = time.monotonic() + 2
        while not together and time.monotonic() < end:
            if {request.path for client in daemon._clients for request in client.pending.values()} == paths:
                together.append(True)
            time.sleep(0.005)
        for path in paths:
            daemon.release(path)

    with aeiou.attach(daemon.socket) as net:
        thread = threading.Thread(target=release)
        thread.start()
        columns = table(net, "*", "interfaces/*/ifOperStatus", "system/sysName", "interfaces/eth0/*").columns
        thread.join()
    assert together
    assert columns == ["interfaces/eth0/ifOperStatus", "interfaces/eth1/ifOperStatus", "system/sysName"]


def test_cells_are_live_again_when_the_daemon_is_back(daemon: FakeDaemon) -> None:
    with aeiou.attach(daemon.socket, reconnect=True) as net:
        cells = table(net, "core1", "system/sysName")
        cells.fill()
        cell = cells.cells[0][0]
        assert pump(net, lambda: cell.state == "fresh", 2)
        daemon.stop()
        assert pump(net, lambda: cells.summary() == "1 fresh, not connected: the daemon is gone", 2)
        daemon.start()
        daemon.set("core1/system/sysName", "renamed")
        assert pump(net, lambda: cell.text == "renamed", 5)
        assert cells.summary() == "1 fresh"


def test_text_table_waits_for_what_is_pending_and_says_what_failed(daemon: FakeDaemon) -> None:
    daemon.fail("core2/system/sysName", "timeout", "core2 does not answer")
    out = io.StringIO()
    with aeiou.attach(daemon.socket) as net:
        _text.show(table(net, "core*", "system/sysName"), 5, 0.1, out)
    assert out.getvalue() == (
        "       sysName\ncore1  core1\ncore2  (timeout)\n1 fresh, 1 failed\ncore2 does not answer\n"
    )


def run(*arguments: str) -> Tuple[int, str, str]:
    environment = dict(os.environ, PYTHONPATH=str(Path(aeiou.__file__).parents[1]))
    done = subprocess.run(
        [sys.executable, "-m", "aeiou.viewer", *arguments], env=environment, capture_output=True, text=True, timeout=30
    )
    return done.returncode, done.stdout, done.stderr


def test_command_line_shows_text_and_says_what_is_wrong(daemon: FakeDaemon, tmp_path: Path) -> None:
    code, out, _ = run(daemon.socket, "--text", "--rows", "core1", "--columns", "system/sysName")
    assert (code, out.splitlines()[1]) == (0, "core1  core1")
    code, _, err = run(daemon.socket, "--text", "--rows", "nobody")
    assert (code, "no system is called nobody" in err) == (1, True)
    code, _, err = run(str(tmp_path), "--text")
    assert (code, "is not a mounted network" in err) == (1, True)


def test_names_that_do_not_come_in_time_are_said(
    daemon: FakeDaemon, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(_model, "_PATIENCE", 0.05)
    monkeypatch.setattr(sys, "argv", ["viewer", daemon.socket, "--text"])
    daemon.hold("")
    assert __main__.main() == 1
    assert "its names were not listed in time" in capsys.readouterr().err


@pytest.fixture
def screen(display: str) -> None:
    need_module("wx", "python3-wxgtk4.0")
    os.environ["DISPLAY"] = display


SCRIPT = """
import sys, warnings
import wx
import aeiou
from aeiou.viewer import _wx
from aeiou.viewer._model import Model
net = aeiou.attach(sys.argv[1])
cells = Model(net, ["*"], ["system/sysName"], lambda cell: None)
app = wx.App(False)
window = _wx.Window(net, cells, "test")
window.Show()
def after():
    if cells.count()["pending"]:
        wx.CallLater(50, after)
        return
    wx.CallLater(200, lambda: (window.picture(sys.argv[3]), window.Close()))
def before():
    print(cells.count(), flush=True)
    window.picture(sys.argv[2])
    print("shown", flush=True)
    after()
wx.CallLater(400, before)
app.MainLoop()
print(cells.count(), flush=True)
net.close()
"""


def colours(picture: Path) -> List[Any]:
    """The colours of a picture, most frequent first."""
    script = (
        "import sys, wx, collections; app = wx.App(False); image = wx.Image(sys.argv[1]); data = bytes(image.GetData());"
        "print(*[c for c, _ in collections.Counter(data[i:i+3].hex() for i in range(0, len(data), 3)).most_common()])"
    )
    return subprocess.run(
        [sys.executable, "-c", script, str(picture)], capture_output=True, text=True, check=True, timeout=30
    ).stdout.split()


def test_window_shows_cached_cells_at_once_and_the_others_when_they_come(
    daemon: FakeDaemon, screen: None, tmp_path: Path
) -> None:
    daemon.cache("core1/system/sysName")
    for name in NAMES[1:]:
        daemon.hold(f"{name}/system/sysName")
    daemon.fail("lon/edge1/system/sysName", "unreachable", "lon/edge1 does not answer")
    environment = dict(os.environ, PYTHONPATH=str(Path(aeiou.__file__).parents[1]))
    before, after = tmp_path / "before.png", tmp_path / "after.png"
    window = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", SCRIPT, daemon.socket, str(before), str(after)],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert window.stdout is not None
        first = window.stdout.readline()
        assert "'pending': 2, 'fresh': 1" in first
        assert window.stdout.readline() == "shown\n"
        for name in NAMES[1:]:
            daemon.release(f"{name}/system/sysName")
        out, _ = window.communicate(timeout=20)
        assert "'pending': 0, 'fresh': 2, 'stale': 0, 'absent': 0, 'failed': 1" in out
    finally:
        window.kill()
        window.communicate()
    grey, red = "e8e8e8", "be1e1e"
    assert grey in colours(before) and red not in colours(before)
    assert grey not in colours(after) and red in colours(after)


LOOKS = """
import sys
import wx
import aeiou
from aeiou.viewer import _wx
from aeiou.viewer._model import Model
net = aeiou.attach(sys.argv[1])
cells = Model(net, ["*"], ["system/sysName"], lambda cell: None)
app = wx.App(False)
window = _wx.Window(net, cells, "test")
window.Show()
grid = window._grid
def hover(row):
    middle = grid.CellToRect(row, 0).GetPosition() + wx.Point(5, 5)
    event = wx.MouseEvent(wx.wxEVT_MOTION)
    event.SetPosition(grid.CalcScrolledPosition(middle))
    grid.GetGridWindow().GetEventHandler().ProcessEvent(event)
    return grid.GetGridWindow().GetToolTipText()
def look():
    if cells.count()["failed"] < 1:
        wx.CallLater(50, look)
        return
    for row, cell in enumerate(row[0] for row in cells.cells):
        attr = grid.GetTable().GetAttr(row, 0, wx.grid.GridCellAttr.Cell)
        italic = attr.GetFont().GetStyle() == wx.FONTSTYLE_ITALIC if attr.HasFont() else False
        ground = attr.GetBackgroundColour().GetAsString(wx.C2S_HTML_SYNTAX)
        print(cell.state, "italic" if italic else "upright", ground, repr(hover(row)), flush=True)
    window.Close()
wx.CallLater(100, look)
app.MainLoop()
net.close()
"""


def test_looks_of_cells_and_the_reason_on_hover(daemon: FakeDaemon, screen: None) -> None:
    daemon.cache("core1/system/sysName", age=70)
    daemon.hold("core1/system/sysName")
    daemon.hold("core2/system/sysName")
    daemon.fail("lon/edge1/system/sysName", "unreachable", "lon/edge1 does not answer")
    done = in_a_window(LOOKS, daemon.socket)
    assert done.returncode == 0 and "Traceback" not in done.stderr, done.stderr
    assert done.stdout.splitlines() == [
        "stale italic #FFFFFF ''",
        "pending upright #E8E8E8 ''",
        "failed upright #FFFFFF 'lon/edge1 does not answer'",
    ]


CLOSED = """
import sys
import wx
from aeiou.viewer import __main__, _wx
begin = _wx.Window.__init__
def begin_and_close(window, *arguments):
    begin(window, *arguments)
    wx.CallLater(300, window.Close)
_wx.Window.__init__ = begin_and_close
sys.argv = ["viewer", *sys.argv[1:]]
sys.exit(__main__.main())
"""


def test_window_closes_without_a_word(daemon: FakeDaemon, screen: None) -> None:
    done = in_a_window(CLOSED, daemon.socket, "--columns", "system/sysName")
    assert (done.returncode, done.stdout) == (0, "")
    assert "Error" not in done.stderr and "failed" not in done.stderr, done.stderr


def in_a_window(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = dict(os.environ, PYTHONPATH=str(Path(aeiou.__file__).parents[1]))
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=30,
    )


def test_cell_without_an_outcome_is_pending() -> None:
    assert (Cell(0, 0, "a").state, Cell(0, 0, "a").text) == ("pending", "…")
