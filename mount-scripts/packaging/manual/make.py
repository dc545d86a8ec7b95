#!/usr/bin/env python3
"""Makes the manual pages and the completion: make.py TREE MODEL VERSION FOLDER.

TREE is the project's folder, MODEL what Model.java prints. What is below FOLDER then is what is below /usr/share.
"""

import json
import os
import sys
import time
from pathlib import Path

import commands
import completion
import header
import markdown
from roff import Page


def main(tree: Path, model: Path, version: str, folder: Path) -> None:
    date = time.strftime("%Y-%m-%d", time.gmtime(int(os.environ.get("SOURCE_DATE_EPOCH", time.time()))))
    root = json.loads(model.read_text())
    if missing := commands.undescribed(root):
        sys.exit(f"make.py: without a description: {', '.join(missing)}")
    pages = commands.pages(root, date, version)

    what = "configuration of aeiou: which systems there are, and how they may be asked"
    page = Page("aeiou.yaml", 5, what, date, version)
    markdown.add(page, (tree / "daemon/docs/configuration.md").read_text())
    pages.append(page)

    page = Page("aeiou.h", 3, "attach to a monitored network that aeiou mounts", date, version)
    header.add(page, (tree / "closures/src/main/c/aeiou.h").read_text(), "/* ======== How")
    pages.append(page)

    for page in pages:
        at = folder / f"man/man{page.section}"
        at.mkdir(parents=True, exist_ok=True)
        (at / f"{page.name}.{page.section}").write_text(page.text())

    for place, text in (
        ("bash-completion/completions/aeiou", completion.bash(root)),
        ("zsh/vendor-completions/_aeiou", completion.zsh(root)),
    ):
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).write_text(text)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], Path(sys.argv[4]))
