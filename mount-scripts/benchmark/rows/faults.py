"""Measures what becomes of requests when a fifth of the systems is dead and the network loses, repeats and reorders.

The arithmetic of retries: a request is answered one round trip after the first sending of which nothing is lost. When the n-th
sending is, is known of each system before each burst: the message is repeated after the smoothed round trip and four times its
variation, as '.health' tells them, at least half as long again as a round trip and 50 ms, then after twice as long each time (RFC
6298); and an exchange is tried again after its time-out and a backoff, as the configuration and the scheduler's options say. An
answer that is held back comes that much later. So for each time there is the chance that a request has been answered by then, and
the percentiles of that, over all systems and bursts, are what is measured is held against. With a loss of 10 % one request in a
hundred needs more than two sendings: the 99th percentile lies on the edge between two and three of them, and where it is by
chance. So it is held against the span that as many requests at random would have it in, three standard deviations to both sides.
"""

import json
import math
import os
import signal
import subprocess
import sys
import time

from running import HERE

LOSS = 0.10
RTT = 0.050
TIMEOUT = 0.5
RETRIES = 4
BACKOFF = 0.2  # of the scheduler: doubles, and varies by a quarter
DEADLINE = 6.0
HELD_BACK = 0.070  # of 'aeiou simulate': a round trip and 20 ms
REORDERED = 0.05
LEAST_REPEAT = 0.050
MOST_REPEATS = 4
SIZES = {"full": (1000, 200, 12, 10_000), "quick": (1000, 200, 6, 10_000), "tiny": (20, 4, 1, 500)}
SHORT = "ttl: {static: 1ms, config: 1ms, state: 1ms, counter: 1ms, directory: 2h, grace: 0}\n"
LIMITS = f"defaults: {{snmp: {{community: public, timeout: {TIMEOUT * 1e3:.0f}ms, retries: {RETRIES}}}}}\n"


def sendings(repeat):
    """When a request is sent, in seconds; 'repeat' is the time to the first repetition, or None if there are none."""
    times, begin = [], 0.0
    for attempt in range(RETRIES + 1):
        at, wait = begin, repeat
        times.append(at)
        for _ in range(MOST_REPEATS if repeat else 0):
            at += wait
            wait *= 2
            if at < begin + TIMEOUT:
                times.append(at)
        begin += TIMEOUT + BACKOFF * 2**attempt
    return times


class Arithmetic:
    """How soon requests are answered, by what was known of their systems."""

    def __init__(self):
        #: Of each request, when it may be answered, and the chance that it has not been by then.
        self.steps = []
        self.requests = 0

    def add(self, round_trip, repeat):
        self.requests += 1
        events = []
        for at in sendings(repeat):
            events.append((at + round_trip, 1 - (1 - LOSS) * (1 - REORDERED)))
            # Of those that did not come in order some come now.
            events.append((at + round_trip + HELD_BACK, LOSS / (LOSS + (1 - LOSS) * REORDERED)))
        left = 1.0
        for when, factor in sorted(events):
            self.steps.append((when, left * (1 - factor)))
            left *= factor

    def quantile(self, share):
        """By when that share of the requests has been answered."""
        sum_ = 0.0
        for when, chance in sorted(self.steps):
            sum_ += chance
            if sum_ >= share * self.requests:
                return when
        return math.inf


def percentile(values, quantile):
    return sorted(values)[max(0, math.ceil(quantile * len(values)) - 1)]


class Program:
    """'fates.py', attached to a daemon."""

    def __init__(self, running, daemon, checkout):
        self.running = running
        environment = dict(os.environ, PYTHONPATH=str(checkout / "client-py" / "src"), PYTHONDONTWRITEBYTECODE="1")
        self.process = running.start(sys.executable, HERE / "fates.py", daemon.net, stdin=subprocess.PIPE,
                                     stdout=subprocess.PIPE, env=environment)
        self.told()

    def told(self):
        line = self.process.stdout.readline()
        if not line:
            sys.exit("bench: the client ended: " + self.running.told())
        return line

    def tell(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def ask(self, attribute):
        self.tell(f"{attribute} {DEADLINE}")
        return json.loads(self.told())


def measure(running, results, builds, size):
    systems, dead, rounds, pending = SIZES[size.name]
    many = f"{systems:,} systems, {dead:,} dead, 10 % loss, 5 % duplicates, 5 % reordered, {RTT * 1e3:.0f} ms away"
    names = {
        "outcomes": f"{many}: requests without just one outcome in their deadline",
        "failed": "… of live systems that were not answered",
        "p95": "… of live ones: 95th percentile / the arithmetic of retries",
        "p99": "… 99th percentile / the span of the arithmetic",
        "p99.7": "… 99.7th percentile / the arithmetic",
        "cancel": f"{pending:,} pending requests withdrawn as a group: until the program has each outcome",
        "cancelled": "… until the daemon has none pending",
        "killed": f"{pending:,} pending requests of a program that is killed: until none is pending",
    }
    results.name(names["outcomes"], "", 0, digits=0)
    results.name(names["failed"], "%", 0.1)
    for key in ("p95", "p99", "p99.7"):
        results.name(names[key], "×", 1.1)
    for key in ("cancel", "cancelled", "killed"):
        results.name(names[key], "ms", digits=1)
    agents = running.simulate(systems=systems, rows=1, dead=dead, loss=LOSS, duplicates=0.05, reordered=0.05,
                              rtt=f"{RTT * 1e3:.0f}ms", seed=3).wait()
    configuration = running.work / "faults.yaml"
    silent = running.work / "silent.yaml"
    lines = [f'  {name}: "{address}"\n' for name, address in agents.systems.items()]
    configuration.write_text(SHORT + LIMITS + "systems:\n" + "".join(lines))
    for build, checkout in builds.items():
        daemon = running.mount(configuration, checkout).wait()
        fates(running, results, names, build, checkout, daemon, dead, rounds)
        daemon.close()
        cancels(running, results, names, build, checkout, agents, silent, pending)


def round_trip(daemon, name):
    """A system's smoothed round trip, and after how long a message to it is repeated, in seconds; None if it is not."""
    health = dict(line.split(": ", 1) for line in (daemon.net / name / ".health").read_text().splitlines())
    if not health["rtt_us"].isdigit():
        return RTT, None
    smoothed = int(health["rtt_us"]) / 1e6
    if "rtt_variation_us" not in health:
        return smoothed, None
    variation = int(health["rtt_variation_us"]) / 1e6
    return smoothed, max(LEAST_REPEAT, smoothed + max(4 * variation, smoothed / 2))


def fates(running, results, names, build, checkout, daemon, dead, rounds):
    program = Program(running, daemon, checkout)
    live = set()
    for _ in range(3):  # and the dead ones are known to be so
        for name, fate, _, _ in program.ask("system/sysName"):
            if fate == "read":
                live.add(name)
    took, wrong, unanswered, asked, arithmetic = [], 0, 0, 0, Arithmetic()
    for _ in range(rounds):
        known = {name: round_trip(daemon, name) for name in live}
        for name, fate, seconds, told in program.ask("system/sysUpTime"):
            asked += 1
            wrong += told != 1 or seconds > DEADLINE + 0.1
            if name in live:
                arithmetic.add(*known[name])
                if fate == "read":
                    took.append(seconds)
                else:
                    unanswered += 1
    note = f"{len(took):,} answers, {len(live)} systems live"
    results.add(names["outcomes"], [wrong], build=build, note=f"{asked:,} requests")
    results.add(names["failed"], [100 * unanswered / max(1, len(took) + unanswered)], build=build)
    if len(took) < 1000:
        for key in ("p95", "p99", "p99.7"):
            results.unavailable(names[key], "too few to tell", build)
        return
    for key, quantile in (("p95", 0.95), ("p99.7", 0.997)):
        should, was = arithmetic.quantile(quantile), percentile(took, quantile)
        results.add(names[key], [was / should], build=build, note=f"{was * 1e3:.0f} and {should * 1e3:.0f} ms")
    spread = 3 * math.sqrt(0.99 * 0.01 / len(took))
    least, most = arithmetic.quantile(0.99 - spread), arithmetic.quantile(0.99 + spread)
    was = percentile(took, 0.99)
    ratio = was / most if was > most else was / least if was < least else 1
    results.add(names["p99"], [ratio], build=build, note=f"{was * 1e3:.0f}, {least * 1e3:.0f} to {most * 1e3:.0f} ms; {note}")


def cancels(running, results, names, build, checkout, agents, silent, pending):
    """What is pending at systems that take their time: withdrawn, and left behind by a program that is killed."""
    silent.write_text(
        SHORT + "defaults: {snmp: {community: public, timeout: 60s, first-timeout: 60s, retries: 0}}\nsystems:\n"
        + "".join(f'  {name}: "{address}"\n' for name, address in agents.systems.items())
    )
    daemon = running.mount(silent, checkout).wait()

    def until(true, seconds=30):
        begin = time.perf_counter()
        while not true():
            if time.perf_counter() - begin > seconds:
                sys.exit("bench: requests stay pending: " + running.told())
        return time.perf_counter() - begin

    def has(number):
        return lambda: daemon.counter("scheduler.pending") >= number

    def none():
        return daemon.counter("scheduler.pending") == 0

    def note():
        """What looking takes, of which the end is known only after it."""
        begin = time.perf_counter()
        none()
        return f"a look at /.aeiou/stats {(time.perf_counter() - begin) * 1e3:.1f} ms"

    agents.process.send_signal(signal.SIGSTOP)  # none answers any more
    try:
        program = Program(running, daemon, checkout)
        for turn in range(4):
            program.tell(f"cancel {pending}")
            program.told()
            until(has(pending))
            program.tell("go")
            took = until(none)
            words = program.told().split()
            if int(words[1]) != pending:
                sys.exit(f"bench: {words[1]} outcomes of {pending} requests")
            if turn > 0:  # the first interprets the code
                results.add(names["cancel"], [float(words[0]) * 1e3], build=build)
                results.add(names["cancelled"], [took * 1e3], build=build, note=note())
        program.tell(f"cancel {pending}")
        program.told()
        until(has(pending))
        program.process.kill()
        results.add(names["killed"], [until(none) * 1e3], build=build, note=note())
    finally:
        agents.process.send_signal(signal.SIGCONT)
    daemon.close()
