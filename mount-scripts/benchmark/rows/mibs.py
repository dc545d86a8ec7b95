"""Measures how long it takes until attributes of a vendor's MIB files can be read, and what such files cost at a start."""

import os
import pathlib
import subprocess
import time

from running import TOP

MIBS = TOP / "daemon" / "src" / "test" / "resources" / "mibs"
FILES = 100
ROUNDS = {"full": 7, "quick": 3, "tiny": 1}
LEAST = 30
OBJECTS = "1.3.6.1.4.1.54321"


def readable(system):
    """How many files of a system hold something of the vendor's, and can be read."""
    count = 0
    for folder, _, files in os.walk(system):
        for name in files:
            path = os.path.join(folder, name)
            try:
                oid = os.getxattr(path, "user.aeiou.oid").decode()
            except OSError:
                continue
            count += oid.startswith(OBJECTS) and bool(pathlib.Path(path).read_bytes())
    return count


def copies(folder):
    """As many files as a vendor may have, each pair of them with names and objects of its own."""
    folder.mkdir()
    for number in range(FILES // 2):
        for file in ("acme-smi.mib", "ups_rev3.txt"):
            text = (MIBS / "acme" / file).read_text()
            text = text.replace("54321", str(60000 + number)).replace("ACME", f"ACME{number}-").replace("acme", f"acme{number}x")
            (folder / f"{number}-{file}").write_text(text)


def seconds(*command):
    begin = time.monotonic()
    subprocess.run([TOP / "mount-scripts" / "aeiou", *map(str, command)], check=True, capture_output=True)
    return time.monotonic() - begin


def measure(running, results, builds, size):
    first = f"{LEAST} attributes of a vendor's MIB files, readable: 'aeiou mib import', mount, and each file read"
    again = f"start with {FILES} MIB files that have not changed / without ('aeiou check')"
    anew = "… the first time"
    results.name(first, "s", 60, digits=1)
    results.name(again, "×", 1.3)
    results.name(anew, "×")
    agents = running.simulate(systems=0, recordings=MIBS / "acme-ups.snmprec").wait()
    (name,) = agents.systems
    made = running.work / "acme.yaml"
    begin = time.monotonic()
    seconds("mib", "import", MIBS / "acme", "--out", made)
    configuration = running.work / "acme-net.yaml"
    configuration.write_text(f"catalogue: [{made}]\n" + agents.configuration.read_text())
    daemon = running.mount(configuration).wait()
    count = readable(daemon.net / name)
    took = time.monotonic() - begin
    daemon.close()
    running.stop(agents.process)
    if count < LEAST:
        results.unavailable(first, f"only {count} can be read")
    else:
        results.add(first, [took], note=f"{count} attributes")

    copies(running.work / "vendor")
    without = running.work / "without.yaml"
    without.write_text("systems: {ups1: 127.46.0.1}\n")
    state = running.work / "state"
    mibs = running.work / "mibs.yaml"
    mibs.write_text(f"mibs: [{running.work / 'vendor'}]\nstate: {state}\n" + without.read_text())
    results.add(anew, [seconds("check", mibs) / seconds("check", without)])
    results.add(again, [seconds("check", mibs) / seconds("check", without) for _ in range(ROUNDS[size.name])])
