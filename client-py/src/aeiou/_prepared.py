"""Paths that are asked for together: as a program gives them, and as they are prepared for more than once."""

from __future__ import annotations

from itertools import islice
from typing import Iterable, Iterator, List, NamedTuple, Optional, Sequence, Union, overload

from ._errors import NameTooLong, no_path
from ._pure import wanted_of

#: How many paths are looked at together.
_MOST = 4096

#: How far an iterator is read ahead of what is asked for.
_AHEAD = 1024


class Burst(NamedTuple):
    """Some paths.

    :ivar names: for each, what a page has of it; None if that is not known
    :ivar wanted: for each, what a slot of the value table has of it; None if that is not known
    """

    paths: Sequence[str]
    names: Optional[Sequence[bytes]] = None
    wanted: Optional[Sequence[int]] = None


class Prepared(Sequence[str]):
    """Paths that were looked at once, for all the bursts they are read in; made by :meth:`Attachment.prepare`.

    Is a sequence of these paths. Does not change; any attachment with pages as long may read it, on any thread.
    """

    __slots__ = ("_paths", "_names", "_wanted")

    def __init__(self, paths: Iterable[str], room: int) -> None:
        if isinstance(paths, str):
            raise TypeError(f"{paths!r} is one path; net.prepare() takes a list of them")
        self._paths: List[str] = list(paths)
        self._names: List[bytes] = [name_of(path, room) for path in self._paths]
        self._wanted: List[int] = [wanted_of(path) for path in self._paths]

    def __len__(self) -> int:
        return len(self._paths)

    @overload
    def __getitem__(self, index: int) -> str: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...

    def __getitem__(self, index: Union[int, slice]) -> Union[str, Sequence[str]]:
        return self._paths[index]

    def __repr__(self) -> str:
        return f"<Prepared {len(self)} paths>"

    def bursts(self) -> Iterator[Burst]:
        """All of them, some at a time."""
        for i in range(0, len(self._paths), _MOST):
            yield Burst(self._paths[i : i + _MOST], self._names[i : i + _MOST], self._wanted[i : i + _MOST])


def bursts(paths: Iterable[str]) -> Iterator[Burst]:
    """Paths as a program gives them, some at a time."""
    if isinstance(paths, Prepared):
        yield from paths.bursts()
    elif isinstance(paths, (list, tuple)):
        for i in range(0, len(paths), _MOST):
            yield Burst(paths[i : i + _MOST])
    else:
        following = iter(paths)
        while True:
            some: List[str] = []
            try:
                some.extend(islice(following, _AHEAD))
            except Exception:
                # Those before it are asked for first.
                yield Burst(some)
                raise
            if not some:
                return
            yield Burst(some)


def name_of(path: str, room: int) -> bytes:
    """A path as a page has it.

    :param room: how long it may be
    :raises NameTooLong: if it is longer
    :raises ValueError: if it is text that is no name
    :raises TypeError: if it is no text
    """
    try:
        name = path.encode("utf-8", "surrogateescape")
    except AttributeError:
        raise no_path(path) from None
    if len(name) > room:
        why = f"is {len(name)} bytes long; a page has room for {room}: attach with larger pages"
        raise NameTooLong(path, "name too long", why)
    return name
