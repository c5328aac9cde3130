"""Where the shipped model files lie, whether each is the file that its manifest describes, and how one is opened."""

from __future__ import annotations

import functools
import hashlib
import itertools
import json
import os
from dataclasses import dataclass, fields
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from grader.errors import ModelError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

ENVIRONMENT_VARIABLE = "GRADER_MODELS"
MANIFEST_NAME = "manifest.json"
FORMAT = 1  # of the manifest; a reader refuses another number

_REMEDY = "reinstall free-text-grader (or restore the folder), then run `grader models verify`"


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file that ships, as the manifest describes it."""

    name: str  # path under the models folder, with forward slashes: "encoder/model.onnx"
    sha256: str  # 64 lower-case hex digits
    bytes: int
    licence: str  # SPDX expression
    source: str  # what it was built from
    kind: str  # "encoder", "words", "judge", "calibration"
    version: str  # of the model; raised whenever the file changes


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything that ships, sorted by name."""

    path: Path  # the manifest itself
    files: tuple[ModelFile, ...]

    def __getitem__(self, name: str) -> ModelFile:
        """The file of this name; KeyError where there is none."""
        for file in self.files:
            if file.name == name:
                return file
        raise KeyError(name)

    def of_kind(self, kind: str) -> tuple[ModelFile, ...]:
        """The files of one kind, sorted by name; empty where there are none."""
        return tuple(file for file in self.files if file.kind == kind)


@dataclass(frozen=True, slots=True)
class Verification:
    """What became of checking one file: `problem` is None where all is well."""

    file: ModelFile
    path: Path
    problem: str | None


def models_path() -> Path:
    """The folder of the model files, which need not exist.

    `$GRADER_MODELS` where it is set; else `_models` inside the installed package; else, in a checkout, `models` beside
    the package.
    """
    stated = os.environ.get(ENVIRONMENT_VARIABLE)
    if stated:
        return Path(stated).expanduser()
    package = Path(__file__).resolve().parent
    installed, checkout = package / "_models", package.parent / "models"
    return checkout if not installed.exists() and checkout.exists() else installed


def load_manifest() -> Manifest:
    """The manifest of `models_path()`.

    Raises:
        ModelError: It is missing or unreadable, or not a manifest.
    """
    path = models_path() / MANIFEST_NAME
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ModelError(f"{path}: there is no such manifest of models; {_advice()}") from None
    except OSError as error:
        raise ModelError(f"{path}: cannot be read ({error.strerror or error}); check its permissions") from error
    except UnicodeDecodeError as error:
        raise ModelError(f"{path}: is not UTF-8 text; {_advice()}") from error
    try:
        return Manifest(path, _files(json.loads(text)))
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{path}: is not a manifest of models ({error}); {_advice()}") from error


def verified(name: str) -> Path:
    """Path of a model file whose sha256 is the manifest's; hashed once in a process, then taken as known.

    Raises:
        ModelError: The file is not listed, missing, unreadable or altered.
    """
    return _verified(models_path(), name)


@functools.cache
def _verified(folder: Path, name: str) -> Path:
    manifest = load_manifest()
    file = _listed(manifest, name)
    path = folder / name
    problem = _problem(file, path)
    if problem is not None:
        raise ModelError(f"{path}: {problem}; {_advice()}")
    return path


def short_hash(*names: str) -> str:
    """Eight hex digits that stand for these files in a signature, from the manifest alone.

    Raises:
        ModelError: The manifest cannot be used, or does not list one of them.
    """
    manifest = load_manifest()
    return hashlib.sha256("".join(_listed(manifest, name).sha256 for name in names).encode()).hexdigest()[:8]


def verify_all() -> tuple[Verification, ...]:
    """Check every listed file anew, and go on after those that fail.

    Raises:
        ModelError: The manifest itself cannot be used.
    """
    manifest = load_manifest()
    folder = manifest.path.parent
    return tuple(Verification(file, folder / file.name, _problem(file, folder / file.name)) for file in manifest.files)


def open_session(model: Path, threads: int) -> InferenceSession:
    """An ONNX file, to be run on the processor by at most so many threads a call.

    Sums of whole numbers do not depend on how they are shared out, and all other sums of the shipped models have 64
    bits (models/recipes/exact.py), so that they give the same bytes by any number of threads, on any processor.

    Raises:
        ModelError: onnxruntime cannot load it.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # The recipes write fused operators already: more optimisation would only cost time at every start.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    # Threads that spin while they wait take the processor from other models and other programs.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # Weights that the file holds in blocks of 4 bits are brought to whole numbers once, and not at every call.
    options.add_session_config_entry("session.disable_quant_qdq", "1")
    options.log_severity_level = 3  # errors; warnings would land in the learner's terminal
    try:
        return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # one class for each kind of failure, without a common base
        raise ModelError(f"{model}: onnxruntime cannot load it ({error}); run `grader models verify`") from error


def processors() -> int:
    """The processors this process may use, which in a container are fewer than there are."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _listed(manifest: Manifest, name: str) -> ModelFile:
    try:
        return manifest[name]
    except KeyError:
        raise ModelError(f"{manifest.path}: lists no file {name!r}; {_advice()}") from None


def _problem(file: ModelFile, path: Path) -> str | None:
    """What is wrong with the file on disk, or None."""
    try:
        size = path.stat().st_size
        if not path.is_file():
            return "is not a file"
        if size != file.bytes:
            return f"is altered: it has {size:,} bytes, and the manifest says {file.bytes:,}"
        with path.open("rb") as stream:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
    except FileNotFoundError:
        return "is missing"
    except OSError as error:
        return f"cannot be read ({error.strerror or error})"
    if found != file.sha256:
        return f"is altered: its sha256 starts with {found[:12]}, and the manifest says {file.sha256[:12]}"
    return None


def _files(data: object) -> tuple[ModelFile, ...]:
    """Read the manifest's records; ValueError says what is wrong with them."""
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise ValueError(f'expected an object with "format": {FORMAT}')
    entries = data.get("files")
    if not isinstance(entries, list):
        raise ValueError('expected a list "files"')
    files = sorted((_file(entry) for entry in entries), key=lambda file: file.name)
    for first, second in itertools.pairwise(files):
        if first.name == second.name:
            raise ValueError(f"lists {first.name!r} twice")
    return tuple(files)


def _file(entry: object) -> ModelFile:
    if not isinstance(entry, dict):
        raise ValueError("an entry of files is not an object")
    for field in fields(ModelFile):
        value = entry.get(field.name)
        wanted = int if field.name == "bytes" else str
        if not isinstance(value, wanted) or isinstance(value, bool):
            raise ValueError(f"the entry {entry.get('name')!r} has no {wanted.__name__} {field.name!r}")
    name = PurePosixPath(entry["name"])
    if name.is_absolute() or ".." in name.parts or "\\" in entry["name"]:
        raise ValueError(f"{entry['name']!r} points outside the models folder")
    return ModelFile(**{field.name: entry[field.name] for field in fields(ModelFile)})


def _advice() -> str:
    if os.environ.get(ENVIRONMENT_VARIABLE):
        return f"${ENVIRONMENT_VARIABLE} is set: point it at a folder with the models, or unset it"
    return _REMEDY
