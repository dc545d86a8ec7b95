"""Which modules of the package know which others."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Dict, Set

import aeiou

SOURCE = Path(aeiou.__file__).parent


def imports_of(file: Path) -> Set[str]:
    """The modules of this package that a file imports, for type checkers and inside functions, too."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            folder = file.parents[node.level - 1]
            for name in [node.module] if node.module else [alias.name for alias in node.names]:
                found.add(str(folder.joinpath(*name.split("."))))
    return found


def test_no_module_imports_itself_by_way_of_others() -> None:
    modules: Dict[str, Set[str]] = {str(file.with_suffix("")): imports_of(file) for file in SOURCE.rglob("*.py")}
    assert str(SOURCE / "_entry") in modules[str(SOURCE / "_request")]
    in_order: Set[str] = set()
    while True:
        # What imports only modules that are in order is in order itself; what is left goes round in circles.
        free = {module for module, wanted in modules.items() if wanted & modules.keys() <= in_order}
        if free <= in_order:
            break
        in_order |= free
    assert sorted(modules.keys() - in_order) == []
