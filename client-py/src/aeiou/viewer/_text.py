"""The table as text: what a pipe gets, and what a terminal shows a part of."""

from __future__ import annotations

from typing import List, NamedTuple, Optional, TextIO

from . import _model as model
from ._looks import cut, width

_CODES = {
    model.PENDING: "\x1b[2m",
    model.STALE: "\x1b[3m",
    model.FAILED: "\x1b[31m",
    model.ABSENT: "\x1b[2m",
    model.FRESH: "",
}
_BAD, _CHOSEN, _PLAIN = "\x1b[1;31m", "\x1b[7m", "\x1b[0m"
_REASONS = 3
_GAP = 2


class View(NamedTuple):
    """The part of a table that a terminal shows.

    :ivar row: the first row
    :ivar column: the first column
    :ivar chosen: the column that keys mean; None for the names
    :ivar height: how many rows
    :ivar width: how many places a line has
    """

    row: int
    column: int
    chosen: Optional[int]
    height: int
    width: int


def lines(table: model.Model) -> List[str]:
    """All of the table as plain lines, nothing cut: stale cells have a mark, those without a reading say why."""
    shown = [[_marked(table.cell(r, c)) for c in range(len(table.columns))] for r in range(len(table.rows))]
    heads = ["", *(table.head(c) for c in range(len(table.columns)))]
    rows = [heads, *([row.shown, *texts] for row, texts in zip(table.rows, shown))]
    widths = [max(width(row[c]) for row in rows) for c in range(len(heads))]
    gap = " " * _GAP
    result = [gap.join(cut(text, places) for text, places in zip(row, widths)).rstrip() for row in rows]
    return [*result, table.summary(), *table.reasons()[:_REASONS]]


def _marked(cell: model.Cell) -> str:
    return "~" * (cell.state == model.STALE) + cell.text


def _wanted(table: model.Model, rows: range, column: int) -> int:
    return max([width(table.cell(r, column).text) for r in rows] + [width(table.head(column))])


def is_whole(table: model.Model, view: View, column: int) -> bool:
    """Whether a terminal shows all of a column."""
    shown = widths(table, view)[1:]
    rows = range(view.row, min(len(table.rows), view.row + view.height))
    return column - view.column < len(shown) and shown[column - view.column] == _wanted(table, rows, column)


def widths(table: model.Model, view: View) -> List[int]:
    """How wide the names are, and then each column that is shown, by the rows that are; the last may be cut."""
    rows = range(view.row, min(len(table.rows), view.row + view.height))
    first = max([width(table.rows[r].shown) for r in rows] + [width("system" + table.sign(None))])
    result = [min(first, max(1, view.width // 2))]
    left = view.width - result[0]
    for c in range(view.column, len(table.columns)):
        if left <= _GAP:
            break
        wanted = _wanted(table, rows, c)
        result.append(min(wanted, left - _GAP))
        left -= _GAP + wanted
    return result


def screen(table: model.Model, view: View, hint: str) -> List[str]:
    """What a terminal shows: heads, so many rows, what went wrong, how it stands, and what can be done.

    Pending cells are dim, stale ones in italics, failed and ``down`` ones red; each is known by its text, too: ``…``,
    ``(timeout)``, ``down``.
    """
    places = widths(table, view)
    shown = range(view.column, view.column + len(places) - 1)
    gap = " " * _GAP
    names = cut("system" + table.sign(None), places[0])
    heads = [f"{_CHOSEN}{names}{_PLAIN}" if view.chosen is None else names]
    for c, wide in zip(shown, places[1:]):
        text = cut(table.head(c), wide)
        heads.append(f"{_CHOSEN}{text}{_PLAIN}" if c == view.chosen else text)
    result = [gap.join(heads)]
    for r in range(view.row, view.row + view.height):
        if r >= len(table.rows):
            result.append("")
            continue
        parts = [cut(table.rows[r].shown, places[0])]
        for c, wide in zip(shown, places[1:]):
            cell = table.cell(r, c)
            code = _BAD if cell.is_bad and cell.state != model.FAILED else _CODES[cell.state]
            text = cut(cell.text, wide)
            parts.append(f"{code}{text}{_PLAIN}" if code else text)
        result.append(gap.join(parts))
    last = min(len(table.rows), view.row + view.height)
    where = f"rows {view.row + 1}-{last} of {len(table.rows)}" if table.rows else "no rows"
    if table.columns:
        where += f", columns {view.column + 1}-{view.column + len(places) - 1} of {len(table.columns)}"
    problems = "; ".join(table.reasons()[:_REASONS])
    return [
        *result,
        f"{_CODES[model.FAILED]}{cut(problems, view.width)}{_PLAIN}" if problems else "",
        cut(f"{table.summary()}; {where}", view.width),
        cut(hint, view.width),
    ]


def show(table: model.Model, seconds: float, out: TextIO) -> bool:
    """Writes the table once, when nothing is pending any more, or the time is over; whether there is one."""
    table.start(live=False)
    table.group.wait(seconds)
    table.look_again()
    if table.rows:
        out.write("\n".join(lines(table)) + "\n")
    return bool(table.rows)
