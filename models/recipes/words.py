"""Builds models/words/english.txt.gz: English words by coarse frequency, from symspellpy's dictionary.

Run once, from the root of the project, in an environment that holds symspellpy (build time only):

    python models/recipes/words.py [--out models/words/english.txt.gz]

Format of the file (gzip, UTF-8): a line a level, `LEVEL WORD WORD …`, words in alphabetical order. Level 0 holds the
most frequent words; each further level is rarer by the factor 10 ** 0.2 (about 1.6). Words that stand in no line are
unknown. The bytes depend on nothing but the dictionary: no clock, no names, one compression level.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.resources
import io
import math
from collections import defaultdict
from pathlib import Path

SOURCE = "frequency_dictionary_en_82_765.txt"
LEVELS_PER_DECADE = 5  # a level is a factor 10 ** 0.2
LARGEST = 700_000  # bytes that the file may have


def levels(source: str) -> dict[int, list[str]]:
    """Words of the dictionary by level; the dictionary holds a word and its count in each line."""
    counts: dict[str, int] = {}
    for line in source.lstrip("\ufeff").splitlines():
        word, count = line.split()
        folded = word.lower()
        if folded.replace("'", "").isalpha():
            counts[folded] = max(int(count), counts.get(folded, 0))
    top = math.log10(max(counts.values()))
    made: dict[int, list[str]] = defaultdict(list)
    for word in sorted(counts):
        made[round((top - math.log10(counts[word])) * LEVELS_PER_DECADE)].append(word)
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("models/words/english.txt.gz"))
    out: Path = parser.parse_args().out
    source = importlib.resources.files("symspellpy").joinpath(SOURCE).read_text(encoding="utf-8")
    made = levels(source)
    text = "".join(f"{level} {' '.join(words)}\n" for level, words in sorted(made.items()))
    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=buffer, compresslevel=9, mtime=0) as stream:
        stream.write(text.encode("utf-8"))
    if len(buffer.getvalue()) > LARGEST:
        raise SystemExit(f"{out}: {len(buffer.getvalue()):,} bytes, more than the {LARGEST:,} that may ship")
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(buffer.getvalue())
    print(f"{out}: {sum(map(len, made.values())):,} words in {len(made)} levels, {out.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
