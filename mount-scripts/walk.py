"""Walks the whole tree below a mount point twice: 'walk.py [--callbacks | --window] MOUNTPOINT'; 'demo' ends with it.

Every directory is listed, and every name is asked what 'stat' shows, but for '.health', which is another at every look. In
the first pass what is not known comes in delayed closures; in the second one it is all there: each closure runs inside the
call that asks, and the program makes no system call. No device is asked for a value. It is written with generators and
with callbacks, and in a window the generators fill grey cells.
"""

import argparse
import os
import stat
import time
from collections import Counter

import aeiou


def attributes_in(listing):
    """Paths of what is in a directory, and whether they are directories themselves."""
    return {
        f"{listing.path}/{name}": kind == "directory"
        for name, kind in listing.kinds.items()
        if not name.startswith(".")
    }


def walk(directory, seen):
    """With generators: straight through, whether what is asked for is there or not."""
    listing = yield aeiou.list_names(directory)
    if not listing.ok:
        seen["failed"] += 1
        return
    seen["directories"] += 1
    paths = attributes_in(listing)
    for entry in (yield [aeiou.stat(path) for path in paths]):
        seen["files"] += entry.ok and stat.S_ISREG(entry.stat.st_mode)
    # All directories at once; what they yield comes back when each has come to its end.
    yield [walk(path, seen) for path, is_directory in paths.items() if is_directory]


def with_generators(net, group, names):
    seen = Counter()
    for name in names:
        group.run(walk(name, seen))
    return seen


def with_callbacks(net, group, names):
    """With callbacks: each closure asks for what follows from its entry."""
    seen = Counter()

    def on_stat(delayed, entry):
        seen["files"] += entry.ok and stat.S_ISREG(entry.stat.st_mode)

    def on_listing(delayed, listing):
        if not listing.ok:
            seen["failed"] += 1
            return
        seen["directories"] += 1
        for path, is_directory in attributes_in(listing).items():
            group.stat(path, on_stat)
            if is_directory:
                group.list(path, on_listing)

    for name in names:
        group.list(name, on_listing)
    return seen


def in_a_terminal(net, names, options):
    way = with_callbacks if options.callbacks else with_generators
    for number in range(1, options.passes + 1):
        mark(options, number)
        start = time.perf_counter()
        group = net.begin()
        seen = way(net, group, names)
        group.end()
        if group.progress().pending:
            group.wait(options.timeout)
        mark(options, number)
        took = (time.perf_counter() - start) * 1000
        after = group.progress()
        print(
            f"pass {number}: {seen['directories']} directories, {seen['files']} files, {seen['failed']} failed; "
            f"{after.immediate} immediate, {after.delayed} delayed, "
            f"in {took:.0f} ms",
            flush=True,
        )


def mark(options, number):
    """A system call that is seen in a trace, where a pass begins and ends: it asks for a name that there is not."""
    if options.traced:
        os.access(f"/walk/{number}", 0)


def in_a_window(net, names, seconds):
    """A row for each system, grey until its tree has been walked; the second pass begins when the first has ended."""
    import wx
    import wx.grid

    columns = ("directories", "files", "failed")
    app = wx.App(False)
    window = wx.Frame(None, title="walk", size=(900, 600))
    bar = window.CreateStatusBar()
    grid = wx.grid.Grid(window)
    grid.CreateGrid(len(names), 2 * len(columns))
    grid.EnableEditing(False)
    grid.SetRowLabelSize(160)
    grey = wx.Colour(232, 232, 232)
    for number in (0, 1):
        for c, column in enumerate(columns):
            grid.SetColLabelValue(number * len(columns) + c, f"{column} ({number + 1})")
    for row, name in enumerate(names):
        grid.SetRowLabelValue(row, name)
        for column in range(grid.GetNumberCols()):
            grid.SetCellBackgroundColour(row, column, grey)
    def one(row, name, number):
        seen = Counter()
        yield walk(name, seen)
        for c, column in enumerate(columns):
            at = number * len(columns) + c
            grid.SetCellValue(row, at, str(seen[column]))
            grid.SetCellBackgroundColour(row, at, wx.WHITE)

    def both(group):
        for number in (0, 1):
            start = time.perf_counter()
            before = group.progress()
            yield [one(row, name, number) for row, name in enumerate(names)]
            after = group.progress()
            took = (time.perf_counter() - start) * 1000
            text = (
                f"pass {number + 1}: {after.immediate - before.immediate} immediate, "
                f"{after.delayed - before.delayed} delayed, in {took:.0f} ms"
            )
            bar.SetStatusText(f"{bar.GetStatusText()}   {text}")
            print(text, flush=True)
            grid.ForceRefresh()
        if seconds:
            wx.CallLater(int(seconds * 1000), window.Close)

    def begin():
        # The window is there now, and everything grey.
        grid.Update()
        places = [(row, column) for row in range(grid.GetNumberRows()) for column in range(grid.GetNumberCols())]
        print(f"window: {sum(grid.GetCellBackgroundColour(*place) == grey for place in places)} grey cells", flush=True)
        group = net.begin()
        group.run(both(group))
        group.end()

    net.dispatch_to(wx)
    window.Show()
    wx.CallAfter(begin)
    app.MainLoop()
    net.dispatch_to(None)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("place", metavar="MOUNTPOINT")
    parser.add_argument("--callbacks", action="store_true", help="with callbacks instead of generators")
    parser.add_argument("--window", action="store_true", help="in a window, with grey cells that fill")
    parser.add_argument("--seconds", type=float, default=0, help="with --window: closes it so long after the second pass")
    parser.add_argument("--passes", type=int, default=2)
    parser.add_argument("--timeout", type=float, default=60)
    parser.add_argument("--traced", action="store_true", help="marks where passes begin and end, for strace")
    options = parser.parse_args()
    with aeiou.attach(options.place, geometry=aeiou.Geometry(pages=65536)) as net:
        names = net.systems()
        if options.window:
            in_a_window(net, names, options.seconds)
        else:
            in_a_terminal(net, names, options)


if __name__ == "__main__":
    main()
