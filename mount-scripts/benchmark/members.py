"""What a cluster needs beside its members: a broker, one that counts what the broker carries, and programs that ask through a mount."""

import collections
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request

from running import HERE

ADDRESS = "127.68.1.1"
SERVER = shutil.which("nats-server", path=os.environ.get("PATH", "") + ":/usr/sbin")


def free_port():
    with socket.create_server((ADDRESS, 0)) as server:
        return server.getsockname()[1]


class Broker:
    """A nats-server with a store of its own."""

    def __init__(self, running):
        port, self.monitoring = free_port(), free_port()
        configuration = running.work / f"nats-{port}.conf"
        configuration.write_text(
            f'listen: "{ADDRESS}:{port}"\nhttp: "{ADDRESS}:{self.monitoring}"\n'
            f'jetstream {{ store_dir: "{running.work}/nats-{port}" }}\nwrite_deadline: "2s"\n'
        )
        self.address = ADDRESS, port
        self.url = f"nats://{ADDRESS}:{port}"
        self.process = running.start(SERVER, "-c", configuration)
        self.pid = self.process.pid
        running.until("the broker", self.answers, self.process)

    def answers(self):
        try:
            return self.told("varz") is not None
        except OSError:
            return False

    def told(self, what):
        """What it tells of itself: 'varz', 'jsz?streams=1'."""
        with urllib.request.urlopen(f"http://{ADDRESS}:{self.monitoring}/{what}", timeout=5) as answer:
            return json.load(answer)

    def leases(self, cluster):
        """How many slots of a cluster are owned."""
        for account in self.told("jsz?accounts=1&streams=1").get("account_details", ()):
            for stream in account.get("stream_detail", ()):
                if cluster in stream["name"] and not stream["name"].endswith("learned"):
                    return stream["state"]["messages"]
        return 0

    def carried(self):
        """Messages and bytes that came to it so far."""
        varz = self.told("varz")
        return varz["in_msgs"], varz["in_bytes"]

    def processor(self):
        return time.clock_gettime(~self.pid << 3 | 2)


class Spy(threading.Thread):
    """Counts the messages of each kind that members of a cluster send to each other."""

    def __init__(self, broker, cluster):
        super().__init__(daemon=True)
        self.counts = collections.Counter()
        self.bytes = collections.Counter()
        self.socket = socket.create_connection(broker.address)
        self.stream = self.socket.makefile("rb")
        self.socket.sendall(f"CONNECT {{\"verbose\":false}}\r\nSUB aeiou.{cluster}.> 1\r\nPING\r\n".encode())
        while self.stream.readline().strip() != b"PONG":
            pass
        self.start()

    def run(self):
        for line in self.stream:
            words = line.split()
            if words[:1] == [b"PING"]:
                self.socket.sendall(b"PONG\r\n")
            elif words[:1] == [b"MSG"]:
                # aeiou.NAME.KIND or aeiou.NAME.KIND.WHICH
                kind, length = words[1].split(b".")[2].decode(), int(words[-1])
                self.counts[kind] += 1
                self.bytes[kind] += length
                self.stream.read(length + 2)

    def close(self):
        self.socket.shutdown(socket.SHUT_RDWR)


class Program:
    """A program in Python that asks through a mount what it is told to: 'remote.py'."""

    def __init__(self, running, daemon, checkout):
        environment = dict(os.environ, PYTHONPATH=str(checkout / "client-py" / "src"), PYTHONDONTWRITEBYTECODE="1")
        self.running = running
        self.process = running.start(
            sys.executable, HERE / "remote.py", daemon.net, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
        )

    def tell(self, *words):
        """Begins what 'answer' returns the outcome of."""
        self.process.stdin.write(json.dumps(words) + "\n")
        self.process.stdin.flush()

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            sys.exit("bench: the program ended: " + self.running.told())
        return json.loads(line)

    def ask(self, *words):
        self.tell(*words)
        return self.answer()

    def close(self):
        self.running.stop(self.process)
