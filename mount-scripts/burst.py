"""Reads a few attributes of every system below a mount point, twice: 'burst.py MOUNTPOINT'; 'demo' ends with it."""

import sys
import time

import aeiou

COLUMNS = ("sysName", "sysDescr", "sysLocation", "sysContact", "sysUpTime")


def systems(net, below=""):
    """The names of all systems; those of a site are in a directory of it."""
    for name in net.list(below):
        path = f"{below}/{name}" if below else name
        if not name.startswith("."):
            listing = net.listing(path).result(60)
            # One that does not answer is a system, too.
            yield from systems(net, path) if listing.ok and ".health" not in listing.names else [path]


def main():
    values = {}

    def on_value(delayed, entry):
        values[entry.path] = entry

    with aeiou.attach(sys.argv[1]) as net:
        names = list(systems(net))
        for _ in range(2):
            start = time.perf_counter()
            with net.begin() as group:
                for name in names:
                    for column in COLUMNS:
                        group.read(f"{name}/system/{column}", on_value)
            group.wait(0.3)
            took = (time.perf_counter() - start) * 1000
            progress = group.progress()
            print(
                f"{progress.submitted} values of {len(names)} systems: {progress.immediate} immediate, "
                f"{progress.delayed} delayed, {progress.pending} of them not there yet, in {took:.0f} ms"
            )
            group.wait(10)
        missing = sorted({entry.path.rsplit("/", 2)[0] for entry in values.values() if not entry.ok})
        print("no answer from: " + (", ".join(missing) or "nobody is silent"))


if __name__ == "__main__":
    main()
