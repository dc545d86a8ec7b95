"""The table in a window; needs wxPython, as in Debian's ``python3-wxgtk4.0``."""

from __future__ import annotations

from typing import Any, Dict, Optional, Set

import wx
import wx.grid

from .._attachment import Attachment
from . import _model as model

_GREY = wx.Colour(150, 150, 150)
_BLACK = wx.Colour(0, 0, 0)
_RED = wx.Colour(190, 30, 30)
_PENDING_GROUND = wx.Colour(232, 232, 232)
_BAD_GROUND = wx.Colour(252, 228, 228)
_GROUND = wx.Colour(255, 255, 255)
_LOOK_AGAIN_MS = 500

#: Between two paints, so that a burst of outcomes costs some of them and not thousands.
_FRAME_MS = 40

#: Pixels beside the text of a cell, and the most that a column is wide by itself.
_MARGIN, _WIDEST = 14, 600

_BAD = "bad"


class _Table(wx.grid.GridTableBase):  # type: ignore[misc]
    """Gives the grid the texts and looks of cells."""

    def __init__(self, cells: model.Model) -> None:
        super().__init__()
        self.cells = cells
        #: How many rows and columns the grid knows of.
        self.rows, self.columns = len(cells.rows), len(cells.columns)
        self._looks = {state: self._look(state) for state in (*model.STATES, _BAD)}

    @staticmethod
    def _look(state: str) -> Any:
        look = wx.grid.GridCellAttr()
        look.SetReadOnly()
        is_bad = state in (model.FAILED, _BAD)
        look.SetBackgroundColour(_PENDING_GROUND if state == model.PENDING else _BAD_GROUND if is_bad else _GROUND)
        look.SetTextColour(_GREY if state in (model.PENDING, model.ABSENT) else _RED if is_bad else _BLACK)
        font = wx.SystemSettings.GetFont(wx.SYS_DEFAULT_GUI_FONT)
        if state in (model.STALE, _BAD):
            look.SetFont(font.Italic() if state == model.STALE else font.Bold())
        return look

    def GetNumberRows(self) -> int:
        return self.rows

    def GetNumberCols(self) -> int:
        return self.columns

    def GetRowLabelValue(self, row: int) -> str:
        return self.cells.rows[row].shown

    def GetColLabelValue(self, column: int) -> str:
        return self.cells.head(column)

    def GetCornerLabelValue(self) -> str:
        return "system" + self.cells.sign(None)

    def IsEmptyCell(self, row: int, column: int) -> bool:
        return False

    def GetValue(self, row: int, column: int) -> str:
        return self.cells.cell(row, column).text

    def SetValue(self, row: int, column: int, value: str) -> None:
        """Nothing can be written yet."""

    def GetAttr(self, row: int, column: int, kind: Any) -> Any:
        cell = self.cells.cell(row, column)
        state = cell.state
        look = self._looks[_BAD if state == model.FRESH and cell.is_bad else state]
        look.IncRef()
        return look


class Window(wx.Frame):  # type: ignore[misc]
    """The grid: there at once, pending cells grey, stale ones in italics, the reason of failed ones on hover."""

    def __init__(self, net: Attachment, cells: model.Model, title: str) -> None:
        super().__init__(None, title=title, size=(900, 600))
        self._net = net
        self._cells = cells
        self._table = _Table(cells)
        self._grid = grid = wx.grid.Grid(self)
        grid.SetTable(self._table, True)
        grid.EnableEditing(False)
        grid.DisableDragRowSize()
        grid.SetRowLabelAlignment(wx.ALIGN_LEFT, wx.ALIGN_CENTRE)
        grid.GetGridWindow().Bind(wx.EVT_MOTION, self._hover)
        grid.Bind(wx.grid.EVT_GRID_LABEL_LEFT_CLICK, self._sort)
        # The widest that a cell may have.
        self._font = wx.SystemSettings.GetFont(wx.SYS_DEFAULT_GUI_FONT).Bold()
        self._bar = self.CreateStatusBar()
        self._shown: Optional[str] = None
        self._widths: Dict[str, int] = {}  # by column
        self._changed_cells: Set[model.Cell] = set()
        self._has_grown = True
        self._is_due = False
        cells.changed = self._changed
        cells.grown = self._grown
        net.dispatch_to(wx)
        cells.start()
        self._show()
        # Readings become stale without an event.
        self._timer = wx.Timer(self)
        self.Bind(wx.EVT_TIMER, lambda _: self._look_again(), self._timer)
        self._timer.Start(_LOOK_AGAIN_MS)
        self.Bind(wx.EVT_CLOSE, self._close)

    def _changed(self, cell: model.Cell) -> None:
        self._changed_cells.add(cell)
        self._due()

    def _grown(self) -> None:
        self._has_grown = True
        self._due()

    def _due(self) -> None:
        # One paint for a batch of outcomes.
        if not self._is_due:
            self._is_due = True
            wx.CallLater(_FRAME_MS, self._show)

    def _look_again(self) -> None:
        self._cells.look_again()
        self._show()

    def _show(self) -> None:
        self._is_due = False
        if not self:
            return
        if self._has_grown:
            self._has_grown = False
            self._grow()
        for cell in self._changed_cells:
            self._widen(cell.column, cell.text)
        self._changed_cells.clear()
        self._grid.ForceRefresh()
        self._bar.SetStatusText(self._cells.summary())

    def _grow(self) -> None:
        """Tells the grid of rows and columns, and fits labels and columns to their texts."""
        grid, table, cells = self._grid, self._table, self._cells
        grid.BeginBatch()
        rows, columns = len(cells.rows), len(cells.columns)
        self._tell(rows - table.rows, rows, wx.grid.GRIDTABLE_NOTIFY_ROWS_APPENDED, wx.grid.GRIDTABLE_NOTIFY_ROWS_DELETED)
        self._tell(
            columns - table.columns, columns, wx.grid.GRIDTABLE_NOTIFY_COLS_APPENDED, wx.grid.GRIDTABLE_NOTIFY_COLS_DELETED
        )
        table.rows, table.columns = rows, columns
        labels = [row.shown for row in cells.rows] + [table.GetCornerLabelValue()]
        grid.SetRowLabelSize(self._measured(max(labels, key=len), grid.GetLabelFont()))
        for at, column in enumerate(cells.columns):
            wide = max(self._widths.get(column.name, 0), self._measured(cells.head(at), grid.GetLabelFont()))
            self._widths[column.name] = wide
            if grid.GetColSize(at) != wide:
                grid.SetColSize(at, wide)
        grid.EndBatch()

    def _tell(self, more: int, count: int, appended: int, deleted: int) -> None:
        if more > 0:
            self._grid.ProcessTableMessage(wx.grid.GridTableMessage(self._table, appended, more))
        elif more < 0:
            self._grid.ProcessTableMessage(wx.grid.GridTableMessage(self._table, deleted, count, -more))

    def _widen(self, column: model.Column, text: str) -> None:
        wide = self._measured(text, self._font)
        if wide > self._widths.get(column.name, 0):
            self._widths[column.name] = wide
            at = self._cells.columns.index(column)
            self._grid.SetColSize(at, wide)

    def _measured(self, text: str, font: Any) -> int:
        return min(_WIDEST, int(self._grid.GetFullTextExtent(text, font)[0]) + _MARGIN)

    def _sort(self, event: Any) -> None:
        row, column = event.GetRow(), event.GetCol()
        if row < 0:
            self._cells.sort(None if column < 0 else column)
            self._grown()
        event.Skip()

    def _hover(self, event: Any) -> None:
        x, y = self._grid.CalcUnscrolledPosition(event.GetPosition())
        row, column = self._grid.YToRow(y), self._grid.XToCol(x)
        inside = row != wx.NOT_FOUND and column != wx.NOT_FOUND
        reason = self._cells.cell(row, column).reason if inside else ""
        if reason != self._shown:
            self._shown = reason
            self._grid.GetGridWindow().SetToolTip(reason)
        event.Skip()

    def _close(self, event: Any) -> None:
        # Watches end when the application does, which has no cells to show then.
        self._timer.Stop()
        self._cells.changed = lambda cell: None
        self._cells.grown = lambda: None
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
