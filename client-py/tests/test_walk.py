"""The program that walks the whole tree twice: what it prints, and what system calls it makes."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Iterator, List

import pytest

from conftest import need, need_module

import aeiou
from aeiou.testing import FakeDaemon

WALK = Path(__file__).parents[2] / "mount-scripts" / "walk.py"
SYSTEMS, ROWS = 20, 30

#: Of the memory that Python takes and gives back.
MEMORY = {"brk", "mmap", "munmap", "mremap", "madvise"}


@pytest.fixture
def daemon() -> Iterator[FakeDaemon]:
    values = {}
    for i in range(SYSTEMS):
        values[f"core{i}/.health"] = "up"
        values[f"core{i}/system/sysName"] = f"core{i}"
        for row in range(ROWS):
            for column in ("ifOperStatus", "ifInOctets"):
                values[f"core{i}/interfaces/eth{row}/{column}"] = "1"
    with FakeDaemon(values) as fake:
        yield fake


DIRECTORIES = SYSTEMS * (3 + ROWS)
FILES = SYSTEMS * (1 + 2 * ROWS)
#: Each directory is listed, and each name below a system is asked for its stat: of files, listings have that.
ASKED = DIRECTORIES + (DIRECTORIES - SYSTEMS) + FILES
FIRST = f"{FILES} immediate, {ASKED - FILES} delayed"
SECOND = f"{ASKED} immediate, 0 delayed"


def walk(*command: str) -> List[str]:
    environment = dict(os.environ, PYTHONPATH=str(Path(aeiou.__file__).parents[1]))
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and "Traceback" not in done.stderr, done.stderr
    return re.sub(r", in \d+ ms", "", done.stdout).splitlines()


def system_calls(trace: Path, number: int) -> Counter[str]:
    """What a program called between its marks of a pass."""
    calls: Counter[str] = Counter()
    inside = False
    for line in trace.read_text().splitlines():
        if f'"/walk/{number}"' in line:
            inside = not inside
        elif inside:
            found = re.match(r"\d+ +(\w+)\(", line)
            if found is not None:
                calls[found[1]] += 1
    return calls


@pytest.mark.parametrize("way", [[], ["--callbacks"]], ids=["generators", "callbacks"])
def test_second_walk_has_no_delayed_closure_and_makes_no_system_call(
    daemon: FakeDaemon, tmp_path: Path, way: List[str]
) -> None:
    need(shutil.which("strace") is not None, "strace", "strace")
    trace = tmp_path / "trace"
    passes = walk("strace", "-f", "-o", str(trace), sys.executable, str(WALK), daemon.socket, "--traced", *way)
    found = f"{DIRECTORIES} directories, {FILES} files, 0 failed"
    assert passes == [f"pass 1: {found}; {FIRST}", f"pass 2: {found}; {SECOND}"]
    first, second = system_calls(trace, 1), system_calls(trace, 2)
    assert set(first) - MEMORY, "the first walk asks the daemon"
    assert set(second) <= MEMORY, second


def test_window_is_grey_first_and_then_filled_twice(daemon: FakeDaemon, display: str) -> None:
    need_module("wx", "python3-wxgtk4.0")
    os.environ["DISPLAY"] = display
    lines = walk(sys.executable, "-W", "ignore", str(WALK), daemon.socket, "--window", "--seconds", "0.1")
    assert lines == [f"window: {SYSTEMS * 6} grey cells", f"pass 1: {FIRST}", f"pass 2: {SECOND}"]
