"""What several tests need."""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Callable, Iterator, Optional

import pytest


def build() -> bool:
    """Builds what is optional of the package, and lets it be what the package finds; whether that was possible."""
    if shutil.which(os.environ.get("CC", "cc")) is None:
        return False
    with tempfile.TemporaryDirectory() as work:
        command = [sys.executable, "setup.py", "-q", "build_ext", f"--build-temp={work}", f"--build-lib={work}"]
        subprocess.run(command, cwd=Path(__file__).parents[1], check=False, stdout=subprocess.DEVNULL)
        for file in Path(work).glob("aeiou/_native.*"):
            spec = importlib.util.spec_from_file_location("aeiou._native", file)
            assert spec is not None and spec.loader is not None
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            sys.modules["aeiou._native"] = module
            return True
    return False


BUILT = build()

import aeiou  # noqa: E402 - behind what it finds
from aeiou import _burst  # noqa: E402
from aeiou._connection import Connection


def connection(net: aeiou.Attachment) -> Connection:
    """What an attachment has with its daemon."""
    return net._link.connection


def drain(net: aeiou.Attachment) -> int:
    """Runs what has come."""
    return net._exchange.drain()


def pump(net: aeiou.Attachment, done: Callable[[], Any], timeout: Optional[float]) -> bool:
    """Runs what comes until something is so."""
    return net._exchange.pump(lambda: bool(done()), timeout)


def flush(net: aeiou.Attachment) -> None:
    """Sends off what was submitted."""
    net._link.flush()


def need(there: bool, what: str, package: str) -> None:
    """A machine for tests must have it; on any other the test is skipped, and says why."""
    if not there:
        message = f"no {what} (apt install {package})"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)


def need_module(module: str, package: str) -> None:
    """The same for a module."""
    need(importlib.util.find_spec(module) is not None, module, package)


@pytest.fixture(autouse=True, params=["pure", "native"])
def implementation(request: pytest.FixtureRequest) -> Iterator[str]:
    """Every test runs over both implementations of what is done to many requests at once."""
    native = request.param == "native"
    if native:
        need(BUILT, "compiler, or no headers of Python", "gcc python3-dev")
    before = _burst.take is not None
    _burst.use(native)
    yield request.param
    _burst.use(before)


@pytest.fixture
def display() -> Iterator[str]:
    """A screen of its own; gives its name."""
    need(shutil.which("Xvfb") is not None, "Xvfb", "xvfb")
    reads, writes = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writes), "-screen", "0", "1024x768x24", "-nolisten", "tcp", "-noreset"],
        pass_fds=(writes,),
        stderr=subprocess.DEVNULL,
    )
    os.close(writes)
    try:
        number = b""
        while not number.endswith(b"\n"):
            more = os.read(reads, 16)
            assert more, "Xvfb did not start"
            number += more
        name = ":" + number.decode().strip()
        await_screen(name)
        yield name
    finally:
        os.close(reads)
        server.terminate()
        server.wait(10)


def await_screen(name: str) -> None:
    """Waits until a screen takes connections."""
    end = time.monotonic() + 10
    while True:
        with socket.socket(socket.AF_UNIX) as sock:
            try:
                sock.connect(f"/tmp/.X11-unix/X{name[1:]}")
                # A client of protocol 11.0 without authorization; the answer begins with 1 if it may come in.
                sock.sendall(b"l\0\x0b\0\0\0\0\0\0\0\0\0")
                sock.settimeout(5)
                if sock.recv(1) == b"\1":
                    return
            except OSError:
                pass
        assert time.monotonic() < end, f"Xvfb on {name} takes no connections"
        time.sleep(0.05)
