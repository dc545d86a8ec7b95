"""Measures what it costs to ask a network, beside snmpbulkwalk and a poller in C, and prints a table; 'bench network' calls it.

What is compared is measured in turns, so that a slow minute of the machine is shared; a ratio is taken within a turn, and the
median of them is printed. What would take too long is stopped, and how long the whole would have taken is printed instead.

Each module in 'rows' adds rows: it has 'measure(running, results, builds, size)', and is called by its name with '--only'.
"""

import argparse
import dataclasses
import importlib
import pathlib
import sys
import time

import bursts
import tools
from results import Results
from running import HERE, TOP, Running


@dataclasses.dataclass(frozen=True)
class Size:
    """How much is measured, and how often."""

    name: str  # full, quick or tiny: what a module in 'rows' goes by
    rows: int  # interfaces of the device whose files are all read
    wide: int  # rows of the table that one column is read of
    long: int  # rows of the table that is listed
    far_ms: int  # how far the wide one is
    random: int  # files that are read at random
    limit: float  # seconds, for one reading of a whole device
    column_limit: float  # seconds, for one column
    rounds: int
    systems: int  # that are asked in bursts
    warm: int  # bursts that are not measured: a daemon runs for months
    bursts: int
    starts: int


FULL = Size(
    name="full", rows=118, wide=2000, long=5000, far_ms=200, random=300, limit=22, column_limit=45, rounds=3,
    systems=1000, warm=30, bursts=15, starts=4,
)
QUICK = dataclasses.replace(
    FULL, name="quick", rows=40, wide=400, long=1200, far_ms=100, random=100, limit=6, column_limit=8, rounds=1, warm=12, bursts=7, starts=2
)
TINY = dataclasses.replace(
    QUICK, name="tiny", rows=2, wide=8, long=30, far_ms=20, random=10, limit=2, column_limit=2, systems=20, warm=2, bursts=2, starts=1
)


def rows_of_tools(results, size):
    """Names the rows, in their order, and returns the name of each."""
    names = {}

    def name(key, what, *bound, **more):
        names[key] = what
        results.name(what, *bound, **more)

    for rtt, distance in tools.DISTANCES.items():
        what = f"find DEVICE -type f, xargs cat; cold, {distance}"
        name(("packets", rtt), f"{what}: packets / those of snmpbulkwalk -Cr25 of the same objects", "×", 1.3)
        name(("time", rtt), f"… time, {distance}", "×", None if rtt == "0ms" else 1.5)
    name("row", f"cat ROW/*, directory listed, {size.far_ms} ms away", "round trips", 2, digits=1)
    for repetitions in tools.REPETITIONS:
        what = f"cat interfaces/*/ifInOctets, {size.wide:,} rows, {size.far_ms} ms away"
        name(("wide", repetitions), f"{what}: time / snmpbulkwalk -Cr{repetitions} of it", "×", 1)
    for repetitions in tools.REPETITIONS:
        what = f"ls interfaces, {size.long:,} rows, 50 ms away"
        name(("long", repetitions), f"{what}: time / snmpbulkwalk -Cr{repetitions} of ifName", "×", 0.33)
    name("random time", f"{size.random} files at random, 20 ms away: time / without reading ahead", "×", 1.05)
    name("random objects", "… variables asked for / without reading ahead", "×", 1.2)
    name("random flight", "… packets in flight at the most / without reading ahead", "×", 1)
    return names


def rows_of_bursts(results, size):
    names = {}

    def name(key, what, *bound, **more):
        names[key] = what
        results.name(what, *bound, **more)

    values = size.systems * len(bursts.COLUMNS)
    many = f"{values:,} values of {size.systems:,} systems at once"
    name("daemon far", f"{many}, 50 ms away: processor time of the daemon for a cold value", "µs", 2.5)
    name("daemon far ratio", "… / that of the C poller", "×", 3)
    name("daemon near", "… of the daemon, no delay", "µs", 2.5)
    name("daemon near ratio", "… / that of the C poller, no delay", "×", 3)
    name("client", "… of the Python client, read_many", "µs", 1.5)
    name("client prepared", "… of the Python client, read_many of prepared paths", "µs", 1.5)
    name("client read_group", "… of the Python client, a group read", "µs", 0.3)
    name("allocated", "… bytes that the daemon allocates for a cold value", "", digits=0)
    name("far", f"{many}, 50 ms away, Python: time", "ms", 70, digits=0)
    name("far ratio", "… / that of the C poller, 50 ms away", "×", 1.2)
    name("packets", "… packets", "", size.systems, digits=0)
    name("near", f"{many}, no delay, Python: values a second", "", 250_000, most=False, digits=0)
    name("near ratio", "… time / that of the C poller, no delay", "×")
    name("first", f"{many}, 50 ms away: the first after the start of the daemon", "ms", 150, digits=0)
    return names


def measure_tools(running, results, builds, size, recordings):
    names = rows_of_tools(results, size)
    network = tools.Network(running, size, recordings, len(builds))
    configuration = network.configuration()
    daemons = {build: running.mount(configuration, checkout).wait() for build, checkout in builds.items()}
    # Not measured: how Java begins.
    for daemon in daemons.values():
        tools.Reading(running, daemon).crawl(next(network.devices["device-0ms"].names), 4 * size.limit)
    limits = {rtt: size.limit * (4 if rtt == "0ms" else 1) for rtt in tools.DISTANCES}
    devices = {rtt: network.devices[f"device-{rtt}"] for rtt in tools.DISTANCES}
    tools.crawls(running, daemons, results, names, devices, limits, size.rounds)
    tools.listing_and_columns(network, daemons, results, names, size)
    for device, distances in network.recorded.items():
        for rtt in distances:
            what = f"{device}, find, xargs cat; cold, {tools.DISTANCES[rtt]}"
            names["packets", rtt] = f"{what}: packets / those of snmpbulkwalk -Cr25 of the same objects"
            names["time", rtt] = f"… time, {device}, {tools.DISTANCES[rtt]}"
            results.name(names["packets", rtt], "×", 1.3)
            results.name(names["time", rtt], "×", None if rtt == "0ms" else 1.5)
        tools.crawls(running, daemons, results, names, distances, limits, 1)
    alone = network.configuration("read-ahead: {enabled: false}\n")
    for number, (build, checkout) in enumerate(builds.items()):
        if tools.accepts(checkout, alone):
            without = running.mount(alone, checkout).wait()
            tools.at_random(network, daemons[build], without, results, names, size, build, number)
            without.close()
        else:
            for key in ("random time", "random objects", "random flight"):
                results.unavailable(names[key], "no 'read-ahead' in the configuration", build)
    for daemon in daemons.values():
        daemon.close()


def measure_bursts(running, results, builds, size):
    names = rows_of_bursts(results, size)
    agents = bursts.Agents(running, size.systems)
    bursts.first(running, agents, builds, results, names, size)
    bursts.allocation(running, agents, builds, results, names, size)
    daemons = {build: running.mount(agents.configuration, checkout).wait() for build, checkout in builds.items()}
    clients = {build: bursts.Client(running, daemons[build], checkout) for build, checkout in builds.items()}
    bursts.steady(agents, clients, results, names, size)


def further():
    """What measures further rows, by name: the modules in 'rows'."""
    names = sorted(file.stem for file in (HERE / "rows").glob("*.py"))
    return {name: importlib.import_module(f"rows.{name}") for name in names}


def main():
    more = further()
    parser = argparse.ArgumentParser(prog="bench network", description=__doc__.splitlines()[0])
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--quick", dest="size", action="store_const", const=QUICK, default=FULL,
                      help="less of it: for looking, not for quoting")
    size.add_argument("--tiny", dest="size", action="store_const", const=TINY, help="next to nothing: whether it works")
    parser.add_argument("--recordings", type=pathlib.Path, metavar="FOLDER",
                        help="read the devices recorded there, too (.snmprec)")
    parser.add_argument("--daemon", type=pathlib.Path, metavar="CHECKOUT",
                        help="measure another checkout, which is built, in turns with this one")
    parser.add_argument("--only", choices=("tools", "bursts", *more),
                        help="what programs cost that read files, bursts of a client, or one module in 'rows'")
    parser.add_argument("--json", action="store_true", help="for machines")
    arguments = parser.parse_args()
    builds = {"measured": TOP}
    if arguments.daemon:
        other = arguments.daemon.resolve()
        if not list(other.glob("daemon/target/app/daemon-*.jar")):
            parser.error(f"--daemon: {other} is not built; expected a checkout in which mount-scripts/build was run")
        builds = {"this build": TOP, str(arguments.daemon): other}
    if arguments.recordings and not arguments.recordings.exists():
        parser.error(f"--recordings: {arguments.recordings} is not there; expected a folder of .snmprec files, or one of them")
    results = Results(tuple(builds))
    begin = time.monotonic()
    with Running() as running:
        if arguments.only in (None, "tools"):
            measure_tools(running, results, builds, arguments.size, arguments.recordings)
        if arguments.only in (None, "bursts"):
            measure_bursts(running, results, builds, arguments.size)
        for name, module in more.items():
            if arguments.only in (None, name):
                module.measure(running, results, builds, arguments.size)
    if arguments.json:
        results.print_json()
    else:
        results.print()
    print(f"measured in {time.monotonic() - begin:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
