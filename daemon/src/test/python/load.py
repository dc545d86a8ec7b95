"""Asks again and again through a mount, and writes down what becomes of each request: 'load.py SOURCES MOUNT OUT TASK PERIOD PATH...'.

TASK is 'read', 'fetch' or 'write'. Each path has one request pending at a time; the next one follows PERIOD seconds after the last
one's outcome. A line of OUT is: number of the request, when it was sent and when it ended (nanoseconds of the monotonic clock),
'ok', 'stale' or the reason of the failure in one word, path, value. SIGTERM ends it: it waits for what is pending, writes 'end' and
how many had no outcome after fifteen seconds.
"""

import heapq
import signal
import sys
import time

sys.path.insert(0, sys.argv[1])
import aeiou  # noqa: E402

MOUNT, OUT, TASK, PERIOD, PATHS = sys.argv[2], sys.argv[3], sys.argv[4], float(sys.argv[5]), sys.argv[6:]
PATIENCE = 15


class Load:
    def __init__(self, group, out):
        self.group, self.out = group, out
        self.due = [(0.0, path) for path in PATHS]
        self.number = self.pending = 0
        self.going = True

    def ask(self, path):
        self.number += 1
        self.pending += 1
        context = [self.number, time.monotonic_ns(), path]
        if TASK == "write":
            self.group.write(path, f"w{self.number}", self.on_outcome, context)
        elif TASK == "fetch":
            self.group.fetch(path, self.on_outcome, context)
        else:
            self.group.read(path, self.on_outcome, context)

    def on_outcome(self, delayed, entry):
        self.pending -= 1
        number, sent, path = entry.context
        reason = ("stale" if entry.stale else "ok") if entry.ok else entry.reason.replace(" ", "-")
        # The text that was to be written, whatever was read back.
        value = f"w{number}" if TASK == "write" else entry.value if entry.ok else ""
        print(number, sent, time.monotonic_ns(), reason, path, value, file=self.out, flush=True)
        heapq.heappush(self.due, (time.monotonic() + PERIOD, path))

    def turn(self):
        while self.due and self.due[0][0] <= time.monotonic():
            self.ask(heapq.heappop(self.due)[1])
        wait = self.due[0][0] - time.monotonic() if self.due else 0.05
        if self.pending:
            self.group.wait(max(0.001, min(wait, 0.05)), some=1)
        else:
            time.sleep(max(0.0, min(wait, 0.05)))

    def stop(self, *_):
        self.going = False


def main():
    with open(OUT, "w") as out, aeiou.attach(MOUNT) as net:
        group = net.begin()
        group.end()
        load = Load(group, out)
        signal.signal(signal.SIGTERM, load.stop)
        print("ready", flush=True)
        while load.going:
            load.turn()
        end = time.monotonic() + PATIENCE
        while load.pending and time.monotonic() < end:
            group.wait(0.1, some=1)
        print("end", load.pending, file=out, flush=True)


main()
