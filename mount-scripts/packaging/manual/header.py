"""Makes the manual page of a C header of its comments: of the part that programs call."""

import re

from roff import Page, bold, marked


def add(page: Page, header: str, end: str) -> None:
    """Puts it on the page, up to the section whose heading is 'end'."""
    header = header[: header.index(end)]
    opening, header = re.match(r"/\*(.*?)\*/(.*)", header, re.DOTALL).groups()
    page.heading("SYNOPSIS")
    page.example(["#include <aeiou.h>"])
    page.heading("DESCRIPTION")
    # Its first sentence is the line of NAME.
    _comment(page, _unstarred(opening).partition(". ")[2])
    header = header[header.index("/* ----") :]
    for found in re.finditer(r"(?P<comment>/\*.*?\*/\n)?(?P<code>(?:(?!\n\n|\n/\*).)*)\n", header, re.DOTALL):
        comment, code = _unstarred((found["comment"] or "").strip()[2:-2]).strip(), found["code"].strip("\n")
        if section := re.match(r"---- (.*) ----\n*(.*)", comment, re.DOTALL):
            page.heading(section[1].upper())
            comment = section[2]
        if code:
            page.example(_declared(code))
        if comment.strip():
            _comment(page, comment)


def _declared(code: str) -> list[str]:
    """A declaration as a caller sees it."""
    lines = code.replace("static inline ", "").split("\n")
    if len(lines) > 1 and not lines[0].endswith("{") and "(" in lines[0]:
        # Its second line was below the bracket.
        shift = len("static inline ")
        lines[1:] = [line[shift:] if line.startswith(" " * (shift + 2)) else line for line in lines[1:]]
    return [re.sub(r" +\\$", " \\\\", line) for line in lines]


def _unstarred(comment: str) -> str:
    return "\n".join(re.sub(r"^ \* ?", "", line).rstrip() for line in comment.split("\n")).strip("\n")


def _comment(page: Page, comment: str) -> None:
    """Paragraphs, lists, and what is set off by four spaces: an example."""
    for block in re.split(r"\n\s*\n(?!     )", comment):
        lines = block.strip("\n").split("\n")
        while lines:
            if lines[0].startswith("    "):
                end = next((i for i, line in enumerate(lines) if line[:4].strip()), len(lines))
                page.example([line[4:] for line in lines[:end]])
            elif re.match(r" +- ", lines[0]):
                end = next((i for i in range(1, len(lines)) if not lines[i].startswith("    ")), len(lines))
                page.bullet(_said(re.sub(r"^ +- ", "", " ".join(lines[:end]))))
            elif found := re.match(r"  (-?[A-Z]+) +(.*)", lines[0]):
                end = 1
                page.item(bold(found[1]), _said(found[2]))
            else:
                end = next((i for i, line in enumerate(lines) if re.match(r"    | +- |  -?[A-Z]+ ", line)), len(lines))
                page.paragraph(_said(" ".join(lines[:end]).strip()))
            del lines[:end]


def _said(text: str) -> str:
    """Text in which names of the header stand out."""
    return re.sub(r"\b(aeiou_\w+(?:\(\))?|AEIOU_\w+)", lambda found: bold(found[1]), marked_off(text))


def marked_off(text: str) -> str:
    return marked(text.replace("*", "\0")).replace("\0", "*")
