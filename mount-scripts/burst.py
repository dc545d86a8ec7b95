"""Reads a few attributes of every system below a mount point, twice: 'burst.py MOUNTPOINT'; 'demo' ends with it."""

import sys
import time

import aeiou

COLUMNS = ("sysName", "sysDescr", "sysLocation", "sysContact", "sysUpTime")


def main():
    values = {}

    def on_value(delayed, entry):
        values[entry.path] = entry

    with aeiou.attach(sys.argv[1]) as net:
        names = net.systems()
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
        silent = sorted({entry.path.rsplit("/", 2)[0] for entry in values.values() if not entry.ok})
        print("no answer from: " + (", ".join(silent) or "none"))


if __name__ == "__main__":
    main()
