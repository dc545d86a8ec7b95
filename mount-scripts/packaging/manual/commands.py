"""Manual pages of the commands, of what picocli knows of them."""

import re
from pathlib import Path
from typing import Any

import markdown
from roff import Page, bold, italic, plain

_HERE = Path(__file__).parent

# What steers a mount is the administrator's: section 8.
_ADMINISTRATION = {"mount", "umount", "reload", "forget", "status", "mount.aeiou"}

Command = dict[str, Any]


def section(name: str) -> int:
    """The section of a command, by its name without 'aeiou'."""
    return 8 if name in _ADMINISTRATION else 1


def pages(root: Command, date: str, version: str) -> list[Page]:
    """A page of each command, and of the program."""
    made = [_program(root, date, version)]
    todo = [([child["name"]], child) for child in root["commands"]]
    while todo:
        names, command = todo.pop(0)
        if names == ["help"]:
            continue
        made.append(_page(names, command, root, date, version))
        todo[:0] = [(names + [child["name"]], child) for child in command["commands"]]
    return made


def _first(command: Command) -> str:
    """The first sentence of what a command does, without its full stop."""
    return re.split(r"(?<=[^.])\.(?:\s|$)", " ".join(command["description"]))[0]


def _what(command: Command) -> str:
    """The same as the line of NAME has it."""
    return _first(command)[:1].lower() + _first(command)[1:]


def _program(root: Command, date: str, version: str) -> Page:
    page = Page("aeiou", 1, _what(root), date, version)
    page.heading("SYNOPSIS")
    page.line(f"{bold('aeiou')} {italic('COMMAND')} [{italic('OPTION')}...] [{italic('ARGUMENT')}...]")
    page.heading("COMMANDS")
    for child in root["commands"]:
        if child["name"] != "help" and not child["hidden"]:
            page.item(f"{bold('aeiou-' + child['name'])}({section(child['name'])})", _text(_first(child) + "."))
    page.heading("OPTIONS")
    _arguments(page, root)
    _exit_codes(page, root)
    _footer(page, root)
    _more(page)
    return page


def _page(names: list[str], command: Command, root: Command, date: str, version: str) -> Page:
    # What is hidden is run under a name of its own.
    words = names if command["hidden"] else ["aeiou", *names]
    page = Page("-".join(words), section(names[0]), _what(command), date, version)
    page.heading("SYNOPSIS")
    page.line(" ".join([bold(" ".join(words)), *_synopsis(command)]))
    page.heading("DESCRIPTION")
    for paragraph in command["description"]:
        page.paragraph(_text(paragraph))
    if command["commands"]:
        page.heading("COMMANDS")
        for child in command["commands"]:
            page.item(
                f"{bold('-'.join(['aeiou', *names, child['name']]))}({section(names[0])})",
                _text(_first(child) + "."),
            )
    page.heading("OPTIONS")
    _arguments(page, command)
    _footer(page, command)
    _exit_codes(page, command if command["exit_codes"] else root)
    _more(page)
    page.heading("SEE ALSO")
    others = ["aeiou(1)", "aeiou.yaml(5)", "mount.aeiou(8)" if not command["hidden"] else "mount(8)"]
    page.paragraph(", ".join(bold(other[:-3]) + other[-3:] for other in others))
    return page


def _more(page: Page) -> None:
    """What is to be said of a command beside its help: a document of the page's name."""
    document = _HERE / f"{page.name}.md"
    if document.exists():
        markdown.add(page, document.read_text())


def _synopsis(command: Command) -> list[str]:
    parts = []
    for option in sorted(command["options"], key=lambda option: not option["required"]):
        if "--help" in option["names"] or "--version" in option["names"]:
            continue
        text = bold(option["names"][-1]) + _value(option, option["names"][-1])
        parts.append(text if option["required"] else f"[{text}]")
    if command["commands"]:
        parts.append(italic("COMMAND"))
    for parameter in command["parameters"]:
        text = italic(parameter["label"]) + ("..." if parameter["several"] else "")
        parts.append(text if parameter["required"] else f"[{text}]")
    return parts


def _value(option: dict[str, Any], name: str) -> str:
    if not option["takes_value"]:
        return ""
    value = italic(option["label"])
    if option.get("split"):
        value += f"[{plain(option['split'])}{italic(option['label'])}...]"
    if not name.startswith("--"):
        return f" {value}"
    return f"[={value}]" if option["optional_value"] else f"={value}"


def undescribed(command: Command, words: tuple[str, ...] = ()) -> list[str]:
    """What of a command, and of those below it, has no description."""
    words = (*words, command["name"])
    found = [] if " ".join(command["description"]).strip() else [" ".join(words)]
    for argument in command["options"] + command["parameters"]:
        if not " ".join(argument["description"]).strip():
            found.append(" ".join([*words, argument.get("names", [argument["label"]])[0]]))
    for child in command["commands"]:
        found += undescribed(child, words)
    return found


def _arguments(page: Page, command: Command) -> None:
    for parameter in command["parameters"]:
        page.item(
            italic(parameter["label"]) + ("..." if parameter["several"] else ""),
            _text(" ".join(parameter["description"])),
            _candidates(parameter),
        )
    for option in command["options"]:
        names = ", ".join(bold(name) for name in option["names"])
        page.item(
            names + _value(option, option["names"][-1]),
            _text(" ".join(option["description"])),
            _candidates(option),
        )


def _candidates(argument: dict[str, Any]) -> str:
    """What it may be, if the text does not say that."""
    said = " ".join(argument["description"])
    missing = [word for word in argument["candidates"] if word not in said]
    return "One of " + ", ".join(bold(word) for word in argument["candidates"]) + "." if missing else ""


def _text(text: str) -> str:
    """Help texts have one mark: what is typed stands in quotes."""
    return re.sub(r"(?<!\w)'([^']+)'(?!\w)", lambda found: bold(found[1]), plain(text))


def _exit_codes(page: Page, command: Command) -> None:
    page.heading("EXIT STATUS")
    for code, meaning in command["exit_codes"].items():
        page.item(bold(code.strip()), _text(meaning))


def _footer(page: Page, command: Command) -> None:
    """Below the help: examples, set off by two spaces, below a line that ends with a colon; and paragraphs."""
    block: list[str] = []

    def flush() -> None:
        while block:
            indented = block[0].startswith("  ")
            end = next((i for i, text in enumerate(block) if text.startswith("  ") != indented), len(block))
            if indented:
                page.example([text[2:] for text in block[:end]])
            elif block[0].rstrip().endswith(":") and end == 1:
                page.heading(block[0].strip().rstrip(":").upper())
            else:
                topic, _, rest = " ".join(block[:end]).partition(": ")
                if rest and len(topic.split()) < 3:
                    page.heading(topic.upper())
                    page.paragraph(_text(rest[:1].upper() + rest[1:]))
                else:
                    page.paragraph(_text(" ".join(block[:end])))
            del block[:end]

    for line in command["footer"] + [""]:
        if line.strip():
            block.append(line)
        else:
            flush()
