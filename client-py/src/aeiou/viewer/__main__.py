"""The command line of the viewer."""

from __future__ import annotations

import argparse
import sys

from .._attachment import attach
from .._errors import AeiouError
from .._greeting import Geometry
from . import _text
from ._model import Model


def main() -> int:
    """Runs the viewer; returns what the program is to exit with: 1 with a message if there is nothing to show."""
    parser = argparse.ArgumentParser(
        prog="python3 -m aeiou.viewer",
        description="A table of a network: systems by attributes, live. It is there at once: cells are grey until they "
        "have come, stale ones are in italics, failed ones say why on hover. A click on a column's head sorts by it.",
    )
    parser.add_argument("place", metavar="MOUNTPOINT", help="where the network is mounted, or the daemon's socket")
    parser.add_argument("--rows", default="*", help="systems, as patterns with commas between them (*)")
    parser.add_argument(
        "--columns",
        default="system/sysName,system/sysUpTime",
        help="paths below a system, with commas between them; a part may be a pattern: interfaces/*/ifOperStatus",
    )
    parser.add_argument(
        "--text", action="store_true", help="a table in the terminal instead of a window: q quits, arrows scroll, s sorts"
    )
    parser.add_argument(
        "--seconds", type=float, default=0, help="with --text: for how long; 0 until q or Ctrl-C, or 10 to a pipe"
    )
    options = parser.parse_args()
    window = None
    if not options.text:
        try:
            from . import _wx

            window = _wx.show
        except ImportError:
            print("there is no wxPython (apt install python3-wxgtk4.0); showing text", file=sys.stderr)
    try:
        with attach(options.place, geometry=Geometry(pages=65536), reconnect=True) as net:
            table = Model(net, options.rows.split(","), options.columns.split(","))
            if window is not None:
                window(net, table, f"{options.place} {options.rows}")
                return 0
            if sys.stdout.isatty():
                from ._terminal import Terminal

                status = Terminal(net, table, options.seconds).show()
            else:
                status = 0 if _text.show(table, options.seconds or 10.0, sys.stdout) else 1
            if not table.rows and status == 1:
                print(f"{options.place}: {table.problem or 'its names were not listed in time'}", file=sys.stderr)
            return status
    except AeiouError as e:
        print(e, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0


if __name__ == "__main__":
    sys.exit(main())
