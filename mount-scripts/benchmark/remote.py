"""Asks through a mount what it is told to: 'remote.py MOUNT' for 'bench network --only cluster'.

A line of the input is a JSON array, a name of a method below and what it takes; for each it prints one line of JSON. All times are
nanoseconds of the monotonic clock, which other processes of the machine have, too.
"""

import heapq
import json
import sys
import time

import aeiou


class Asking:
    def __init__(self, net):
        self.net = net
        self.group = net.begin()
        self.group.end()
        self.events = []
        self.paths = []

    def fetch(self, paths):
        """One after another, past the cache: when each was sent, how long it took, and why it failed, if it did."""
        all_of_them = []
        for path in paths:
            came = []
            sent = time.monotonic_ns()
            self.group.fetch(path, lambda delayed, entry: came.append(entry.reason))
            while not came:
                self.group.wait(1, some=1)
            all_of_them.append((sent, time.monotonic_ns() - sent, came[0]))
        return all_of_them

    def every(self, systems, attributes):
        """All of these attributes of all of these systems: seconds, how many came, and how many did not."""
        counts = [0, 0]

        def one(delayed, entry):
            counts[not entry.ok] += 1

        begin = time.perf_counter()
        for first in range(0, len(systems), 500):
            with self.net.begin() as group:
                group.read_many([f"{s}/{a}" for s in systems[first:first + 500] for a in attributes], one)
            group.wait(120)
        return time.perf_counter() - begin, *counts

    def watch(self, paths):
        """From now on notes when which of them changes."""

        def event(delayed, entry):
            self.events.append((entry.path, time.monotonic_ns()))

        for path in paths:
            self.group.watch(path, event)
        end = time.monotonic() + 30
        while len(self.events) < len(paths) and time.monotonic() < end:
            self.group.wait(0.1, some=1)
        return len(self.events)

    def seen(self, seconds):
        """What has changed, for so long."""
        self.events.clear()
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.group.wait(max(0, end - time.monotonic()), some=1)
        return self.events

    def during(self, how, paths, period, seconds):
        """Asks for each path again and again, for so long: when each was sent, how long it took, and why it failed."""
        outcomes, begin = [], time.monotonic()
        ask = getattr(self.group, how)
        due = [(begin + period * n / len(paths), path) for n, path in enumerate(paths)]
        heapq.heapify(due)
        pending = 0

        def come(delayed, entry):
            nonlocal pending
            pending -= 1
            sent, path, planned = entry.context
            outcomes.append((sent, time.monotonic_ns() - sent, entry.reason, path))
            # At its own times, however late the outcome came; but one at a time.
            heapq.heappush(due, (max(planned + period, time.monotonic()), path))

        while time.monotonic() < begin + seconds:
            now = time.monotonic()
            while due and due[0][0] <= now:
                planned, path = heapq.heappop(due)
                pending += 1
                ask(path, come, (time.monotonic_ns(), path, planned))
            wait = min(0.02, max(0.0, due[0][0] - time.monotonic())) if due else 0.02
            if pending:
                self.group.wait(wait, some=1)
            else:
                time.sleep(wait)
        end = time.monotonic() + 15
        while pending and time.monotonic() < end:
            self.group.wait(0.1, some=1)
        return {"outcomes": outcomes, "pending": pending}


def main():
    with aeiou.attach(sys.argv[1]) as net:
        asking = Asking(net)
        for line in sys.stdin:
            what, *given = json.loads(line)
            print(json.dumps(getattr(asking, what)(*given)), flush=True)


if __name__ == "__main__":
    main()
