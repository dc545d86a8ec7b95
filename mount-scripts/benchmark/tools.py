"""Measures what reading files costs beside 'snmpbulkwalk': programs that read one file after another, and listings.

Each reading is of a device that the daemon was not asked for yet: every simulated agent has several names.
"""

import random
import subprocess
import time

from walks import Walk, same_objects

#: As many names has each device, and so often at the most can it be read for the first time.
NAMES = 5
DISTANCES = {"0ms": "no delay", "20ms": "20 ms away", "50ms": "50 ms away"}
RECORDED = {"recorded at once": "0ms", "recorded": "20ms"}
IN_OCTETS = "1.3.6.1.2.1.2.2.1.10"
IF_NAME = "1.3.6.1.2.1.31.1.1.1.1"
REPETITIONS = (10, 25, 50)
#: After so long without a packet none follows.
SETTLED_SECONDS = 0.3


class Device:
    """A simulated or recorded device, at an address of its own, under many names."""

    def __init__(self, name, agents, address):
        self.name = name
        self.agents = agents
        self.address = address
        self.all_names = [f"{name}-{i}" for i in range(NAMES)]
        self.configuration = "".join(f'  {alias}: {{address: "{address}"}}\n' for alias in self.all_names)
        #: What no daemon was asked for yet.
        self.names = iter(self.all_names)


class Network:
    """The devices that there are, and one mounted daemon of each build."""

    def __init__(self, running, size, recordings, builds):
        self.running = running
        agents = {f"device-{rtt}": dict(systems=1, rows=size.rows, rtt=rtt) for rtt in DISTANCES}
        agents["wide"] = dict(systems=1, rows=size.wide, rtt=f"{size.far_ms}ms")
        for number in range(builds):
            # Of their own for each: how many packets were in flight at once is known of a whole life only.
            agents[f"ahead-{number}"] = agents[f"alone-{number}"] = dict(systems=1, rows=size.rows, rtt="20ms")
        agents["long"] = dict(systems=1, rows=size.long, rtt="50ms")
        if recordings:
            agents.update((name, dict(systems=0, recordings=recordings, rtt=rtt)) for name, rtt in RECORDED.items())
        started = {name: running.simulate(**options) for name, options in agents.items()}
        self.devices = {}
        #: By distance, by their own names.
        self.recorded = {}
        for name, simulated in started.items():
            for system, address in simulated.wait().systems.items():
                if name in RECORDED:
                    device = Device(f"{system}-{RECORDED[name]}", simulated, address)
                    self.recorded.setdefault(system, {})[RECORDED[name]] = device
                else:
                    device = Device(name, simulated, address)
                self.devices[device.name] = device

    def configuration(self, more=""):
        file = self.running.work / f"tools-{len(more)}.yaml"
        devices = "".join(device.configuration for device in self.devices.values())
        ttl = "ttl: {static: 2h, config: 2h, state: 2h, counter: 2h, directory: 2h}\n"
        file.write_text(f"{more}{ttl}defaults: {{snmp: {{community: public, timeout: 5s}}}}\nsystems:\n{devices}")
        return file


class Reading:
    """Programs that read the files of a daemon."""

    def __init__(self, running, daemon):
        self.running = running
        self.daemon = daemon

    def shell(self, command, limit):
        """Runs a line of shell in the mount: how long it took, how many lines it printed, whether it ended within 'limit'."""
        counter = subprocess.Popen(["wc", "-l"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        begin = time.monotonic()
        process = self.running.start("bash", "-c", command, stdout=counter.stdin, cwd=self.daemon.net)
        counter.stdin.close()
        try:
            process.wait(limit)
            ended = True
        except subprocess.TimeoutExpired:
            ended = False
        took = time.monotonic() - begin
        self.running.stop(process)
        counter.stdin = None
        return took, int(counter.communicate()[0]), ended

    def crawl(self, name, limit):
        return self.shell(f"find {name} -type f -print0 | xargs -0 cat 2> /dev/null", limit)

    def sent(self):
        """Packets sent so far, once no more follow."""
        before, now = -1, self.daemon.counter("backend.snmp.datagrams.sent")
        while now != before:
            time.sleep(SETTLED_SECONDS)
            before, now = now, self.daemon.counter("backend.snmp.datagrams.sent")
        return now


def times(took, ended, reference, done=1.0):
    """A ratio of times, and the times; where it was stopped, what it would have taken."""
    if ended:
        return took / reference, f"{took:.2f} / {reference:.2f} s"
    whole = took / max(done, 1e-3)
    return whole / reference, f"stopped after {took:.0f} s and {done:.0%}: {whole:.0f} / {reference:.2f} s"


def crawls(running, daemons, results, names, devices, limits, rounds):
    """'find | xargs cat' of one device at several distances, beside walks of the same objects.

    :param devices: by distance, the nearest first
    :param limits: seconds, by distance
    """
    roots = packets = all_lines = None
    for _ in range(rounds):
        stopped = False
        for rtt, device in devices.items():
            name = next(device.names)
            for build, daemon in daemons.items():
                reading = Reading(running, daemon)
                before = reading.sent()
                # Both wait for the network; only where there is nothing to wait for they would be in each other's way.
                walk = Walk(running, device.address, roots, 25) if roots and rtt != "0ms" else None
                took, lines, ended = reading.crawl(name, limits[rtt])
                sent = reading.sent() - before
                if roots is None:
                    roots, packets = same_objects(running, device.agents, device.address, daemon.net / name)
                    all_lines = lines
                seconds = (walk or Walk(running, device.address, roots, 25)).seconds()
                ratio, note = times(took, ended, seconds, lines / max(1, all_lines))
                results.add(names["time", rtt], [ratio], build=build, note=note)
                if ended:
                    results.add(names["packets", rtt], [sent / packets], build=build, note=f"{sent:,} / {packets:,} packets")
                else:
                    results.unavailable(names["packets", rtt], "it was stopped", build)
                    stopped = True
        if stopped:
            break


def listing_and_columns(network, daemons, results, names, size):
    """Listing a long table; a row and a column of a wide one, after it was listed."""
    long, wide = network.devices["long"], network.devices["wide"]
    walks = {
        (key, repetitions): Walk(network.running, device.address, [root], repetitions)
        for key, device, root in (("long", long, IF_NAME), ("wide", wide, IN_OCTETS))
        for repetitions in REPETITIONS
    }
    taken = {"long": {}, "wide": {}}
    name_of_long, name_of_wide = next(long.names), next(wide.names)
    for build, daemon in daemons.items():
        reading = Reading(network.running, daemon)
        took, lines, ended = reading.shell(f"ls {name_of_long}/interfaces", size.limit)
        taken["long"][build] = took, ended, lines / size.long
        if ended and lines != size.long:
            raise SystemExit(f"bench: {name_of_long}/interfaces lists {lines} of {size.long} rows")
        reading.shell(f"ls {name_of_wide}/interfaces", 4 * size.limit)
        rows = sorted((daemon.net / name_of_wide / "interfaces").iterdir())
        # Rows that are no neighbours: one must not be there because of another.
        for row in rows[len(rows) // 8 :: len(rows) // 4][:3]:
            reading.shell(f"ls '{row}'", size.limit)
            took, lines, ended = reading.shell(f"cat '{row}'/* 2> /dev/null", size.limit)
            trips = took * 1000 / size.far_ms
            results.add(names["row"], [trips], build=build, note="" if ended else "stopped")
        took, lines, ended = reading.shell(f"cat {name_of_wide}/interfaces/*/ifInOctets", size.column_limit)
        taken["wide"][build] = took, ended, lines / size.wide
    for (key, repetitions), walk in walks.items():
        seconds = walk.seconds()
        for build, (took, ended, done) in taken[key].items():
            ratio, note = times(took, ended, seconds, done)
            results.add(names[key, repetitions], [ratio], build=build, note=note)


def accepts(checkout, configuration):
    """Whether a build knows all keys of a configuration."""
    command = [checkout / "mount-scripts" / "aeiou", "check", configuration]
    return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


def at_random(network, ahead, alone, results, names, size, build, number):
    """A program that reads here and there, of a daemon that reads ahead and of one that does not, each with its agents."""
    for turn in range(size.rounds):
        chosen, taken = None, {}
        for daemon, key in ((ahead, "ahead"), (alone, "alone")):
            device = network.devices[f"{key}-{number}"]
            reading = Reading(network.running, daemon)
            name = device.all_names[turn]
            reading.shell(f"find {name} -type f", 60)
            if chosen is None:
                files = sorted((daemon.net / name / "interfaces").glob("*/*"))
                known = [f"{file.parent.name}/{file.name}" for file in files]
                chosen = random.Random(turn).sample(known, min(size.random, len(known)))
            reading.sent()
            before = device.agents.counts()["objects"]
            begin = time.monotonic()
            for file in chosen:
                try:
                    (daemon.net / name / "interfaces" / file).read_bytes()
                except OSError:
                    pass  # this device does not have it
            took = time.monotonic() - begin
            reading.sent()
            counts = device.agents.counts()
            taken[key] = took, counts["objects"] - before, counts["mostInFlight"]
        for row, one, other in zip(("time", "objects", "flight"), *taken.values()):
            note = f"{one:.2f} / {other:.2f} s" if row == "time" else f"{one:,} / {other:,}"
            results.add(names[f"random {row}"], [one / other], build=build, note=note)
