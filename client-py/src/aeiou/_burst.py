"""Which implementation does what is done to many requests at once: ``_native.c`` if it was built, else ``_pure``.

``AEIOU_PURE=1`` in the environment chooses the latter.
"""

from __future__ import annotations

import os
from typing import Callable, Optional

from . import _layout as layout
from . import _pure
from ._entry import Entry

#: How the functions of what was built are called; another number, and it was built of another version.
_CALLS = 2

try:
    from . import _native

    #: Whether it was built.
    NATIVE = _native.CALLS == _CALLS
    if NATIVE:
        _native.setup(Entry, layout.REASONS, layout.CANCEL_ANSWERS)
except ImportError:
    NATIVE = False

misses = _pure.misses
fill = _pure.fill
#: None if :meth:`Completions.take` does all of it.
take: Optional[Callable[..., int]] = None


def use(native: bool) -> None:
    """Chooses the one or the other, for all that is done from now on.

    :raises RuntimeError: if that is not there
    """
    global misses, fill, take
    if native and not NATIVE:
        raise RuntimeError("aeiou._native was not built: pip install ./client-py, where there is a compiler")
    misses = _native.misses if native else _pure.misses
    fill = _native.fill if native else _pure.fill
    take = _native.take if native else None


use(NATIVE and not os.environ.get("AEIOU_PURE"))
