"""Writing: what a page has of a text, and what a write ends in."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, NamedTuple, Optional

from ._entry import Entry


class Change(NamedTuple):
    """What a write made of one attribute; the texts have no newline at their end.

    :ivar before: what it was; None if there was nothing
    :ivar after: what was read back, which may be another text than was written; None if it could not be read
    """

    before: Optional[str]
    after: Optional[str]


class Written(Entry):
    """A write that was done: its value is what was read back of the attribute, empty if it could not be read."""

    __slots__ = ("_changes",)
    _changes: Dict[str, Change]

    def _of(self, context: Any) -> Entry:
        entry = super()._of(context)
        assert isinstance(entry, Written)
        entry._changes = self._changes
        return entry

    @property
    def stale(self) -> bool:
        return False

    @property
    def written(self) -> Dict[str, Change]:
        return dict(self._changes)


def text_of(text: str, also: Optional[Mapping[str, str]]) -> bytes:
    """What a page has behind the path.

    :raises ValueError: if a name or a text holds a NUL
    :raises TypeError: if one is no text
    """
    parts: List[str] = [text]
    for name, further in (also or {}).items():
        parts += (name, further)
    for part in parts:
        if not isinstance(part, str):
            raise TypeError(f"{part!r} is no text; write what the file would have, as in 'down' or '1500'")
        if "\0" in part:
            raise ValueError(f"{part!r} has a NUL in it, which no value that is text has")
    return "".join(f"\0{part}" for part in parts).encode("utf-8", "surrogateescape")


def written(told: Entry) -> Entry:
    """The entry of a write, of which the daemon tells what was before and what is now."""
    if told.reason:
        return told
    parts = told._value.decode("utf-8", "surrogateescape").split("\0")
    if len(parts) % 3 != 1 or parts[-1] or len(parts) == 1:
        why = "what was written is told in another way than in protocol 1.4"
        return Entry(told.path, "bad answer", why.encode(), 0, 0, 0, 0)
    changes = {
        name: Change(_read(before), _read(after)) for name, before, after in zip(parts[0::3], parts[1::3], parts[2::3])
    }
    now = next(iter(changes.values())).after or ""
    value = now.encode("utf-8", "surrogateescape")
    entry = Written(told.path, "", value, told.taken, told.changed, told._fresh, told._usable)
    entry._changes = changes
    return entry


def _read(text: str) -> Optional[str]:
    return text[1:] if text.startswith("=") else None
