"""The table in a terminal."""

from __future__ import annotations

import sys
import time
from typing import List, TextIO

from . import _model as model

_CODES = {
    model.PENDING: "\x1b[2m",
    model.STALE: "\x1b[3m",
    model.FAILED: "\x1b[31m",
    model.ABSENT: "\x1b[2m",
    model.FRESH: "",
}
_WIDEST = 32


def lines(table: model.Model, colours: bool) -> List[str]:
    """The table as lines: pending cells dim, stale ones in italics, failed ones red with their reason."""
    heads = [model.printable(_head(column)) for column in table.columns]
    names = [model.printable(name) for name in table.systems]
    states = [[cell.state for cell in row] for row in table.cells]
    # Without colours, a mark says what is stale.
    texts = [
        ["~" * (state == model.STALE and not colours) + cell.text for cell, state in zip(row, states_of_row)]
        for row, states_of_row in zip(table.cells, states)
    ]
    first = max([len(name) for name in names], default=0)
    widths = [min(_WIDEST, max([len(head)] + [len(row[c]) for row in texts])) for c, head in enumerate(heads)]
    result = [" " * first + "  " + "  ".join(head[:width].ljust(width) for head, width in zip(heads, widths))]
    for name, row, states_of_row in zip(names, texts, states):
        shown = []
        for text, state, width in zip(row, states_of_row, widths):
            code = _CODES[state] if colours else ""
            text = text[:width].ljust(width)
            shown.append(f"{code}{text}\x1b[0m" if code else text)
        result.append(name.ljust(first) + "  " + "  ".join(shown))
    result.append(table.summary())
    reasons = {cell.reason for row in table.cells for cell in row if cell.reason}
    result.extend(sorted(reasons)[:3])
    return [line.rstrip() for line in result]


def _head(column: str) -> str:
    """What stands above a column: its last part, or all but its first."""
    return column.rsplit("/", 1)[-1] if column.count("/") < 2 else column.split("/", 1)[1]


def show(table: model.Model, seconds: float, interval: float, out: TextIO = sys.stdout) -> None:
    """Shows the table at once, and again as it changes; to a pipe, once as it is at the end."""
    live = out.isatty()
    table.fill(live)
    group = table.group
    assert group is not None
    end = time.monotonic() + seconds
    if not live:
        group.wait(seconds)
    else:
        while time.monotonic() < end:
            table.look_again()
            out.write("\x1b[H\x1b[2J" + "\n".join(lines(table, True)) + "\n")
            out.flush()
            group.wait(min(interval, max(0.0, end - time.monotonic())))
    table.look_again()
    out.write(("\x1b[H\x1b[2J" if live else "") + "\n".join(lines(table, live)) + "\n")
