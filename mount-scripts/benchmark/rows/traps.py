"""From a trap to poll(2) returning with what the agent has now: a link of a simulated agent changes, and its trap says the
state of before, so that only a reading shows the change.

The agents send their traps here. Each is handed on to the daemon from the agent's address, and the clock begins."""

import os
import select
import socket
import statistics
import threading
import time

RTT_MS = 50
FLAP_MS = 200
BOUND_MS = 20


def measure(running, results, builds, size):
    count = 40 if size.name == "full" else 12 if size.name == "quick" else 3
    what = f"trap of a link, agent {RTT_MS} ms away: until poll() returned and the new state was read, less a round trip"
    worst = "… the longest of all"
    results.name(what, "ms", BOUND_MS, digits=1)
    results.name(worst, "ms", digits=1)
    here = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    here.bind(("127.0.0.1", 0))
    there = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    there.bind(("127.0.0.1", 0))
    traps = there.getsockname()
    there.close()
    agents = running.simulate(
        systems=1, rows=4, rtt=f"{RTT_MS}ms", traps="{}:{}".format(*here.getsockname()), flap=f"{FLAP_MS}ms"
    ).wait()
    (name, address), *_ = agents.systems.items()
    text = agents.configuration.read_text()
    configuration = running.work / "traps.yaml"
    configuration.write_text(text.replace("{}:{}".format(*here.getsockname()), "{}:{}".format(*traps)))
    onward = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    onward.bind((address.rpartition(":")[0], 0))
    for build, checkout in builds.items():
        daemon = running.mount(configuration, checkout).wait()
        results.add(what, times := [1000 * late - RTT_MS for late in changes(daemon, name, here, onward, traps, count)], build=build)
        results.add(worst, [max(times)], build=build, note=f"median {statistics.median(times):.1f} ms, of {count}")
        daemon.close()


def changes(daemon, name, here, onward, traps, count):
    """How long each change took, in seconds."""
    table = daemon.net / name / "interfaces"
    row = min(table.iterdir(), key=lambda one: int((one / "ifIndex").read_text()))
    file = os.open(row / "ifOperStatus", os.O_RDONLY)
    sent = []

    def hand_on():
        here.settimeout(5)
        while len(sent) <= count:
            trap = here.recv(2000)
            sent.append(time.perf_counter())
            onward.sendto(trap, traps)

    poll = select.poll()
    poll.register(file, select.POLLPRI)
    held = os.pread(file, 100, 0)
    poll.poll(0)
    while here in select.select([here], [], [], 0)[0]:
        here.recv(2000)
    thread = threading.Thread(target=hand_on, daemon=True)
    thread.start()
    late = []
    while len(late) < count:
        if not poll.poll(5000):
            raise SystemExit(f"bench: no change in 5 s after {len(late)} of {count} traps")
        now = os.pread(file, 100, 0)
        if now != held and sent:
            late.append(time.perf_counter() - sent[-1])
        held = now
    thread.join()
    os.close(file)
    return late
