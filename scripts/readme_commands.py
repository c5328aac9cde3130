"""Prints one of the README's commands, so that what CI runs is what a newcomer reads: `readme_commands.py run|test`."""

from __future__ import annotations

import re
import sys
from pathlib import Path

README = Path(__file__).resolve().parent.parent / "README.md"


def command(name: str) -> str:
    """The shell block that follows the comment `<!-- command: NAME -->` in the README."""
    text = README.read_text(encoding="utf-8")
    found = re.search(rf"<!-- command: {re.escape(name)} -->\s*```sh\n(.*?)```", text, re.DOTALL)
    if not found:
        sys.exit(f"{README.name}: no shell block after <!-- command: {name} -->")
    return found.group(1)


if __name__ == "__main__":
    sys.stdout.write(command(sys.argv[1]))
