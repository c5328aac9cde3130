"""Hostile decks, answers, models, disks and pipes: a clear message, the right exit code, nothing half-written."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from grader import Grader
from grader.batch import Format, grade_rows, read_rows
from grader.encode import CharNgramEncoder

ROOT = Path(__file__).resolve().parents[1]
COLOURS = b'"prompt": "3 primary colours", "reference": ["red", "yellow", "blue"]'
RED = b"{" + COLOURS + b', "answer": "red"}'

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs a device that only Linux has")
posix = pytest.mark.skipif(sys.platform == "win32", reason="needs limits or permissions that Windows lacks")
model = pytest.mark.model


@pytest.fixture(scope="module")
def light() -> Grader:
    return Grader(encoder=CharNgramEncoder())


def shell(*words: str, typed: bytes = b"", **variables: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "grader", *words]
    return subprocess.run(command, input=typed, capture_output=True, cwd=ROOT, env={**os.environ, **variables})


def fails(done: subprocess.CompletedProcess[bytes], code: int, says: str) -> None:
    """The process ended with this code and one clear message, and no traceback."""
    message = done.stderr.decode("utf-8")
    assert says in message
    assert "Traceback" not in message
    assert "Exception ignored" not in message
    assert done.returncode == code


# -- rows of answer files -------------------------------------------------------------------------------------------

BAD_ROWS = [
    pytest.param(b'{"answer": "red"', "is not JSON", id="not JSON"),
    pytest.param(b'["red"]', "is a list and not an object", id="a list"),
    pytest.param(b"12", "is not an object", id="a number"),
    pytest.param(b'{"answer": "r\xffd"}', "is not UTF-8 text (byte 14 of the line)", id="bad UTF-8"),
    pytest.param(b'{"answer": "red", "n": NaN}', "holds NaN", id="NaN"),
    pytest.param(b'{"answer": "red", "n": 1e999}', "holds a number that is too large", id="infinite"),
    pytest.param(b'{"answer": "red", "n": ' + b"9" * 5000 + b"}", "", id="5,000 digits"),
    pytest.param(b'{"answer": ' + b"[" * 200_000 + b"]" * 200_000 + b"}", "is nested too deeply", id="deep"),
    pytest.param(b'{"answer": "red", "answer": "blue"}', "names the field 'answer' twice", id="a field twice"),
    pytest.param(b"{" + COLOURS + b"}", "has no field `answer`", id="no answer"),
    pytest.param(b"{" + COLOURS + b', "answer": null}', "answer is null", id="answer null"),
    pytest.param(b"{" + COLOURS + b', "answer": 1914}', "answer is a number", id="answer a number"),
    pytest.param(b"{" + COLOURS + b', "answer": ["red"]}', "answer is a list", id="answer a list"),
    pytest.param(b"{" + COLOURS + b', "id": [1], "answer": "red"}', "id is a list", id="id a list"),
    pytest.param(b"{" + COLOURS + b', "id": true, "answer": "red"}', "id is a truth value", id="id true"),
    pytest.param(b"{" + COLOURS + b', "id": "1", "answer": "red"}', "the id '1' stands in", id="id twice"),
    pytest.param(b'{"prompt": "3 colours", "answer": "red"}', "has no reference", id="no reference"),
    pytest.param(b'{"reference": "red", "answer": "red"}', "has a reference but no prompt", id="no prompt"),
    pytest.param(b'{"card": "colours", "answer": "red"}', "but no deck is given", id="a card without a deck"),
    pytest.param(b'{"prompt": "?", "reference": 1914, "answer": ""}', "reference is neither", id="reference a number"),
    pytest.param(b'{"prompt": "?", "reference": [], "answer": ""}', "reference is neither", id="no references"),
    pytest.param(b'{"prompt": "?", "reference": ["a", " "], "answer": ""}', "empty", id="an empty item"),
    pytest.param(b'{"prompt": {"a": 1}, "reference": "a", "answer": ""}', "prompt is an object", id="prompt an object"),
    pytest.param(b"{" + COLOURS + b', "need": "two", "answer": ""}', "need is 'two'; write", id="need in words"),
    pytest.param(b"{" + COLOURS + b', "need": 1.5, "answer": ""}', "write a whole number", id="half a need"),
    pytest.param(b"{" + COLOURS + b', "need": 9, "answer": ""}', "need", id="need above the items"),
    pytest.param(b"{" + COLOURS + b', "need": 0, "answer": ""}', "need", id="need of nothing"),
    pytest.param(b"{" + COLOURS + b', "ordered": "maybe", "answer": ""}', "write true or false", id="ordered maybe"),
    pytest.param(b"{" + COLOURS + b', "points": -1, "answer": ""}', "points", id="points below nothing"),
    pytest.param(b"{" + COLOURS + b', "points": "inf", "answer": ""}', "points", id="points without end"),
    pytest.param(b"{" + COLOURS + b', "key": "name", "answer": ""}', "key", id="unknown key"),
    pytest.param(b"{" + COLOURS + b', "extras": "free", "answer": ""}', "extras", id="unknown extras"),
    pytest.param(b"{" + COLOURS + b', "syntax": "latex", "answer": ""}', "syntax", id="unknown syntax"),
]


@pytest.mark.parametrize(("line", "says"), BAD_ROWS)
def test_a_bad_row_is_an_error_in_its_place(line: bytes, says: str, light: Grader) -> None:
    stream = io.BytesIO(RED + b"\n" + line + b"\n" + RED + b"\n")
    first, bad, last = grade_rows(read_rows(stream, Format.JSONL, "answers.jsonl"), light)
    assert (first["score"], last["score"]) == (0.3333, 0.3333)
    assert set(bad) == {"id", "error"}
    assert bad["error"].startswith("line 2: ")
    assert says in bad["error"]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        pytest.param(b"Italy?,Rome", "has 2 cells, and the header has 3", id="too few cells"),
        pytest.param(b"Italy?,Rome,Milan, no", "has 4 cells, and the header has 3", id="too many cells"),
        pytest.param(b"Italy?,Rome,citt\xe0", "is not UTF-8 text (in the column 'answer')", id="Latin-1"),
        pytest.param(b"Italy?,Rome,Ro\xed\xa0\x80me", "is not UTF-8 text", id="an encoded surrogate"),
    ],
)
def test_a_bad_line_of_a_table_is_an_error_in_its_place(line: bytes, says: str, light: Grader) -> None:
    stream = io.BytesIO(b"prompt,reference,answer\nFrance?,Paris,Paris\n" + line + b"\nSpain?,Madrid,Madrid\n")
    first, bad, last = grade_rows(read_rows(stream, Format.CSV, "answers.csv"), light)
    assert (first["score"], last["score"]) == (1.0, 1.0)
    assert bad == {"id": "2", "error": bad["error"]}
    assert bad["error"].startswith("line 3: ")
    assert says in bad["error"]


def test_an_open_quote_is_found_and_what_came_before_is_graded(light: Grader) -> None:
    stream = io.BytesIO(b'prompt,reference,answer\nFrance?,Paris,Paris\nSpain?,"Madrid,Madrid\n' + b"A?,a,a\n" * 9)
    first, bad = grade_rows(read_rows(stream, Format.CSV, "answers.csv"), light)
    assert first["score"] == 1.0
    assert "put quotes around text" in bad["error"]


@pytest.mark.parametrize("form", [Format.JSONL, Format.CSV])
def test_a_line_beyond_all_measure_is_an_error_in_its_place(
    form: Format, light: Grader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.batch.rows.MAX_ROW", 200)
    if form is Format.JSONL:
        data = RED + b"\n" + RED[:-2] + b"x" * 1000 + b'"}\n' + RED + b"\n"
    else:
        data = b"prompt,reference,answer\nA?,a,a\nA?,a," + b"x" * 1000 + b"\nA?,a,a\n"
    first, bad, last = grade_rows(read_rows(io.BytesIO(data), form, "answers"), light)
    assert "score" in first
    assert "score" in last
    assert "200" in bad["error"]


ANSWERS = [
    pytest.param("", id="empty"),
    pytest.param(" \n\t ", id="white space"),
    pytest.param("...!?", id="punctuation"),
    pytest.param("😀🎉👍🏽", id="only emoji"),
    pytest.param("\x00\x01\x1b[2J\x7f", id="control characters"),
    pytest.param("אדום, כחול", id="right to left"),
    pytest.param("\u202ered\u202c", id="bidirectional override"),
    pytest.param("red \ud800", id="a lone surrogate"),
    pytest.param("\udfff" * 50, id="only lone surrogates"),
    pytest.param("r" + "\u0301" * 10_000, id="10,000 accents on a letter"),
    pytest.param("red, " * 5_000, id="5,000 times the same"),
    pytest.param(", ".join(f"thing {number}" for number in range(3_000)), id="3,000 guesses"),
    pytest.param("(" * 10_000, id="10,000 parentheses"),
    pytest.param("9" * 20_000, id="20,000 digits"),
    pytest.param("1e" + "9" * 500, id="a number beyond all measure"),
    pytest.param("\n" * 20_000 + "red", id="20,000 empty lines"),
]


@pytest.mark.parametrize("answer", ANSWERS)
def test_hostile_answers_are_graded(answer: str, light: Grader) -> None:
    line = json.dumps({"prompt": "3 primary colours", "reference": ["red", "yellow", "blue"], "answer": answer})
    (record,) = grade_rows(read_rows(io.BytesIO(line.encode()), Format.JSONL, "x"), light)
    assert "error" not in record
    assert 0 <= record["score"] <= 1
    for item in record["items"]:
        for span in item["spans"]:
            assert answer[span["start"] : span["end"]] == span["text"]


@model
@pytest.mark.parametrize(
    "answer",
    [
        pytest.param("red and then some more words about nothing. " * 24_000, id="in sentences"),
        pytest.param("x" * 1_000_000, id="in one word"),
        pytest.param("red," * 250_000, id="in commas"),
    ],
)
def test_an_answer_of_a_megabyte_is_graded(answer: str) -> None:
    line = json.dumps({"prompt": "3 primary colours", "reference": ["red", "yellow", "blue"], "answer": answer})
    done = shell("batch", "-", typed=line.encode())
    assert (done.returncode, set(json.loads(done.stdout)) & {"error"}) == (0, set())


def test_an_answer_that_is_no_utf_8() -> None:
    done = shell("grade", "--prompt", "Q", "--reference", "R", "-", typed=b"caf\xe9")
    fails(done, 2, "standard input: byte 4 is not UTF-8")


@model
@posix
def test_a_word_of_the_command_line_that_is_no_utf_8() -> None:
    command = [sys.executable, "-m", "grader", "grade", "--prompt", "Q", "--reference", "café", b"caf\xe9"]
    done = subprocess.run(command, capture_output=True, cwd=ROOT)
    assert (done.returncode, done.stderr) == (0, b"")


# -- decks ----------------------------------------------------------------------------------------------------------

BAD_DECKS = [
    pytest.param(b"## Caf\xe9\n- a\n", 2, "deck.md:1: byte 0xe9 is not UTF-8", id="bad UTF-8"),
    pytest.param("## Q\n- a\n".encode("utf-16"), 2, "deck.md:1: the file is UTF-16", id="UTF-16"),
    pytest.param(b"", 1, "deck.md", id="empty file"),
    pytest.param(b"## Q\n", 1, "deck.md:1: ", id="no items"),
    pytest.param(b"## Q\n-\n- a\n", 1, "deck.md:2: ", id="an empty item"),
    pytest.param(b"## Q\n- a\n\n## Q\n- b\n", 1, "deck.md:4: ", id="a prompt twice"),
    pytest.param(b"##\n- a\n", 1, "deck.md:1: ", id="an empty prompt"),
    pytest.param(b"## Q\n{need: 9}\n- a\n", 1, "deck.md:", id="need above the items"),
    pytest.param(b"## Q\n{colour: red}\n- a\n", 1, "deck.md:", id="an unknown attribute"),
    pytest.param(b"## Q\n- a \x00\n", 1, "deck.md:2: ", id="a null character"),
]


@pytest.mark.parametrize(("data", "code", "says"), BAD_DECKS)
def test_bad_decks(data: bytes, code: int, says: str, tmp_path: Path) -> None:
    deck = tmp_path / "deck.md"
    deck.write_bytes(data)
    checked = shell("deck", "check", str(deck))
    assert checked.returncode == code
    assert says in (checked.stderr if code == 2 else checked.stdout).decode()
    assert b"Traceback" not in checked.stderr
    fails(shell("grade", str(deck), "1", "a"), 2, "deck.md:" if data else "deck.md")
    fails(shell("quiz", str(deck)), 2, "deck.md")


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\xef\xbb\xbf## Q\n- a\n", id="byte order mark"),
        pytest.param(b"## Q\r\n- a\r\n", id="CRLF"),
        pytest.param(b"## Q\r- a\r", id="CR"),
        pytest.param(b"## Q\n- " + b"word " * 200_000 + b"\n", id="a line of a megabyte"),
        pytest.param("## Q\n- אדום 👍🏽\n".encode(), id="right to left, emoji"),
    ],
)
def test_strange_decks_are_read(data: bytes, tmp_path: Path) -> None:
    deck = tmp_path / "deck.md"
    deck.write_bytes(data)
    done = shell("deck", "check", str(deck))
    assert (done.returncode, done.stderr) == (0, b"")
    shown = shell("deck", "show", str(deck), "1")
    assert (shown.returncode, shown.stderr) == (0, b"")


def test_a_deck_of_100_000_cards(tmp_path: Path) -> None:
    deck = tmp_path / "deck.md"
    deck.write_text(
        "".join(f"## Question {number}\n- answer {number}\n\n" for number in range(100_000)), encoding="utf-8"
    )
    done = shell("deck", "show", str(deck), "question 99999")
    assert (done.returncode, done.stderr) == (0, b"")
    assert "answer 99999" in done.stdout.decode()


# -- models ---------------------------------------------------------------------------------------------------------


def copied_models(folder: Path) -> Path:
    """The shipped models as links, so that one of them can be replaced."""
    import shutil

    from grader.models import load_manifest

    manifest = load_manifest()
    for file in manifest.files:
        (folder / file.name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(manifest.path.parent / file.name, folder / file.name)
    shutil.copyfile(manifest.path, folder / manifest.path.name)
    return folder


def break_first_model(folder: Path, spoil: Callable[[Path], object]) -> Path:
    from grader.models import load_manifest

    path = copied_models(folder) / load_manifest().of_kind("encoder")[0].name
    spoil(path)
    return path


SPOILED = [
    pytest.param(lambda path: path.unlink(), "is missing", id="missing"),
    pytest.param(lambda path: path.write_bytes(b"x" * path.stat().st_size), "is altered", id="altered"),
    pytest.param(lambda path: path.write_bytes(path.read_bytes()[:-1]), "is altered", id="cut short"),
]


@model
@pytest.mark.parametrize(("spoil", "says"), SPOILED)
def test_a_spoiled_model_ends_with_3(spoil: Callable[[Path], object], says: str, tmp_path: Path) -> None:
    path = break_first_model(tmp_path / "models", spoil)
    variables = {"GRADER_MODELS": str(tmp_path / "models")}
    fails(shell("grade", "--prompt", "Q", "--reference", "R", "S", **variables), 3, f"{path}: {says}")


@model
@pytest.mark.parametrize(
    ("words", "typed", "says"),
    [
        pytest.param(["models", "verify"], b"", "1 model file is not what the manifest says", id="verify"),
        pytest.param(["batch", "-", "-o", "OUT"], RED, "is missing", id="batch"),
        pytest.param(["quiz", "alliances"], b"a\n", "is missing", id="quiz"),
    ],
)
def test_commands_that_need_a_spoiled_model_end_with_3(
    words: list[str], typed: bytes, says: str, tmp_path: Path
) -> None:
    break_first_model(tmp_path / "models", lambda path: path.unlink())
    words = [str(tmp_path / "out.jsonl") if word == "OUT" else word for word in words]
    fails(shell(*words, typed=typed, GRADER_MODELS=str(tmp_path / "models")), 3, says)
    assert [path.name for path in tmp_path.iterdir()] == ["models"]


@pytest.mark.parametrize(
    "manifest", [None, b"", b"[]", b'{"format": 1}', b"\xff"], ids=["none", "empty", "a list", "no files", "bytes"]
)
def test_no_manifest_ends_with_3(manifest: bytes | None, tmp_path: Path) -> None:
    if manifest is not None:
        (tmp_path / "manifest.json").write_bytes(manifest)
    variables = {"GRADER_MODELS": str(tmp_path)}
    fails(shell("models", "list", **variables), 3, "manifest.json")
    fails(shell("grade", "--prompt", "Q", "--reference", "R", "S", **variables), 3, "manifest.json")


# -- disks and pipes ------------------------------------------------------------------------------------------------


@model
@linux
def test_a_full_disk_under_standard_output() -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "grader", "batch", "-"], input=RED, stdout=full, stderr=subprocess.PIPE, cwd=ROOT
        )
    fails(done, 2, "No space left on device")


@linux
def test_help_on_a_full_disk() -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run([sys.executable, "-m", "grader", "--help"], stdout=full, stderr=subprocess.PIPE, cwd=ROOT)
    fails(done, 2, "No space left on device")


def _small_files_only() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))


@model
@posix
def test_a_disk_that_fills_up_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    target.write_text("before", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-B", "-m", "grader", "batch", "-", "-o", str(target)],
        input=(RED + b"\n") * 200,
        capture_output=True,
        cwd=ROOT,
        preexec_fn=_small_files_only,
    )
    fails(done, 2, f"{target}: cannot be written")
    assert target.read_text(encoding="utf-8") == "before"
    assert [path.name for path in tmp_path.iterdir()] == ["out.jsonl"]


@posix
@pytest.mark.parametrize("words", [["batch", "-"], ["deck", "import", "-"]], ids=["batch", "deck import"])
def test_a_folder_that_cannot_be_written(words: list[str], tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write anywhere")
    tmp_path.chmod(0o500)
    try:
        done = shell(*words, "-o", str(tmp_path / "out"), typed=b"T\nQ?\n- a\n" if "deck" in words else RED)
    finally:
        tmp_path.chmod(0o700)
    fails(done, 2, "cannot be written (Permission denied)")


@pytest.mark.parametrize(
    "place", ["missing/out.jsonl", "file/out.jsonl", ""], ids=["no folder", "below a file", "a folder"]
)
def test_places_that_cannot_be_written(place: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    done = shell("deck", "import", "-", "-o", str(tmp_path / place), "--force", typed=b"T\nQ?\n- a\n")
    fails(done, 2, str(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize(
    ("words", "typed"),
    [
        pytest.param(["--help"], b"", id="help"),
        pytest.param(["deck", "show", "alliances"], b"", id="deck show"),
        pytest.param(["grade", "--prompt", "Q", "--reference", "R", "S", "--json"], b"", id="grade", marks=model),
        pytest.param(["batch", "-"], RED + b"\n", id="batch", marks=model),
        pytest.param(["quiz", "alliances"], b"", id="quiz"),
    ],
)
def test_a_closed_pipe(words: list[str], typed: bytes) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "grader", *words], input=typed, stdout=writing, stderr=subprocess.PIPE, cwd=ROOT
        )
    finally:
        os.close(writing)
    fails(done, 130, "nobody reads the output")


@posix
@pytest.mark.parametrize(
    ("words", "code"),
    [
        pytest.param(["deck", "show", "alliances"], 0, id="deck show"),
        pytest.param(["quiz", "alliances"], 0, id="quiz"),
        pytest.param(["batch", "nowhere.jsonl"], 2, id="batch"),
    ],
)
def test_streams_that_are_closed_from_the_start(words: list[str], code: int) -> None:
    command = " ".join(["exec", sys.executable, "-m", "grader", *words, "<&-", ">&-"])
    done = subprocess.run(["/bin/sh", "-c", command], stderr=subprocess.PIPE, cwd=ROOT)
    assert done.returncode == code
    assert b"Traceback" not in done.stderr
    assert subprocess.run(["/bin/sh", "-c", command + " 2>&-"], cwd=ROOT).returncode == code


@model
@posix
def test_ctrl_c_keeps_what_was_graded(tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    command = [sys.executable, "-m", "grader", "batch", "-", "-o", str(target)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdin is not None
        assert process.stderr is not None
        process.stdin.write((RED + b"\n") * 64)  # as many as are graded together
        process.stdin.flush()
        partial = tmp_path / "out.jsonl.partial"
        for _ in range(1200):
            if process.poll() is not None or (partial.exists() and partial.stat().st_size):
                break
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        message = process.stderr.read().decode()
        assert process.wait() == 130
    assert f"interrupted; what was graded so far is in {partial}" in message
    assert "Traceback" not in message
    assert not target.exists()
    assert [json.loads(line)["id"] for line in partial.read_bytes().splitlines()] == [str(n) for n in range(1, 65)]


# -- memory ---------------------------------------------------------------------------------------------------------

PEAK = """
import json, resource, sys
sys.path.insert(0, {tests!r})
from test_batch import Literal
from grader.batch import Row, run_batch
fields = {{"prompt": "3 primary colours", "reference": ["red", "yellow", "blue"], "answer": "red, blue"}}
rows = (Row(number, number, {{**fields, "id": f"row {{number}}"}}) for number in range(1, {count} + 1))
assert run_batch(rows, Literal(), lambda _: None).rows == {count}
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@posix
def test_ten_times_the_rows_take_hardly_more_memory() -> None:
    peaks = []
    for count in (10_000, 100_000):
        code = PEAK.format(tests=str(ROOT / "tests"), count=count)
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=ROOT, check=True)
        peaks.append(int(done.stdout))
    assert peaks[1] <= 1.2 * peaks[0]
