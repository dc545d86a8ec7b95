"""Chains: which step follows which, and what the outcome of each is."""

from __future__ import annotations

from typing import Any, Iterator, List

import pytest

import aeiou
from aeiou.testing import FakeDaemon

SYSTEM = "core1/system"
NAME = SYSTEM + "/sysName"
VALUES = {NAME: "core1", SYSTEM + "/sysServices": "0", "core1/rows/a/x": "1", "core1/rows/b/y": "2"}
GONE = SYSTEM + "/sysContact"


@pytest.fixture
def net() -> Iterator[aeiou.Attachment]:
    with FakeDaemon({**VALUES, GONE: "", "core1/rows/c/x": "3"}) as daemon:
        daemon.fail(GONE, "absent")
        daemon.fail("core1/rows/c/x", "timeout", "core1 does not answer")
        with aeiou.attach(daemon.socket) as attached:
            yield attached


def ends(net: aeiou.Attachment, *steps: aeiou.Want) -> List[aeiou.Entry]:
    came: List[aeiou.Entry] = []
    with net.begin() as group:
        group.chain(steps, lambda delayed, entry: came.append(entry))
    assert group.wait(2) and len(came) == len(steps)
    return came


def shown(net: aeiou.Attachment, *steps: aeiou.Want) -> List[str]:
    return [entry.message or str(entry) for entry in ends(net, *steps)]


def test_chain_stops_at_an_absence_or_a_reading_if_told_to(net: aeiou.Attachment) -> None:
    over = "the chain ended before this step"
    follows, nothing = aeiou.read(NAME), aeiou.read(SYSTEM + "/nothing")
    assert shown(net, aeiou.read(GONE).stop_on_absent(), follows) == ["(absent)", over]
    assert shown(net, nothing.stop_on_absent(), follows) == ["there is no 'nothing'", "core1"]
    assert shown(net, follows.stop_on_absent(), follows) == ["core1", "core1"]
    assert shown(net, follows.stop_on_reading(), follows) == ["core1", over]
    assert shown(net, nothing.stop_on_reading(), follows) == ["there is no 'nothing'", "core1"]


def test_step_is_left_out_on_a_condition_and_the_one_behind_it_has_the_value(net: aeiou.Attachment) -> None:
    zero = aeiou.read(SYSTEM + "/sysServices")
    last = aeiou.read("{}/system/sysServices")
    system = aeiou.read(NAME)
    assert shown(net, system.stop_on_nonzero().skip_next(), zero, last) == ["core1", "skipped", "0"]
    assert shown(net, zero.stop_on_nonzero().skip_next(), system, last) == ["0", "core1", "0"]
    assert shown(net, zero.stop_on_zero().skip_next(), system) == ["0", "skipped"]
    listing = aeiou.list_names("core1/rows").stop_on_nonzero().skip_next()
    assert ends(net, listing, system, aeiou.each("core1/rows/{}/x"))[2].table == {"a": "1", "b": "", "c": "3"}


def test_each_name_has_an_outcome_of_its_own_as_a_group(net: aeiou.Attachment) -> None:
    names, group = ends(net, aeiou.list_names("core1/rows"), aeiou.each("core1/rows/{}/x").as_group())
    assert names.names == ["a", "b", "c"]
    assert group.readings == {"a": "1", "b": None, "c": None}
    assert group.readings.reasons == {"b": "unknown name", "c": "timeout"}
    assert group.readings.messages["c"] == "core1 does not answer"


def test_step_may_be_a_stat_or_a_description(net: aeiou.Attachment) -> None:
    stated, described, read = ends(net, aeiou.stat(SYSTEM), aeiou.describe(NAME), aeiou.read(NAME))
    assert oct(stated.stat.st_mode) == "0o40555"
    assert (described.value, read.value) == ("core1", "core1")
    assert [e.reason for e in ends(net, aeiou.stat("no").stop_on_error(), aeiou.describe(NAME))] == [
        "unknown name",
        "cancelled",
    ]


def test_what_contradicts_itself_is_refused(net: aeiou.Attachment) -> None:
    with pytest.raises(ValueError, match="reads one thing; aeiou.each"):
        aeiou.read(NAME).as_group()
    assert shown(net, aeiou.read(NAME).skip_next()) == ["'skip' goes with a condition to stop"]
    given: Any = aeiou.read_group(SYSTEM)
    with pytest.raises(TypeError, match=r"is no step of a chain; those are aeiou.read\(\), fetch\(\)"):
        net.begin().chain([given], print)
