"""The order in which the daemon sees what is written here.

Python has no fences. Taking a lock is one on x86-64, because it takes a locked instruction, and all
that is missing there is an order between a store and a load behind it. Elsewhere it is only half of
one: a store may still be seen late. So nothing relies on it there: the daemon is always sent its
byte, and nothing sleeps longer than :data:`LONGEST_SLEEP` without looking.
"""

from __future__ import annotations

import platform

#: Whether ``with lock: pass`` is a full fence.
LOCK_IS_FENCE = platform.machine() in ("x86_64", "AMD64")

#: For how many seconds one may sleep on the bell at a time; a day, as ``poll`` counts milliseconds in 32 bits.
LONGEST_SLEEP = 86400.0 if LOCK_IS_FENCE else 0.02
