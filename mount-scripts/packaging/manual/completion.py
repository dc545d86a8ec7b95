"""Makes the completion for bash and zsh, of what picocli knows of the commands."""

import shlex
from pathlib import Path
from typing import Any, Iterator

Command = dict[str, Any]
_HERE = Path(__file__).parent

# What an argument is, by what the help calls it.
_KINDS = {
    "MOUNTPOINT": "mounted",
    "SYSTEM": "system",
    "PATH": "path",
    "PATTERN": "path",
    "A": "path",
    "B": "path",
    "PATH=TEXT": "assignment",
    "FILE": "file",
    "OUT": "file",
    "FOLDER": "directory",
}
_ZSH = {
    "mounted": "_aeiou_mounted",
    "system": "_aeiou_systems",
    "path": "_aeiou_paths",
    "assignment": "_aeiou_assignments",
    "file": "_files",
    "directory": "_files -/",
    "configuration": "_aeiou_configurations",
    "": " ",
}


def _kind(names: list[str], argument: dict[str, Any], root: Command) -> str:
    if argument["candidates"]:
        return f"words{argument.get('split', '')} {' '.join(argument['candidates'])}"
    label = argument["label"]
    if label == "COMMAND":
        return f"words {' '.join(child['name'] for child in root['commands'])}"
    if label == "MOUNTPOINT" and names == ["mount"]:
        return "directory"
    is_configuration = argument["description"][0].startswith("the configuration")
    if label == "FILE" and (is_configuration or "--config" in argument.get("names", [])):
        return "configuration"
    return _KINDS.get(label, "")


def _shown(command: Command) -> list[Command]:
    return [child for child in command["commands"] if not child["hidden"]]


def _walk(command: Command, names: list[str]) -> Iterator[tuple[list[str], Command]]:
    yield names, command
    for child in _shown(command):
        yield from _walk(child, names + [child["name"]])


def bash(root: Command) -> str:
    tables: dict[str, list[str]] = {"commands": [], "options": [], "values": [], "parameters": []}

    def add(table: str, key: str, value: str) -> None:
        # The program itself has a space for its key: bash takes none that is empty.
        if value:
            tables[table].append(f"  [{shlex.quote(key or ' ')}]={shlex.quote(value)}")

    for names, command in _walk(root, []):
        key = " ".join(names)
        add("commands", key, " ".join(child["name"] for child in _shown(command)))
        options = []
        for option in command["options"]:
            for name in option["names"]:
                takes = option["takes_value"] and not option["optional_value"]
                options.append(name + ("=" if takes and name.startswith("--") else ""))
                if takes:
                    add("values", f"{key} {name}", _kind(names, option, root) or "none")
        add("options", key, " ".join(options))
        kinds = [_kind(names, each, root) + ("..." if each["several"] else "") for each in command["parameters"]]
        add("parameters", key, "|".join(kinds) if any(kinds) else "")
    text = "# shellcheck shell=bash\n"
    for name, rows in tables.items():
        text += f"declare -gA _aeiou_{name}=(\n" + "\n".join(rows) + "\n)\n"
    return text + "\n" + (_HERE / "completion.bash").read_text()


def zsh(root: Command) -> str:
    text = "#compdef aeiou\n" + (_HERE / "completion.zsh").read_text()
    for names, command in _walk(root, []):
        text += "\n" + _zsh_function(names, command, root)
    return text + '\n_aeiou "$@"\n'


def _zsh_function(names: list[str], command: Command, root: Command) -> str:
    function = "_aeiou_command_" + "_".join(names) if names else "_aeiou"
    specs = []
    for option in command["options"]:
        what = _zsh_said(" ".join(option["description"]))
        repeated = "*" if option["several"] else ""
        value = ""
        if option["takes_value"]:
            colon = "::" if option["optional_value"] else ":"
            value = f"{colon}{_zsh_said(option['label'])}:{_zsh_action(names, option, root)}"
        others = "" if repeated or len(option["names"]) < 2 else f"({' '.join(option['names'])})"
        for name in option["names"]:
            equals = "=" if option["takes_value"] and name.startswith("--") else ""
            specs.append(f"{others}{repeated}{name}{equals}[{what}]{value}")
    lines = [f"{function}() {{"]
    if command["commands"]:
        lines += ["  local curcontext=$curcontext state line", "  local -A opt_args", "  local -a commands=("]
        lines += [
            "    " + shlex.quote(f"{child['name']}:{_zsh_said(child['description'][0])}")
            for child in _shown(command)
        ]
        lines += ["  )"]
        specs += ["1:command:->command", "*::argument:->argument"]
    else:
        for i, parameter in enumerate(command["parameters"]):
            place = "*" if parameter["several"] else str(i + 1)
            colon = ":" if parameter["required"] or place == "*" else "::"
            specs.append(f"{place}{colon}{_zsh_said(parameter['label'])}:{_zsh_action(names, parameter, root)}")
        lines += ["  local -A opt_args"]
    lines += ["  _arguments -s -S -C \\"] + ["    " + shlex.quote(spec) + " \\" for spec in specs]
    lines[-1] = lines[-1][:-2]
    if command["commands"]:
        lines += [
            "  case $state in",
            "    command) _describe command commands ;;",
            "    argument)",
            f"      if (($+functions[_aeiou_command_{''.join(name + '_' for name in names)}$line[1]])); then",
            f"        _aeiou_command_{''.join(name + '_' for name in names)}$line[1]",
            "      fi",
            "      ;;",
            "  esac",
        ]
    return "\n".join(lines + ["}"]) + "\n"


def _zsh_action(names: list[str], argument: dict[str, Any], root: Command) -> str:
    kind = _kind(names, argument, root)
    if kind.startswith("words,"):
        return f"_values -s , {_zsh_said(argument['label'])} {kind.partition(' ')[2]}"
    if kind.startswith("words"):
        return f"({kind.partition(' ')[2]})"
    return _ZSH[kind]


def _zsh_said(text: str) -> str:
    """Text in a specification, in which a colon and brackets mean something."""
    for mark in "\\:[]":
        text = text.replace(mark, "\\" + mark)
    return text
