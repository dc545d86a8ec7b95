"""Measures what polling takes of the daemon: memory, processor and packets, for networks of several sizes.

A program that is attached reads twelve columns of the interfaces of every system every thirty seconds, as a collector would. Each
system has 24 interfaces; counters are read again each time, what changes less often when its time to live is over. The first round
lists everything, and is not measured.
"""

import os
import pathlib
import re
import subprocess
import sys
import time

ROWS = 24
COLUMNS = (
    "ifName", "ifAlias", "ifAdminStatus", "ifOperStatus", "ifHCInOctets", "ifHCOutOctets",
    "ifInErrors", "ifOutErrors", "ifInDiscards", "ifOutDiscards", "ifHighSpeed", "ifLastChange",
)
SIZES = {"full": ((100, 1_000, 10_000), 30, 3), "quick": ((100, 1_000), 15, 2), "tiny": ((5,), 0.5, 1)}

POLL = """
import sys, time, aeiou
columns = sys.argv[2]
with aeiou.attach(sys.argv[1]) as net:
    systems = net.systems()
    for line in sys.stdin:
        values = failed = 0
        def several(delayed, entry):
            global values, failed
            if entry.ok:
                values += sum(len(row) - row.count(None) for row in entry.rows.lists)
            else:
                failed += 1
        begin = time.perf_counter()
        for first in range(0, len(systems), 2000):
            with net.begin() as group:
                for name in systems[first:first + 2000]:
                    group.read_group(f"{name}/interfaces/*/{{{columns}}}", several)
                group.wait(300)
        print(values, failed, time.perf_counter() - begin, flush=True)
"""


def measure(running, results, builds, size):
    numbers, period, rounds = SIZES[size.name]
    for number in numbers:
        what = f"{number:,} systems of {ROWS} interfaces, {len(COLUMNS)} columns every 30 s"
        results.name(f"{what}: processor", "% of a core")
        results.name(f"… {number:,}: memory (RSS)", "MiB")
        results.name(f"… {number:,}: packets sent", "a second")
        results.name(f"… {number:,}: a round takes", "s")
    for number in numbers:
        agents = running.simulate(systems=number, rows=ROWS).wait()
        for build, checkout in builds.items():
            one(running, results, build, checkout, agents, number, period, rounds)
        running.stop(agents.process)


def one(running, results, build, checkout, agents, number, period, rounds):
    daemon = running.mount(agents.configuration, checkout).wait()
    environment = dict(os.environ, PYTHONPATH=str(checkout / "client-py" / "src"), PYTHONDONTWRITEBYTECODE="1")
    client = running.start(
        sys.executable, "-c", POLL, daemon.net, ",".join(COLUMNS), stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    )
    what = f"{number:,} systems of {ROWS} interfaces, {len(COLUMNS)} columns every 30 s"
    for turn in range(rounds + 1):
        begin, used = time.monotonic(), daemon.processor()
        sent = daemon.counter("backend.snmp.datagrams.sent")
        client.stdin.write("\n")
        client.stdin.flush()
        values, failed, took = map(float, client.stdout.readline().split() or sys.exit("bench: " + running.told()))
        if failed:
            sys.exit(f"bench: {failed:.0f} tables of {number} could not be read")
        time.sleep(max(0, begin + period - time.monotonic()))
        if turn:
            # By the round, as if each took thirty seconds: what is not asked for costs next to nothing.
            results.add(f"{what}: processor", [(daemon.processor() - used) / 30 * 100], build=build, note=f"{values:,.0f} values")
            results.add(f"… {number:,}: packets sent", [(daemon.counter("backend.snmp.datagrams.sent") - sent) / 30], build=build)
            results.add(f"… {number:,}: a round takes", [took], build=build)
    status = pathlib.Path(f"/proc/{daemon.pid}/status").read_text()
    results.add(f"… {number:,}: memory (RSS)", [int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024], build=build)
    running.stop(client)
    daemon.close()
