"""Asks for many values at once whenever it is told to, and says what that took: 'ask.py MOUNT COLUMN...' for 'bench network'.

Its first line names the ways in which this client can. A line of the input says how and which systems: 'read_many FOLDER'; the
answer is the seconds, the seconds of its own processor time, how many values came, how many did not, and how many were there at
once. It is a process of its own, with the client of the build that is measured.
"""

import sys
import time

import aeiou


class Client:
    def __init__(self, net, columns):
        self.net = net
        self.columns = columns
        self.systems = net.systems()
        self.paths = {}
        self.prepared = {}
        self.came = self.missing = 0
        self.ways = {"read_many": self.read_many}
        if hasattr(net, "prepare"):
            self.ways["prepared"] = self.read_prepared
        if hasattr(aeiou.Group, "read_group"):
            self.ways["read_group"] = self.read_groups

    def of(self, folder):
        if folder not in self.paths:
            names = [name for name in self.systems if name.startswith(folder + "/")]
            self.paths[folder] = [f"{name}/{column}" for name in names for column in self.columns]
            if "prepared" in self.ways:
                self.prepared[folder] = self.net.prepare(self.paths[folder])
        return self.paths[folder]

    def one(self, delayed, entry):
        if entry.ok:
            self.came += 1
        else:
            self.missing += 1

    def several(self, delayed, entry):
        if not entry.ok:
            self.missing += 1
            return
        for row in entry.rows.lists:
            self.came += len(row)
            self.missing += row.count(None)

    def read_many(self, folder):
        with self.net.begin() as group:
            group.read_many(self.paths[folder], self.one)
        return group

    def read_prepared(self, folder):
        with self.net.begin() as group:
            group.read_many(self.prepared[folder], self.one)
        return group

    def read_groups(self, folder):
        """All that is in one directory of each system is one request."""
        step = len(self.columns)
        with self.net.begin() as group:
            for path in self.paths[folder][::step]:
                group.read_group(path.rpartition("/")[0], self.several)
        return group

    def burst(self, way, folder):
        self.of(folder)
        self.came = self.missing = 0
        begin, processor = time.perf_counter(), time.process_time()
        group = self.ways[way](folder)
        group.wait(30)
        took, used = time.perf_counter() - begin, time.process_time() - processor
        progress = group.progress()
        return took, used, self.came, self.missing + progress.pending, progress.immediate


def main():
    with aeiou.attach(sys.argv[1]) as net:
        client = Client(net, sys.argv[2:])
        print(*client.ways, flush=True)
        for line in sys.stdin:
            print(*client.burst(*line.split()), flush=True)


if __name__ == "__main__":
    main()
