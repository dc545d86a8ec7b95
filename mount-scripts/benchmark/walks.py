"""snmpbulkwalk, as what reading files is compared with: of the same objects, in the way that takes it fewer packets."""

import os
import re
import subprocess

from running import TOP

CATALOGUE = TOP / "daemon/src/main/resources/catalogue"


class Walk:
    """Subtrees that snmpbulkwalk asks for one after another, in the background."""

    def __init__(self, running, address, roots, repetitions):
        self.running = running
        script = "begin=${EPOCHREALTIME/[.,]/}\n"
        for root in roots:
            script += f"snmpbulkwalk -m '' -v2c -c public -t 10 -On -Cr{repetitions} {address} {root} > /dev/null || exit\n"
        script += "echo $((${EPOCHREALTIME/[.,]/} - begin))"
        self.process = running.start("bash", "-c", script, stdout=subprocess.PIPE)

    def seconds(self):
        """Waits for its end, and says how long it took."""
        text = self.process.stdout.read()
        self.running.stop(self.process)
        if not text:
            raise SystemExit("bench: snmpbulkwalk fails: " + self.running.told())
        return int(text) / 1e6


def catalogued():
    """The OIDs of all columns and scalars of the catalogue, as tuples."""
    text = "".join(path.read_text() for path in sorted(CATALOGUE.glob("*.yaml")))
    names = dict(re.findall(r"^  (\w+): ([\w.]+)$", text, re.M))

    def numbers(oid):
        first, *rest = oid.split(".")
        above = numbers(names[first]) if first in names else (int(first),)
        return above + tuple(map(int, rest))

    return {numbers(oid) for oid in re.findall(r"{oid: ([\w.]+)", text)}


def columns_of(folder):
    """What the files below a folder of the mount are made of: columns and scalars, by the table or group that they are in."""
    known, by_table = catalogued(), {}
    for above, _, files in os.walk(folder):
        for file in files:
            try:
                text = os.getxattr(f"{above}/{file}", "user.aeiou.oid").decode().strip()
            except OSError:
                continue  # it is made here, as '.health'
            oid = tuple(map(int, text.split(".")))
            column = next((oid[:length] for length in range(len(oid), 0, -1) if oid[:length] in known), oid[:-1])
            by_table.setdefault(column[:-1], set()).add(column)
    return by_table


def same_objects(running, agents, address, folder):
    """The subtrees to be walked for all that the files below a folder are made of, and how many packets that takes.

    A table is walked as a whole, or column by column where it has many that are no files.
    """
    roots, packets = [], 0
    for table, columns in sorted(columns_of(folder).items()):
        ways = [[table], sorted(columns)]
        counted = []
        for way in ways:
            dotted = [".".join(map(str, oid)) for oid in way]
            before = agents.counts()["requests"]
            Walk(running, address, dotted, 25).seconds()
            counted.append((agents.counts()["requests"] - before, dotted))
        fewest, chosen = min(counted)
        packets += fewest
        roots += chosen
    return roots, packets
