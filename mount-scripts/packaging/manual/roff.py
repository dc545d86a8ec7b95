"""A manual page in the making: what may be said on one, written in man(7), for groff and mandoc."""

import re
import textwrap

_INLINE = re.compile(
    r"(?P<code>`+)(?P<literal>.+?)(?P=code)|\*\*(?P<bold>.+?)\*\*|\*(?P<italic>\w[^*]*)\*"
    r"|\[(?P<link>(?:[^\]\\`]|`[^`]*`)+)\]\((?P<target>[^)]*)\)"
)


def plain(text: str) -> str:
    """Text as roff has it: nothing of it is a request."""
    return text.replace("\\", "\\e")


def literal(text: str) -> str:
    """The same of what is typed: a hyphen stays one, so that it can be copied."""
    return plain(text).replace("-", "\\-").replace("'", "\\(aq").replace("`", "\\(ga").replace("^", "\\(ha").replace(
        "~", "\\(ti")


def bold(text: str) -> str:
    """What is typed as it stands here."""
    return f"\\fB{literal(text)}\\fR"


def italic(text: str) -> str:
    """What something else is put in place of."""
    return f"\\fI{literal(text)}\\fR"


def marked(text: str) -> str:
    """Text with Markdown's marks in a line."""
    parts = []
    at = 0
    for found in _INLINE.finditer(text):
        parts.append(plain(text[at : found.start()]))
        at = found.end()
        if found["literal"]:
            parts.append(bold(found["literal"].strip()))
        elif found["link"]:
            # A page has no links; an address outside of the project is told.
            parts.append(marked(found["link"]))
            if found["target"].startswith("http"):
                parts.append(f" ({plain(found['target'])})")
        else:
            inner = found["bold"] or found["italic"]
            parts.append(f"\\fI{marked(inner)}\\fR" if found["italic"] else f"\\fB{marked(inner)}\\fR")
    parts.append(plain(text[at:]))
    return "".join(parts)


class Page:
    """One page; what is added stands below what was added before."""

    def __init__(self, name: str, section: int, what: str, date: str, version: str) -> None:
        self.name, self.section, self.what = name, section, what
        self._lines = [f'.TH {name.upper()} {section} {date} "aeiou {version}" "aeiou"']
        self.heading("NAME")
        self._fill(f"{literal(name)} \\- {plain(what)}")

    def text(self) -> str:
        return "\n".join(self._lines) + "\n"

    def heading(self, title: str, level: int = 1) -> None:
        self._lines.append(f".{'SH' if level == 1 else 'SS'} {plain(title)}")

    def paragraph(self, text: str) -> None:
        """A paragraph of text that is roff already, as marked() makes it."""
        if not self._lines[-1].startswith((".SH", ".SS", ".IP", ".TP")):
            self._lines.append(".PP")
        self._fill(text)

    def line(self, text: str) -> None:
        """A line that is not filled up: a synopsis."""
        self._lines += [self._guarded(text)]

    def item(self, tag: str, *texts: str) -> None:
        """Something, and what there is to say of it, each text on a line of its own."""
        self._lines += [".TP", self._guarded(tag)]
        for i, text in enumerate(text for text in texts if text):
            if i > 0:
                self._lines.append(".br")
            self._fill(text)

    def bullet(self, text: str) -> None:
        self._lines.append(".IP \\(bu 2")
        self._fill(text)

    def example(self, lines: list[str]) -> None:
        if not self._lines[-1].startswith((".SH", ".SS")):
            self._lines.append(".PP")
        self._lines += [".in +2n", ".EX"] + [
            self._guarded(literal(line)) for line in lines
        ] + [".EE", ".in"]

    def _fill(self, text: str) -> None:
        wrapped = textwrap.wrap(" ".join(text.split()), 78, break_long_words=False, break_on_hyphens=False)
        self._lines += [self._guarded(line) for line in wrapped]

    @staticmethod
    def _guarded(line: str) -> str:
        """A line of text that begins like a request, and is none."""
        return "\\&" + line if line.startswith((".", "'")) else line
