"""Starts what a benchmark measures, and ends it whatever happens: simulated agents, daemons, their mounts."""

import ctypes
import itertools
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parent.parent
#: Where simulated agents are; each network takes a port of its own that the kernel picks.
FIRST_ADDRESS = "127.25.0.1"
START_SECONDS = 60
STOP_SECONDS = 20
LIBC = ctypes.CDLL(None, use_errno=True)
PR_SET_PDEATHSIG = 1


class Running:
    """What was started; as a context manager it ends with the block, and with SIGINT, SIGTERM and SIGHUP."""

    def __init__(self):
        self.owner = os.getpid()
        self.work = pathlib.Path(tempfile.mkdtemp(prefix="aeiou-bench-"))
        self.processes = []
        self.numbers = itertools.count()
        self.mounts = []
        self.log = open(self.work / "log", "w")

    def __enter__(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda number, _: sys.exit(128 + number))
        return self

    def __exit__(self, *_):
        if os.getpid() != self.owner:
            os._exit(1)  # a child that a signal ended, too
        # What ends has time for it, whatever else comes.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        for process in reversed(self.processes):
            self.stop(process)
        for place in self.mounts:
            if f" {place} " in pathlib.Path("/proc/self/mounts").read_text():
                for command in (["umount", "-l"], ["fusermount3", "-uz"]):
                    subprocess.run([*command, place], stderr=subprocess.DEVNULL, check=False)
        self.log.close()
        shutil.rmtree(self.work)

    def start(self, *command, **options):
        """Starts a process with a group of its own, which ends with this one, even if that is killed."""
        parent = os.getpid()

        def end_with_parent():
            LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
            if os.getppid() != parent:
                os._exit(1)

        options.setdefault("stdout", self.log)
        process = subprocess.Popen(
            [str(word) for word in command], stdin=options.pop("stdin", subprocess.DEVNULL), stderr=self.log, text=True,
            start_new_session=True, preexec_fn=end_with_parent, **options,
        )
        self.processes.append(process)
        return process

    def stop(self, process):
        """Ends a process and its group."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(process.pid, number)
            except ProcessLookupError:
                pass
            try:
                process.wait(STOP_SECONDS)
                break
            except subprocess.TimeoutExpired:
                continue
        for stream in (process.stdin, process.stdout):
            if stream:
                stream.close()
        if process in self.processes:
            self.processes.remove(process)

    def until(self, what, true, process, seconds=START_SECONDS):
        end = time.monotonic() + seconds
        while not true():
            if time.monotonic() > end or process.poll() is not None:
                sys.exit(f"bench: {what} is not there after {seconds} s: {self.told()}")
            time.sleep(0.02)

    def told(self):
        """The last of what everything that was started said."""
        return (self.work / "log").read_text()[-4000:]

    def compile(self, source, *flags):
        program = self.work / pathlib.Path(source).stem
        subprocess.run(["gcc", "-O2", "-Wall", *flags, "-o", program, HERE / source], check=True)
        return program

    def simulate(self, **options):
        return Agents(self, **options)

    def mount(self, configuration, checkout=TOP, java="", options=()):
        return Daemon(self, configuration, checkout, java, options)

    def poll(self, configuration, checkout=TOP, options=()):
        return Poller(self, configuration, checkout, options)


class Agents:
    """A simulated network: 'aeiou simulate' with these options."""

    def __init__(self, running, **options):
        self.configuration = running.work / f"agents-{next(running.numbers)}.yaml"
        given = {"port": 0, "first_address": FIRST_ADDRESS, "config_out": self.configuration, **options}
        environment = dict(os.environ, AEIOU_JAVA_OPTS="-Xmx256m " + os.environ.get("AEIOU_JAVA_OPTS", ""))
        self.process = running.start(
            TOP / "mount-scripts" / "aeiou", "simulate",
            *(f"--{name.replace('_', '-')}={value}" for name, value in given.items()),
            stdout=subprocess.PIPE, env=environment,
        )
        self.running = running

    def wait(self):
        """Waits until they answer; they start side by side until then."""
        if not self.process.stdout.readline():
            self.running.until("the simulated network", lambda: False, self.process)
        # JSON's strings are YAML's: names with other characters are in quotes.
        found = re.findall(r'^  "?([^\s"]+)"?:\n    address: "?([\d.]+:\d+)', self.configuration.read_text(), re.M)
        #: Address by name.
        self.systems = dict(found)
        return self

    def counts(self):
        """What all agents have seen so far, by the names that 'aeiou simulate' gives it."""
        self.process.send_signal(signal.SIGUSR1)
        return {name: int(count) for name, count in re.findall(r"(\w+)=(\d+)", self.process.stdout.readline())}


class Member:
    """A process of the program."""

    def begin(self, running, checkout, java, *words):
        self.running = running
        environment = dict(
            os.environ,
            XDG_RUNTIME_DIR=str(running.work / "run"),
            # Each begins without what another learned.
            STATE_DIRECTORY=str(running.work / f"state{next(running.numbers)}"),
            AEIOU_JAVA_OPTS=f"{java} " + os.environ.get("AEIOU_JAVA_OPTS", ""),
        )
        self.process = running.start(checkout / "mount-scripts" / "aeiou", *words, env=environment)
        self.pid = self.process.pid

    def processor(self):
        """Seconds of processor time of all its threads so far."""
        return time.clock_gettime(~self.pid << 3 | 2)  # the clock of another process, as clock_getcpuclockid makes it

    def memory(self):
        """MiB that it takes (RSS)."""
        status = pathlib.Path(f"/proc/{self.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024

    def close(self):
        self.running.stop(self.process)


class Poller(Member):
    """A poller of a cluster."""

    def __init__(self, running, configuration, checkout, options):
        self.begin(running, checkout, "", "poller", configuration, *options)


class Daemon(Member):
    """A mounted daemon."""

    def __init__(self, running, configuration, checkout, java, options=()):
        self.net = running.work / f"net{len(running.mounts)}"
        self.net.mkdir()
        running.mounts.append(self.net)
        self.begin(running, checkout, java, "mount", configuration, self.net, *options)

    def wait(self):
        """Waits until it answers."""
        self.running.until("the daemon", self.answers, self.process)
        return self

    def answers(self):
        try:
            return (self.net / ".aeiou" / "attach").read_text() != ""
        except OSError:
            return False

    def counter(self, name):
        """A line of '/.aeiou/stats', or 0 if there is none of that name."""
        found = re.search(rf"^{re.escape(name)}: (\d+)", (self.net / ".aeiou" / "stats").read_text(), re.M)
        return int(found[1]) if found else 0

    def heap(self):
        """Bytes in use on its heap, what nothing holds any more included; None without a JDK."""
        java = pathlib.Path(os.readlink(f"/proc/{self.pid}/exe")).parent
        jcmd = shutil.which("jcmd", path=java) or shutil.which("jcmd")
        if not jcmd:
            return None
        told = subprocess.run([jcmd, str(self.pid), "GC.heap_info"], capture_output=True, text=True).stdout
        return sum(int(kib) for kib in re.findall(r"^ \S.*(?:generation|heap) .*used (\d+)K", told, re.M)) * 1024
