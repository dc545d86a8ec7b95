"""Makes a manual page of a document in Markdown: of what the documents of this project use of it."""

import re

from roff import Page, bold, marked

# What columns of settings are headed by, and how a page puts it before the cell.
_SETTINGS = {"what it takes": "takes", "values": "takes", "if missing": "default", "default": "default"}


def add(page: Page, document: str, first_heading: str = "DESCRIPTION") -> None:
    """Puts a document on a page. Its title is left out, its sections become the page's."""
    lines = document.split("\n")
    at = 0
    begun = False
    while at < len(lines):
        line = lines[at]
        if line.startswith("<!--"):
            while "-->" not in lines[at]:
                at += 1
            at += 1
        elif not line.strip():
            at += 1
        elif found := re.match(r"(#+) (.*)", line):
            level = len(found[1])
            if level > 1:
                # What a document says before its first section is the page's description.
                title = re.sub(r"[`*]", "", found[2])
                page.heading(title.upper() if level == 2 else title, 1 if level == 2 else 2)
                begun = True
            at += 1
        else:
            if not begun:
                page.heading(first_heading)
                begun = True
            at = _block(page, lines, at)


def _block(page: Page, lines: list[str], at: int) -> int:
    """Puts what begins at a line on the page; returns where it ends."""
    line = lines[at]
    if line.startswith("```"):
        end = next(i for i in range(at + 1, len(lines)) if lines[i].startswith("```"))
        page.example(lines[at + 1 : end])
        return end + 1
    if line.startswith("|"):
        end = _end(lines, at, lambda text: text.startswith("|"))
        _table(page, lines[at:end])
        return end
    if re.match(r"[-*] |\d+\. ", line):
        end = _end(lines, at, lambda text: text.strip() != "" and not text.startswith("#"))
        for text in re.split(r"\n(?:[-*]|\d+\.) ", "\n" + "\n".join(lines[at:end]))[1:]:
            page.bullet(marked(" ".join(text.split())))
        return end
    end = _end(lines, at, lambda text: text.strip() != "" and not text.startswith(("#", "|", "```")))
    page.paragraph(marked(" ".join(lines[at:end])))
    return end


def _end(lines, at, belongs) -> int:
    return next((i for i in range(at, len(lines)) if not belongs(lines[i])), len(lines))


def _cells(row: str) -> list[str]:
    """The cells of a row; a bar in `code` or behind a backslash is none of the table's."""
    cells = re.findall(r"((?:`[^`]*`|\\\||[^|`])*)\|", row.strip().lstrip("|"))
    return [cell.strip().replace("\\|", "|") for cell in cells]


def _table(page: Page, rows: list[str]) -> None:
    """Each row becomes an item: its first cell, and what the others say of it."""
    head = _cells(rows[0])
    for row in rows[2:]:
        cells = _cells(row)
        settings = [
            f"{_SETTINGS[name]}: {marked(cell)}" for name, cell in zip(head, cells) if cell and name in _SETTINGS
        ]
        told = [marked(cell) for name, cell in zip(head[1:], cells[1:]) if name not in _SETTINGS]
        tag = cells[0]
        page.item(marked(tag) if tag else bold("-"), *told, "; ".join(settings))
