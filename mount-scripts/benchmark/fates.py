"""Asks a value of each system whenever it is told to, and says what became of each: 'fates.py MOUNT' for 'bench network'.

A line of the input is an attribute, a number of seconds and a part of the systems' names: each of those systems is asked for it
with that deadline. 'cancel NUMBER' leaves so many pending until the next line. The answer is a line of JSON: for each request its system, what it ended in, its seconds, and how many times it
was told. It is a process of its own, so that it can be killed.
"""

import json
import sys
import time

import aeiou

ATTRIBUTES = [f"system/sys{name}" for name in ("Descr", "ObjectID", "UpTime", "Contact", "Name", "Location", "Services")]


class Fates:
    def __init__(self, net):
        self.net = net
        self.systems = net.systems()
        self.fates = []

    def ended(self, delayed, entry):
        fate = entry.context
        fate[1] = "read" if entry.ok else str(entry.reason)
        fate[2] = time.perf_counter() - fate[2]
        fate[3] += 1

    def ask(self, attribute, seconds, part):
        """One burst: each of the systems is asked once."""
        self.fates = [[name, None, 0.0, 0] for name in self.systems if part in name]
        with self.net.begin() as group:
            begin = time.perf_counter()
            for fate in self.fates:
                fate[2] = begin
                group.read(f"{fate[0]}/{attribute}", self.ended, fate, seconds)
        return group

    def cancel(self, many):
        """Leaves requests pending, and withdraws them as a group: the seconds until each has its outcome."""
        self.fates = []
        with self.net.begin() as group:
            for number in range(many):
                again, system = divmod(number, len(self.systems))
                fate = [self.systems[system], None, 0.0, 0]
                self.fates.append(fate)
                group.read(f"{fate[0]}/{ATTRIBUTES[again % len(ATTRIBUTES)]}", self.ended, fate, 60)
        print("pending", flush=True)
        sys.stdin.readline()
        begin = time.perf_counter()
        group.cancel()
        group.wait(30)
        return time.perf_counter() - begin


def main():
    with aeiou.attach(sys.argv[1]) as net:
        fates = Fates(net)
        print(len(fates.systems), flush=True)
        for line in sys.stdin:
            words = line.split()
            if words[0] == "cancel":
                print(fates.cancel(int(words[1])), sum(fate[3] for fate in fates.fates), flush=True)
            else:
                fates.ask(words[0], float(words[1]), words[2] if len(words) > 2 else "").wait(float(words[1]) + 5)
                print(json.dumps(fates.fates), flush=True)


if __name__ == "__main__":
    main()
