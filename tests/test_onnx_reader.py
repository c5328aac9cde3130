from __future__ import annotations

from pathlib import Path

import pytest

from grader.errors import ModelError
from grader.judge import READER, OnnxReader
from grader.judge.cross_encoder import Text
from grader.models import verified

ANSWERS = ("water boils at 100 degrees", "allies may be dragged into a war", "no idea " * 30, "x")
REFERENCES = ("Water boils at 100 °C", "Chain-ganging: states get dragged into war to save reckless allies")
TEXTS = [Text(answer, reference, prompt) for answer in ANSWERS for reference in REFERENCES for prompt in ("", "Why?")]


@pytest.mark.model
@pytest.mark.parametrize("threads", [1, 3])
def test_a_reading_depends_on_its_text_alone(threads: int) -> None:
    graph, _, tokenizer = (verified(name) for name in READER)
    files = graph, tokenizer
    together = OnnxReader(*files, "judge", threads=threads).read(TEXTS)
    one_by_one = OnnxReader(*files, "judge", threads=2)
    assert together == [one_by_one.read([text])[0] for text in reversed(TEXTS)][::-1]


@pytest.mark.model
def test_a_file_that_is_no_model_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "model.onnx"
    broken.write_bytes(b"not a model")
    reader = OnnxReader(broken, verified("judge/tokenizer.json"), "broken")
    with pytest.raises(ModelError, match=r"model\.onnx: onnxruntime cannot load it"):
        reader.read([Text("an answer", "a reference")])
