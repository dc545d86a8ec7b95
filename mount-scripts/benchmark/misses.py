#!/usr/bin/env python3
"""Measures what the daemon itself takes for values that are in no cache, and prints a table.

A simulated network of a thousand systems in a process of its own, and a program in C that asks for ten attributes of
each at once, so that what is counted is the daemon: its processor time and what it allocates, by thread.
"""

import argparse
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parent.parent
COLUMNS = (
    "system/sysDescr", "system/sysObjectID", "system/sysUpTime", "system/sysContact", "system/sysName",
    "system/sysLocation", "system/sysServices", "system/sysORLastChange",
    ".oid/1.3.6.1.2.1.2.2.1.10.1", ".oid/1.3.6.1.2.1.2.2.1.16.1",
)
#: So that each burst finds everything past its use.
SHORT = "ttl: {static: 80ms, config: 80ms, state: 80ms, counter: 80ms, directory: 1h, grace: 0}\n"
#: A thread's kind is its name without numbers.
KINDS = (
    ("aeiou-snmp", "receiving"), ("aeiou-attach", "taking submissions"), ("aeiou-shard", "shards"),
    ("aeiou-scheduler", "shards"), ("C1", "compilers"), ("C2", "compilers"), ("GC", "collector"), ("G1", "collector"),
    ("VM Thread", "collector"),
)


class Daemon:
    """A daemon, the agents it asks, and a program that is attached to it."""

    def __init__(self, work, arguments):
        self.work = pathlib.Path(work)
        self.started = []
        self.net = self.work / "net"
        self.net.mkdir()
        self.log = open(self.work / "log", "a")
        self.rtt = arguments.rtt
        self.arguments = arguments
        configuration = self.work / "net.yaml"
        script = str(TOP / "mount-scripts" / "aeiou")
        self.start(
            script, "simulate", f"--systems={arguments.systems}", f"--rtt={arguments.rtt}", "--rows=2",
            f"--port={arguments.port}", f"--first-address={arguments.first_address}",
            f"--config-out={configuration}",
        )
        self.until(lambda: configuration.exists() and "systems:" in configuration.read_text())
        time.sleep(1)
        text = configuration.read_text()
        configuration.write_text(SHORT + text)
        names = re.findall(r"^  (\S+):$", text, re.M)[: arguments.systems]
        paths = [f"{name}/{column}" for name in names for column in COLUMNS]
        self.values = len(paths)
        (self.work / "paths").write_text("\n".join(paths) + "\n")
        checkout, _, options = arguments.of.partition(":")
        places = {"XDG_RUNTIME_DIR": str(self.work / "run"), "STATE_DIRECTORY": str(self.work / "state")}
        environment = dict(os.environ, AEIOU_JAVA_OPTS=options, **places)
        daemon = pathlib.Path(checkout).resolve() / "mount-scripts" / "aeiou"
        self.daemon = self.start(str(daemon), "mount", str(configuration), str(self.net), env=environment)
        self.until(lambda: (self.net / ".aeiou" / "attach").exists())
        self.client = subprocess.Popen(
            [str(self.work.parent / "misses"), str(self.net), str(self.work / "paths"), arguments.how],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log, text=True,
        )

    def start(self, *command, **more):
        self.started.append(subprocess.Popen(command, stdout=self.log, stderr=self.log, **more))
        return self.started[-1].pid

    def until(self, true):
        end = time.monotonic() + 60
        while not true():
            if time.monotonic() > end or any(each.poll() is not None for each in self.started):
                sys.exit("misses: it does not start: " + (self.work / "log").read_text())
            time.sleep(0.05)

    def bursts(self, count):
        """How many milliseconds each of some bursts took."""
        self.client.stdin.write(f"{count}\n")
        self.client.stdin.flush()
        times = []
        for line in iter(self.client.stdout.readline, ""):
            if not line.strip():
                return times
            times.append(float(line) / 1000)
        sys.exit("misses: the program ended: " + (self.work / "log").read_text())

    def processor(self):
        """Seconds of processor time so far, with threads that have ended."""
        fields = pathlib.Path(f"/proc/{self.daemon}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def by_kind(self):
        """Seconds of processor time of the threads there are, by kind."""
        spent = {}
        for task in pathlib.Path(f"/proc/{self.daemon}/task").iterdir():
            try:
                name = (task / "comm").read_text().strip()
                nanos = int((task / "schedstat").read_text().split()[0])
            except OSError:
                continue
            kind = next((kind for start, kind in KINDS if name.startswith(start)), "others")
            spent[kind] = spent.get(kind, 0) + nanos / 1e9
        return spent

    def allocated(self):
        """Bytes that its threads have allocated so far."""
        java = os.path.dirname(os.path.realpath(f"/proc/{self.daemon}/exe"))
        threads = subprocess.run(
            [f"{java}/jcmd", str(self.daemon), "Thread.print", "-e"], check=True, capture_output=True, text=True
        ).stdout
        units = {"B": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30}
        return sum(float(many) * units[unit] for many, unit in re.findall(r"allocated=([\d.]+)([BKMG])", threads))

    def packets(self):
        for line in (self.net / ".aeiou" / "stats").read_text().splitlines():
            if line.startswith("backend.snmp.datagrams.sent: "):
                return int(line.split()[1])
        return 0

    def close(self):
        self.client.stdin.close()
        self.client.wait(20)
        for each in reversed(self.started):
            each.terminate()
            each.wait(20)


def measure(work, arguments):
    daemon = Daemon(work, arguments)
    try:
        started = daemon.processor()
        first = daemon.bursts(1)[0]
        first_processor = daemon.processor() - started
        following = daemon.bursts(4)
        daemon.bursts(arguments.warm)
        # What is allocated is told in whole MiB of a thread, for which it takes many bursts.
        bytes_before, packets = daemon.allocated(), daemon.packets()
        kinds, processor = daemon.by_kind(), daemon.processor()
        times = daemon.bursts(arguments.bursts)
        processor = daemon.processor() - processor
        kinds = {kind: spent - kinds.get(kind, 0) for kind, spent in daemon.by_kind().items()}
        values = daemon.values * arguments.bursts
        packets = daemon.packets() - packets
        return {
            "processor": processor / values * 1e6,
            "bytes": (daemon.allocated() - bytes_before) / values,
            "rate": daemon.values / statistics.median(times) * 1e3,
            "started": started * 1e3,
            "first": first,
            "first processor": first_processor * 1e3,
            "second": following[0],
            "fifth": following[-1],
            "burst": statistics.median(times),
            "packets": packets / arguments.bursts,
            "kinds": {kind: spent / values * 1e6 for kind, spent in kinds.items()},
        }
    finally:
        daemon.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--systems", type=int, default=1000)
    parser.add_argument("--rtt", default="0ms", help="of the simulated agents (0ms)")
    parser.add_argument("--port", type=int, default=1711)
    parser.add_argument("--first-address", default="127.1.0.1")
    parser.add_argument("--warm", type=int, default=100, help="bursts before the daemon is measured (100)")
    parser.add_argument("--bursts", type=int, default=100, help="bursts that are measured (100)")
    parser.add_argument("--how", choices=("read", "fetch"), default="read", help="what is past its TTL, or /.uncached")
    parser.add_argument(
        "--of", nargs="+", default=[str(TOP)],
        metavar="FOLDER[:OPTIONS]",
        help="checkouts that are built, each with options of Java, to compare in turns",
    )
    parser.add_argument("--rounds", type=int, default=3, help="daemons of each, in turns (3)")
    arguments = parser.parse_args()
    checkouts = arguments.of
    results = {each: [] for each in checkouts}
    with tempfile.TemporaryDirectory() as work:
        subprocess.run(
            ["gcc", "-O2", "-I", str(TOP / "closures/src/main/c"), "-o", f"{work}/misses", str(HERE / "misses.c")],
            check=True,
        )
        for turn in range(arguments.rounds):
            for number, arguments.of in enumerate(checkouts):
                place = pathlib.Path(work) / f"{turn}-{number}"
                place.mkdir()
                results[arguments.of].append(measure(place, arguments))
    print("| | " + " | ".join(f"{each}" for each in checkouts) + " |\n|---|" + "---|" * len(checkouts))

    def row(what, unit, digits, of):
        cells = []
        for each in checkouts:
            found = [of(result) for result in results[each]]
            middle, least, most = statistics.median(found), min(found), max(found)
            cells.append(f"{middle:,.{digits}f} {unit} ({least:,.{digits}f} to {most:,.{digits}f})")
        print(f"| {what} | " + " | ".join(cells) + " |")

    row("processor time of the daemon for a value", "µs", 2, lambda result: result["processor"])
    for kind in sorted({kind for all_of in results.values() for result in all_of for kind in result["kinds"]}):
        row(f"… of it {kind}", "µs", 2, lambda result, kind=kind: result["kinds"].get(kind, 0))
    row("allocated for a value", "bytes", 0, lambda result: result["bytes"])
    row("values a second", "", 0, lambda result: result["rate"])
    row("a burst", "ms", 1, lambda result: result["burst"])
    row("packets of a burst", "", 0, lambda result: result["packets"])
    row("the first burst after the start", "ms", 0, lambda result: result["first"])
    row("… processor time of the daemon in it", "ms", 0, lambda result: result["first processor"])
    row("… and before it, since the start of Java", "ms", 0, lambda result: result["started"])
    row("the second", "ms", 0, lambda result: result["second"])
    row("the fifth", "ms", 0, lambda result: result["fifth"])


if __name__ == "__main__":
    main()
