"""Measures what fetching many values at once costs beside a poller in C that asks for the same, turn by turn."""

import os
import subprocess
import sys

from running import FIRST_ADDRESS, HERE

COLUMNS = (
    "system/sysDescr",
    "system/sysObjectID",
    "system/sysUpTime",
    "system/sysContact",
    "system/sysName",
    "system/sysLocation",
    "system/sysServices",
    "system/sysORLastChange",
    ".oid/1.3.6.1.2.1.2.1.0",
    ".oid/1.3.6.1.2.1.4.1.0",
)
OIDS = [f"1.3.6.1.2.1.1.{number}.0" for number in range(1, 9)] + ["1.3.6.1.2.1.2.1.0", "1.3.6.1.2.1.4.1.0"]
#: Milliseconds, by the folder that the systems are in.
DISTANCES = {"far": 50, "near": 0}
#: Nothing of a burst is still there when the next begins.
SHORT = "ttl: {static: 1ms, config: 1ms, state: 1ms, counter: 1ms, directory: 2h, grace: 0}\n"
#: For a heap that is never collected while it is measured.
LARGE_HEAP = "-Xms2g -Xmx2g -XX:NewSize=1600m -XX:MaxNewSize=1600m"


class Agents:
    """Agents in C at two distances."""

    def __init__(self, running, systems):
        self.running = running
        self.systems = systems
        self.poller = running.compile("poller.c")
        program = running.compile("agents.c")
        configuration = SHORT + "defaults: {snmp: {community: public}}\nsystems:\n"
        self.questions = {}
        for folder, distance in DISTANCES.items():
            process = running.start(program, FIRST_ADDRESS, 0, systems, distance, stdout=subprocess.PIPE)
            port = process.stdout.readline().strip()
            if not port:
                sys.exit("bench: the agents do not start: " + running.told())
            addresses = [f"{address}:{port}" for address in self.addresses()]
            configuration += "".join(f"  {folder}/{i}: {address}\n" for i, address in enumerate(addresses))
            self.questions[folder] = "".join(f"{address} public {' '.join(OIDS)}\n" for address in addresses)
        self.configuration = running.work / f"bursts-{systems}.yaml"
        self.configuration.write_text(configuration)

    def addresses(self):
        *above, first = map(int, FIRST_ADDRESS.split("."))
        number = above[1] << 16 | above[2] << 8 | first
        for _ in range(self.systems):
            yield f"{above[0]}.{number >> 16}.{number >> 8 & 255}.{number & 255}"
            number += 3 if number & 255 == 254 else 1

    def poll(self, folder):
        """The C poller's seconds and seconds of processor time for the same values."""
        told = subprocess.run([self.poller], input=self.questions[folder], capture_output=True, text=True)
        if told.returncode:
            sys.exit(f"bench: {told.stderr}")
        micros, processor, *_ = map(int, told.stdout.split())
        return micros / 1e6, processor / 1e6


class Client:
    """A program in Python that is attached to a daemon, with the client of its build."""

    def __init__(self, running, daemon, checkout):
        self.running = running
        self.daemon = daemon
        environment = dict(os.environ, PYTHONPATH=str(checkout / "client-py" / "src"), PYTHONDONTWRITEBYTECODE="1")
        command = [sys.executable, HERE / "ask.py", daemon.net, *COLUMNS]
        self.process = running.start(*command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
        self.ways = self.process.stdout.readline().split()
        if not self.ways:
            sys.exit("bench: the client does not attach: " + running.told())

    def burst(self, way, folder):
        """One burst: seconds, the client's and the daemon's seconds of processor time, values, and packets."""
        sent, used = self.daemon.counter("backend.snmp.datagrams.sent"), self.daemon.processor()
        self.process.stdin.write(f"{way} {folder}\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().split()
        used = self.daemon.processor() - used
        if not answer:
            sys.exit("bench: the client ended: " + self.running.told())
        took, own = float(answer[0]), float(answer[1])
        came, failed, immediate = map(int, answer[2:])
        if failed or immediate:
            sys.exit(f"bench: {failed} of {came + failed} values did not come, {immediate} came from the cache")
        return took, own, used, came, self.daemon.counter("backend.snmp.datagrams.sent") - sent

    def close(self):
        self.running.stop(self.process)


def steady(agents, clients, results, rows, size):
    """Bursts of daemons that have been running for a while."""
    for turn in range(size.warm + size.bursts):
        for folder in DISTANCES:
            polled, poller_used = agents.poll(folder)
            for build, client in clients.items():

                def add(name, value, note="", build=build):
                    if turn >= size.warm:
                        results.add(rows[name], [value], build=build, note=note)

                took, own, used, values, packets = client.burst("read_many", folder)
                add(f"daemon {folder}", used / values * 1e6)
                add(f"daemon {folder} ratio", used / poller_used, f"C {poller_used / values * 1e6:.2f} µs")
                if folder == "near":
                    add("near", values / took)
                    add("near ratio", took / polled, f"C {values / polled:,.0f} a second")
                    continue
                add("client", own / values * 1e6)
                add("far", took * 1e3)
                add("far ratio", took / polled, f"C {polled * 1e3:.0f} ms")
                add("packets", packets)
                for way in ("prepared", "read_group"):
                    if way in client.ways:
                        _, own, _, values, _ = client.burst(way, folder)
                        add(f"client {way}", own / values * 1e6)


def first(running, agents, builds, results, rows, size):
    """The first burst that a daemon is asked for."""
    for _ in range(size.starts):
        for build, checkout in builds.items():
            daemon = running.mount(agents.configuration, checkout).wait()
            client = Client(running, daemon, checkout)
            results.add(rows["first"], [client.burst("read_many", "far")[0] * 1e3], build=build)
            client.close()
            daemon.close()


def allocation(running, agents, builds, results, rows, size):
    """Bytes that a daemon allocates for a value: how much the heap grows that is not collected meanwhile."""
    for build, checkout in builds.items():
        daemon = running.mount(agents.configuration, checkout, LARGE_HEAP).wait()
        client = Client(running, daemon, checkout)
        for _ in range(size.warm):
            client.burst("read_many", "near")
        before = daemon.heap()
        for _ in range(size.bursts):
            client.burst("read_many", "near")
        after = daemon.heap()
        if before is None:
            results.unavailable(rows["allocated"], "it takes jcmd, of a JDK", build)
        elif before >= after:
            results.unavailable(rows["allocated"], "too little to tell, or collected", build)
        else:
            each = (after - before) / (size.bursts * agents.systems * len(COLUMNS))
            results.add(rows["allocated"], [each], build=build)
        client.close()
        daemon.close()
