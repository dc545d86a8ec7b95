"""What a generator closure yields, and what a chain is made of."""

from __future__ import annotations

from typing import Any, Generator, NamedTuple, Sequence, Tuple

from . import _layout as layout
from ._entry import Entry
from ._request import Step


class Want(NamedTuple):
    """What a generator closure yields, or a step of a chain: see :func:`read`, :func:`list_names` and :func:`each`."""

    operation: int
    path: str
    flags: int = 0

    def stop_on_error(self) -> Want:
        """In a chain: nothing follows if this has no reading."""
        return self._replace(flags=self.flags | layout.STOP_ON_ERROR)

    def stop_on_zero(self) -> Want:
        """In a chain: nothing follows if this is 0, or no reading."""
        return self._replace(flags=self.flags | layout.STOP_ON_ZERO)

    def stop_on_nonzero(self) -> Want:
        """In a chain: nothing follows if this is anything but 0."""
        return self._replace(flags=self.flags | layout.STOP_ON_NONZERO)


def read(path: str) -> Want:
    """For a generator closure: ``entry = yield aeiou.read(path)``."""
    return Want(layout.READ, path)


def list_names(path: str) -> Want:
    """For a generator closure: ``names = (yield aeiou.list_names(path)).names``; as in :meth:`Attachment.list`."""
    return Want(layout.LIST, path)


def read_group(path: str) -> Want:
    """For a generator closure: ``readings = (yield aeiou.read_group(path)).readings``; as :meth:`Group.read_group`."""
    return Want(layout.READ_GROUP, path)


def each(path: str) -> Want:
    """In a chain, behind a :func:`list_names`: reads a path for each name, which is put in the place of ``{}``.

    The entry's :attr:`Entry.table` has the values by name.
    """
    return Want(layout.READ, path, layout.EACH)


#: A generator closure: yields wants, is sent their entries.
Steps = Generator[Want, Entry, Any]


def want(given: Any) -> Want:
    """What a generator closure has yielded.

    :raises TypeError: if it is nothing that can be asked for
    """
    if not isinstance(given, Want):
        raise TypeError(f"{given!r} cannot be asked for; yield aeiou.read(path) or aeiou.list_names(path)")
    if given.flags & layout.EACH:
        raise TypeError(f"aeiou.each({given.path!r}) is a step of a chain: use it with group.chain()")
    return given


def generator(given: Any) -> Steps:
    """What ``group.run`` was given.

    :raises TypeError: if it is no generator
    """
    if isinstance(given, Generator):
        return given
    if callable(given):
        name = getattr(given, "__qualname__", repr(given))
        raise TypeError(f"{name} is a function; call it, so that there is a generator: group.run({name}(…))")
    raise TypeError(f"{given!r} is no generator; group.run() runs what yields aeiou.read(path)")


def chain_steps(given: Sequence[Want]) -> Tuple[Step, ...]:
    """The steps of a chain.

    :raises ValueError: if there are none, or too many
    :raises TypeError: if one is nothing that can be asked for
    """
    if not 0 < len(given) <= layout.MOST_STEPS:
        raise ValueError(f"a chain has 1 to {layout.MOST_STEPS} steps, not {len(given)}")
    for step in given:
        if not isinstance(step, Want) or step.operation == layout.READ_GROUP:
            raise TypeError(f"{step!r} is no step of a chain; those are aeiou.read(), list_names() and each()")
    return tuple(Step(step.operation, step.path, step.flags) for step in given)
