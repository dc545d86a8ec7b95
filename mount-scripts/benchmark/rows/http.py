"""Measures what is answered over HTTP: how long it takes, how long it is, and what it takes of the processor.

Every system has answered once, so that each has all of its samples. Texts are rendered once a second however many ask; what is
measured is a request that has one rendered, and ten at once that share one.
"""

import concurrent.futures
import gzip
import http.client
import statistics
import sys
import time
import urllib.parse

ADDRESS = "127.51.0.20:0"
SIZES = {"full": ((1_000, 10_000), 15), "quick": ((1_000,), 7), "tiny": ((5,), 2)}

#: A rendering is shared for a second.
APART = 1.1


def measure(running, results, builds, size):
    numbers, rounds = SIZES[size.name]
    for number in numbers:
        bounds = (50, 2) if number == 1_000 else (None, None)
        results.name(f"/metrics, {number:,} systems", "ms", bounds[0])
        results.name(f"… {number:,}: as text", "MB", bounds[1])
        results.name(f"… {number:,}: compressed", "MB")
        results.name(f"… {number:,}: processor for one", "ms")
        results.name(f"… {number:,}: ten at once, the last", "ms")
        results.name(f"/sd, {number:,} systems", "ms")
    for number in numbers:
        agents = running.simulate(systems=number, rows=1).wait()
        configuration = running.work / f"http-{number}.yaml"
        configuration.write_text(f"http: '{ADDRESS}'\n" + agents.configuration.read_text())
        for build, checkout in builds.items():
            one(running, results, build, checkout, configuration, agents.systems, rounds)
        running.stop(agents.process)


def one(running, results, build, checkout, configuration, systems, rounds):
    number = len(systems)
    daemon = running.mount(configuration, checkout).wait()
    told = daemon.net / ".aeiou" / "http"
    running.until("HTTP", lambda: told.read_text() != "", daemon.process)
    url = told.read_text().split()[0]
    with concurrent.futures.ThreadPoolExecutor(64) as readers:
        list(readers.map(lambda name: ask(daemon.net / name / "system" / "sysName"), systems))
    scraper = Scraper(url)
    for _ in range(3):
        scraper.get("/metrics")
        time.sleep(APART)
    took, used = [], []
    for _ in range(rounds):
        time.sleep(APART)
        before = daemon.processor()
        elapsed, text = scraper.get("/metrics")
        took.append(elapsed * 1000)
        used.append((daemon.processor() - before) * 1000)
    if text.count(b"\naeiou_up{") != number:
        sys.exit(f"bench: {text.count(b'aeiou_up{')} of {number} systems are up")
    compressed = scraper.get("/metrics", "gzip")[1]
    if gzip.decompress(compressed).count(b"\naeiou_up{") != number:
        sys.exit("bench: what is compressed is not what is plain")
    results.add(f"/metrics, {number:,} systems", took, build=build, note=f"{len(text.splitlines()):,} lines")
    results.add(f"… {number:,}: as text", [len(text) / 1e6], build=build)
    results.add(f"… {number:,}: compressed", [len(compressed) / 1e6], build=build)
    results.add(f"… {number:,}: processor for one", [statistics.median(used)], build=build)
    with concurrent.futures.ThreadPoolExecutor(10) as scrapers:
        ten = [Scraper(url) for _ in range(10)]
        slowest = []
        for _ in range(rounds):
            time.sleep(APART)
            slowest.append(1000 * max(elapsed for elapsed, _ in scrapers.map(lambda each: each.get("/metrics"), ten)))
    results.add(f"… {number:,}: ten at once, the last", slowest, build=build)
    results.add(f"/sd, {number:,} systems", [1000 * scraper.get("/sd")[0] for _ in range(rounds)], build=build)
    daemon.close()


def ask(file):
    """Has a system asked, and again if the machine is too busy to simulate it in time."""
    for _ in range(5):
        try:
            return file.read_text()
        except OSError:
            continue
    sys.exit(f"bench: {file} cannot be read")


class Scraper:
    """A client that keeps its connection."""

    def __init__(self, url):
        parts = urllib.parse.urlsplit(url)
        self.connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)

    def get(self, path, encoding="identity"):
        """How long it took, in seconds, and the answer."""
        begin = time.perf_counter()
        self.connection.request("GET", path, headers={"Accept-Encoding": encoding})
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status != 200:
            sys.exit(f"bench: {path} is answered with {answer.status}")
        return time.perf_counter() - begin, text
