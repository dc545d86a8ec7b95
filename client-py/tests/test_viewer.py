"""The viewer's table: its states, in a terminal and on a screen."""

from __future__ import annotations

import ast
import io
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Iterator, List, Tuple

import pytest

from conftest import need_module, pump

import aeiou
from aeiou import _layout as layout
from aeiou.testing import FakeDaemon
from aeiou.viewer import _text
from aeiou.viewer._looks import cut, width
from aeiou.viewer._model import Model
from aeiou.viewer._text import View

CODE = re.compile("\x1b\\[[0-9;]*m")

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


def table(net: aeiou.Attachment, rows: str, *columns: str, live: bool = True) -> Model:
    """A table whose rows and columns are known."""
    cells = Model(net, rows.split(","), columns)
    cells.start(live)
    assert pump(net, lambda: cells.is_listed, 5)
    return cells


def systems(cells: Model) -> List[str]:
    return [row.name for row in cells.rows]


def columns(cells: Model) -> List[str]:
    return [column.name for column in cells.columns]


def texts(cells: Model) -> List[List[str]]:
    return [[cells.cell(r, c).text for c in range(len(cells.columns))] for r in range(len(cells.rows))]


def states(cells: Model) -> List[List[str]]:
    return [[cells.cell(r, c).state for c in range(len(cells.columns))] for r in range(len(cells.rows))]


def ended(net: aeiou.Attachment, cells: Model) -> bool:
    return pump(net, lambda: not cells.count()["pending"], 5)


# What is shown.


def test_rows_and_columns_are_patterns(daemon: FakeDaemon) -> None:
    with aeiou.attach(daemon.socket) as net:
        assert systems(table(net, "*", "system/sysName")) == list(NAMES)
        assert systems(table(net, "core*", "system/sysName")) == ["core1", "core2"]
        assert systems(table(net, "lon/edge?", "system/sysName")) == ["lon/edge1"]
        assert columns(table(net, "lon/*", "interfaces/eth[01]/ifOper*")) == [
            "interfaces/eth0/ifOperStatus",
            "interfaces/eth1/ifOperStatus",
        ]


def test_rows_and_columns_are_in_the_order_in_which_people_count() -> None:
    values = {}
    for name in ("core10", "core9", "Core1"):
        values[f"{name}/.health"] = "up"
        for row in ("eth10", "eth1", "eth0", "eth9"):
            values[f"{name}/interfaces/{row}/ifOperStatus"] = "up"
    with FakeDaemon(values) as fake, aeiou.attach(fake.socket) as net:
        cells = table(net, "*", "interfaces/*/ifOperStatus")
        assert systems(cells) == ["Core1", "core9", "core10"]
        assert [cells.head(c) for c in range(4)] == [f"{row}/ifOperStatus" for row in ("eth0", "eth1", "eth9", "eth10")]


def test_systems_that_do_not_answer_are_rows_too(daemon: FakeDaemon) -> None:
    daemon.fail("core2", "unreachable", "core2 has not answered lately")
    with aeiou.attach(daemon.socket) as net:
        assert systems(table(net, "*", "system/sysName")) == list(NAMES)


def test_cells_have_the_states_that_requests_have(daemon: FakeDaemon) -> None:
    daemon.cache("core1/system/sysName")
    daemon.hold("lon/edge1/system/sysName")
    daemon.fail("core2/system/sysName", "timeout", "core2 does not answer")
    with aeiou.attach(daemon.socket) as net:
        cells = table(net, "*", "system/sysName")
        assert states(cells)[0] == ["fresh"]
        assert pump(net, lambda: states(cells) == [["fresh"], ["failed"], ["pending"]], 2)
        failed = cells.cell(1, 0)
        assert (failed.text, failed.reason, failed.is_bad) == ("(timeout)", "core2 does not answer", True)
        daemon.release("lon/edge1/system/sysName")
        assert pump(net, lambda: states(cells)[2] == ["fresh"], 2)
        daemon.set("lon/edge1/system/sysName", "renamed")
        assert pump(net, lambda: texts(cells)[2] == ["renamed"], 2)


def test_what_other_systems_have_by_a_pattern_is_absent_and_no_failure() -> None:
    values = {"core1/interfaces/eth0/ifOperStatus": "up", "ups1/interfaces/lan/ifOperStatus": "down"}
    with FakeDaemon({**values, "core1/.health": "up", "ups1/.health": "up"}) as fake, aeiou.attach(fake.socket) as net:
        cells = table(net, "*", "interfaces/*/ifOperStatus", "system/sysName", live=False)
        assert ended(net, cells)
        assert texts(cells) == [["up", "–", "(unknown name)"], ["–", "down", "(unknown name)"]]
        assert (cells.count()["absent"], cells.count()["failed"]) == (2, 2)


def test_cells_of_a_pattern_fail_with_the_listing_that_they_need(daemon: FakeDaemon) -> None:
    daemon.fail("core2/interfaces", "unreachable", "core2 has not answered lately")
    with aeiou.attach(daemon.socket) as net:
        cells = table(net, "core*", "interfaces/*/ifOperStatus", live=False)
        assert ended(net, cells)
        assert texts(cells) == [["up", "down"], ["(unreachable)", "(unreachable)"]]
        assert cells.reasons() == ["core2 has not answered lately"]
        assert (cells.count()["fresh"], cells.count()["failed"]) == (2, 2)


def test_pattern_that_means_nothing_is_a_column_without_values(daemon: FakeDaemon) -> None:
    with aeiou.attach(daemon.socket) as net:
        cells = table(net, "core1", "interfaces/tun*/ifOperStatus", "system/sysName", live=False)
        assert ended(net, cells)
        assert columns(cells) == ["interfaces/tun*/ifOperStatus", "system/sysName"]
        assert texts(cells) == [["–", "core1"]]


def test_stale_cells_are_marked_and_not_cut(daemon: FakeDaemon) -> None:
    daemon.set("core1/system/sysUpTime", "1234567890123")
    daemon.cache("core1/system/sysUpTime", age=70)
    daemon.hold("core1/system/sysUpTime")
    with aeiou.attach(daemon.socket) as net:
        cells = table(net, "core1", "system/sysUpTime")
        assert cells.cell(0, 0).state == "stale"
        assert "\x1b[3m1234567890123\x1b[0m" in _text.screen(cells, View(0, 0, None, 5, 80), "")[1]
        assert _text.lines(cells)[1] == "core1  ~1234567890123"


def test_reading_that_is_kept_fresh_is_fresh_again(daemon: FakeDaemon) -> None:
    path = "core1/system/sysName"
    daemon.cache(path, age=70)
    daemon.hold(path)
    with aeiou.attach(daemon.socket) as net:
        cells = table(net, "core1", "system/sysName")
        assert states(cells) == [["stale"]]
        # The value is the same, so a watch has nothing to tell.
        daemon.cache(path)
        cells.look_again()
        assert states(cells) == [["fresh"]]


def test_what_a_device_says_moves_no_cursor(daemon: FakeDaemon) -> None:
    daemon.set("core1/system/sysDescr", "IOS\r\nTechnical\x1b[2J\x1b]0;owned\x07")
    daemon.fail("core2/system/sysDescr", "bad answer", "it said \x1b[31m")
    with aeiou.attach(daemon.socket) as net:
        cells = table(net, "core*", "system/sysDescr", live=False)
        assert ended(net, cells)
        lines = _text.lines(cells)
    assert lines[1] == "core1  IOS··Technical·[2J·]0;owned·"
    assert all(line.isprintable() for line in lines)


def test_times_are_shown_as_people_say_them(daemon: FakeDaemon) -> None:
    shown = {
        "4211": "42 s",
        "12345": "2 min 3 s",
        "1234567": "3 h 25 min",
        "123456789": "14 d 6 h",
    }
    with aeiou.attach(daemon.socket) as net:
        for ticks, text in shown.items():
            daemon.set("core1/system/sysUpTime", ticks)
            daemon.describe("core1/system/sysUpTime", raw=int(ticks), type="TimeTicks")
            cells = table(net, "core1", "system/sysUpTime", live=False)
            assert pump(net, lambda: texts(cells) == [[text]], 2), text
        daemon.set("core1/system/sysServices", "4211")
        assert texts(table(net, "core1", "system/sysServices")) != [["42 s"]]


def test_what_is_down_wants_attention(daemon: FakeDaemon) -> None:
    with aeiou.attach(daemon.socket) as net:
        cells = table(net, "core1", "interfaces/*/ifOperStatus", live=False)
        assert ended(net, cells)
        assert [cells.cell(0, c).is_bad for c in (0, 1)] == [False, True]
        assert "\x1b[1;31mdown" in _text.screen(cells, View(0, 0, None, 5, 80), "")[1]


# Sorting.


def test_rows_are_sorted_by_a_column_and_the_other_way_round() -> None:
    load = {"a1": "100", "a2": "20", "a10": "busy", "b1": None, "b2": "3"}
    values = {f"{name}/.health": "up" for name in load}
    values.update({f"{name}/system/load": value for name, value in load.items() if value is not None})
    with FakeDaemon(values) as fake, aeiou.attach(fake.socket) as net:
        fake.set("b1/system/sysName", "b1")
        cells = table(net, "*", "system/load", live=False)
        assert ended(net, cells)
        assert systems(cells) == ["a1", "a2", "a10", "b1", "b2"]
        cells.sort(0)
        assert systems(cells) == ["b2", "a2", "a1", "a10", "b1"] and cells.head(0) == "load ▲"
        cells.sort(0)
        assert systems(cells) == ["a10", "a1", "a2", "b2", "b1"] and cells.head(0) == "load ▼"
        cells.sort(None)
        assert systems(cells) == ["a1", "a2", "a10", "b1", "b2"] and cells.head(0) == "load"
        cells.sort(None)
        assert systems(cells) == ["b2", "b1", "a10", "a2", "a1"]


def test_rows_stay_sorted_when_values_change(daemon: FakeDaemon) -> None:
    with aeiou.attach(daemon.socket) as net:
        cells = table(net, "*", "system/sysName")
        assert ended(net, cells)
        cells.sort(0)
        daemon.set("core1/system/sysName", "zebra")
        assert pump(net, lambda: ["zebra"] in texts(cells), 2)
        cells.look_again()
        assert systems(cells) == ["core2", "lon/edge1", "core1"]


# Without waiting.


def test_nothing_waits_for_names_or_values(daemon: FakeDaemon) -> None:
    daemon.hold("")
    with aeiou.attach(daemon.socket) as net:
        cells = Model(net, ["*"], ["system/sysName", "interfaces/*/ifOperStatus"])
        cells.start()
        assert (cells.rows, cells.summary()) == ([], "looking for systems")
        assert columns(cells) == ["system/sysName", "interfaces/*/ifOperStatus"]
        for name in NAMES:
            daemon.hold(f"{name}/interfaces")
        daemon.release("")
        assert pump(net, lambda: cells.count()["fresh"] == 3, 5), "what is known is asked for meanwhile"
        assert texts(cells) == [[name, "…"] for name in NAMES]
        assert cells.summary() == "listing 3 of 3 systems, 3 pending, 3 fresh"
        daemon.release("core1/interfaces")
        assert pump(net, lambda: texts(cells)[0] == ["core1", "up", "down"], 5), "no system waits for another"
        assert texts(cells)[1:] == [[name, "…", "…"] for name in NAMES[1:]]
        assert cells.summary() == "listing 2 of 3 systems, 4 pending, 5 fresh"


def test_systems_are_found_without_asking_any(daemon: FakeDaemon) -> None:
    daemon.set("version", "1")
    daemon.set(".aeiou/version", "1")
    for name in NAMES:
        daemon.hold(name)
        daemon.hold(f"{name}/system/sysName")
    with aeiou.attach(daemon.socket) as net:
        assert systems(table(net, "*", "system/sysName")) == list(NAMES)


def test_each_directory_is_listed_once_whatever_columns_need_it(
    daemon: FakeDaemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed: List[str] = []
    begin = daemon._begin

    def noted(client: Any, request: Any) -> None:
        if request.operation == layout.LIST:
            listed.append(request.path)
        begin(client, request)

    monkeypatch.setattr(daemon, "_begin", noted)
    with aeiou.attach(daemon.socket) as net:
        cells = table(net, "core*", "interfaces/*/ifOperStatus", "interfaces/eth0/*", "interfaces/*/if*", live=False)
        assert columns(cells) == ["interfaces/eth0/ifOperStatus", "interfaces/eth1/ifOperStatus"]
    # One more of core1 and core2 each: for its rows.
    below = [path for path in listed if path not in ("", "lon")]
    assert sorted(below) == sorted(
        f"{name}/interfaces{row}" for name in ("core1", "core2") for row in ("", "/eth0", "/eth1")
    )


def test_cells_are_live_again_when_the_daemon_is_back(daemon: FakeDaemon) -> None:
    with aeiou.attach(daemon.socket, reconnect=True) as net:
        cells = table(net, "core1", "system/sysName")
        assert pump(net, lambda: states(cells) == [["fresh"]], 2)
        daemon.stop()
        assert pump(net, lambda: cells.summary() == "1 fresh, not connected: the daemon is gone", 2)
        daemon.start()
        daemon.set("core1/system/sysName", "renamed")
        assert pump(net, lambda: texts(cells) == [["renamed"]], 5)
        assert cells.summary() == "1 fresh"


def test_names_are_looked_for_again_when_the_daemon_is_back(daemon: FakeDaemon) -> None:
    daemon.hold("core1/interfaces")
    with aeiou.attach(daemon.socket, reconnect=True) as net:
        cells = Model(net, ["core1"], ["interfaces/*/ifOperStatus"])
        cells.start()
        assert pump(net, lambda: cells.rows and daemon._clients[0].pending, 2)
        daemon.stop()
        daemon.release("core1/interfaces")
        daemon.start()
        assert pump(net, lambda: texts(cells) == [["up", "down"]], 5)


# As text.


def test_text_table_waits_for_what_is_pending_and_says_what_failed(daemon: FakeDaemon) -> None:
    daemon.fail("core2/system/sysName", "timeout", "core2 does not answer")
    out = io.StringIO()
    with aeiou.attach(daemon.socket) as net:
        assert _text.show(Model(net, ["core*"], ["system/sysName"]), 5, out)
    assert out.getvalue() == (
        "       sysName\ncore1  core1\ncore2  (timeout)\n1 fresh, 1 failed\ncore2 does not answer\n"
    )


def test_text_is_as_wide_as_what_is_in_it_and_cut_to_the_terminal(daemon: FakeDaemon) -> None:
    daemon.set("core1/system/sysDescr", "設備" * 30)
    daemon.set("core2/system/sysDescr", "x" * 100)
    with aeiou.attach(daemon.socket) as net:
        cells = table(net, "core*", "system/sysDescr", "interfaces/*/ifOperStatus", live=False)
        assert ended(net, cells)
        assert "x" * 100 + " " * 22 + "up" in _text.lines(cells)[2], "a pipe gets all of it"
        for wide in (12, 40, 80, 119, 300):
            shown = [CODE.sub("", line) for line in _text.screen(cells, View(0, 0, 0, 5, wide), "a hint " * 9)]
            assert len(shown) == 5 + 4
            assert all(width(line) <= wide for line in shown), wide
        assert shown[2].split() == ["core2", "x" * 100, "up", "down"]
        narrow = _text.screen(cells, View(0, 1, 1, 1, 40), "q quit")
        assert "eth0/ifOperStatus" in narrow[0] and "sysDescr" not in narrow[0]
        wide = _text.screen(cells, View(0, 1, 1, 1, 80), "q quit")
        assert wide[-2].rstrip() == "6 fresh; rows 1-1 of 2, columns 2-3 of 3"


def test_widths_count_places_and_not_letters() -> None:
    assert (width("eth0"), width("設備"), width("e\u0301")) == (4, 4, 1)
    assert (cut("設備x", 4), cut("設備x", 5), cut("ab", 4), cut("abc", 2)) == ("設… ", "設備x", "ab  ", "a…")
    assert cut("abc", 0) == ""


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


def test_names_that_do_not_come_in_time_are_said(daemon: FakeDaemon) -> None:
    daemon.hold("")
    code, _, err = run(daemon.socket, "--text", "--seconds", "0.05")
    assert (code, "its names were not listed in time" in err) == (1, True)


@pytest.fixture
def screen(display: str) -> None:
    need_module("wx", "python3-wxgtk4.0")
    os.environ["DISPLAY"] = display


SCRIPT = """
import sys
import wx
import aeiou
from aeiou.viewer import _wx
from aeiou.viewer._model import Model
net = aeiou.attach(sys.argv[1])
cells = Model(net, ["*"], ["system/sysName"])
app = wx.App(False)
window = _wx.Window(net, cells, "test")
window.Show()
def after():
    if cells.count()["pending"]:
        wx.CallLater(50, after)
        return
    wx.CallLater(200, lambda: (window.picture(sys.argv[3]), window.Close()))
def before():
    if not cells.count()["fresh"]:
        wx.CallLater(50, before)
        return
    print(cells.count(), flush=True)
    wx.CallLater(200, shown)
def shown():
    window.picture(sys.argv[2])
    print("shown", flush=True)
    after()
before()
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
cells = Model(net, ["*"], ["system/sysName"])
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
    if cells.count()["failed"] < 1 or window.GetStatusBar().GetStatusText() != cells.summary():
        wx.CallLater(50, look)
        return
    for row in range(len(cells.rows)):
        cell = cells.cell(row, 0)
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
        "failed upright #FCE4E4 'lon/edge1 does not answer'",
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


PAINTED = """
import os, sys
import wx
import aeiou
from aeiou.viewer import _wx
from aeiou.viewer._model import Model
net = aeiou.attach(sys.argv[1])
cells = Model(net, ["*"], ["system/sysName", "interfaces/*/ifOperStatus"])
app = wx.App(False)
window = _wx.Window(net, cells, "test")
grid = window._grid
def step(name, done):
    if not done() or window.GetStatusBar().GetStatusText() != cells.summary():
        wx.CallLater(20, step, name, done)
        return
    names = [grid.GetColLabelValue(c) for c in range(grid.GetNumberCols())]
    font = grid.GetLabelFont()
    widths = [grid.GetColSize(c) > grid.GetFullTextExtent(name, font)[0] for c, name in enumerate(names)]
    texts = [[grid.GetCellValue(r, c) for c in range(grid.GetNumberCols())] for r in range(grid.GetNumberRows())]
    bar = window.GetStatusBar().GetStatusText()
    print([name, names, all(widths), [grid.GetRowLabelValue(r) for r in range(grid.GetNumberRows())], texts, bar], flush=True)
    sys.stdin.readline()
    if steps:
        wx.CallLater(20, step, *steps.pop(0))
    else:
        window.Close()
painted = []
def paint(event):
    painted.append(True)
    event.Skip()
grid.GetGridWindow().Bind(wx.EVT_PAINT, paint)
def cell(r, c, text): return grid.GetNumberRows() > r and grid.GetNumberCols() > c and grid.GetCellValue(r, c) == text
steps = [
    ("painted", lambda: painted),
    ("systems", lambda: cell(0, 0, "core1")),
    ("core2", lambda: cell(1, 2, "down") and cell(1, 0, "core2")),
    ("all", lambda: not cells.count()["pending"]),
]
step(*steps.pop(0))
window.Show()
app.MainLoop()
net.close()
"""


def test_window_is_painted_before_any_name_or_value_is_known(daemon: FakeDaemon, screen: None) -> None:
    daemon.hold("")
    for name in NAMES:
        daemon.hold(f"{name}/interfaces")
    daemon.hold("lon/edge1/system/sysName")
    daemon.set("core2/system/sysName", "core2")
    environment = dict(os.environ, PYTHONPATH=str(Path(aeiou.__file__).parents[1]))
    window = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", PAINTED, daemon.socket],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert window.stdin is not None and window.stdout is not None
    seen: List[Any] = []
    # Each is released when the window has shown what there was before, and not sooner.
    for release in [""], ["core2/interfaces"], [f"{name}/interfaces" for name in (*NAMES, "x")], []:
        line = window.stdout.readline()
        seen.append(ast.literal_eval(line or "None") or window.communicate()[1])
        for path in release:
            daemon.release(path)
        if len(seen) == 3:
            daemon.release("lon/edge1/system/sysName")
        window.stdin.write("\n")
        window.stdin.flush()
    _, errors = window.communicate(timeout=20)
    assert window.returncode == 0 and "Traceback" not in errors, errors
    pattern = "*/ifOperStatus"
    rows = ["eth0/ifOperStatus", "eth1/ifOperStatus"]
    assert seen == [
        ["painted", ["sysName", pattern], True, [], [], "looking for systems"],
        [
            *("systems", ["sysName", pattern], True, list(NAMES)),
            [["core1", "…"], ["core2", "…"], ["…", "…"]],
            "listing 3 of 3 systems, 4 pending, 2 fresh",
        ],
        [
            *("core2", ["sysName", *rows], True, list(NAMES)),
            [["core1", "…", "…"], ["core2", "up", "down"], ["…", "…", "…"]],
            "listing 2 of 3 systems, 5 pending, 4 fresh",
        ],
        [
            *("all", ["sysName", *rows], True, list(NAMES)),
            [[name, "up", "down"] for name in NAMES],
            "9 fresh",
        ],
    ]


def in_a_window(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = dict(os.environ, PYTHONPATH=str(Path(aeiou.__file__).parents[1]))
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=30,
    )
