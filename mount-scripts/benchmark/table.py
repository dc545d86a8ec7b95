"""Measures what a cached attribute costs beside a file in memory, and prints a table; 'bench' calls it.

Every file system is asked by the same client, in rounds in which each of them has its turn, so that a slow minute of the
machine is shared. A ratio is taken within a round; what is printed is the median of the rounds.
"""

import argparse
import itertools
import json
import os
import pathlib
import platform
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
SYSTEMS = 1000
#: With this many interfaces a system has about a hundred files below 'interfaces': a walk goes through 100 000.
INTERFACES = 3
FILES = 100
#: Where each file of a walk is a request or more, a twentieth of the systems will do.
SLOW_WALK_SYSTEMS = 50
COLD_SYSTEMS = 50
PORT = 1611

#: What is compared, by the name of its row: the operation of the client that reads past the kernel's pages is another one.
ROWS = {
    "tmpfs": False,
    "aeiou, hit in the kernel": False,
    "C, libfuse3 low level, kernel cache": False,
    "aeiou, hit in the daemon": True,
    "C, libfuse3 low level, no kernel cache": True,
    "aeiou through jnr-fuse": False,
}
OPERATIONS = {
    "stat": "stat",
    "open": "open+read+close",
    "pread": "pread",
    "readdir": "readdir of 1 000",
    "walk": "ls -lR, per file",
}
#: Operation, row, the row that it is compared with, what the ratio should be at most, all for one thread.
TARGETS = [
    ("open", "aeiou, hit in the kernel", "tmpfs", 1.5),
    ("stat", "aeiou, hit in the kernel", "tmpfs", 1.15),
    ("pread", "aeiou, hit in the kernel", "tmpfs", 1.05),
    ("readdir", "aeiou, hit in the kernel", "tmpfs", 2.0),
    ("stat", "aeiou, hit in the daemon", "C, libfuse3 low level, no kernel cache", 1.1),
    ("open", "aeiou, hit in the daemon", "C, libfuse3 low level, no kernel cache", 1.1),
    ("pread", "aeiou, hit in the daemon", "C, libfuse3 low level, no kernel cache", 1.1),
]
#: What is measured once more with the client and the file system on one processor: there a request costs what it computes,
#: and nothing depends on where the scheduler wakes whom.
ONE_CPU = [row for row in ROWS if ROWS[row]]
ONE_CPU_OPERATIONS = ("stat", "open", "pread")
COLD_TARGET_US = 300


class Bench:
    def __init__(self, work, rounds, quick):
        self.work = work
        self.rounds = rounds
        self.millis = 60 if quick else 200
        self.started = []
        self.memory = pathlib.Path(tempfile.mkdtemp(prefix="aeiou-bench-", dir="/dev/shm"))
        self.roots = {}
        self.servers = {}
        self.client = work / "client"

    # What is measured.

    def start(self):
        if not shutil.which("gcc"):
            sys.exit("bench: gcc is missing, and compiles the client: apt install gcc libc6-dev")
        self.compile("client", [])
        self.hello("C, libfuse3 low level, kernel cache", "cached")
        self.hello("C, libfuse3 low level, no kernel cache", "uncached")
        configuration = self.simulate()
        self.aeiou("aeiou, hit in the kernel", configuration, "--channel=kernel")
        self.tmpfs("aeiou, hit in the kernel")
        self.aeiou("aeiou, hit in the daemon", configuration, "--channel=kernel", "--no-kernel-cache")
        self.aeiou("aeiou through jnr-fuse", configuration, "--channel=jnr-fuse")

    def compile(self, name, flags):
        source = HERE / f"{name}.c"
        subprocess.run(
            ["gcc", "-O2", "-Wall", "-pthread", "-o", self.work / name, source, *flags], check=True
        )

    def tmpfs(self, original):
        """The same names and bytes in memory, as far as they are asked for."""
        root = self.place()
        self.roots["tmpfs"] = root
        for name in os.listdir(self.roots[original]):
            (root / name).mkdir()
        for name in self.systems(original):
            shutil.copytree(self.roots[original] / name / "interfaces", root / name / "interfaces")
            (root / name / "system").mkdir()
            shutil.copy(self.roots[original] / name / "system/sysLocation", root / name / "system")

    def hello(self, row, kind):
        if not (self.work / "hello").exists():
            flags = subprocess.run(
                ["sh", "-c", "pkg-config --cflags --libs fuse3"], capture_output=True, text=True
            )
            if flags.returncode:
                print(f"bench: '{row}' is left out: libfuse3-dev is missing", file=sys.stderr)
                return
            self.compile("hello", flags.stdout.split())
        root = self.place()
        process = self.run(
            [self.work / "hello", root, str(SYSTEMS), str(FILES), kind], stdout=subprocess.DEVNULL
        )
        self.servers[row] = process
        self.await_file(process, root / "d0/g0/f0")
        self.roots[row] = root

    def simulate(self):
        configuration = self.work / "net.yaml"
        self.run(
            [
                HERE.parent / "aeiou",
                "simulate",
                f"--systems={SYSTEMS + COLD_SYSTEMS * self.rounds}",
                f"--rows={INTERFACES}",
                f"--port={PORT}",
                f"--config-out={configuration}",
            ],
            stdout=subprocess.DEVNULL,
        )
        end = time.monotonic() + 60
        while not configuration.exists():
            if time.monotonic() > end:
                sys.exit("bench: the simulated network did not start within a minute")
            time.sleep(0.05)
        # The root is to list a thousand; those that no program has read when their turn comes are elsewhere.
        numbers = itertools.count()

        def renamed(_):
            number = next(numbers)
            return f"  s{number:04}:" if number < SYSTEMS else f"  cold/s{number:04}:"

        text = re.sub(r"(?m)^  [^ ].*:$", renamed, configuration.read_text())
        # Nothing is to expire while it is measured.
        text += "ttl: {static: 2h, config: 2h, state: 2h, counter: 2h, directory: 2h}\n"
        configuration.write_text(text)
        return configuration

    def aeiou(self, row, configuration, *options):
        root = self.place()
        log = open(self.work / f"{root.name}.log", "w")
        command = [HERE.parent / "aeiou", "mount", *options, configuration, root]
        process = self.run(command, stdout=log, stderr=log)
        self.servers[row] = process
        self.await_file(process, root / ".aeiou/version")
        self.roots[row] = root

    def run(self, command, **options):
        process = subprocess.Popen([str(word) for word in command], text=True, **options)
        self.started.append(process)
        return process

    def place(self):
        """A new directory: each is in tmpfs, and the way to it as long as to the others, for that is walked, too."""
        root = self.memory / f"r{len(os.listdir(self.memory))}"
        root.mkdir()
        return root

    @staticmethod
    def unmount(root):
        if f" {root} " in pathlib.Path("/proc/self/mounts").read_text():
            subprocess.run(["umount", "-l", root], check=False)

    @staticmethod
    def await_file(process, path):
        end = time.monotonic() + 60
        while True:
            try:
                path.read_text()
                return
            except OSError as error:
                if process.poll() is not None or time.monotonic() > end:
                    sys.exit(f"bench: {path} cannot be read: {error.strerror}")
                time.sleep(0.05)

    def stop(self):
        for process in reversed(self.started):
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in reversed(self.started):
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
        for root in self.memory.iterdir():
            self.unmount(root)
        shutil.rmtree(self.memory)

    # How it is measured.

    def systems(self, row):
        return sorted(p for p in os.listdir(self.roots[row]) if re.fullmatch(r"[sd]\d+", p))

    def files(self, row):
        inner = "g0/f0" if row.startswith("C,") else "system/sysLocation"
        return [str(self.roots[row] / name / inner) for name in self.systems(row)[:2]]

    def ask(self, operation, threads, paths):
        command = [self.client, operation, str(threads), str(self.millis), *paths]
        answer = subprocess.run(command, capture_output=True, text=True)
        if answer.returncode:
            sys.exit(f"bench: {' '.join(map(str, command))[:200]}: {answer.stderr}")
        return float(answer.stdout.split()[0]) / 1000

    def measure(self, row, operation, threads):
        if operation == "readdir":
            return self.ask("readdir", threads, [str(self.roots[row])])
        if operation == "walk":
            return self.ask("walk", threads, self.walked(row))
        past_pages = ROWS[row] and operation in ("open", "pread")
        return self.ask(operation + ("direct" if past_pages else ""), threads, self.files(row))

    def measure_on_one_cpu(self, row, operation):
        threads = [int(name) for name in os.listdir(f"/proc/{self.servers[row].pid}/task")]
        everywhere = os.sched_getaffinity(0)
        one = {max(everywhere)}
        self.pin([0, *threads], one)
        try:
            return self.measure(row, operation, 1)
        finally:
            self.pin([0, *threads], everywhere)

    @staticmethod
    def pin(threads, processors):
        for thread in threads:
            try:
                os.sched_setaffinity(thread, processors)
            except ProcessLookupError:
                pass  # it ended meanwhile

    def walked(self, row):
        slow = ROWS[row] or row.endswith("jnr-fuse")
        names = self.systems(row)[: SLOW_WALK_SYSTEMS if slow else SYSTEMS]
        return [str(self.roots[row] / name / ("g0" if row.startswith("C,") else "interfaces")) for name in names]

    def warm(self):
        for row in self.roots:
            # The value of a file is in the cache, and its attributes in the kernel's, after it was read.
            self.ask("readall", 2, self.walked(row))

    def requests(self, row, operation):
        """How many requests one operation is, by name, for a row without kernel cache."""
        if row not in self.roots or not row.startswith("aeiou"):
            return None
        stats = self.roots[row] / ".aeiou/stats"

        def counted():
            found = re.findall(r"requests\.(\w+)\D+(\d+)", stats.read_text())
            return {name: int(count) for name, count in found}

        once = {"stat": os.stat, "open": read_direct}[operation]
        path = self.files(row)[0]
        first, second = counted(), counted()
        for _ in range(10):
            once(path)
        third = counted()
        return {
            name: round((third[name] - 2 * second[name] + first[name]) / 10, 1)
            for name in third
            if third[name] - 2 * second[name] + first[name] >= 5
        }

    def cold(self, number):
        """Microseconds that reading takes what no program has read, beside a question and its answer on the wire."""
        above = self.roots["aeiou, hit in the kernel"] / "cold"
        names = sorted(os.listdir(above))[number * COLD_SYSTEMS : (number + 1) * COLD_SYSTEMS]
        # The names are known before, as they are after a listing.
        for name in names:
            os.listdir(above / name / "system")
        address = re.search(r"address: ([\d.]+):", (self.work / "net.yaml").read_text()).group(1)
        wire = self.lines("udp", address, str(PORT), "100")
        read = self.lines("cold", *(above / name / "system/sysName" for name in names))
        return statistics.median(read), statistics.median(wire)

    def lines(self, *arguments):
        answer = subprocess.run([self.client, *arguments], capture_output=True, text=True)
        if answer.returncode:
            sys.exit(f"bench: {arguments[0]}: {answer.stderr}")
        return [int(line) / 1000 for line in answer.stdout.split()]


def read_direct(path):
    file = os.open(path, os.O_RDONLY | os.O_DIRECT)
    try:
        os.preadv(file, [memoryview(BUFFER)], 0)
    finally:
        os.close(file)


def page():
    import mmap

    return mmap.mmap(-1, 4096)


BUFFER = page()


ON_ONE_CPU = "1, on one processor with the file system"


def rounds(bench):
    """Microseconds by row, operation, threads: a list, one number a round; and those of the cold reads."""
    times = {}
    cold = []
    for number in range(bench.rounds):
        for operation in OPERATIONS:
            for threads in (1, 2):
                for row in bench.roots:
                    micros = bench.measure(row, operation, threads)
                    times.setdefault((row, operation, threads), []).append(micros)
        for operation in ONE_CPU_OPERATIONS:
            for row in filter(bench.roots.get, ONE_CPU):
                micros = bench.measure_on_one_cpu(row, operation)
                times.setdefault((row, operation, ON_ONE_CPU), []).append(micros)
        cold.append(bench.cold(number))
    return times, cold


def ratio(times, operation, threads, row, other):
    own, base = times.get((row, operation, threads)), times.get((other, operation, threads))
    if not own or not base:
        return None
    return round(statistics.median(a / b for a, b in zip(own, base)), 3)


def result(bench, times, cold):
    table = []
    for (row, operation, threads), values in times.items():
        table.append(
            {
                "row": row,
                "operation": OPERATIONS[operation],
                "threads": threads,
                "median_us": round(statistics.median(values), 3),
                "least_us": round(min(values), 3),
                "most_us": round(max(values), 3),
                "of_tmpfs": ratio(times, operation, threads, row, "tmpfs"),
            }
        )
    targets = []
    for operation, row, other, most in TARGETS:
        for threads in (1, ON_ONE_CPU) if row in ONE_CPU else (1,):
            targets.append(
                {
                    "what": f"{row}: {OPERATIONS[operation]}",
                    "threads": threads,
                    "of": other,
                    "ratio": ratio(times, operation, threads, row, other),
                    "target": most,
                }
            )
    over = statistics.median(read - wire for read, wire in cold)
    return {
        "machine": f"{os.cpu_count()} CPUs ({processor()}), Linux {platform.release()}",
        "table": table,
        "targets": targets,
        "cold": {
            "read_us": round(statistics.median(read for read, _ in cold), 1),
            "wire_us": round(statistics.median(wire for _, wire in cold), 1),
            "over_us": round(over, 1),
            "target_us": COLD_TARGET_US,
        },
        "requests_per_operation": {
            operation: bench.requests("aeiou, hit in the daemon", operation) for operation in ("stat", "open")
        },
    }


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def show(found):
    print(f"\nMicroseconds per operation: median of the rounds (least to most), × tmpfs. {found['machine']}\n")
    for threads in (1, 2, ON_ONE_CPU):
        print(f"| threads: {threads} | " + " | ".join(OPERATIONS.values()) + " |")
        print("|---|" + "---|" * len(OPERATIONS))
        for row in ROWS:
            cells = {
                cell["operation"]: cell
                for cell in found["table"]
                if cell["row"] == row and cell["threads"] == threads
            }
            if cells:
                print(f"| {row} | " + " | ".join(shown(cells.get(name)) for name in OPERATIONS.values()) + " |")
        print()
    print("| ratio, median of the rounds | measured | target |\n|---|---|---|")
    for target in found["targets"]:
        what = target["what"] + (", on one processor" if target["threads"] == ON_ONE_CPU else "")
        measured = "not measured" if target["ratio"] is None else f"{target['ratio']:.2f}"
        print(f"| {what} / {target['of']} | {measured} | at most {target['target']} |")
    cold = found["cold"]
    print(
        f"| a cold read ({cold['read_us']:.0f} µs) less a question and its answer on the wire ({cold['wire_us']:.0f} µs)"
        f" | {cold['over_us']:.0f} µs | at most {cold['target_us']} µs |"
    )
    print("\nRequests per operation, hit in the daemon:")
    for operation, requests in found["requests_per_operation"].items():
        print(f"  {OPERATIONS[operation]}: " + ", ".join(f"{count:g} {name}" for name, count in requests.items()))


def shown(cell):
    if cell is None:
        return ""
    digits = 2 if cell["median_us"] < 100 else 0
    spread = f"{cell['least_us']:.{digits}f}–{cell['most_us']:.{digits}f}"
    compared = f" ×{cell['of_tmpfs']:.2f}" if cell["of_tmpfs"] else ""
    return f"{cell['median_us']:.{digits}f} ({spread}){compared}"


def main():
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("--rounds", type=int, default=5, help="how often each is measured (5)")
    parser.add_argument("--quick", action="store_true", help="shorter turns: for looking, not for quoting")
    parser.add_argument("--json", action="store_true", help="for machines")
    arguments = parser.parse_args()
    if arguments.rounds < 1:
        parser.error(f"--rounds: {arguments.rounds} is not at least 1")
    # A signal ends it as an error does: whatever was started ends with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="aeiou-bench-") as work:
        bench = Bench(pathlib.Path(work), arguments.rounds, arguments.quick)
        try:
            bench.start()
            bench.warm()
            found = result(bench, *rounds(bench))
        finally:
            bench.stop()
    if arguments.json:
        print(json.dumps(found, indent=2, ensure_ascii=False))
    else:
        show(found)


if __name__ == "__main__":
    main()
