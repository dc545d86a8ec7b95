"""Asks for many values at once whenever it is told to, and says what that took: 'ask.py MOUNT COLUMN...' for 'network.py'.

A line of the input says how and which systems: 'read_many FOLDER'. The answer is the seconds, the seconds of its own processor
time, how many values came and how many did not. It is a process of its own, with the client of the build that is measured.
"""

import sys
import time

import aeiou


def nothing(delayed, entry):
    pass


def read_many(net, names, columns, paths):
    with net.begin() as group:
        group.read_many(paths, nothing)
    group.wait(30)
    return group.progress()


WAYS = {"read_many": read_many}


def main():
    with aeiou.attach(sys.argv[1]) as net:
        columns = sys.argv[2:]
        systems = net.systems()
        print(" ".join(WAYS), flush=True)
        paths = {}
        for line in sys.stdin:
            way, folder = line.split()
            names = [name for name in systems if name.startswith(folder + "/")]
            if folder not in paths:
                paths[folder] = [f"{name}/{column}" for name in names for column in columns]
            begin, processor = time.perf_counter(), time.process_time()
            progress = WAYS[way](net, names, columns, paths[folder])
            took, used = time.perf_counter() - begin, time.process_time() - processor
            came = progress.submitted - progress.pending - progress.failed
            print(took, used, came, len(paths[folder]) - came, progress.immediate, flush=True)


if __name__ == "__main__":
    main()
