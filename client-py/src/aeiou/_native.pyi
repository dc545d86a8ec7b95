"""What _native.c has; see there, and _pure."""

from typing import Any, Dict, List, Optional, Sequence, Tuple

from ._entry import Entry
from ._request import Due, Pending, Request, Sink

CALLS: int

def misses(
    words: memoryview, slots: int, paths: Sequence[str], wanted: Optional[Sequence[int]], begin: int, end: int, now: int
) -> int: ...
def fill(
    views: Tuple[memoryview, memoryview, memoryview],
    geometry: Tuple[int, int, int],
    free: List[int],
    pending: List[Optional[Pending]],
    paths: Sequence[str],
    names: Optional[Sequence[bytes]],
    begin: int,
    end: int,
    numbers: Tuple[int, int, int, int, int],
    sink: Sink,
    contexts: Sequence[Any],
) -> int: ...
def take(
    memory: Any,
    submissions: memoryview,
    geometry: Tuple[int, int, int, int, int],
    head: int,
    pending: List[Optional[Pending]],
    free: List[int],
    watches: Dict[int, Request],
    due: Due,
) -> int: ...
def setup(entry: type[Entry], reasons: Tuple[str, ...], answers: Tuple[str, ...]) -> None: ...
