"""Measures what open pages cost the daemon: event streams that all show the same eight cells of each system.

One stream makes the daemon poll; what a hundred more cost beyond that is the row. How late a change is: from the moment the answer
came to the moment the browser has it, by the clock of this machine. Then some browsers stop reading.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import time

CELLS = (
    "system/sysName", "system/sysUpTime", "interfaces/eth0/ifAdminStatus", "interfaces/eth0/ifOperStatus",
    "interfaces/eth0/ifInOctets", "interfaces/eth0/ifInOctets.rate", "interfaces/eth0/ifOutOctets.rate", "interfaces/eth0/ifInErrors",
)
#: Systems, streams, those that stop reading, and for how many seconds each is measured.
SIZES = {"full": (1_000, 100, 20, 20), "quick": (300, 30, 5, 10), "tiny": (3, 3, 1, 1)}

BROWSERS = """
import json, selectors, socket, sys, time
host, port, body = sys.argv[1], int(sys.argv[2]), open(sys.argv[3], "rb").read()
selector = selectors.DefaultSelector()
taken = 0

def connect(buffer=0):
    sock = socket.socket()
    if buffer:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    sock.connect((host, port))
    return sock

def open_stream(buffer=0):
    sock = connect(buffer)
    sock.sendall(b"GET /api/v1/stream HTTP/1.1\\r\\nHost: %s:%d\\r\\n\\r\\n" % (host.encode(), port))
    head = b""
    while b'"stream":"' not in head or head.count(b'"') < 8:
        head += sock.recv(4096)
    id = head.split(b'"stream":"')[1].split(b'"')[0]
    post = connect()
    post.sendall(b"POST /api/v1/stream/%s HTTP/1.1\\r\\nHost: %s:%d\\r\\nContent-Type: application/json\\r\\nContent-Length: %d\\r\\n"
                 b"Connection: close\\r\\n\\r\\n" % (id, host.encode(), port, len(body)) + body)
    answer = b""
    while b"\\r\\n\\r\\n" not in answer:
        answer += post.recv(4096)
    if b" 204 " not in answer:
        sys.exit(answer.decode())
    post.close()
    return sock

others = []
read = open_stream()
read.setblocking(False)
selector.register(read, selectors.EVENT_READ, None)
rest = b""
held = []

def take(seconds, late):
    global taken, rest
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        for key, _ in selector.select(left):
            data = key.fileobj.recv(1 << 18)
            taken += len(data)
            if key.fileobj is read and late is not None:
                now = time.time() * 1000
                # Chunk sizes between the lines of events are no JSON, and are left out with their line.
                *lines, rest = (rest + data).split(b"\\n")
                for line in lines:
                    if line.startswith(b"data: [") and line.endswith(b"]"):
                        try:
                            cells = json.loads(line[6:])
                        except ValueError:
                            continue
                        late.extend(now - cell["t"] for cell in cells if "c" in cell and cell["c"] == cell.get("t"))

print("ready", flush=True)
for line in sys.stdin:
    command, number = line.split()
    number = float(number)
    if command == "open":
        for _ in range(int(number)):
            sock = open_stream()
            sock.setblocking(False)
            selector.register(sock, selectors.EVENT_READ, None)
            others.append(sock)
            take(0.02, None)
        take(3, None)
        print("opened", flush=True)
    elif command == "close":
        for sock in others:
            selector.unregister(sock)
            sock.close()
        take(1, None)
        print("closed", flush=True)
    elif command == "stall":
        for _ in range(int(number)):
            held.append(open_stream(4096))
            take(0.02, None)
        take(5, None)
        print("stalled", flush=True)
    else:
        late, before = [], taken
        take(number, late)
        late.sort()
        print(len(late), late[len(late) // 2] if late else 0, late[len(late) * 99 // 100] if late else 0, taken - before, flush=True)
"""


def measure(running, results, builds, size):
    systems, streams, stalled, seconds = SIZES[size.name]
    what = f"{streams} streams of {systems:,} systems × {len(CELLS)} cells"
    results.name(f"{what}: processor beyond that of one", "% of a core", 10)
    results.name("… one stream and the polling", "% of a core")
    results.name("… a change is at the browser after, median", "ms", 100)
    results.name("… 99 of 100 after", "ms", 100)
    results.name(f"… while {stalled} browsers do not read: 99 of 100 after", "ms", 100)
    results.name("… such a browser costs on the heap", "KiB", 1024)
    agents = running.simulate(systems=systems, rows=2).wait()
    configuration = running.work / "stream.yaml"
    configuration.write_text("http: {listen: 127.0.0.1:0}\n" + agents.configuration.read_text())
    for build, checkout in builds.items():
        one(running, results, build, checkout, configuration, agents, (streams, stalled, seconds), what)
    running.stop(agents.process)


def one(running, results, build, checkout, configuration, agents, numbers, what):
    streams, stalled, seconds = numbers
    daemon = running.mount(configuration, checkout).wait()
    address = daemon.net / ".aeiou" / "http"
    running.until("HTTP", lambda: address.read_text() != "", daemon.process)
    host, port = address.read_text().split("/")[2].split(":")
    body = running.work / "cells.json"
    body.write_text('{"cells": [' + ",".join(f'"{name}/{cell}"' for name in agents.systems for cell in CELLS) + '], "systems": true}')
    browsers = running.start(
        sys.executable, "-c", BROWSERS, host, port, body, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )

    def tell(command=None, number=0):
        if command:
            browsers.stdin.write(f"{command} {number}\n")
            browsers.stdin.flush()
        return browsers.stdout.readline().split() or sys.exit("bench: " + running.told())

    def processor():
        begin, used = time.monotonic(), daemon.processor()
        told = [float(word) for word in tell("measure", seconds)]
        return (daemon.processor() - used) / (time.monotonic() - begin) * 100, told

    tell()
    tell("open", streams)
    # What is compiled is compiled, and all was read once.
    tell("measure", max(1, seconds))
    together, (changes, median, most, octets) = processor()
    tell("close")
    alone, _ = processor()
    note = f"{changes / seconds:,.0f} changes and {octets / seconds / 1e6:,.1f} MB a second"
    results.add("… one stream and the polling", [alone], build=build)
    results.add(f"{what}: processor beyond that of one", [together - alone], build=build, note=note)
    results.add("… a change is at the browser after, median", [median], build=build)
    results.add("… 99 of 100 after", [most], build=build)
    before = kept(daemon)
    tell("stall", stalled)
    _, (_, _, most, _) = processor()
    results.add(f"… while {stalled} browsers do not read: 99 of 100 after", [most], build=build)
    cost = "… such a browser costs on the heap"
    if before is None:
        results.unavailable(cost, "takes a JDK", build)
    else:
        results.add(cost, [(kept(daemon) - before) / stalled / 1024], build=build)
    running.stop(browsers)
    daemon.close()


def kept(daemon):
    """Bytes on the heap that something holds; None without a JDK."""
    java = pathlib.Path(os.readlink(f"/proc/{daemon.pid}/exe")).parent
    jcmd = shutil.which("jcmd", path=java) or shutil.which("jcmd")
    if not jcmd:
        return None
    subprocess.run([jcmd, str(daemon.pid), "GC.run"], capture_output=True, check=False)
    return daemon.heap()
