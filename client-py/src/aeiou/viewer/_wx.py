"""The table in a window; needs wxPython, as in Debian's ``python3-wxgtk4.0``."""

from __future__ import annotations

from typing import Any, Optional

import wx
import wx.grid

from .._attachment import Attachment
from . import _model as model

_GREY = wx.Colour(150, 150, 150)
_BLACK = wx.Colour(0, 0, 0)
_RED = wx.Colour(190, 30, 30)
_PENDING_GROUND = wx.Colour(232, 232, 232)
_GROUND = wx.Colour(255, 255, 255)
_LOOK_AGAIN_MS = 500


class _Table(wx.grid.GridTableBase):  # type: ignore[misc]
    """Gives the grid the texts and looks of cells."""

    def __init__(self, cells: model.Model) -> None:
        super().__init__()
        self.cells = cells
        self._looks = {state: self._look(state) for state in ("pending", "fresh", "stale", "absent", "failed")}

    @staticmethod
    def _look(state: str) -> Any:
        look = wx.grid.GridCellAttr()
        look.SetReadOnly()
        look.SetBackgroundColour(_PENDING_GROUND if state == model.PENDING else _GROUND)
        grey = state in (model.PENDING, model.ABSENT)
        look.SetTextColour(_GREY if grey else _RED if state == model.FAILED else _BLACK)
        if state == model.STALE:
            look.SetFont(wx.SystemSettings.GetFont(wx.SYS_DEFAULT_GUI_FONT).Italic())
        return look

    def GetNumberRows(self) -> int:
        return len(self.cells.systems)

    def GetNumberCols(self) -> int:
        return len(self.cells.columns)

    def GetRowLabelValue(self, row: int) -> str:
        return model.printable(self.cells.systems[row])

    def GetColLabelValue(self, column: int) -> str:
        return model.printable(self.cells.columns[column])

    def IsEmptyCell(self, row: int, column: int) -> bool:
        return False

    def GetValue(self, row: int, column: int) -> str:
        return self.cells.cells[row][column].text

    def SetValue(self, row: int, column: int, value: str) -> None:
        """Nothing can be written yet."""

    def GetAttr(self, row: int, column: int, kind: Any) -> Any:
        look = self._looks[self.cells.cells[row][column].state]
        look.IncRef()
        return look


class Window(wx.Frame):  # type: ignore[misc]
    """The grid: cached cells at once, pending ones grey, stale ones in italics, the reason of failed ones on hover."""

    def __init__(self, net: Attachment, cells: model.Model, title: str) -> None:
        super().__init__(None, title=title, size=(900, 600))
        self._net = net
        self._cells = cells
        self._grid = wx.grid.Grid(self)
        self._grid.SetTable(_Table(cells), True)
        self._grid.EnableEditing(False)
        self._grid.AutoSizeColumns(False)
        self._grid.SetRowLabelSize(wx.grid.GRID_AUTOSIZE)
        self._grid.GetGridWindow().Bind(wx.EVT_MOTION, self._hover)
        self._bar = self.CreateStatusBar()
        self._shown: Optional[str] = None
        self._due = False
        cells.changed = self._changed
        cells.fill()
        self._show()
        net.dispatch_to(wx)
        # Readings become stale without an event.
        self._timer = wx.Timer(self)
        self.Bind(wx.EVT_TIMER, lambda _: self._show(), self._timer)
        self._timer.Start(_LOOK_AGAIN_MS)
        self.Bind(wx.EVT_CLOSE, self._close)

    def _changed(self, cell: model.Cell) -> None:
        # One repaint for a batch of outcomes.
        if not self._due:
            self._due = True
            wx.CallAfter(self._show)

    def _show(self) -> None:
        self._due = False
        if self:
            self._cells.look_again()
            self._grid.ForceRefresh()
            self._bar.SetStatusText(self._cells.summary())

    def _hover(self, event: Any) -> None:
        x, y = self._grid.CalcUnscrolledPosition(event.GetPosition())
        row, column = self._grid.YToRow(y), self._grid.XToCol(x)
        inside = row != wx.NOT_FOUND and column != wx.NOT_FOUND
        reason = self._cells.cells[row][column].reason if inside else ""
        if reason != self._shown:
            self._shown = reason
            self._grid.GetGridWindow().SetToolTip(reason)
        event.Skip()

    def _close(self, event: Any) -> None:
        # Watches end when the application does, which has no cells to show then.
        self._timer.Stop()
        self._cells.changed = lambda cell: None
        self._net.dispatch_to(None)
        self.Destroy()

    def picture(self, path: str) -> None:
        """Saves what the window looks like, as PNG."""
        size = self.GetClientSize()
        bitmap = wx.Bitmap(size.width, size.height)
        memory = wx.MemoryDC(bitmap)
        memory.Blit(0, 0, size.width, size.height, wx.ClientDC(self), 0, 0)
        memory.SelectObject(wx.NullBitmap)
        bitmap.SaveFile(path, wx.BITMAP_TYPE_PNG)


def show(net: Attachment, cells: model.Model, title: str) -> None:
    """Shows the window until it is closed."""
    app = wx.App(False)
    Window(net, cells, title).Show()
    app.MainLoop()
