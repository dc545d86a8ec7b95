"""Measures what an attached program gets, and prints a table; 'bench attach' calls it.

One daemon, a simulated network of a thousand systems, and programs in Python and C; several rounds of each measurement,
of which the median, the least and the most are printed.
"""

import argparse
import os
import pathlib
import re
import shutil
import socket
import statistics
import subprocess
import sys
import time

from results import Results
from running import HERE, TOP, Running

sys.path.insert(0, str(TOP / "client-py" / "src"))

import aeiou  # noqa: E402

SYSTEMS = 1000
COLUMNS = (
    "sysDescr",
    "sysObjectID",
    "sysUpTime",
    "sysContact",
    "sysName",
    "sysLocation",
    "sysServices",
    "sysORLastChange",
)
ROUNDS = 9
#: A daemon runs for months: what is measured is not how Java begins.
WARM = 30


def nothing(delayed, entry):
    pass


class Network:
    """Simulated agents and a daemon that is mounted on them."""

    def __init__(self, running, systems, rtt, silent=False, rows=2):
        self.running = running
        self.work = running.work
        self.agents = running.simulate(systems=systems, rtt=rtt, rows=rows).wait()
        if silent:
            # No system answers, and no request gives up for a quarter of an hour.
            running.stop(self.agents.process)
            text = self.agents.configuration.read_text().replace("timeout: 2s, retries: 2", "timeout: 30m, retries: 0")
            self.agents.configuration.write_text(text)
        self.daemon = running.mount(self.agents.configuration).wait()
        self.net = self.daemon.net
        self.counter = self.daemon.counter
        self.systems = list(self.agents.systems)


def immediate(network, results):
    path = f"{network.systems[0]}/system/sysName"
    file = str(network.net / path)
    ours, ratios = [], []
    with aeiou.attach(network.net) as net:
        net.read(path).result(5)
        group = net.begin()
        for _ in range(ROUNDS):
            start = time.perf_counter()
            for _ in range(100_000):
                group.read(path, nothing)
            each = (time.perf_counter() - start) / 100_000
            start = time.perf_counter()
            for _ in range(5_000):
                open(file).read()
            opened = (time.perf_counter() - start) / 5_000
            ours.append(each * 1e6)
            ratios.append(each / opened)
        assert group.progress().delayed == 0
    results.add("an immediate closure in Python", ours, "µs", 1.5)
    results.add("… / open(path).read() of the same cached file", ratios, "×", 0.2, digits=3)


def immediate_names(network, results):
    """What else is answered inside the call, each with what a program looks at; in turns with a read."""
    name = network.systems[0]
    row = f"{name}/interfaces/{os.listdir(network.net / name / 'interfaces')[0]}"
    absent = f"{name}/.oid/1.3.6.1.2.1.1.99.0"
    count = 20_000
    with aeiou.attach(network.net) as net:
        names = net.list(row)
        net.read(f"{row}/{names[0]}").result(5)
        assert net.read(absent).result(5).reason == "absent"
        net.describe(f"{row}/{names[0]}").result(5)
        group = net.begin()
        ways = {
            "read": (group.read, f"{row}/{names[0]}", nothing),
            "stat": (group.stat, f"{row}/{names[0]}", lambda delayed, entry: entry.stat),
            "stat of what was not read": (group.stat, f"{row}/{names[-1]}", lambda delayed, entry: entry.stat),
            "absence": (group.read, absent, nothing),
            "description": (group.describe, f"{row}/{names[0]}", lambda delayed, entry: entry.units),
            f"list of {len(names)}": (group.list, row, lambda delayed, entry: entry.names),
        }
        times = {}
        for _ in range(ROUNDS):
            for what, (ask, path, closure) in ways.items():
                start = time.perf_counter()
                for _ in range(count):
                    ask(path, closure)
                times.setdefault(what, []).append((time.perf_counter() - start) / count * 1e6)
        assert group.progress().delayed == 0, group.progress()
    for what, each in times.items():
        target = round(1 + 0.1 * len(names), 1) if what.startswith("list") else 1.5 if what == "read" else 1
        results.add(f"an immediate closure in Python: {what}", each, "µs", target)


def immediate_c(network, results):
    """What C is told inside the call: values, stats, a listing of 30 names, a name that does not exist; in turns."""
    program = network.work / "attach"
    subprocess.run(
        ["gcc", "-O2", "-I", str(TOP / "closures/src/main/c"), "-o", str(program), str(HERE / "attach.c")], check=True
    )
    name = network.systems[0]
    places = [f"{name}/system/sysName", f"{name}/interfaces", f"{name}/nothing"]

    def run(count, *before):
        command = [*before, str(program), str(network.net), *places, str(count)]
        return subprocess.run(command, check=True, capture_output=True, text=True)

    times = {}
    for _ in range(ROUNDS):
        for line in run(2_000_000).stdout.splitlines():
            what, nanos, _delayed = line.split()
            times.setdefault(what, []).append(float(nanos))
    names = statistics.median(times["names"])
    results.add("an immediate closure in C: read", times["read"], "ns", 100, digits=0)
    results.add("… stat", times["stat"], "ns", 100, digits=0)
    results.add("… stat of a file that was not read", times["unread"], "ns", 100, digits=0)
    results.add("… a name that does not exist", times["none"], "ns", 100, digits=0)
    results.add(f"… list of {names:.0f}, told name by name", times["list"], "ns", 100 + 20 * names, digits=0)
    results.add("… list, nothing told", times["listing"], "ns", 100, digits=0)
    each = [(whole - head) / names for whole, head in zip(times["list"], times["listing"])]
    results.add("… for each name", each, "ns", 20)
    results.add("… stat / read", [stat / read for stat, read in zip(times["stat"], times["read"])], "×", 1.3, digits=2)
    if shutil.which("strace"):
        calls = []
        for count in (2_000, 102_000):
            trace = network.work / "trace"
            run(count, "strace", "-f", "-o", str(trace))
            calls.append(len(trace.read_text().splitlines()))
        # The attaching itself varies by a few.
        results.add("system calls of 100 000 of each", [max(0, calls[1] - calls[0] - 20)], "", 0, digits=0)
    else:
        print("no strace (apt install strace): system calls not counted", file=sys.stderr)


def java(network, program, *arguments):
    """What a program in Java prints, a list of words for each line."""
    found = (network.net / ".aeiou" / "attach").read_text().strip()
    run = subprocess.run(
        [
            os.path.realpath(f"/proc/{network.daemon.pid}/exe"), "-cp", str(TOP / "daemon/target/app/*"),
            str(HERE / program), found, *arguments,
        ],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return [line.split() for line in run.stdout.splitlines()]


def immediate_java(network, results):
    system = network.systems[0]
    printed = java(
        network, "Attached.java", f"{system}/system/sysName", f"{system}/interfaces",
        f"{system}/.oid/1.3.6.1.2.1.1.99.0", f"{system}/interfaces/eth9/ifOutOctets",
    )  # fmt: skip
    for what, said in (
        ("read", "an immediate closure in Java, attached"),
        ("stat", "… of a stat"),
        ("unread", "… of a stat of what was never read"),
        ("list", "… of a list of 30"),
        ("absent", "… of an absence"),
    ):
        results.add(said, [float(words[1]) for words in printed if words[0] == what], "ns", 100, digits=0)
    allocated = max(float(words[2]) for words in printed if words[0] != "describe")
    results.add("bytes that the most of these allocates", [allocated], "B", 0, digits=1)


def walk_in_python(network):
    """Seconds of each of some walks of all names in Python."""
    times = []
    with aeiou.attach(network.net) as net, net.begin() as group:

        def listed(delayed, entry):
            for name, kind in (entry.kinds if entry.ok else {}).items():
                if kind == "directory":
                    group.list(f"{entry.path}/{name}" if entry.path else name, listed)

        for _ in range(ROUNDS + 1):
            start = time.perf_counter()
            group.list("", listed)
            group.end()
            group.wait(60)
            times.append(time.perf_counter() - start)
    return times[1:]


def walk_in_c(network):
    """Seconds of each of some walks in C, with a stat of each file, by a program that is started anew."""
    program = network.work / "tree-walk"
    source = TOP / "closures/src/main/c"
    subprocess.run(
        ["gcc", "-O2", "-I", str(source), "-o", str(program), str(source / "examples/tree-walk.c")], check=True
    )
    times = []
    for passes in (1, 1 + 10) * ROUNDS:
        start = time.perf_counter()
        subprocess.run([str(program), "-n", str(passes), str(network.net)], check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - start)
    return [(many - one) / 10 for one, many in zip(times[::2], times[1::2])]


def find(network, *arguments):
    times = []
    for _ in range(ROUNDS + 1):
        start = time.perf_counter()
        subprocess.run(["find", str(network.net), *arguments], check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - start)
    return statistics.median(times[1:])


def walked(network, results):
    """All names, and all with a stat of each file, by closures; and what the table takes for a name and an absence."""
    warm_up = 20  # rounds, until a Java program has compiled what it does
    first, *rounds = java(network, "Walked.java", str(warm_up + ROUNDS))
    names = int(first[1])
    seconds = {
        "Java, with stat": [float(words[0]) / 1e3 for words in rounds[warm_up - 1 :]],
        "Java": [
            float(words[0]) / 1e3
            for words in java(network, "Walked.java", str(warm_up + ROUNDS), "names")[warm_up:]
        ],
        "C, with stat": walk_in_c(network),
        "Python": walk_in_python(network),
    }
    middle = {False: find(network), True: find(network, "-printf", "%s\n")}
    for what, each in seconds.items():
        target = 0.5 if what.startswith("C") else 1
        with_stat = what.endswith("stat")
        results.add(f"a warm walk of {names} names in {what}", [one * 1e3 for one in each], "ms", digits=0)
        results.add(
            f"… in {what} / find{' -printf %s' if with_stat else ''} on the mount",
            [one / middle[with_stat] for one in each], "×", target, note=f"find {middle[with_stat] * 1e3:.0f} ms",
        )
    results.add("closures of it that were delayed", [float(rounds[-1][2])], "", 0, digits=0)
    listings, readings = network.counter("attach.listings"), network.counter("attach.readings")
    table = network.counter("attach.tableBytes") + 64 * listings - 64 * readings
    results.add("value table for a name that is listed", [table / names], "B", 64, digits=0)
    before = network.counter("attach.tableBytes"), network.counter("attach.absences")
    with aeiou.attach(network.net) as net:
        for name in network.systems:
            net.read(f"{name}/.oid/1.3.6.1.2.1.1.99.0").result(5)
    absences = network.counter("attach.absences") - before[1]
    each = (network.counter("attach.tableBytes") - before[0]) / absences + 64
    results.add("value table for an absence, its slot included", [each], "B", 192, digits=0)


def drained(network, results):
    rates = []
    with aeiou.attach(network.net) as net:
        for _ in range(ROUNDS):
            count = 16_000
            group = net.begin()
            for _ in range(count):
                group.fetch(".aeiou/version", nothing)
            group.end()
            completions = net._link.connection.completions
            end = time.monotonic() + 20
            while completions.tail - completions.head < count and time.monotonic() < end:
                time.sleep(0.01)
            start = time.perf_counter()
            done = net._exchange.drain()
            rates.append(done / (time.perf_counter() - start))
            group.wait(5)
    results.add("completions drained by one Python thread, a second", rates, "", 500_000, most=False, digits=0)


def burst(network, results):
    paths = [f".uncached/{name}/system/{column}" for name in network.systems for column in COLUMNS]
    paths += [f".uncached/{name}/.oid/1.3.6.1.2.1.1.{n}.0" for name in network.systems for n in (5, 6)]
    times, packets, bells = [], [], []
    with aeiou.attach(network.net) as net:
        for turn in range(ROUNDS + WARM):
            before = [network.counter(name) for name in ("backend.snmp.datagrams.sent", "attach.bells", "attach.completions")]
            start = time.perf_counter()
            with net.begin() as group:
                group.read_many(paths, nothing)
            group.wait(30)
            took = time.perf_counter() - start
            after = [network.counter(name) for name in ("backend.snmp.datagrams.sent", "attach.bells", "attach.completions")]
            assert group.progress().failed == 0, group.progress()
            if turn >= WARM:
                times.append(took * 1e3)
                packets.append(after[0] - before[0])
                bells.append((after[1] - before[1]) / max(1, after[2] - before[2]))
    results.add("10 000 values of 1 000 systems, 50 ms away, none from the cache", times, "ms", 75, digits=0)
    results.add("… packets", packets, "", 1_000, digits=0)
    results.add("… doorbells for each completion", bells, "", 0.1, digits=3)


def together(network, results, what, paths, groups):
    """The program's own processor time for a value, one by one and as groups of the same, in turns; none from the cache."""
    singly, grouped = [], []
    values = []
    with aeiou.attach(network.net) as net:
        for turn in range(ROUNDS + 5):
            del values[:]
            start = time.process_time()
            with net.begin() as group:
                accepted, why = group.read_many(paths, lambda delayed, entry: values.append(entry.get()))
            group.wait(60)
            singly.append((time.process_time() - start) / len(paths) * 1e6)
            assert accepted == len(values) == len(paths), (accepted, why, len(values))
            del values[:]

            def take(delayed, entry):
                values.append(entry.rows.lists)

            start = time.process_time()
            with net.begin() as group:
                for path in groups:
                    group.read_group(path, take)
            group.wait(60)
            took = time.process_time() - start
            count = sum(len(row) for rows in values for row in rows)
            assert count == len(paths), (count, len(paths), group.progress())
            grouped.append(took / count * 1e6)
    results.add(f"a program's processor time for a value: {what}, by read_many", singly[5:], "µs", 1.5)
    results.add("… by read_group", grouped[5:], "µs", 0.3)
    results.add("… read_group / read_many", [one / other for one, other in zip(grouped[5:], singly[5:])], "×", 0.2, digits=3)


def scalars_together(network, results):
    columns = ",".join(COLUMNS)
    paths = [f".uncached/{name}/system/{column}" for name in network.systems for column in COLUMNS]
    groups = [f".uncached/{name}/system/{{{columns}}}" for name in network.systems]
    together(network, results, f"{len(COLUMNS)} scalars of {len(groups)} systems", paths, groups)


def column_together(network, results):
    tables = [f"{name}/interfaces" for name in network.systems]
    with aeiou.attach(network.net) as net:
        paths = [f".uncached/{table}/{row}/ifInOctets" for table in tables for row in net.list(table)]
    groups = [f".uncached/{table}/*/ifInOctets" for table in tables]
    together(network, results, f"a column of {len(paths)} rows", paths, groups)


def processor_time(network, results):
    """What a cold value costs the program that asks for it in a burst: all that its process does, sleeping apart."""
    from aeiou import _burst

    paths = [f".uncached/{name}/system/{column}" for name in network.systems for column in COLUMNS]
    paths += [f".uncached/{name}/.oid/1.3.6.1.2.1.1.{n}.0" for name in network.systems for n in (5, 6)]
    implementations = [("Python", False)] + ([("C", True)] if _burst.NATIVE else [])
    times = {}
    with aeiou.attach(network.net) as net:
        prepared = net.prepare(paths)
        for turn in range(ROUNDS + WARM // 3):
            for language, native in implementations:
                for what, burst in (("read_many", paths), ("read_many of prepared paths", prepared)):
                    _burst.use(native)
                    start = time.process_time()
                    with net.begin() as group:
                        accepted, why = group.read_many(burst, nothing)
                    group.wait(30)
                    took = time.process_time() - start
                    assert why is None and group.progress()[1:] == (0, len(paths), 0, 0, 0), (why, group.progress())
                    if turn >= WARM // 3:
                        times.setdefault(f"{what}, in {language}", []).append(took / len(paths) * 1e6)
    for what, each in times.items():
        results.add(f"processor time of the Python client for a cold value: {what}", each, "µs", 1.5)
    if not _burst.NATIVE:
        print("no compiler, or no headers of Python (apt install gcc python3-dev): only the client in Python measured", file=sys.stderr)


def delayed(network, results):
    """A fetch from an agent that answers at once, less what the question and its answer take on the wire."""
    name = network.systems[0]
    both = []
    with aeiou.attach(network.net) as net:
        for _ in range(8_000):
            start = time.perf_counter()
            with net.begin() as group:
                group.fetch(f"{name}/system/sysName", nothing)
            group.wait(5)
            both.append((time.perf_counter() - start) * 1e6)
    question = bytes.fromhex("302602010104067075626c6963a019020101020100020100300e300c06082b060102010105000500")
    host, port = network.agents.systems[name].split(":")
    wire = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as agent:
        agent.settimeout(2)
        agent.connect((host, int(port)))
        for _ in range(2_000):
            start = time.perf_counter()
            agent.send(question)
            agent.recv(1500)
            wire.append((time.perf_counter() - start) * 1e6)
    extra = statistics.median(both[-2_000:]) - statistics.median(wire[500:])
    results.add("a delayed closure in Python, p50, less the agent's round trip", [extra], "µs", 150, digits=0)


def pending(network, results):
    """A million requests of ten clients, each for an attribute of its own, of systems that do not answer."""
    reads, writes = os.pipe()
    clients = []
    for client in range(10):
        pid = os.fork()
        if pid == 0:
            with aeiou.attach(network.net, geometry=aeiou.Geometry(102_000, 128, 128, 0)) as net:
                group = net.begin()
                for i in range(100_000):
                    name = network.systems[i % len(network.systems)]
                    group.fetch(f"{name}/.oid/1.3.6.1.2.1.2.2.1.{i // len(network.systems) + 1}.{client + 1}", nothing)
                group.end()
                os.write(writes, b"x")
                time.sleep(600)
        clients.append(pid)
    try:
        daemon, running = network.daemon, network.running
        running.until("a million pending", lambda: network.counter("scheduler.pending") >= 999_000, daemon.process, seconds=180)
        status = pathlib.Path(f"/proc/{daemon.pid}/status").read_text()
        shared = int(re.search(r"RssShmem:\s+(\d+)", status)[1]) / 1024
        subprocess.run(["jcmd", str(daemon.pid), "GC.run"], check=True, capture_output=True)
        used = daemon.heap() / (1 << 20)
        results.add("a million pending requests over 10 clients: heap and shared memory", [used + shared], "MiB", 1024, digits=0)
    finally:
        for pid in clients:
            os.kill(pid, 9)
            os.waitpid(pid, 0)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", metavar="NAME", help="one measurement: a function of this file, as walked")
    only = parser.parse_args().only
    results = Results()
    for systems, rtt, silent, rows, measurements in (
        (4, "0ms", False, 30, (immediate, immediate_names, immediate_java, immediate_c, drained, delayed)),
        (200, "0ms", False, 10, (walked,)),
        (4, "0ms", False, 500, (column_together,)),
        (SYSTEMS, "50ms", False, 2, (burst, processor_time, scalars_together)),
        (SYSTEMS, "50ms", True, 2, (pending,)),
    ):
        measurements = [measure for measure in measurements if only in (None, measure.__name__)]
        if not measurements:
            continue
        with Running() as running:
            network = Network(running, systems, rtt, silent, rows)
            for measure in measurements:
                measure(network, results)
    results.print()


if __name__ == "__main__":
    main()
