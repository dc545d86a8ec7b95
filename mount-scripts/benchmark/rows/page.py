"""Measures how soon the page shows what is cached, and how evenly it scrolls while values change, in Chromium without a window.

The first paint is counted from the end of the response that is the page itself, as the browser's own clock says it; then all cells
that are on the screen, which came by the event stream. Frames are those of a table that is scrolled by five rows each, for some
seconds. Without a graphics card the browser paints with the processor, so frames are slower than on a desk.
"""

import json
import statistics
import sys
import urllib.request

from running import TOP

sys.path.insert(0, str(TOP / "mount-scripts"))

import browser  # noqa: E402

COLUMNS = ",".join("system/" + name for name in (
    "sysUpTime", "sysName", "sysLocation", "sysDescr", "sysContact", "sysServices", "sysObjectID", "sysORLastChange"))
SIZES = {"full": (1000, 7, 4000), "quick": (1000, 3, 2000), "tiny": (20, 1, 200)}
FULL = """
  const look = (now) => {
    // Rows just outside are in the document, and not asked for.
    const cells = [...document.querySelectorAll('.table .space .row > div')].filter((cell) => cell.known);
    if (cells.length >= 100 && cells.every((cell) => cell.known.s !== 'pending')) window.full_ = now;
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
"""
TIMES = """(() => {
  const [navigation] = performance.getEntriesByType('navigation');
  const [paint] = performance.getEntriesByName('first-contentful-paint');
  return paint && [paint.startTime - navigation.responseEnd, window.full_ - navigation.responseEnd];
})()"""
FRAMES = """new Promise((resolve) => {
  const table = document.querySelector('.table'), times = [], begin = performance.now();
  let last = begin;
  const step = (now) => {
    times.push(now - last);
    last = now;
    table.scrollTop = (table.scrollTop + 140) % (table.scrollHeight - table.clientHeight);
    if (now - begin < MILLIS) requestAnimationFrame(step); else resolve(times.slice(1));
  };
  requestAnimationFrame(step);
})"""


def measure(running, results, builds, size):
    systems, loads, millis = SIZES[size.name]
    names = {
        "paint": f"page, {systems:,} systems x 8 cached columns: first paint after the response",
        "cells": "… all cells on the screen after the response",
        "median": "… a frame while scrolling and updating, median",
        "p95": "… 95th percentile",
    }
    for key, target in zip(names, (300, 300, None, None)):
        results.name(names[key], "ms", target, digits=1)
    if not browser.program():
        for name in names.values():
            results.unavailable(name, "Chromium is missing: apt install chromium")
        return
    agents = running.simulate(systems=systems, rows=1, rtt="1ms").wait()
    configuration = running.work / "page.yaml"
    configuration.write_text('http: {listen: "127.0.0.1:0"}\n' + agents.configuration.read_text())
    for build, checkout in builds.items():
        daemon = running.mount(configuration, checkout).wait()
        told = daemon.net / ".aeiou" / "http"
        if not told.exists():
            for name in names.values():
                results.unavailable(name, "it has no page", build)
            daemon.close()
            continue
        running.until("the page", lambda: told.read_text().strip(), daemon.process)
        url = told.read_text().split()[0]
        paths = [f"{name}/{column}" for name in agents.systems for column in COLUMNS.split(",")]
        for i in range(0, len(paths), 2000):
            ask = urllib.request.Request(url + "api/v1/read", json.dumps({"paths": paths[i:i + 2000]}).encode(),
                                         {"Content-Type": "application/json"})
            urllib.request.urlopen(ask, timeout=60).read()
        with browser.Browser() as chromium:
            for load in range(loads):
                page = chromium.page()
                page.call("Page.addScriptToEvaluateOnNewDocument", {"source": FULL})
                page.open(f"{url}#/systems?sort=name&columns={COLUMNS}")
                page.until("window.full_", 30)
                paint, cells = page.until(TIMES)
                results.add(names["paint"], [paint], build=build)
                results.add(names["cells"], [cells], build=build)
                if load == loads - 1:
                    frames = sorted(page.run(FRAMES.replace("MILLIS", str(millis))))
                    results.add(names["median"], [statistics.median(frames)], build=build)
                    results.add(names["p95"], [frames[int(len(frames) * 0.95)]], build=build)
                page.close()
        daemon.close()
