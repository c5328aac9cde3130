"""The commands about what is installed: models and doctor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from grader.cli.exits import Exit
from grader.cli.terminal import note, say, say_bytes
from grader.errors import GraderError, ModelError

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="List, check and find the models that ship.")

JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@app.command("list")
def list_models(as_json: JsonOption = False) -> None:
    """List the model files that ship, with licence and source.

    Example: grader models list
    """
    from grader.models import load_manifest

    manifest = load_manifest()
    if as_json:
        files = [
            {
                "name": file.name,
                "kind": file.kind,
                "version": file.version,
                "bytes": file.bytes,
                "sha256": file.sha256,
                "licence": file.licence,
                "source": file.source,
            }
            for file in manifest.files
        ]
        _print_json({"path": str(manifest.path.parent), "files": files})
        return
    for file in manifest.files:
        say(f"{file.name}  {file.kind} {file.version}  {file.bytes:,} bytes  {file.licence}  {file.sha256[:12]}")
        say(f"    from {file.source}")


@app.command("verify")
def verify(as_json: JsonOption = False) -> None:
    """Check every model file against its recorded sha256; exit code 3 where one is missing or altered.

    Example: grader models verify
    """
    from grader.models import verify_all

    checked = verify_all()
    if as_json:
        files = [{"name": one.file.name, "path": str(one.path), "problem": one.problem} for one in checked]
        _print_json({"ok": all(one.problem is None for one in checked), "files": files})
    else:
        for one in checked:
            say(f"{one.file.name}: {one.problem or 'ok'}")
    bad = sum(one.problem is not None for one in checked)
    if bad:
        which = "1 model file is" if bad == 1 else f"{bad} model files are"
        raise ModelError(f"{which} not what the manifest says; restore what is named, or reinstall free-text-grader")


@app.command("path")
def path(as_json: JsonOption = False) -> None:
    """Print the folder of the model files.

    Example: grader models path
    """
    from grader.models import models_path

    if as_json:
        _print_json({"path": str(models_path())})
    else:
        say(str(models_path()))


def doctor(as_json: JsonOption = False) -> None:
    """Say what is installed and where things live, and grade one answer as a test.

    Example: grader doctor
    """
    from grader.doctor import PASSED, examine, self_test

    found = examine()
    code = Exit.DONE
    try:
        found["signature"], found["test"] = self_test()
        code = Exit.DONE if found["test"] == PASSED else Exit.FINDINGS
    except GraderError as error:
        found["test"] = f"failed: {error}"
        code = Exit.MODEL if isinstance(error, ModelError) else Exit.USAGE
    if as_json:
        _print_json(found)
    else:
        for name, value in found.items():
            say(f"{name}: {value}")
    if code is not Exit.DONE:
        note("something is wrong; the line `test` says what")
        raise typer.Exit(code)


def _print_json(record: Mapping[str, Any]) -> None:
    from grader.report import to_json

    say_bytes(to_json(record, indent=2) + b"\n")
