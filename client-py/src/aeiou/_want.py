"""What a generator closure yields, and what a chain is made of."""

from __future__ import annotations

from collections import abc
from types import CoroutineType
from typing import Any, Generator, List, NamedTuple, Sequence, Tuple, Union

from . import _layout as layout
from ._entry import Entry
from ._request import Step


class Want(NamedTuple):
    """What a generator closure yields, or a step of a chain; made by :func:`read` and the functions beside it."""

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

    def stop_on_absent(self) -> Want:
        """In a chain: nothing follows if the system does not have this."""
        return self._replace(flags=self.flags | layout.STOP_ON_ABSENT)

    def stop_on_reading(self) -> Want:
        """In a chain: nothing follows if this has a reading."""
        return self._replace(flags=self.flags | layout.STOP_ON_READING)

    def skip_next(self) -> Want:
        """In a chain: where a condition to stop holds, only the next step is left out, and the one behind it follows."""
        return self._replace(flags=self.flags | layout.SKIP)

    def as_group(self) -> Want:
        """Of an :func:`each`: every name has an outcome of its own, in :attr:`Entry.readings`.

        :raises ValueError: of anything else
        """
        if not self.flags & layout.EACH:
            raise ValueError(f"{self!r} reads one thing; aeiou.each(path).as_group() reads one for each name")
        return self._replace(flags=self.flags | layout.EACH_AS_GROUP)


def read(path: str) -> Want:
    """For a generator closure: ``entry = yield aeiou.read(path)``."""
    return Want(layout.READ, path)


def fetch(path: str) -> Want:
    """For a generator closure: the value as it is now, whatever is cached; as :meth:`Group.fetch`."""
    return Want(layout.READ, path, layout.FORCE_MISS)


def stat(path: str) -> Want:
    """For a generator closure: ``size = (yield aeiou.stat(path)).stat.st_size``; as :meth:`Group.stat`."""
    return Want(layout.STAT, path)


def describe(path: str) -> Want:
    """For a generator closure: ``units = (yield aeiou.describe(path)).units``; as :meth:`Group.describe`."""
    return Want(layout.DESCRIBE, path)


def list_names(path: str) -> Want:
    """For a generator closure: ``names = (yield aeiou.list_names(path)).names``; as in :meth:`Attachment.list`."""
    return Want(layout.LIST, path)


def read_group(path: str) -> Want:
    """For a generator closure: ``readings = (yield aeiou.read_group(path)).readings``; as :meth:`Group.read_group`."""
    return Want(layout.READ_GROUP, path)


def each(path: str) -> Want:
    """In a chain, behind a :func:`list_names`: reads a path for each name, which is put in the place of ``{}``.

    The entry's :attr:`Entry.table` has the values by name; or, with :meth:`Want.as_group`, its :attr:`Entry.readings`.
    """
    return Want(layout.READ, path, layout.EACH)


#: A generator closure: yields wants, and is sent their entries; or lists of them, and is sent lists; or other generators,
#: and is sent what they return.
Steps = Generator[Union[Want, "Steps", List[Any], Tuple[Any, ...]], Any, Any]

_MAY = (
    "a generator closure may yield aeiou.read(path), fetch, stat, list_names, describe or read_group, a list of those, "
    "or another generator"
)


def check_wanted(given: Any) -> None:
    """Refuses what a generator closure has yielded, and is nothing that it can wait for.

    :raises TypeError: with what it may yield
    """
    if isinstance(given, Want):
        if given.flags & ~layout.FORCE_MISS:
            what = f"aeiou.each({given.path!r})" if given.flags & layout.EACH else f"{given!r} with its conditions"
            raise TypeError(f"{what} is a step of a chain: use it with group.chain()")
    elif isinstance(given, (list, tuple)):
        for part in given:
            check_wanted(part)
    elif not isinstance(given, abc.Generator):
        raise TypeError(f"{_shown(given)} cannot be waited for; {_MAY}")


def _shown(given: Any) -> str:
    if isinstance(given, CoroutineType):
        given.close()
        return f"{given.__qualname__}(…) is a coroutine, which"
    if callable(given) and hasattr(given, "__qualname__"):
        return f"{given.__qualname__} is a function, which"
    return repr(given)


def generator(given: Any) -> Steps:
    """What ``group.run`` was given.

    :raises TypeError: if it is no generator
    """
    if isinstance(given, abc.Generator):
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
            may = "aeiou.read(), fetch(), stat(), list_names(), describe() and each()"
            raise TypeError(f"{step!r} is no step of a chain; those are {may}")
    return tuple(Step(step.operation, step.path, step.flags) for step in given)
