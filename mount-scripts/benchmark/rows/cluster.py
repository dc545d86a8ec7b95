"""Measures what several machines cost beside one: pollers that ask, mounts that read what the pollers asked, and a broker between.

All run on this machine, which the figures are those of. A daemon of its own that asks the same agents is measured in turns with
the cluster. Of the systems there are three kinds, which share the agents: of 'cold' nothing stays cached, as 'bench network'
has it in bursts; 'warm' are read again and again; 'kept' are read once, and fill the memory.

Then an owner is killed, and another one drained, while programs read.
"""

import dataclasses
import pathlib
import random
import re
import statistics
import subprocess
import sys
import time

import bursts
import members
from running import FIRST_ADDRESS, TOP

NAME = "bench"
SLOTS = 256
WARM_SECONDS = 10
TTL_OF = "{{static: {0}, config: {0}, state: {0}, counter: {0}, directory: 2h, grace: {1}}}"
PROFILES = f"""profiles:
  cold: {{ttl: {TTL_OF.format('1ms', 0)}}}
  warm: {{ttl: {TTL_OF.format(f'{WARM_SECONDS}s', 1)}}}
  kept: {{ttl: {TTL_OF.format('2h', 1)}}}
"""
UPTIME = "system/sysUpTime"


@dataclasses.dataclass(frozen=True)
class Extent:
    pollers: int
    mounts: int
    cold: int
    warm: int
    kept: int
    attributes: int  # of each that is kept
    ttl: int  # seconds, of leases
    before: int  # bursts that are not measured
    bursts: int
    singles: int
    changes: int
    steady: int  # seconds, before an owner is killed; 0 if none is

    def systems(self):
        return {"cold": self.cold, "warm": self.warm, "kept": self.kept}


EXTENTS = {
    "full": Extent(3, 2, 1000, 3000, 10_000, 100, 10, 30, 15, 1000, 1000, 20),
    "quick": Extent(3, 2, 1000, 600, 1000, 100, 4, 12, 7, 300, 300, 12),
    "tiny": Extent(1, 2, 20, 0, 20, 5, 2, 1, 1, 5, 5, 0),
}


def rows(results, extent):
    names = {}

    def name(key, what, *bound, **more):
        names[key] = what
        results.name(what, *bound, **more)

    kept = extent.kept * extent.attributes
    name("settled", f"{extent.pollers} pollers, {sum(extent.systems().values()):,} systems: every slot owned, from the start of Java", "s", 5)
    name("settled since", "… from when both mounts answer: before that all processes of Java begin at once", "s")
    name("single", "a cold value of another member's system: more than of an own one, medians of turns", "ms", 1)
    name("own", "… an own one", "ms")
    name("burst", f"{extent.cold * len(bursts.COLUMNS):,} cold values at once: time / of own systems", "×", 1.5)
    name("processor", "… processor time of all members for a value / of one daemon", "×", 1.5)
    name("broker", "… of the broker / of one daemon", "×")
    name("memory one", f"{kept:,} values kept: memory (RSS) of one daemon", "MiB", digits=0)
    name("memory mount", "… of a mount that has read all of them", "MiB", digits=0)
    name("memory poller", "… of a poller", "MiB", digits=0)
    name("memory broker", "… of the broker", "MiB", digits=0)
    name("unwatched", "messages for a value that is read again, and that no other member is interested in", "", 0, digits=3)
    name("idle messages", "messages a second while nothing is read", "", digits=0)
    name("idle bytes", "… KiB a second", "", digits=1)
    name("change", "a change on another mount, from asking the system to seeing it: p99", "ms", 20)
    name("change median", "… median", "ms")
    name("take-over", f"kill -9 of an owner, leases of {extent.ttl} s: until all its systems are read again", "s", extent.ttl + 1, digits=1)
    name("packets", "… packets in its worst second / in the mean second before", "×", 1.2)
    name("packets before", "… and in the worst second before / in the mean one", "×")
    name("slowest", "… slowest of the requests meanwhile", "s")
    name("drain", f"drain of a poller with its share of {SLOTS} slots", "s", 2)
    name("drain failed", "… reads that failed meanwhile", "", 0, digits=0)
    return names


class Network:
    """Agents, and the configurations of the cluster and of the daemon alone."""

    def __init__(self, running, extent):
        self.running, self.extent = running, extent
        self.number = max(extent.systems().values())
        self.process = running.start(
            running.compile("agents.c"), FIRST_ADDRESS, 0, self.number, 0, stdout=subprocess.PIPE
        )
        self.port = self.process.stdout.readline().strip()
        if not self.port:
            sys.exit("bench: the agents do not start: " + running.told())
        self.systems = {kind: [f"{kind}/{n}" for n in range(count)] for kind, count in extent.systems().items()}
        text = PROFILES + "defaults: {snmp: {community: public}}\nsystems:\n"
        for kind, names in self.systems.items():
            # Some of those that are kept are asked by no other name.
            text += "".join(f"  {n}: {{address: '{a}', profiles: {kind}}}\n" for n, a in zip(names, self.addresses()))
        self.alone = running.work / "alone.yaml"
        self.alone.write_text(text)
        self.broker = members.Broker(running)
        self.together = running.work / "together.yaml"
        settings = f"servers: ['{self.broker.url}'], name: {NAME}, slots: {SLOTS}, ttl: {extent.ttl}s"
        self.together.write_text(f"cluster: {{{settings}}}\n" + text)

    def addresses(self):
        *above, first = map(int, FIRST_ADDRESS.split("."))
        number = above[1] << 16 | above[2] << 8 | first
        for _ in range(self.number):
            yield f"{above[0]}.{number >> 16}.{number >> 8 & 255}.{number & 255}:{self.port}"
            number += 3 if number & 255 == 254 else 1

    def packets(self):
        """How many questions the agents have answered so far."""
        self.process.send_signal(10)  # SIGUSR1
        return int(self.process.stdout.readline())


class Cluster:
    """Pollers and mounts, and a program at each mount."""

    def __init__(self, network, checkout):
        running, extent = network.running, network.extent
        self.network, self.checkout = network, checkout
        self.pollers, self.begun = {}, time.monotonic()
        for number in range(extent.pollers):
            self.start_poller(f"p{number}")
        self.mounts = [
            running.mount(network.together, checkout, options=("--role", "read", "--member", f"m{n}")) for n in range(extent.mounts)
        ]
        for mount in self.mounts:
            mount.wait()
        self.answered = time.monotonic()

    def start_poller(self, name):
        options = ("--role", "poll", "--member", name)
        self.pollers[name] = self.network.running.poll(self.network.together, self.checkout, options)

    def processor(self):
        return sum(member.processor() for member in (*self.pollers.values(), *self.mounts))

    def owner(self, system, mount=0):
        """Which member owns a system, as a mount knows."""
        try:
            found = re.search(r"^owner: (\S+)", (self.mounts[mount].net / system / ".health").read_text(), re.M)
        except OSError:
            return ""
        return found[1] if found else ""

    def of(self, poller, kind):
        return [name for name in self.network.systems[kind] if self.owner(name) == poller]

    def owners(self):
        """Which members own systems, of a sample that is in every slot, likely."""
        names = self.network.systems["cold"]
        return {self.owner(name) for name in names}

    def await_owners(self, *pollers, seconds=60):
        """Waits until these own everything; returns when that was."""
        end = time.monotonic() + seconds
        while self.network.broker.leases(NAME) < SLOTS or self.owners() != set(pollers):
            if time.monotonic() > end:
                sys.exit(f"bench: owned by {self.owners()}, expected {pollers}: {self.network.running.told()}")
            time.sleep(0.02)
        return time.monotonic()

    def close(self):
        for member in (*self.mounts, *self.pollers.values()):
            member.close()


def measure(running, results, builds, size):
    extent = EXTENTS[size.name]
    names = rows(results, extent)
    for build, checkout in builds.items():
        if not members.SERVER:
            why = "it takes nats-server: apt install nats-server"
        elif "poller" not in subprocess.run([TOP / "mount-scripts" / "aeiou", "--help"], capture_output=True, text=True).stdout:
            why = "this build has no pollers"
        else:
            One(running, results, names, extent, build, checkout).measure()
            continue
        for what in names.values():
            results.unavailable(what, why, build)


class One:
    """Measures one build."""

    def __init__(self, running, results, names, extent, build, checkout):
        self.running, self.results, self.names, self.extent, self.build = running, results, names, extent, build
        self.network = Network(running, extent)
        self.checkout = checkout

    def add(self, key, *values, note=""):
        self.results.add(self.names[key], values, build=self.build, note=note)

    def measure(self):
        self.cluster = Cluster(self.network, self.checkout)
        settled = self.cluster.await_owners(*self.cluster.pollers)
        self.add("settled", settled - self.cluster.begun)
        self.add("settled since", settled - self.cluster.answered)
        self.idle()
        self.alone = self.running.mount(self.network.alone, self.checkout).wait()
        self.programs = [members.Program(self.running, mount, self.checkout) for mount in self.cluster.mounts]
        self.program = members.Program(self.running, self.alone, self.checkout)
        self.bursts()
        self.singles()
        self.unwatched()
        self.changes()
        self.memory()
        self.program.close()
        self.alone.close()
        if self.extent.steady:
            self.killed()
            self.drained()
        for program in self.programs:
            program.close()
        self.cluster.close()

    def idle(self):
        seconds = 0.5 if not self.extent.steady else 5
        before = self.network.broker.carried()
        time.sleep(seconds)
        messages, count = (after - b for after, b in zip(self.network.broker.carried(), before))
        self.add("idle messages", messages / seconds)
        self.add("idle bytes", count / seconds / 1024)

    def bursts(self):
        remote = bursts.Client(self.running, self.cluster.mounts[0], self.checkout)
        local = bursts.Client(self.running, self.alone, self.checkout)
        for turn in range(self.extent.before + self.extent.bursts):
            used, carried = self.cluster.processor(), self.network.broker.processor()
            took, _, _, values, _ = remote.burst("read_many", "cold")
            used, carried = self.cluster.processor() - used, self.network.broker.processor() - carried
            near, _, alone, _, _ = local.burst("read_many", "cold")
            if turn >= self.extent.before:
                self.add("burst", took / near, note=f"{took * 1e3:.0f} ms, own {near * 1e3:.0f} ms")
                micros = f"{used / values * 1e6:.1f} µs, one {alone / values * 1e6:.1f} µs"
                self.add("processor", used / alone, note=micros)
                self.add("broker", carried / alone, note=f"{carried / values * 1e6:.1f} µs")
        remote.close()
        local.close()

    def singles(self):
        paths = [f"{name}/{UPTIME}" for name in self.network.systems["cold"]]
        random.Random(1).shuffle(paths)
        for first in range(0, self.extent.singles, 50):
            turn = [paths[n % len(paths)] for n in range(first, first + min(50, self.extent.singles))]
            near = statistics.median(took for _, took, _ in self.program.ask("fetch", turn)) / 1e6
            far = statistics.median(took for _, took, _ in self.programs[0].ask("fetch", turn)) / 1e6
            self.add("single", far - near)
            self.add("own", near)

    def unwatched(self):
        """Values that one mount reads again and again, and no other has."""
        paths = [f"{name}/{UPTIME}" for name in self.network.systems["kept"]][: self.extent.singles]
        # That a system answers is news, once.
        self.programs[0].ask("fetch", paths)
        time.sleep(0.2)
        spy = members.Spy(self.network.broker, NAME)
        for _ in range(2):
            self.programs[0].ask("fetch", paths)
        time.sleep(0.2)
        self.add("unwatched", spy.counts["changes"] / (2 * len(paths)), note=f"of {2 * len(paths):,} readings")
        spy.close()

    def changes(self):
        """Values that the second mount watches, and the first one has asked for anew: the agents answer another one each time."""
        systems = self.network.systems["kept"][-50:]
        paths = [f"{name}/{UPTIME}" for name in systems]
        if self.programs[1].ask("watch", paths) < len(paths):
            sys.exit("bench: not all that is watched is told")
        turn = [path for _ in range(-(-self.extent.changes // len(paths))) for path in paths][: self.extent.changes]
        self.programs[1].tell("seen", 1 + len(turn) * 0.01)
        asked = {}
        for path, (sent, _, reason) in zip(turn, self.programs[0].ask("fetch", turn)):
            if reason:
                sys.exit(f"bench: {path}: {reason}")
            asked.setdefault(path, []).append(sent)
        took = []
        for path, at in self.programs[1].answer():
            before = [sent for sent in asked.get(path, ()) if sent < at]
            if before:
                took.append((at - before[-1]) / 1e6)
        if not took:
            sys.exit("bench: no change was seen on the other mount")
        took.sort()
        self.add("change", took[int(len(took) * 0.99)], note=f"{len(took)} of {len(turn)} seen")
        self.add("change median", statistics.median(took))

    def memory(self):
        attributes = [f".oid/1.3.6.1.4.1.99999.1.{n}.0" for n in range(self.extent.attributes)]
        for program in (self.programs[0], self.program, *self.programs[1:]):
            _, came, failed = program.ask("every", self.network.systems["kept"], attributes)
            if failed:
                sys.exit(f"bench: {failed} of {came + failed} values were not read")
        self.add("memory one", self.alone.memory())
        self.add("memory mount", *(mount.memory() for mount in self.cluster.mounts))
        self.add("memory poller", *(poller.memory() for poller in self.cluster.pollers.values()))
        status = pathlib.Path(f"/proc/{self.network.broker.pid}/status").read_text()
        self.add("memory broker", int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024)

    def seconds(self, until):
        """How many packets came in each second until then."""
        counts, last, at = [], self.network.packets(), time.monotonic()
        while at < until:
            at += 1
            time.sleep(max(0, at - time.monotonic()))
            now = self.network.packets()
            counts.append(now - last)
            last = now
        return counts

    def killed(self):
        extent, cluster = self.extent, self.cluster
        lasting = extent.ttl + 2 * WARM_SECONDS + 5
        paths = [f"{name}/{UPTIME}" for name in self.network.systems["warm"]]
        # Fetched once before, spread as they are read.
        self.programs[0].ask("during", "read", paths, WARM_SECONDS, WARM_SECONDS)
        its = cluster.of("p0", "cold")[:50]
        self.programs[0].tell("during", "read", paths, 1.0, extent.steady + lasting)
        self.programs[1].tell("during", "fetch", [f"{name}/{UPTIME}" for name in its], 0.2, extent.steady + lasting)
        begin = time.monotonic()
        before = self.seconds(begin + extent.steady)
        killed = time.monotonic_ns()
        cluster.pollers.pop("p0").process.kill()
        after = self.seconds(begin + extent.steady + lasting)
        reads, fetches = self.programs[0].answer(), self.programs[1].answer()
        if reads["pending"] or fetches["pending"]:
            sys.exit(f"bench: {reads['pending'] + fetches['pending']} requests had no outcome")
        failed = [sent for sent, _, reason, _ in fetches["outcomes"] if reason]
        back = {}
        for sent, took, reason, path in fetches["outcomes"]:
            if not reason and sent > max(failed, default=killed):
                back[path] = min(back.get(path, sent + took), sent + took)
        if len(back) < len(its):
            sys.exit(f"bench: {len(its) - len(back)} of {len(its)} systems did not come back")
        self.add("take-over", (max(back.values()) - killed) / 1e9)
        steady = statistics.mean(before)
        self.add("packets", max(after) / steady, note=f"{steady:.0f} a second before")
        self.add("packets before", max(before) / steady)
        meanwhile = [took for sent, took, *_ in reads["outcomes"] + fetches["outcomes"] if sent > killed]
        self.add("slowest", max(meanwhile) / 1e9)

    def drained(self):
        cluster = self.cluster
        cluster.start_poller("p0")
        cluster.await_owners(*cluster.pollers)
        paths = [f"{name}/{UPTIME}" for name in self.network.systems["cold"]]
        self.programs[0].tell("during", "fetch", paths, 1.0, 8)
        time.sleep(1)
        begin = time.monotonic()
        command = [self.checkout / "mount-scripts" / "aeiou", "drain", "--pid", str(cluster.pollers["p1"].pid)]
        told = subprocess.run(command, capture_output=True, text=True)
        if told.returncode:
            sys.exit(f"bench: drain: {told.stdout}{told.stderr}")
        self.add("drain", time.monotonic() - begin, note="the command, its Java included")
        cluster.await_owners(*(name for name in cluster.pollers if name != "p1"))
        outcomes = self.programs[0].answer()["outcomes"]
        failed = [reason for _, _, reason, _ in outcomes if reason]
        self.add("drain failed", len(failed), note=f"of {len(outcomes):,}")
