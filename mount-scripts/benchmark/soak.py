"""Lets everything that is hard on the daemon happen at once, and says whether it held; 'soak' calls it.

Twenty healthy systems, agents that break the protocol in every way the simulator knows, readers of those, two users that
flood the daemon, programs that attach and go, a reload every five seconds, a heap of 256 MB. Before that it is quiet for a
while, so that there is something to compare with. It is one file since it is one run: what is hard, what is looked at
meanwhile, and what is judged in the end belong together.
"""

import argparse
import os
import pathlib
import random
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parent.parent
SCRIPT = str(TOP / "mount-scripts" / "aeiou")
sys.path.insert(0, str(TOP / "client-py" / "src"))

PORT = 1811
HEALTHY = 20
HEAP = "256m"
#: Two processors run the daemon, the agents, and all that is hard on it: so long a process may wait for one of them.
NOISE_SECONDS = 0.02
NOBODY = 65534


def say(text):
    print(text, flush=True)


class Soak:
    def __init__(self, work, minutes, slower):
        self.work = pathlib.Path(work)
        self.minutes = minutes
        self.slower = slower
        self.net = self.work / "net"
        self.work.chmod(0o755)
        self.net.mkdir()
        self.configuration = self.work / "net.yaml"
        self.log = open(self.work / "log", "w")
        self.children = []
        self.problems = []

    # --- what runs

    def start(self, *command, **more):
        process = subprocess.Popen(command, stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL, **more)
        self.children.append(process)
        return process

    def until(self, what, true, seconds=60):
        end = time.monotonic() + seconds
        while not true():
            if time.monotonic() > end:
                sys.exit(f"soak: {what} does not come: " + (self.work / "log").read_text()[-4000:])
            time.sleep(0.05)

    def begin(self):
        # A simulator of their own: what hostile agents cost it must not slow down the healthy ones' answers.
        healthy = self.work / "healthy.yaml"
        hostile = self.work / "hostile.yaml"
        self.start(SCRIPT, "simulate", f"--systems={HEALTHY}", "--rtt=5ms", "--rows=20", f"--port={PORT}",
                   f"--config-out={healthy}")
        self.start(SCRIPT, "simulate", "--systems=1", "--rtt=1ms", "--hostile=all", f"--port={PORT}",
                   "--first-address=127.9.0.1", f"--config-out={hostile}")
        for file in (healthy, hostile):
            self.until(file.name, lambda file=file: file.exists() and file.stat().st_size > 0)
        systems = healthy.read_text().split("systems:\n")
        self.text = (
            'mount: {allow-other: true}\nattach: {mode: "0666"}\n' + systems[0] + "systems:\n" + systems[1] + self.only_hostile(hostile.read_text())
        )
        self.names = re.findall(r"^  (\S+):", systems[1], re.M)[:HEALTHY]
        self.hostile = re.findall(r'^  "?(hostile/[^\s":]+)"?:', self.text, re.M)
        if len(self.hostile) < 3:
            sys.exit(f"soak: {hostile} lists too few hostile systems: {self.hostile}")
        self.configuration.write_text(self.text)
        options = f"-Xmx{HEAP} " + os.environ.get("AEIOU_JAVA_OPTS", "")
        environment = dict(os.environ, AEIOU_JAVA_OPTS=options, STATE_DIRECTORY=str(self.work / "state"))
        self.daemon = self.start(SCRIPT, "mount", str(self.configuration), str(self.net), env=environment)
        self.until("the mount", lambda: (self.net / ".aeiou" / "attach").exists())
        self.until("a value", lambda: self.read(self.names[0] + "/system/sysName") is not None)
        self.pid = self.daemon.pid

    @staticmethod
    def only_hostile(text):
        systems = re.split(r"^(?=  \S)", text.split("systems:\n")[1], flags=re.M)
        return "".join(system for system in systems if re.match(r'  "?hostile/', system))

    def end(self):
        for child in reversed(self.children):
            if child.poll() is None:
                child.kill()
                child.wait()
        subprocess.run(["umount", "-l", str(self.net)], capture_output=True)

    # --- what is looked at

    def read(self, path):
        try:
            return (self.net / path).read_text()
        except OSError:
            return None

    def stat(self, name):
        return int(re.search(rf"^{re.escape(name)}: (\d+)$", self.read(".aeiou/stats"), re.M)[1])

    def task_names(self):
        names = []
        for task in pathlib.Path(f"/proc/{self.pid}/task").iterdir():
            try:
                names.append((task / "comm").read_text().strip())
            except OSError:
                pass
        return names

    def sample(self):
        status = pathlib.Path(f"/proc/{self.pid}/status").read_text()
        return {
            "descriptors": len(os.listdir(f"/proc/{self.pid}/fd")),
            "rss": int(re.search(r"RssAnon:\s+(\d+)", status)[1]) / 1024,
            "threads": int(re.search(r"Threads:\s+(\d+)", status)[1]),
        }

    def measure(self, seconds, meanwhile=lambda: None):
        """Reads of healthy systems, a hundred a second: half of them cached, half fetched; a quarter of the first one,
        which is flooded later."""
        times, flooded, samples, wrong = [], [], [], 0
        end = time.monotonic() + seconds
        looked = 0.0
        while time.monotonic() < end:
            name = self.names[0] if random.random() < 0.25 else random.choice(self.names)
            view = random.choice(("", ".uncached/"))
            begin = time.monotonic()
            try:
                value = (self.net / view / name / "system/sysName").read_text()
            except OSError as e:
                value = e
            times.append(time.monotonic() - begin)
            if view and name == self.names[0]:
                flooded.append(times[-1])
            if value != name.rpartition("/")[2] + "\n" and value != name + "\n":
                wrong += 1
                if wrong <= 5:
                    say(f"  {view}{name}/system/sysName: {value!r}")
            if begin - looked > 5:
                looked = begin
                if self.daemon.poll() is not None:
                    sys.exit("soak: the daemon has ended: " + (self.work / "log").read_text()[-4000:])
                samples.append(self.sample())
                meanwhile()
            time.sleep(0.01)
        times.sort()
        flooded.sort()
        return times, flooded, samples, wrong

    # --- what is hard on it

    def fork(self, work):
        """Runs in a process of its own, until the end."""
        pid = os.fork()
        if pid == 0:
            try:
                os.setsid()  # what it starts ends with it
                os.nice(19)  # what is measured is what the daemon does, not which process has the processors
                work()
            except BaseException as e:  # noqa: B902 a child must not go on as if it were the parent
                os.write(2, f"soak: {work.__name__}: {e!r}\n".encode())
            finally:
                os._exit(0)
        return pid

    def hog(self, uid):
        def flood():
            os.chdir(self.net)
            os.setgroups([])
            os.setuid(uid)
            while True:
                # Files in many threads would be the kernel's to bound: this is what one thread can do.
                for number in range(1, 2000):
                    try:
                        open(f".uncached/{self.names[number % HEALTHY]}/.oid/1.3.6.1.2.1.2.2.1.1.{number}").read()
                    except OSError:
                        pass
        return flood

    def attached_hog(self):
        """Four attachments of a user, with as many requests for one system as they can have."""
        import aeiou

        os.setgroups([])
        os.setuid(NOBODY - 1)
        number = 0
        while True:
            try:
                nets = [aeiou.attach(str(self.net), geometry=aeiou.Geometry(32768, 128, 128, 0)) for _ in range(4)]
                groups = [net.begin() for net in nets]
                for _ in range(500):
                    for group in groups:
                        for _ in range(2000):
                            number += 1
                            path = f".uncached/{self.names[0]}/.oid/1.3.6.1.2.1.2.2.1.1.{number}"
                            group.read(path, lambda delayed, entry: None)
                        group.end()
                        group.wait(0)
                for net in nets:
                    net.close()
            except (OSError, aeiou.NoReading) as e:
                self.refused(e)

    def churn(self):
        """Programs that attach, read, and go; one in five without a word."""
        import aeiou

        os.setgroups([])
        os.setuid(NOBODY - 2)
        while True:
            pid = os.fork()
            if pid == 0:
                try:
                    with aeiou.attach(str(self.net)) as net:
                        net.read(random.choice(self.names) + "/system/sysUpTime").result(1)
                        if random.random() < 0.2:
                            os.kill(os.getpid(), signal.SIGKILL)
                except (OSError, aeiou.NoReading) as e:
                    self.refused(e)
                finally:
                    os._exit(0)
            os.waitpid(pid, 0)

    def refused(self, why):
        """That happens now and then, and is the point; it must not be all that happens."""
        if random.random() < 0.01:
            say(f"  refused, as one in a hundred: {why}")
        time.sleep(0.1)

    def curious(self):
        endless = [str(self.net / name / "interfaces") for name in self.hostile if "endless-values" in name]
        while True:
            # A walk that is too large for certain: below all of a system it is a matter of chance which tables are reached.
            subprocess.run(["timeout", "20", "ls", *endless], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            subprocess.run(
                ["timeout", "20", "find", *[str(self.net / name) for name in random.sample(self.hostile, 3)], "-type", "f"],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )
            subprocess.run(
                ["timeout", "20", "grep", "-r", ".", str(self.net / random.choice(self.hostile))],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )

    def reload(self):
        times = [2, 3]
        random.shuffle(times)
        self.configuration.write_text(self.text.replace("retries: 2", f"retries: {times[0]}"))
        self.daemon.send_signal(signal.SIGHUP)

    # --- the run

    def run(self):
        self.begin()
        quiet_seconds = max(10, min(60, self.minutes * 6))
        self.measure(5)  # a daemon runs for months: what is measured is not how it begins
        quiet, quiet_flooded, _, wrong = self.measure(quiet_seconds)
        if wrong:
            self.problems.append(f"{wrong} wrong values while it was quiet")
        threads = self.task_names()
        say(f"quiet:  {self.describe(quiet)}")

        loads = [self.fork(work) for work in (self.hog(NOBODY), self.attached_hog, self.churn, self.churn, self.curious)]
        try:
            busy, busy_flooded, samples, wrong = self.measure(self.minutes * 60, self.reload)
        finally:
            for pid in loads:
                os.killpg(pid, signal.SIGKILL)
            for pid in loads:
                os.waitpid(pid, 0)
        say(f"busy:   {self.describe(busy)}")
        self.judge_times("healthy reads", quiet, busy)
        self.judge_times("reads of the system that is flooded", quiet_flooded, busy_flooded)
        self.judge(samples, wrong, threads)
        self.judge_end()
        return self.problems

    @staticmethod
    def describe(times):
        return (
            f"{len(times)} reads, p50 {statistics.median(times) * 1000:.1f} ms, "
            f"p99 {times[int(len(times) * 0.99)] * 1000:.1f} ms, most {times[-1] * 1000:.1f} ms"
        )

    def judge_times(self, what, quiet, busy):
        slow, base = busy[int(len(busy) * 0.99)], quiet[int(len(quiet) * 0.99)]
        ratio = slow / max(base, NOISE_SECONDS)
        self.row(f"{what}: p99, busy ÷ quiet", f"{slow / base:.2f}, and {ratio:.2f} of 20 ms if that is more",
                 ratio <= self.slower, f"≤ {self.slower:g}")

    def judge(self, samples, wrong, threads):
        self.row("wrong values and failed healthy reads", wrong, wrong == 0, "0")
        lost = [name for name in set(threads) if threads.count(name) > self.task_names().count(name)
                and re.match(r"aeiou-(shard|fuse-\d|fuse-notify|attach|snmp-\d|last)", name)]
        self.row("core threads lost", ", ".join(lost) or "none", not lost, "none")
        # Was it hard on it at all?
        for what, name, least in (
            ("requests", "scheduler.submitted", 100_000),
            ("refused, as too much was pending", "scheduler.rejected", 1),
            ("programs that attached", "attach.attached", 100),
            ("walks that were too large", "backend.snmp.walks.too-large", 1),
            ("reloads that were told", "reloads", 5),
        ):
            count = self.read(".aeiou/events").count("reloaded ") if name == "reloads" else self.stat(name)
            least = max(1, int(least * min(1, self.minutes)))
            self.row(what, count, count >= least, f"≥ {least}")
        settled = samples[min(len(samples) - 1, 12):] or samples
        for what, least, share in (("descriptors", 24, 0.1), ("rss", 24, 0.15), ("threads", 12, 0.1)):
            first = statistics.median(each[what] for each in settled[: max(1, len(settled) // 4)])
            last = statistics.median(each[what] for each in settled[-max(1, len(settled) // 4):])
            self.row(f"{what}, after the first minute and at the end", f"{first:.0f}, {last:.0f}",
                     last - first <= max(least, share * first), "flat")

    def judge_end(self):
        begin = time.monotonic()
        self.daemon.terminate()
        try:
            code = self.daemon.wait(10)
        except subprocess.TimeoutExpired:
            code = None
        seconds = time.monotonic() - begin
        self.row("SIGTERM ends it after", f"{seconds:.1f} s, exit code {code}", seconds <= 3 and code == 0, "≤ 3 s, 0")
        mounted = str(self.net) in pathlib.Path("/proc/self/mounts").read_text()
        self.row("and its mount is", "there" if mounted else "gone", not mounted, "gone")

    def row(self, what, value, good, expected):
        say(f"  {'ok  ' if good else 'FAIL'} {what}: {value} ({expected})")
        if not good:
            self.problems.append(f"{what}: {value}, expected {expected}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10, help="how long it is busy; 10 if nothing is said")
    parser.add_argument("--slower", type=float, default=3, help="how much slower healthy reads may be than when it is "
                        "quiet, by their 99th percentile; 3 if nothing is said")
    arguments = parser.parse_args()
    if os.geteuid() != 0:
        sys.exit("soak: needs root, to be two users")
    with tempfile.TemporaryDirectory() as work:
        soak = Soak(work, arguments.minutes, arguments.slower)
        try:
            problems = soak.run()
        finally:
            soak.end()
    if problems:
        sys.exit("soak: it did not hold")
    say("it held")


if __name__ == "__main__":
    main()
