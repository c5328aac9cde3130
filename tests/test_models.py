"""Model files: where they lie, and that none is used that is not the one its manifest describes."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.errors import ModelError
from grader.models import ModelFile, load_manifest, models_path, short_hash, verified, verify_all

ROOT = Path(__file__).resolve().parents[1]
CONTENT = {"encoder/a.bin": b"first", "words/b.txt": b"second"}


def entry(name: str, content: bytes) -> dict[str, Any]:
    return {
        "name": name,
        "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
        "licence": "Apache-2.0",
        "source": "this test",
        "kind": name.partition("/")[0],
        "version": "1",
    }


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A models folder of two small files, made the current one."""
    for name, content in CONTENT.items():
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_bytes(content)
    write_manifest(tmp_path, [entry(name, content) for name, content in CONTENT.items()])
    monkeypatch.setenv("GRADER_MODELS", str(tmp_path))
    return tmp_path


def write_manifest(folder: Path, files: list[dict[str, Any]]) -> None:
    (folder / "manifest.json").write_text(json.dumps({"format": 1, "files": files}), encoding="utf-8")


def test_the_environment_names_the_folder(folder: Path) -> None:
    assert models_path() == folder


def test_a_checkout_has_its_models_beside_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GRADER_MODELS", raising=False)
    assert models_path() == ROOT / "models"


@pytest.mark.parametrize(
    ("folders", "expected"),
    [
        pytest.param(["grader/_models"], "grader/_models", id="installed"),
        pytest.param(["models"], "models", id="checkout"),
        pytest.param(["grader/_models", "models"], "grader/_models", id="another package's models beside ours"),
        pytest.param([], "grader/_models", id="none"),
    ],
)
def test_where_the_models_lie(folders: list[str], expected: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "grader", tmp_path / "grader", ignore=shutil.ignore_patterns("_models", "__pycache__"))
    for name in folders:
        (tmp_path / name).mkdir()
    found = subprocess.run(
        [sys.executable, "-c", "from grader.models import models_path; print(models_path())"],
        cwd=tmp_path,
        env={name: value for name, value in os.environ.items() if name not in ("GRADER_MODELS", "PYTHONPATH")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(found.stdout.strip()) == (tmp_path / expected).resolve()


def test_a_good_file_is_found_and_described(folder: Path) -> None:
    assert verified("words/b.txt") == folder / "words/b.txt"
    manifest = load_manifest()
    assert manifest.path == folder / "manifest.json"
    assert manifest["words/b.txt"] == ModelFile(**entry("words/b.txt", b"second"))
    assert [file.name for file in manifest.of_kind("encoder")] == ["encoder/a.bin"]
    assert manifest.of_kind("judge") == ()
    assert all(one.problem is None for one in verify_all())


def replace_by_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


SPOILT = [
    pytest.param(lambda path: path.unlink(), "is missing", id="missing"),
    pytest.param(lambda path: path.write_bytes(b"sEcond"), "is altered: its sha256", id="altered"),
    pytest.param(lambda path: path.write_bytes(b"secon"), "is altered: it has 5 bytes", id="cut short"),
    pytest.param(replace_by_folder, "is not a file", id="a folder"),
]


@pytest.mark.parametrize(("spoil", "says"), SPOILT)
def test_a_spoilt_file_is_refused(folder: Path, spoil: Callable[[Path], object], says: str) -> None:
    path = folder / "words" / "b.txt"
    spoil(path)
    with pytest.raises(ModelError, match=says) as raised:
        verified("words/b.txt")
    assert str(raised.value).startswith(f"{path}: ")
    assert "GRADER_MODELS" in str(raised.value)  # what to do
    first, second = verify_all()
    assert first.problem is None
    assert second.problem is not None
    assert says in second.problem


def test_what_to_do_is_reinstall_where_no_folder_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GRADER_MODELS", raising=False)
    with pytest.raises(ModelError, match=r"lists no file 'none'; reinstall .* `grader models verify`"):
        verified("none")


def test_a_refused_file_is_looked_at_again(folder: Path) -> None:
    path = folder / "words" / "b.txt"
    path.write_bytes(b"sEcond")
    with pytest.raises(ModelError, match="altered"):
        verified("words/b.txt")
    path.write_bytes(b"second")
    assert verified("words/b.txt") == path


def test_a_file_is_hashed_once_in_a_process(folder: Path) -> None:
    path = verified("words/b.txt")
    path.write_bytes(b"sEcond")
    assert verified("words/b.txt") == path
    assert verify_all()[1].problem is not None


@pytest.mark.parametrize("ask", [verified, short_hash])
def test_a_file_that_is_not_listed_is_refused(folder: Path, ask: Callable[[str], object]) -> None:
    (folder / "words" / "c.txt").write_bytes(b"third")
    with pytest.raises(ModelError, match=r"manifest\.json: lists no file 'words/c\.txt'"):
        ask("words/c.txt")


def test_the_short_hash_follows_the_content(folder: Path) -> None:
    before = short_hash("encoder/a.bin", "words/b.txt")
    assert len(before) == 8
    assert before != short_hash("words/b.txt", "encoder/a.bin")
    write_manifest(folder, [entry("encoder/a.bin", b"first"), entry("words/b.txt", b"other")])
    assert before != short_hash("encoder/a.bin", "words/b.txt")


GOOD = entry("words/b.txt", b"second")


@pytest.mark.parametrize(
    ("manifest", "says"),
    [
        pytest.param(b"", "is not a manifest", id="empty"),
        pytest.param(b"{", "is not a manifest", id="not JSON"),
        pytest.param(b"[]", '"format": 1', id="not an object"),
        pytest.param(b"[" * 100_000, "is not a manifest", id="deep"),
        pytest.param(b"\xff\xfe", "is not UTF-8", id="not UTF-8"),
        pytest.param({"format": 2, "files": []}, '"format": 1', id="a later format"),
        pytest.param({"format": 1}, 'a list "files"', id="no files"),
        pytest.param({"format": 1, "files": ["x"]}, "not an object", id="a name alone"),
        pytest.param({"format": 1, "files": [GOOD, GOOD]}, r"'words/b\.txt' twice", id="twice"),
        pytest.param({"format": 1, "files": [GOOD | {"bytes": "6"}]}, "no int 'bytes'", id="bytes as text"),
        pytest.param({"format": 1, "files": [GOOD | {"bytes": True}]}, "no int 'bytes'", id="bytes as truth"),
        pytest.param({"format": 1, "files": [GOOD | {"licence": None}]}, "no str 'licence'", id="no licence"),
        pytest.param({"format": 1, "files": [GOOD | {"name": "../b"}]}, "outside", id="climbs out"),
        pytest.param({"format": 1, "files": [GOOD | {"name": "/etc/passwd"}]}, "outside", id="absolute"),
    ],
)
def test_a_bad_manifest_is_refused(folder: Path, manifest: bytes | dict[str, Any], says: str) -> None:
    content = manifest if isinstance(manifest, bytes) else json.dumps(manifest).encode()
    (folder / "manifest.json").write_bytes(content)
    with pytest.raises(ModelError, match=says) as raised:
        load_manifest()
    assert str(raised.value).startswith(f"{folder / 'manifest.json'}: ")


def test_a_missing_manifest_is_named(folder: Path) -> None:
    (folder / "manifest.json").unlink()
    with pytest.raises(ModelError, match=r"manifest\.json: there is no such manifest"):
        load_manifest()


def test_the_shipped_files_are_what_the_manifest_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GRADER_MODELS", raising=False)
    assert [one for one in verify_all() if one.problem is not None] == []


def test_the_manifest_lists_all_that_ships() -> None:
    """What `manifest.py --check` compares: nothing in models/ is left out or out of date."""
    script = ROOT / "models" / "recipes" / "manifest.py"
    done = subprocess.run([sys.executable, str(script), "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
