"""The page of examples: each runs, and prints what it says."""

from __future__ import annotations

import doctest
from pathlib import Path
from typing import Iterator

import pytest

from aeiou.testing import FakeDaemon

DOCS = Path(__file__).parents[1] / "docs"
ROWS = {
    "core1": {"eth0": ("up", "815", "0042"), "eth1": ("down", "0", ""), "eth10": ("up", "4", "")},
    "core2": {"eth0": ("up", "16", "")},
}
WRITABLE = ("core1/system/sysLocation", "core1/interfaces/eth1/ifAdminStatus")
COLUMNS = {
    "ifOperStatus": (1, "INTEGER", None),
    "ifInOctets": (815, "Counter32", "octets"),
    "ifAlias": (b"0042", "DisplayString", None),
}


@pytest.fixture
def daemon() -> Iterator[FakeDaemon]:
    with FakeDaemon({}) as fake:
        for name in ("core1", "core2", "lon/core1"):
            fake.set(f"{name}/.health", "up")
            fake.set(f"{name}/system/sysName", name.replace("/", "-"))
        fake.set("core1/system/sysUpTime", "4711")
        for name, rows in ROWS.items():
            for row, values in rows.items():
                for (column, (raw, kind, units)), value in zip(COLUMNS.items(), values):
                    path = f"{name}/interfaces/{row}/{column}"
                    fake.set(path, value)
                    fake.describe(path, raw=raw, type=kind, units=units)
        fake.set("core2/system/sysLocation", "Rack 2")
        fake.fail("core2/system/sysLocation", "timeout", "no answer within 2 s; it may have happened")
        for path in WRITABLE:
            fake.set(path, "up" if path.endswith("Status") else "Rack 1")
            fake.allow(path)
        fake.allow("core1/interfaces/eth1/ifAlias")
        fake.allow("core2/system/sysLocation")
        yield fake


def test_examples_of_the_page_print_what_it_says(daemon: FakeDaemon, capsys: pytest.CaptureFixture[str]) -> None:
    text = (DOCS / "api.md").read_text("utf-8").replace('"/net"', repr(daemon.socket))
    examples = doctest.DocTestParser().get_doctest(text.replace("```", ""), {}, "api.md", "docs/api.md", 0)
    assert len(examples.examples) > 30
    results = doctest.DocTestRunner().run(examples)
    assert not results.failed, capsys.readouterr().out
