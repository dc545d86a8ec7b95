"""What is done to many requests at once."""

from __future__ import annotations

from ._pure import fill, misses

__all__ = ["fill", "misses"]
