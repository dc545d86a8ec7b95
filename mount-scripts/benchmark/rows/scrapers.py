"""Measures /snmp: what ten scrapers at once cost a switch of 48 ports, beside one and beside snmp_exporter, and how soon they are answered.

Packets are counted by the agents. The exporter is Debian's; where it is not installed its rows say so. It exports the same metrics: those
of 'daemon/src/test/resources/exporter-metrics.txt'.
"""

import concurrent.futures
import json
import re
import shutil
import statistics
import time
import urllib.request

from running import TOP

PORTS = 48
SCRAPERS = 10
RTT_MS = 10
CACHED = 100
SIZES = {"full": 9, "quick": 5, "tiny": 1}


def measure(running, results, builds, size):
    rounds = SIZES[size.name]
    what = f"/snmp of a switch of {PORTS} ports, {RTT_MS} ms away, {SCRAPERS} scrapers at once: packets / those for one"
    results.name(what, "×", 1)
    results.name("… packets / those that snmp_exporter sends for ten", "×", 0.1)
    results.name("… time of one scrape, nothing cached", "ms")
    results.name("… time / snmp_exporter's", "×", 1)
    results.name("… time of one scrape, cached", "ms", digits=1)
    results.name("… processor time of the daemon for it", "ms", digits=1)
    agents = running.simulate(systems=2, rows=PORTS, rtt=f"{RTT_MS}ms", first_address="127.52.8.1").wait()
    name, address = next(iter(agents.systems.items()))
    exporter = Exporter(running) if shutil.which("prometheus-snmp-exporter") else None
    configuration = running.work / "scrapers.yaml"
    # What was read is old in the next round, so that each asks the agent; for the cached one it lasts.
    for build, checkout in builds.items():
        for lasting in (False, True):
            life = "1h" if lasting else "1s"
            ttl = "ttl: {%s}\n" % ", ".join(f"{each}: {life}" for each in ("static", "config", "state", "counter", "directory"))
            configuration.write_text("http: {listen: '127.0.0.1:0'}\n" + ttl + agents.configuration.read_text())
            daemon = running.mount(configuration, checkout).wait()
            here = daemon.net / ".aeiou" / "http"
            running.until("HTTP", lambda: here.read_text() != "", daemon.process)
            url = here.read_text().split()[0] + "snmp?target=" + name
            for _ in range(200 if lasting and size.name != "tiny" else 3):
                scrape(url)  # a daemon runs for months
            if lasting:
                used = daemon.processor()
                results.add("… time of one scrape, cached", [1000 * statistics.median(scrape(url) for _ in range(CACHED))], build=build)
                results.add("… processor time of the daemon for it", [1000 * (daemon.processor() - used) / CACHED], build=build)
            else:
                compare(agents, results, build, url, exporter and exporter.url + "snmp?target=" + address, rounds, what)
            daemon.close()


def compare(agents, results, build, ours, theirs, rounds, what):
    for _ in range(rounds):
        time.sleep(1.1)
        one, took = packets(agents, ours, 1)
        time.sleep(1.1)
        ten, _ = packets(agents, ours, SCRAPERS)
        results.add(what, [ten / one], build=build, note=f"{ten} and {one}")
        results.add("… time of one scrape, nothing cached", [1000 * took], build=build)
        if theirs:
            packets_of_one, their_time = packets(agents, theirs, 1)
            results.add("… packets / those that snmp_exporter sends for ten", [ten / (packets_of_one * SCRAPERS)], build=build)
            results.add("… time / snmp_exporter's", [took / their_time], build=build, note=f"its {1000 * their_time:.0f} ms")
    if not theirs:
        for row in ("… packets / those that snmp_exporter sends for ten", "… time / snmp_exporter's"):
            results.unavailable(row, "prometheus-snmp-exporter is not installed", build)


def packets(agents, url, scrapers):
    """How many the agents got for so many scrapes at once, and how long the slowest took."""
    before = agents.counts()["requests"]
    with concurrent.futures.ThreadPoolExecutor(scrapers) as pool:
        slowest = max(pool.map(scrape, [url] * scrapers))
    return agents.counts()["requests"] - before, slowest


def scrape(url):
    begin = time.perf_counter()
    with urllib.request.urlopen(url, timeout=30) as answer:
        body = answer.read()
    if body.count(b"\nifHCInOctets{") != PORTS:
        raise SystemExit(f"bench: {url}: not the {PORTS} ports: {body[:400]!r}")
    return time.perf_counter() - begin


class Exporter:
    """Debian's snmp_exporter."""

    def __init__(self, running):
        configuration = running.work / "snmp.json"
        # A number that is a key is one in YAML, and a text in JSON.
        configuration.write_text(re.sub(r'"(\d+)":', r"\1: ", json.dumps(modules())))
        process = running.start(
            "prometheus-snmp-exporter", f"--config.file={configuration}", "--web.listen-address=127.52.8.250:0",
        )
        listening = re.compile(r'Listening on" address=(127\.52\.8\.250:\d+)')
        running.until("snmp_exporter", lambda: listening.search(running.told()), process)
        self.url = f"http://{listening.search(running.told())[1]}/"


def modules():
    """Its configuration, which is YAML, and so may be JSON."""
    all_, module, index, lookups = {}, None, [], []
    for line in (TOP / "daemon/src/test/resources/exporter-metrics.txt").read_text().splitlines():
        first, *words = line.split() or ["#"]
        if first == "module":
            module = all_[words[0]] = {"version": 2, "auth": {"community": "public"}, "metrics": []}
        elif first == "walk":
            module["walk"] = words
        elif first == "index":
            index = [dict(zip(("labelname", "type"), word.split(":"))) for word in words if word != "none"]
        elif first == "lookup":
            lookups = [word.split(":") for word in words if ":" in word and not word.startswith("drop:")]
        elif not first.startswith("#"):
            metric = {"name": first, "oid": words[0], "type": words[1], "help": first, "indexes": index}
            metric["lookups"] = [{"labels": [of], "labelname": label, "oid": oid, "type": type_} for of, label, oid, type_ in lookups]
            if len(words) > 2:
                metric["enum_values"] = {int(number): label for number, label in (pair.split("=") for pair in words[2].split(","))}
            module["metrics"].append(metric)
    return {"if_mib": all_["if_mib"]}
